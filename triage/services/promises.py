"""By when a person rings, as a moment for the task and as a sentence for the patient.

The promise is worked out from the opening hours of the main location and said on its wall clock.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Location
from clinic.rules.levels import Level
from clinic.rules.opening import Promise, add_working_days, callback_promise

RING_WITHIN = {Level.EMERGENCY: timedelta(minutes=30), Level.URGENT: timedelta(hours=2)}
"""While the clinic is open. Nobody is told to wait for this call: the page says first what to do now."""

REVIEW_WITHIN_DAYS = {Level.PRIORITY: 1, Level.ROUTINE: 3, Level.SELF_CARE: 3}
"""Working days in which a therapist looks at the answers. Emergency and urgent answers are looked at when we ring."""

CALL_WITHIN_DAYS = 1
"""Working days in which we ring about a question that was left open, or to speak with a guardian."""


@dataclass(frozen=True)
class CallBack:
    """``due_at`` is an aware moment; ``sentence`` is what the patient reads."""

    due_at: datetime
    sentence: str


def call_back(*, level: Level, location: Location | None, has_phone: bool, now: datetime) -> CallBack:
    """By when we ring about an emergency or urgent answer given at ``now``, and how we say it."""
    if location is None:
        return CallBack(due_at=now, sentence=_("We will ring you as soon as we can."))
    promise = callback_promise(location.week, now, RING_WITHIN[level])
    if promise.open_now:
        promise = replace(promise, due_at=_round_down(promise.due_at, now))
    if level == Level.EMERGENCY:
        return CallBack(promise.due_at, _beside_an_emergency(promise, location, now))
    say = _we_ring if has_phone else _please_ring
    return CallBack(promise.due_at, say(promise, location, now))


def _round_down(moment: datetime, now: datetime) -> datetime:
    """To five minutes: nobody promises 11:43. Never before ``now``."""
    return max(
        moment - timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond), now
    )


def review_due(*, level: Level, location: Location | None, now: datetime) -> datetime:
    """By when a therapist looks at an assessment."""
    if location is None:
        return now
    if level in RING_WITHIN:
        return callback_promise(location.week, now, RING_WITHIN[level]).due_at
    return add_working_days(location.week, now, REVIEW_WITHIN_DAYS[level])


def call_due(*, location: Location | None, now: datetime) -> datetime:
    """By when we ring about something that can wait until the next working day."""
    return add_working_days(location.week, now, CALL_WITHIN_DAYS) if location else now


def _beside_an_emergency(promise: Promise, location: Location, now: datetime) -> str:
    """No time of the day: nobody should wait for this call."""
    if promise.open_now or promise.opens_at is None:
        return _("We have asked a person here to ring you. Do not wait for that call.")
    facts = {"day": _day(promise.opens_at, location, now), "time": _clock(promise.opens_at, location)}
    return (
        _("We are closed. We have asked a person here to ring you on %(day)s at %(time)s. Do not wait for that call.")
        % facts
    )


def _we_ring(promise: Promise, location: Location, now: datetime) -> str:
    facts = {"time": _clock(promise.due_at, location), "place": _place(location), "number": _advice(location)}
    if promise.open_now:
        return _("We will ring you today before %(time)s, %(place)s time.") % facts
    if promise.opens_at is None:
        return _("We will ring you as soon as we can. If it cannot wait, ring %(number)s now.") % facts
    facts["day"] = _day(promise.opens_at, location, now)
    return (
        _(
            "We are closed: ring %(number)s now if it cannot wait. "
            "We will ring you when we open, %(day)s, %(time)s, %(place)s time."
        )
        % facts
    )


def _please_ring(promise: Promise, location: Location, now: datetime) -> str:
    facts = {
        "phone": location.phone,
        "number": _advice(location),
        "place": _place(location),
        "time": _clock(promise.due_at, location),
    }
    if promise.open_now:
        return _("We cannot ring you without a phone number. Please ring us now on %(phone)s.") % facts
    if promise.opens_at is None:
        return _("We cannot ring you without a phone number. If it cannot wait, ring %(number)s now.") % facts
    facts["day"] = _day(promise.opens_at, location, now)
    return (
        _(
            "We are closed, and we cannot ring you without a phone number: ring %(number)s now if it cannot wait. "
            "Or ring us when we open, %(day)s, %(time)s, %(place)s time, on %(phone)s."
        )
        % facts
    )


def _advice(location: Location) -> str:
    return location.urgent_advice_number or location.emergency_number


def _clock(moment: datetime, location: Location) -> str:
    return f"{timezone.localtime(moment, location.zone):%H:%M}"


def _day(moment: datetime, location: Location, now: datetime) -> str:
    local = timezone.localtime(moment, location.zone)
    if local.date() == timezone.localtime(now, location.zone).date():
        return _("today")
    return date_format(local, "l j F")


def _place(location: Location) -> str:
    """The city of the time zone: whoever reads this may be elsewhere."""
    return location.time_zone.rpartition("/")[2].replace("_", " ")
