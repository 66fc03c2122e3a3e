"""What came of the answers: stop and get help, or the result and what happens next."""

from dataclasses import dataclass

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clinic.models import Location
from clinic.rules.levels import Level
from triage import services
from triage.forms import PhoneForm
from triage.models import Assessment, Intake
from triage.rules import wording
from triage.views.own import own_intake, where


@dataclass(frozen=True)
class Conclusion:
    """What an outcome page tells: the level that counts for the patient, and the assessment that explains it.

    ``own`` is the last assessment of this intake. An earlier one of the same patient may be more urgent and counts until a
    therapist has looked at it; then that one is ``told``. Where this intake stopped, it says so until a therapist has
    reviewed that stop itself: a word on other answers takes nothing back here.
    """

    level: Level
    told: Assessment
    own: Assessment
    held: services.Effective | None

    @classmethod
    def of(cls, intake: Intake) -> "Conclusion | None":
        """None while there is nothing to tell: the intake is being filled in, or was left behind."""
        own = intake.assessments.order_by("pk").last()
        if own is None or not (intake.is_finished or intake.is_stopped):
            return None
        held = services.effective_level(intake.patient, timezone.now())
        level = held.level if held else own.level_of
        if own.kind == Assessment.Kind.STOP and not own.reviews.exists():
            level = Level.EMERGENCY
        return cls(level=level, told=held.assessment if held and level > own.level else own, own=own, held=held)


@never_cache
@require_safe
def stop(request, reference):
    """An emergency answer: what to do now. No booking, no exercises and no possible reasons on this page."""
    intake = own_intake(request, reference)
    conclusion = Conclusion.of(intake)
    if conclusion is None:
        return redirect(where(intake))
    if conclusion.level != Level.EMERGENCY:
        return redirect("triage:result", reference=intake.reference)
    return _stop_page(request, intake, conclusion, _phone_form(intake))


@never_cache
@require_safe
def result(request, reference):
    """The conclusion: how soon, why, what happens next and when, what a therapist will look at, what to do meanwhile."""
    intake = own_intake(request, reference)
    conclusion = Conclusion.of(intake)
    if conclusion is None:
        return redirect(where(intake))
    if conclusion.level == Level.EMERGENCY:
        return redirect("triage:stop", reference=intake.reference)
    return _result_page(request, intake, conclusion, _phone_form(intake))


@require_POST
def add_phone(request, reference):
    """A phone number after all, so that the call-back can be made."""
    intake = own_intake(request, reference)
    conclusion = Conclusion.of(intake)
    if conclusion is None:
        return redirect(where(intake))
    form = _phone_form(intake, request.POST)
    if form.is_valid():
        services.add_phone(intake=intake, phone=form.cleaned_data["phone"], by=request.patient, now=timezone.now())
        return redirect(where(intake))
    show = _stop_page if conclusion.level == Level.EMERGENCY else _result_page
    return show(request, intake, conclusion, form, status=422)


@require_POST
def mistake(request, reference):
    """ "I answered by mistake": what stopped the form is asked again."""
    intake = own_intake(request, reference)
    intake = services.answered_by_mistake(intake=intake, by=request.patient, now=timezone.now())
    return redirect(where(intake))


def _stop_page(request, intake, conclusion, form, status=200):
    location = Location.objects.main()
    words = wording.for_level(Level.EMERGENCY, conclusion.told)
    context = {
        "intake": intake,
        "form": form,
        "clinic_location": location,
        "has_phone": bool(intake.patient.phone),
        "words": words,
        "say": words is wording.EMERGENCY,
        "because": conclusion.told.because,
        "wording": wording,
        "promise": services.emergency_sentence(location=location, now=timezone.now()),
    }
    return render(request, "triage/stop.html", context, status=status)


def _result_page(request, intake, conclusion, form, status=200):
    now = timezone.now()
    location = Location.objects.main()
    level, told, own, held = conclusion.level, conclusion.told, conclusion.own, conclusion.held
    urgent = level == Level.URGENT
    context = {
        "intake": intake,
        "form": form,
        "needs_phone": urgent and not intake.patient.phone,
        "level": level,
        "words": wording.for_level(level, told),
        "wording": wording,
        "because": told.because,
        "unmet": [] if told.because else [gate["text"] for gate in told.details.get("unmet_gates", [])],
        "because_earlier": told != own,
        "taken_back": told == own and intake.took_back_an_emergency,
        "raised": told == own and own.was_raised and not intake.took_back_an_emergency,
        "reviewed": bool(held and held.reviewed),
        "review_changed": bool(held and held.reviewed and held.level != held.assessment.level),
        "doctor_note": told.doctor_note and not urgent,
        "factors": own.factors if level < Level.URGENT and told == own else [],
        "promise": _promise(intake.patient, location, now) if urgent else None,
        "clinic_location": location,
        "may_book": bool(held and held.booking_open(now) and level < Level.URGENT and not held.guardian),
    }
    return render(request, "triage/result.html", context, status=status)


def _phone_form(intake, data=None) -> PhoneForm:
    return PhoneForm(data, action=reverse("triage:phone", args=[intake.reference]))


def _promise(patient, location, now) -> services.CallWords | None:
    """By when we ring, while a call is open; None once a person has closed it."""
    call = services.open_call(patient)
    if call is None or location is None:
        return None
    return services.urgent_words(due_at=call.due_at, location=location, has_phone=bool(patient.phone), now=now)
