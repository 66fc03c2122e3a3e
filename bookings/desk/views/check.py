"""The whole check, typed in while the caller answers. The desk reads the questions out; the rules conclude."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.desk.views.asked import page_or_form, patient_or_404, slot, step
from bookings.desk.views.frame import desk_page, with_query, words_to_say
from clinic.models import Location
from clinic.rules import consent
from clinic.rules.levels import Level
from clinic.services import Refused
from triage.forms import PageForm
from triage.models import Intake
from triage.pathways import RUNNING_LOW_BACK_PAIN
from triage.rules.questionnaire import page_before, pages, progress
from triage.services import (
    NoResultNow,
    NotTakingIntakes,
    StillOpen,
    answered_by_mistake,
    effective_level,
    finish_intake,
    leave_intake,
    next_to_do,
    open_intake,
    save_page,
    start_intake,
)

PATHWAY = RUNNING_LOW_BACK_PAIN.slug


@page_or_form
def check(request, reference):
    """Begin the check with the caller's consent, or carry on where the desk left it.

    What a patient began on the web is theirs to carry on: the desk would read answers that were not given to it.
    """
    patient = patient_or_404(reference)
    now = timezone.now()
    intake = open_intake(patient, PATHWAY, now)
    if intake and (intake.is_stopped or intake.channel == Intake.Channel.DESK):
        return redirect(_where(request, intake))
    context = {"patient": patient, "consent_version": consent.VERSION}
    if request.method == "POST" and "consent" in request.POST:
        try:
            if intake:
                leave_intake(intake=intake, by=request.user, now=now)
            intake = start_intake(
                pathway=PATHWAY,
                consent_version=consent.VERSION,
                patient=patient,
                by=request.user,
                now=now,
            )
        except NotTakingIntakes as refusal:
            messages.error(request, refusal.message)
            return redirect("desk:patient", patient.reference)
        return redirect(_where(request, intake))
    missing = request.method == "POST"
    return desk_page(request, "desk/check_begin.html", {**context, "missing": missing}, status=422 if missing else 200)


def _intake_or_404(reference) -> Intake:
    """The check that the desk has begun with this patient."""
    intake = open_intake(patient_or_404(reference), PATHWAY, timezone.now())
    if intake is None or intake.channel != Intake.Channel.DESK:
        raise Http404
    return intake


def _where(request, intake) -> str:
    """The address at which the check goes on."""
    patient = intake.patient
    if intake.is_stopped:
        return step("check_stop", patient, request)
    page = next_to_do(intake)
    if page is None:
        return step("check_end", patient, request)
    return with_query(reverse("desk:check_page", args=[patient.reference, page.id]), **slot(request))


@page_or_form
def page(request, reference, page):
    """One page of questions. Going back keeps what was typed; an emergency answer stops at once."""
    intake = _intake_or_404(reference)
    rows = {row.link_id: row for row in intake.answers.current()}
    answers = {link_id: row.value for link_id, row in rows.items()}
    shown = next((part for part in pages(intake.questionnaire.content, answers) if part.id == page), None)
    if shown is None or intake.is_stopped:
        return redirect(_where(request, intake))
    status = 200
    form = PageForm(page=shown, rows=rows, revision=intake.revision)
    if request.method == "POST":
        form = PageForm(request.POST, page=shown, revision=intake.revision)
        try:
            saved = save_page(
                intake=intake,
                page_id=shown.id,
                raw=form.typed(),
                revision=intake.revision,
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(_where(request, intake))
        if saved.stopped:
            return redirect(step("check_stop", intake.patient, request))
        if request.POST.get("go") == "back":
            return redirect(_before(request, intake, saved, shown))
        if form.is_valid():
            intake.refresh_from_db()
            return redirect(_where(request, intake))
        status = 422
    return desk_page(
        request,
        "desk/check_page.html",
        {
            "patient": intake.patient,
            "page": shown,
            "form": form,
            "asked": [form[item.link_id] for item in shown.questions],
            "progress": progress(intake.questionnaire.content, shown.id),
        },
        status=status,
    )


def _before(request, intake, saved, shown) -> str:
    before = page_before(intake.questionnaire.content, saved.answers, shown.id)
    if before is None:
        return reverse("desk:patient", args=[intake.patient.reference])
    return with_query(reverse("desk:check_page", args=[intake.patient.reference, before.id]), **slot(request))


@page_or_form
def end(request, reference):
    """Everything is answered: conclude, and say what the level means for this call."""
    intake = _intake_or_404(reference)
    if intake.is_stopped or next_to_do(intake):
        return redirect(_where(request, intake))
    if request.method != "POST":
        return desk_page(request, "desk/check_end.html", {"patient": intake.patient})
    try:
        finish_intake(intake=intake, by=request.user, now=timezone.now())
    except StillOpen as refusal:
        messages.warning(request, refusal.message)
        return redirect("desk:check_page", reference, refusal.page_id)
    except NoResultNow as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:patient", reference)
    intake.refresh_from_db()
    if intake.is_stopped:
        return redirect(step("check_stop", intake.patient, request))
    messages.success(request, _("The check is finished."))
    return redirect(step("new_times", intake.patient, request))


@require_http_methods(["GET", "HEAD"])
def stop(request, reference):
    """An emergency answer: what to say to the caller now. Nothing can be booked from here."""
    patient = patient_or_404(reference)
    now = timezone.now()
    intake = open_intake(patient, PATHWAY, now)
    known = effective_level(patient, now)
    if not (intake and intake.is_stopped) and not (known and known.level == Level.EMERGENCY):
        return redirect(step("new_safety", patient, request))
    return desk_page(
        request,
        "desk/new_stop.html",
        {
            "patient": patient,
            "known": known,
            "words": words_to_say(known),
            "location": Location.objects.main(),
            "ask_again": bool(intake and intake.is_stopped and intake.channel == Intake.Channel.DESK),
        },
    )


@require_POST
def mistake(request, reference):
    """It was typed wrongly: what stopped the check is asked again. The call-back stays until a person closes it."""
    intake = answered_by_mistake(intake=_intake_or_404(reference), by=request.user, now=timezone.now())
    return redirect(_where(request, intake))
