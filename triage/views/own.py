"""What every page of the check needs: the visitor's own intake, and where in it they are."""

from django.conf import settings
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clinic.references import new_reference
from triage import services
from triage.models import Intake

FIRST_PAGE = "triage.first-page"
PAGE_GOOD_FOR = settings.PATIENT_SESSION_SECONDS


def own_intake(request, reference) -> Intake:
    """The intake of that reference if it belongs to this browser's patient; 404 for anybody else."""
    if not request.patient:
        raise Http404
    intake = get_object_or_404(request.patient.intakes.select_related("questionnaire", "patient"), reference=reference)
    if intake.is_typed_at_the_desk:  # what the patient types on the web is not for the desk to read
        raise Http404
    return intake


def where(intake: Intake) -> str:
    """The address at which this intake goes on: the next question, the answers to check, the stop or the result."""
    status = Intake.Status
    if intake.status == status.ABANDONED:
        return reverse("triage:start")
    if intake.status != status.IN_PROGRESS:
        return reverse("triage:stop" if intake.is_stopped else "triage:result", args=[intake.reference])
    page = services.next_to_do(intake)
    if page:
        return reverse("triage:page", args=[intake.reference, page.id])
    return reverse("triage:answers", args=[intake.reference])


def new_token() -> str:
    """Hidden in a first page: the reference that its intake will have, so that a double click begins one intake."""
    return signing.dumps(new_reference(), salt=FIRST_PAGE)


def reference_of(token) -> str | None:
    """The reference in a token of ours, or None: the intake then gets one of its own."""
    try:
        return signing.loads(token or "", salt=FIRST_PAGE, max_age=PAGE_GOOD_FOR)
    except signing.BadSignature:
        return None
