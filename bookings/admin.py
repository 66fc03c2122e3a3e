"""Booking in the admin: managers set up services, shifts and time off. Visits are looked at here and changed at the desk."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.models import Appointment, Competence, Service, Shift, ShiftException, TimeOff
from bookings.services import history_of
from bookings.services.content import publish, withdraw
from clinic.admin import Audited


class CompetenceInline(admin.TabularInline):
    model = Competence
    extra = 0
    autocomplete_fields = ["practitioner"]


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = [
        "name",
        "minutes",
        "by_phone",
        "in_person",
        "room_kind",
        "is_complimentary",
        "is_public",
        "position",
    ]
    list_filter = ["is_public", "by_phone", "in_person"]
    search_fields = ["name", "slug"]
    readonly_fields = ["is_public", "source"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [CompetenceInline]
    actions = ["show", "hide"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "preparation", "is_public", "source", "position"]}),
        (_("How it is given"), {"fields": ["by_phone", "in_person", "room_kind", "is_complimentary"]}),
        (
            _("Time"),
            {"fields": ["minutes", "buffer_minutes", "step_minutes", "notice_minutes", "horizon_days"]},
        ),
    ]

    def get_prepopulated_fields(self, request, obj=None):
        """The short name is what the capability table knows: it is chosen once."""
        return self.prepopulated_fields if obj is None and self.has_add_permission(request) else {}

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj is None else [*self.readonly_fields, "slug"]

    @admin.action(description=_("Show to patients"), permissions=["change"])
    def show(self, request, queryset):
        self._each(request, queryset.filter(is_public=False), publish)

    @admin.action(description=_("Hide from patients"), permissions=["change"])
    def hide(self, request, queryset):
        self._each(request, queryset.filter(is_public=True), withdraw)

    def _each(self, request, services, act):
        done = [act(service=service, by=request.user, now=timezone.now()) for service in services]
        messages.success(
            request,
            ngettext("%(count)s service changed.", "%(count)s services changed.", len(done)) % {"count": len(done)},
        )


class OfPractitionerAdmin(admin.ModelAdmin):
    autocomplete_fields = ["practitioner"]
    list_select_related = ["practitioner"]


@admin.register(Shift)
class ShiftAdmin(OfPractitionerAdmin):
    list_display = ["practitioner", "location", "weekday", "starts", "ends", "every_weeks", "valid_from", "valid_to"]
    list_filter = ["location", "practitioner", "weekday"]
    list_select_related = ["practitioner", "location"]


@admin.register(ShiftException)
class ShiftExceptionAdmin(OfPractitionerAdmin):
    list_display = ["practitioner", "location", "day", "kind", "starts", "ends", "reason"]
    list_filter = ["kind", "location", "practitioner"]
    list_select_related = ["practitioner", "location"]
    date_hierarchy = "day"


@admin.register(TimeOff)
class TimeOffAdmin(OfPractitionerAdmin):
    list_display = ["practitioner", "starts_on", "ends_on", "reason"]
    list_filter = ["practitioner"]


@admin.register(Appointment)
class AppointmentAdmin(Audited):
    """For looking only: every change goes through the services, so that the patient is told and the time is checked."""

    list_display = ["starts_at", "practitioner", "patient", "service", "mode", "status", "location"]
    list_filter = ["status", "mode", "location", "practitioner", "service"]
    list_select_related = ["practitioner", "patient", "service", "location"]
    search_fields = ["reference", "patient__last_name", "patient__first_name"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    exclude = ["idempotency_key", "body_hash"]
    readonly_fields = ["history"]

    @admin.display(description=_("What happened"))
    def history(self, appointment):
        return "; ".join(
            f"{change.at:%Y-%m-%d %H:%M} {change.what} ({change.by or '-'})" for change in history_of(appointment)
        )
