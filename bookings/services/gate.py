"""The gate: what the triage conclusion allows a patient to book, asked on the page and again on the write."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Appointment
from bookings.rules.capability import Capability, Known, Outcome, capability
from bookings.rules.free_times import DAY, Offer
from bookings.rules.states import Status
from bookings.services.refusals import NotAllowed
from bookings.services.times import load_supply, times_from
from clinic.rules.opening import add_working_days
from triage.services import Effective, effective_level
from triage.services.conclusions import age_of


def what_may_be_booked(*, patient, now) -> Capability:
    """What ``patient`` may book now. None is a visitor about whom nothing is known."""
    if not patient:
        return Capability(Outcome.ASK_FIRST)
    return _what(patient, effective_level(patient, now), now)


def _what(patient, effective, now) -> Capability:
    age = age_of(patient, now)
    if effective is None:
        return capability(Known(level=None, age=age))
    return capability(
        Known(
            level=effective.level,
            age=age,
            quick_only=effective.quick_only,
            guardian=effective.guardian,
            fresh=effective.booking_open(now),
            seen_before=not effective.quick_only and _seen_before(patient),
        )
    )


def _seen_before(patient) -> bool:
    return Appointment.objects.filter(patient=patient, status=Status.FULFILLED).exists()


def refusal_for(outcome: Outcome) -> str:
    """What somebody is told who may not book."""
    return {
        Outcome.ADVICE: _("Your answers need help now, not an appointment. Please follow the emergency advice."),
        Outcome.CALL_BACK: _("Your answers need a call from us before anything is booked."),
        Outcome.WITH_GUARDIAN: _("For anyone under 16, a parent or guardian needs to ring us."),
        Outcome.ASK_FIRST: _("Please answer a few questions first, so that we can offer the right visit."),
        Outcome.ASK_ALL: _("Please answer all the questions first, so that we can offer the right visit."),
        Outcome.ASK_AGAIN: _("Your answers are more than two weeks old. Please answer the safety questions again."),
        Outcome.TIMES: _("This visit cannot be booked on the web with the answers you gave."),
    }[outcome]


def pass_gate(*, service, mode, patient, staff, moving=False, now) -> tuple[Effective | None, Capability]:
    """Raise ``NotAllowed`` unless ``patient`` may have ``service``. Returns the effective level and what it allows.

    Staff book for whoever they spoke to, but nobody books past an emergency that no therapist has looked at. A move
    keeps the service that was booked: it asks only whether something urgent has come up since.
    """
    effective = effective_level(patient, now)
    allowed = _what(patient, effective, now)
    if allowed.outcome is Outcome.ADVICE:
        raise NotAllowed(refusal_for(allowed.outcome), allowed)
    if staff:
        return effective, allowed
    if moving and allowed.outcome in {Outcome.TIMES, Outcome.ASK_AGAIN, Outcome.ASK_FIRST}:
        return effective, allowed
    if allowed.outcome is not Outcome.TIMES or not allowed.allows(service.slug, mode):
        raise NotAllowed(refusal_for(allowed.outcome), allowed)
    return effective, allowed


def window_end(*, row, location, now: datetime) -> datetime | None:
    """Until when a time must begin: "within five working days" of the location, or None without a limit."""
    if row is None or row.within is None:
        return None
    return add_working_days(location.week, now, row.within)


def first_late_time(*, service, mode, location, until, patient, moving=None, now) -> Offer | None:
    """The first time after ``until``, or None while something is free before it (or nothing ever)."""
    supply = load_supply(service=service, mode=mode, location=location)
    if times_from(supply, start=now, end=until, patient=patient, moving=moving, limit=1, now=now).offers:
        return None
    end = now + DAY * service.horizon_days
    later = times_from(supply, start=until, end=end, patient=patient, moving=moving, limit=1, now=now).offers
    return later[0] if later else None
