"""Questionnaires in the admin: read page by page as a patient is asked, published by a clinical lead."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.admin import ReadOnly
from clinic.services import Refused
from triage import services
from triage.models import Questionnaire
from triage.rules.questionnaire import all_pages, answer_text, problems

PUBLISH = "triage.publish_questionnaire"


def waits_for(content, link_id) -> list[str]:
    """What a page or question waits for, in the words of the form."""
    found = []
    for rule in content.item(link_id).enable_when:
        asked = content.by_link_id.get(rule.question)
        label = asked.label if asked else rule.question
        said = answer_text(asked, rule.value) if asked else rule.value
        found.append(f"“{label}” {rule.operator} “{said}”")
    return found


@admin.register(Questionnaire)
class QuestionnaireAdmin(ReadOnly):
    """Versions of questions. A draft follows its file; a published version never changes."""

    list_display = ["title", "version", "pathway", "language", "status", "published_at", "published_by"]
    list_filter = ["status", "pathway"]
    list_select_related = ["published_by"]
    ordering = ["title", "-created_at", "-pk"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        questionnaire = self.get_object(request, object_id)
        if request.method == "POST" and questionnaire is not None:
            return self._publish(request, questionnaire)
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        found = services.publication_problems(obj)
        return TemplateResponse(
            request,
            "admin/triage/questionnaire.html",
            {
                **context,
                "opts": self.opts,
                "title": str(obj),
                "subtitle": None,
                "questionnaire": obj,
                "pages": [(page, waits_for(obj.content, page.id)) for page in all_pages(obj.content)],
                "fatal": found,
                "notes": [problem for problem in problems(obj.definition) if not problem.fatal],
                "may_publish": request.user.has_perm(PUBLISH) and obj.status == obj.Status.DRAFT and not found,
            },
        )

    def _publish(self, request, questionnaire):
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        try:
            services.publish_questionnaire(questionnaire=questionnaire, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Published. New intakes start on this version."))
        return redirect(request.path)
