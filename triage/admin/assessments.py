"""Assessments in the admin: the queue for review, and one page with everything a therapist needs to decide."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinic.admin import Audited
from clinic.models import Location
from clinic.rules.levels import Level
from clinic.services import Refused
from clinic.templatetags.clinic_tags import at_place
from clinic.templatetags.ui import level_tag
from exercises.rules.cautions import caution
from triage import services
from triage.admin.record import answers_on_paper
from triage.forms import ChangeLevelForm, ConfirmForm
from triage.models import Assessment, RulesetApproval
from triage.pathways import PATHWAYS
from triage.rules.engine import rule_table

REVIEW = "triage.review_assessment"
LINES_SHOWN = 6


class Waiting(admin.SimpleListFilter):
    """The queue is what the page opens with; everything else is one click away."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("done", _("Reviewed")), ("all", _("All"))]

    def choices(self, changelist):
        for value, label in [(None, _("Waiting for review")), *self.lookup_choices]:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        if self.value() == "done":
            return queryset.filter(reviews__isnull=False).distinct()
        return queryset.awaiting_review()


@admin.register(Assessment)
class AssessmentAdmin(Audited):
    """What the rules concluded, the most urgent first. Confirming or changing a level adds a review beside it."""

    class Media:
        css = {"all": ["css/triage-admin.css"]}

    list_display_links = ["level_shown"]
    list_filter = [Waiting, "level", "kind"]
    list_select_related = ["patient", "intake"]
    search_fields = ["patient__first_name", "patient__last_name"]
    ordering = ["-level", "created_at", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("patient", "intake__questionnaire", "episode")

    @admin.display(description=_("level"), ordering="level")
    def level_shown(self, obj):
        return level_tag(obj.level)

    @admin.display(description=_("patient"), ordering="patient__last_name")
    def who(self, obj):
        return f"{obj.patient.name}, {date_format(obj.patient.date_of_birth, 'j M Y')}"

    def get_list_display(self, request):
        """The moment on the clinic's wall clock: staff read it beside a clock on the wall."""
        location = Location.objects.main()

        @admin.display(description=_("answered"), ordering="created_at")
        def answered(obj):
            return at_place(obj.created_at, location) if location else obj.created_at

        return ["level_shown", "who", "reason_line", "kind", answered]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Assessments"), **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        assessment = self.get_object(request, object_id)
        if request.method == "POST" and assessment is not None:
            return self._review(request, assessment)
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        return self._page(request, obj, base=context)

    def _review(self, request, assessment):
        """Confirm, or change: a level below an emergency or urgent one is asked once more before it counts."""
        if not request.user.has_perm(REVIEW):
            raise PermissionDenied
        changing = request.POST.get("verb") == "change"
        form = (ChangeLevelForm if changing else ConfirmForm)(request.POST, assessment=assessment)
        if not form.is_valid():
            return self._page(request, assessment, **{"change_form" if changing else "confirm_form": form}, status=422)
        shown = form.cleaned_data["shown"]
        if services.urgent_and_unread(assessment, shown).exists():
            return self._read_again(request, services.AnsweredMeanwhile())
        now = timezone.now()
        level = form.cleaned_data["level"] if changing else services.level_now(assessment)
        lowers = services.lowers_urgency(assessment, level, now)
        if lowers and form.cleaned_data["reason"] and not form.cleaned_data["sure"]:
            return self._ask_once_more(request, assessment, form, level)
        try:
            services.review_assessment(
                assessment=assessment,
                level=level,
                reason=form.cleaned_data["reason"],
                seen=form.seen_review(),
                shown=shown,
                by=request.user,
                now=now,
            )
        except (services.ReviewedMeanwhile, services.AnsweredMeanwhile) as refusal:
            return self._read_again(request, refusal)
        except Refused as refusal:
            form.add_error("reason", refusal.message)
            return self._page(request, assessment, **{"change_form" if changing else "confirm_form": form}, status=422)
        messages.success(
            request,
            _("%(patient)s: %(level)s, reviewed by you.") % {"patient": assessment.patient, "level": level.label},
        )
        return redirect("admin:triage_assessment_changelist")

    def _read_again(self, request, refusal):
        messages.warning(request, refusal.message)
        return redirect(request.path)

    def _ask_once_more(self, request, assessment, form, level):
        """The interruption page: what is about to be lowered, and what the patient told us."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Lower the level of %(patient)s?") % {"patient": assessment.patient},
            "assessment": assessment,
            "before": services.level_now(assessment),
            "held": services.effective_level(assessment.patient, timezone.now()),
            "after": level,
            "form": form,
            "verb": request.POST.get("verb"),
        }
        return TemplateResponse(request, "admin/triage/lower.html", context)

    def _page(self, request, assessment, *, base=None, confirm_form=None, change_form=None, status=200):
        # First of all what the forms say was shown: answers that come while the rest is read are then not among it.
        confirm_form = confirm_form or ConfirmForm(assessment=assessment)
        change_form = change_form or ChangeLevelForm(assessment=assessment)
        intake = assessment.intake
        codes = {finding["code"] for finding in assessment.findings}
        pathway = PATHWAYS.get(intake.questionnaire.pathway)
        fired = [row for row in (rule_table(pathway) if pathway else ()) if row.code in codes]
        context = {
            **(base or self.admin_site.each_context(request)),
            "opts": self.opts,
            "title": assessment.patient.name,
            "subtitle": None,
            "original": assessment,
            "assessment": assessment,
            "level_now": services.level_now(assessment),
            "held": services.effective_level(assessment.patient, timezone.now()),
            "reviews": assessment.reviews.select_related("by").order_by("created_at", "pk"),
            "stopped": assessment.kind == Assessment.Kind.STOP,
            "findings": [_finding(finding) for finding in assessment.findings],
            "cautions": [caution(code).label for code in assessment.cautions],
            "unanswered": _labels(intake, assessment.unanswered),
            "sections": answers_on_paper(intake, {link for row in fired for link in row.links}),
            "signed": _signature(assessment, intake),
            "others": _others(assessment),
            "may_review": request.user.has_perm(REVIEW),
            "confirm_form": confirm_form,
            "change_form": change_form,
        }
        return TemplateResponse(request, "admin/triage/assessment.html", context, status=status)


def _finding(stored) -> dict:
    """A stored finding with its level as a ``Level``, and no more of the patient's lines than can be read at a glance."""
    lines = stored["because"]
    return {
        **stored,
        "level": Level.from_key(stored["level"]),
        "because": lines[:LINES_SHOWN],
        "more": max(len(lines) - LINES_SHOWN, 0),
    }


def _labels(intake, link_ids) -> list[str]:
    """The short names of questions; what is no question ("age") keeps its own word."""
    known = intake.questionnaire.content.by_link_id
    return [known[link_id].label if link_id in known else link_id for link_id in link_ids]


def _signature(assessment, intake):
    return (
        RulesetApproval.objects.select_related("signed_by")
        .filter(pathway=intake.questionnaire.pathway, ruleset=assessment.ruleset)
        .first()
    )


def _others(assessment):
    """What else was concluded about the same patient, the newest first."""
    return assessment.patient.assessments.exclude(pk=assessment.pk).order_by("-created_at", "-pk")[:10]
