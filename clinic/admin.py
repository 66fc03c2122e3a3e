"""Setting up the clinic: places, people and accounts. What is a fact (tasks, the log, patients) is read-only here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.models import AccessLog, Closure, Episode, Location, OpeningHours, Patient, Practitioner, Room, Task, User
from clinic.services import audit

admin.site.unregister(Group)
admin.site.site_url = "/"
admin.site.enable_nav_sidebar = False


class ReadOnly(admin.ModelAdmin):
    """A page to look at: what may happen to these rows happens through services."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Audited(ReadOnly):
    """Read-only, and each look at one row is written down."""

    action_name = "looked"

    def patient_of(self, obj):
        return obj.patient

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is not None and self.has_view_permission(request, obj):
            audit.record(
                actor=request.user,
                action=self.action_name,
                target=obj,
                patient=self.patient_of(obj),
                now=timezone.now(),
            )
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Accounts of staff. A new colleague gets a password here and sets up the second factor at the first sign-in."""

    list_display = ["email", "first_name", "last_name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "role", "is_active"]}),
        (_("Record"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "role", "usable_password", "password1", "password2"]})
    ]

    def get_readonly_fields(self, request, obj=None):
        """A role is given once, when the account is made: nobody lifts an account, their own least of all, to see more."""
        return [*self.readonly_fields, *(["role"] if obj else [])]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit.record(
            actor=request.user,
            action="account-changed" if change else f"account-made-{obj.role}".replace("_", "-"),
            target=obj,
            now=timezone.now(),
        )


@admin.register(Patient)
class PatientAdmin(Audited):
    list_display = ["name", "date_of_birth", "created_at"]
    search_fields = ["first_name", "last_name"]
    ordering = ["last_name", "first_name"]

    def patient_of(self, obj):
        return obj


@admin.register(Practitioner)
class PractitionerAdmin(admin.ModelAdmin):
    list_display = ["name", "title", "speciality", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    raw_id_fields = ["user"]


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    extra = 0


class ClosureInline(admin.TabularInline):
    model = Closure
    extra = 0


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin):
    list_display = ["name", "phone", "emergency_number", "time_zone", "is_active"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningHoursInline, ClosureInline]


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    list_display = ["name", "location", "kind", "is_active"]
    list_filter = ["location", "kind"]


@admin.register(Episode)
class EpisodeAdmin(Audited):
    list_display = ["patient", "problem", "opened_at", "closed_at"]
    list_select_related = ["patient"]


@admin.register(Task)
class TaskAdmin(Audited):
    list_display = ["kind", "level", "reason", "patient", "due_at", "claimed_by", "closed_at", "outcome"]
    list_select_related = ["patient", "claimed_by"]
    list_filter = ["kind", "outcome"]

    def get_queryset(self, request):
        return super().get_queryset(request).most_urgent_first()


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly):
    list_display = ["at", "actor", "action", "target", "patient_id"]
    search_fields = ["=actor", "=target", "=patient_id"]
    date_hierarchy = "at"
    ordering = ["-at"]
