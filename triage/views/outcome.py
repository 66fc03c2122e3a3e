"""What came of the answers: stop and get help, or the result and what happens next."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clinic.models import Location
from clinic.rules.levels import Level
from triage import services
from triage.forms import PhoneForm
from triage.rules import wording
from triage.views.own import own_intake, where


@never_cache
@require_safe
def stop(request, reference):
    """An emergency answer: what to do now. No booking, no exercises and no possible reasons on this page."""
    intake = own_intake(request, reference)
    if _level(intake, timezone.now()) != Level.EMERGENCY or intake.status == intake.Status.IN_PROGRESS:
        return redirect(where(intake) if not intake.is_stopped else _address("triage:result", intake))
    return _stop_page(request, intake, PhoneForm(action=_address("triage:phone", intake)))


def _stop_page(request, intake, form, status=200):
    location = Location.objects.main()
    patient = intake.patient
    told = _told(intake)
    words = wording.for_level(Level.EMERGENCY, told)
    context = {
        "intake": intake,
        "form": form,
        "location": location,
        "has_phone": bool(patient.phone),
        "words": words,
        "say": words is wording.EMERGENCY,
        "because": told.because,
        "wording": wording,
        "promise": services.call_back(
            level=Level.EMERGENCY, location=location, has_phone=bool(patient.phone), now=timezone.now()
        ),
    }
    return render(request, "triage/stop.html", context, status=status)


@require_POST
def add_phone(request, reference):
    """A phone number after all, so that the call-back can be made."""
    intake = own_intake(request, reference)
    form = PhoneForm(request.POST, action=_address("triage:phone", intake))
    if not form.is_valid():
        return _stop_page(request, intake, form, status=422)
    services.add_phone(intake=intake, phone=form.cleaned_data["phone"], by=request.patient, now=timezone.now())
    return redirect("triage:stop", reference=intake.reference)


@require_POST
def mistake(request, reference):
    """ "I answered by mistake": what stopped the form is asked again."""
    intake = own_intake(request, reference)
    intake = services.answered_by_mistake(intake=intake, by=request.patient, now=timezone.now())
    return redirect(where(intake))


@never_cache
@require_safe
def result(request, reference):
    """The conclusion: how soon, why, what happens next and when, what a therapist will look at, what to do meanwhile."""
    intake = own_intake(request, reference)
    now = timezone.now()
    if not intake.assessments.exists() or intake.status == intake.Status.IN_PROGRESS:
        return redirect(where(intake))
    held = services.effective_level(intake.patient, now)
    own = _told(intake)
    level = held.level if held else own.level_of
    if level == Level.EMERGENCY:
        return redirect("triage:stop", reference=intake.reference)
    told = held.assessment if held and held.level > own.level else own
    location = Location.objects.main()
    promise = services.call_back(
        level=Level.URGENT, location=location, has_phone=bool(intake.patient.phone), now=told.created_at
    )
    context = {
        "intake": intake,
        "assessment": own,
        "level": level,
        "words": wording.for_level(level, told),
        "wording": wording,
        "because": told.because,
        "unmet": [] if told.because else [gate["text"] for gate in told.details.get("unmet_gates", [])],
        "taken_back": bool(intake.floor_level) and told == own,
        "because_earlier": told != own,
        "reviewed": bool(held and held.reviewed),
        "factors": own.factors if level < Level.URGENT and told == own else [],
        "promise": promise if level == Level.URGENT else None,
        "location": location,
        "may_book": bool(held and held.booking_open(now) and level < Level.URGENT and not held.guardian),
        "guardian": own.guardian,
    }
    return render(request, "triage/result.html", context)


def _told(intake):
    """The last conclusion of this intake."""
    return intake.assessments.latest("pk")


def _level(intake, now) -> Level | None:
    """The level that counts for this patient now; without one that still counts, the intake's own."""
    held = services.effective_level(intake.patient, now)
    if held:
        return held.level
    last = intake.assessments.order_by("pk").last()
    return last.level_of if last else None


def _address(name, intake) -> str:
    return reverse(name, args=[intake.reference])
