"""Where a check begins: the first page, the four safety questions, and leaving what was begun."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic import patient_session
from clinic.rules import consent
from triage import services
from triage.forms import QuickForm, StartForm
from triage.pathways import QUICK_SCREEN, RUNNING_LOW_BACK_PAIN
from triage.views.own import new_token, own_intake, reference_of, where

PATHWAY = RUNNING_LOW_BACK_PAIN.slug


def closed(request, message=""):
    """Nobody signed these rules: the emergency text and the clinic's number, and no questions."""
    return render(request, "triage/closed.html", {"message": message})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Emergency text, consent, and who you are. Somebody who has begun is offered to carry on."""
    now = timezone.now()
    patient = request.patient or None
    begun = services.open_intake(patient, PATHWAY, now) if patient else None
    if begun and begun.is_typed_at_the_desk:
        begun = None
    if begun and request.method == "POST":
        return redirect(where(begun))
    if begun:
        return render(request, "triage/carry_on.html", {"intake": begun, "go_on": where(begun)})
    try:
        services.live_questionnaire(PATHWAY)
        if request.method == "POST":
            form = StartForm(request.POST, patient=patient)
            if form.is_valid():
                intake = services.start_intake(pathway=PATHWAY, **_who(form, patient), by=patient or "public", now=now)
                patient_session.remember(request, intake.patient)
                return redirect(where(intake))
        else:
            form = StartForm(patient=patient, initial={"token": new_token()})
    except services.NotTakingIntakes as refusal:
        return closed(request, refusal.message)
    context = {"form": form, "consent_version": consent.VERSION}
    return render(request, "triage/start.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quick(request):
    """Four safety questions for somebody who books without an intake. Four times "no" goes on to booking."""
    now = timezone.now()
    patient = request.patient or None
    try:
        questions = services.live_questionnaire(QUICK_SCREEN.slug).content.questions
        services.live_questionnaire(PATHWAY)
        if request.method == "POST":
            form = QuickForm(request.POST, patient=patient, questions=questions)
            if form.is_valid():
                check = services.answer_quick_check(
                    answers=form.answers(), **_who(form, patient), by=patient or "public", now=now
                )
                patient_session.remember(request, check.patient)
                return redirect(_after_quick(check))
        else:
            form = QuickForm(patient=patient, questions=questions, initial={"token": new_token()})
    except services.NotTakingIntakes as refusal:
        return closed(request, refusal.message)
    context = {"form": form, "consent_version": consent.VERSION}
    return render(request, "triage/quick.html", context, status=422 if form.errors else 200)


def _after_quick(check) -> str:
    if check.intake is None:
        return reverse("bookings:start")
    return f"{where(check.intake)}?more=1"


def _who(form, patient) -> dict:
    """What the first page said, as the services take it."""
    data = form.cleaned_data
    return {
        "consent_version": consent.VERSION,
        "patient": patient,
        "first_name": data.get("first_name", ""),
        "date_of_birth": data.get("date_of_birth"),
        "phone": data.get("phone", ""),
        "reference": reference_of(data.get("token")),
    }


@require_POST
def leave(request, reference):
    """Leave a draft behind and begin anew."""
    services.leave_intake(intake=own_intake(request, reference), by=request.patient, now=timezone.now())
    return redirect("triage:start")


@require_POST
def not_me(request):
    """Somebody else sits at this browser: forget whose it was."""
    patient_session.forget(request)
    return redirect("triage:start")
