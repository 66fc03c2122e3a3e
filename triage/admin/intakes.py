"""Intakes in the admin: to read, each look written down."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from clinic.admin import Audited
from triage.admin.record import answers_on_paper
from triage.models import Intake


@admin.register(Intake)
class IntakeAdmin(Audited):
    """What people answered, finished or not. What was concluded is under assessments."""

    list_display = ["patient", "questionnaire", "status", "channel", "started_at", "finished_at"]
    list_filter = ["status", "channel", "questionnaire__pathway"]
    list_select_related = ["patient", "questionnaire"]
    search_fields = ["patient__first_name", "patient__last_name", "=reference"]
    ordering = ["-started_at", "-pk"]
    date_hierarchy = "started_at"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("patient", "questionnaire")

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        return TemplateResponse(
            request,
            "admin/triage/intake.html",
            {
                **context,
                "opts": self.opts,
                "title": _("Intake of %(patient)s") % {"patient": obj.patient},
                "subtitle": None,
                "intake": obj,
                "sections": answers_on_paper(obj),
            },
        )
