"""Exercises and their versions in the admin."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from exercises.admin.base import IdentityAdmin, PartInline, VersionAdmin
from exercises.admin.forms import CautionForm, DosageForm, ExerciseVersionForm, NewExerciseForm, StepForm
from exercises.models import Alias, Caution, Dosage, Exercise, ExerciseVersion, Progression, Step
from exercises.rules.page import ExercisePage, shared_parts
from exercises.services.documents import document_of
from exercises.services.review import create_exercise


class AliasInline(PartInline, admin.TabularInline):
    model = Alias
    extra = 1


class StepInline(PartInline, admin.TabularInline):
    model = Step
    form = StepForm
    fields = ["order", "role", "text"]
    extra = 2


class DosageInline(PartInline, admin.StackedInline):
    model = Dosage
    form = DosageForm
    min_num = 1
    max_num = 1
    readonly_fields = ["sentence"]

    @admin.display(description=_("in words"))
    def sentence(self, obj):
        return " ".join([obj.value().sentence(), *obj.value().details()])

    def get_fieldsets(self, request, obj=None):
        if self._may_edit(request, obj):
            return self.fieldsets
        return [(None, {"fields": ["sentence"]})]

    fieldsets = [
        (
            None,
            {
                "fields": [
                    "type",
                    ("sets_min", "sets_max"),
                    ("reps_min", "reps_max"),
                    ("hold_s_min", "hold_s_max"),
                    ("duration_s_min", "duration_s_max"),
                    "distance_m",
                    ("sides", "side_word"),
                    ("frequency", "times_min", "times_max"),
                    "weekdays",
                    ("tempo_out_s", "tempo_hold_s", "tempo_back_s"),
                    ("rest_s_min", "rest_s_max"),
                ]
            },
        )
    ]


class CautionInline(PartInline, admin.TabularInline):
    model = Caution
    form = CautionForm
    extra = 1


class ProgressionInline(PartInline, admin.TabularInline):
    model = Progression
    fk_name = "version"
    extra = 1


@admin.register(Exercise)
class ExerciseAdmin(IdentityAdmin):
    """Every exercise of the library."""

    list_display = ["slug", "live", "due", "open_version", "archived_at"]
    facts = [*IdentityAdmin.facts, "replaced_by"]
    new_form = NewExerciseForm

    def create(self, cleaned, by, now):
        return create_exercise(slug=cleaned["slug"], name=cleaned["name"], by=by, now=now)


@admin.register(ExerciseVersion)
class ExerciseVersionAdmin(VersionAdmin):
    """Drafts, what waits for a colleague, and everything that was ever published."""

    form = ExerciseVersionForm
    preview_name = "exercises:preview"
    list_display = ["__str__", "status", "kind", "author", "submitted_at", "published_at", "review_due_on"]
    search_fields = ["name", "exercise__slug"]
    inlines = [StepInline, DosageInline, CautionInline, AliasInline, ProgressionInline]

    def get_fieldsets(self, request, obj=None):
        editable = self.has_change_permission(request, obj)
        words = ["name", "purpose", "kind", "difficulty", "tags" if editable else "tag_list", "set_by_clinic"]
        figure = ["drawn", "figure"] if editable else ["drawn"]
        return [
            (_("Where it stands"), {"fields": self.known_facts(obj)}),
            (_("Words"), {"fields": [*words, *(["seen_revision"] if editable else [])]}),
            (_("Figure"), {"fields": figure}),
            (_("Source"), {"fields": ["source_file", "source_lines", "source_note", "language", "review_months"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "drawn", "tag_list"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("exercise__live_version", "author").defer("search")

    @admin.display(description=_("as drawn"))
    def drawn(self, obj):
        page = ExercisePage(document_of(self.stored(obj)))
        pictures = [picture.svg for picture in page.pictures]
        if not pictures:
            return _("No figure yet.")
        return format_html('{}<div class="figures drawn">{}{}</div>', shared_parts(), *pictures)

    @admin.display(description=_("tags"))
    def tag_list(self, obj):
        return ", ".join(str(tag) for tag in obj.tags.all()) or "-"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.save_tags()
