"""By when a person rings, as a moment for the task and as a sentence for the patient.

The moment is worked out from the opening hours of the main location; the sentence says it on that location's wall clock,
and stays true when the page is opened again later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Location, Task
from clinic.rules.levels import Level
from clinic.rules.opening import add_working_days, callback_promise

RING_WITHIN = {Level.EMERGENCY: timedelta(minutes=30), Level.URGENT: timedelta(hours=2)}
"""While the clinic is open. Nobody is told to wait for this call: the page says first what to do now."""

REVIEW_WITHIN_DAYS = {Level.PRIORITY: 1, Level.ROUTINE: 3, Level.SELF_CARE: 3}
"""Working days in which a therapist looks at the answers. Emergency and urgent answers are looked at when we ring."""

CALL_WITHIN_DAYS = 1
"""Working days in which we ring about a question that was left open, or to speak with a guardian."""


# ---- moments ------------------------------------------------------------------------------------------------------


def call_back_due(*, level: Level, location: Location | None, now: datetime) -> datetime:
    """By when we ring about an emergency or urgent answer given at ``now``, in steps of five minutes while we are open."""
    if location is None:
        return now
    promise = callback_promise(location.week, now, RING_WITHIN[level])
    if not promise.open_now:
        return promise.due_at
    due = promise.due_at
    return max(due - timedelta(minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond), now)


def review_due(*, level: Level, location: Location | None, now: datetime) -> datetime:
    """By when a therapist looks at an assessment."""
    if location is None:
        return now
    if level in RING_WITHIN:
        return call_back_due(level=level, location=location, now=now)
    return add_working_days(location.week, now, REVIEW_WITHIN_DAYS[level])


def call_due(*, location: Location | None, now: datetime) -> datetime:
    """By when we ring about something that can wait until the next working day."""
    return add_working_days(location.week, now, CALL_WITHIN_DAYS) if location else now


def open_call(patient) -> Task | None:
    """The call that this patient waits for, the soonest first."""
    return Task.objects.open().call_backs().filter(patient=patient).order_by("due_at", "pk").first()


# ---- sentences ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CallWords:
    """What the patient reads, and the number to ring when waiting for us is not enough ("" when we ring)."""

    sentence: str
    ring: str = ""


def urgent_words(*, due_at: datetime, location: Location, has_phone: bool, now: datetime) -> CallWords:
    """ "We will ring you today before 17:00 …", or whom to ring now while we are closed or have no number."""
    advice = location.urgent_advice_number or location.emergency_number
    facts = {
        "phone": location.phone,
        "number": advice,
        "when": _moment(due_at, location, now),
        "opening": _opening(location, now),
    }
    if location.week.is_open(now):
        if not has_phone:
            sentence = _("We cannot ring you without a phone number. Please ring us now on %(phone)s.")
        elif due_at < now:
            sentence = _("We wanted to have rung you by now. Please ring us on %(phone)s.")
        else:
            return CallWords(_("We will ring you %(when)s.") % facts)
        return CallWords(sentence % facts, ring=location.phone)
    if not facts["opening"]:
        sentence = _("If it cannot wait, ring %(number)s now. Our number is %(phone)s.")
    elif has_phone:
        sentence = _(
            "We are closed: ring %(number)s now if it cannot wait. We will ring you when we open, %(opening)s."
        )
    else:
        sentence = _(
            "We are closed, and we cannot ring you without a phone number: ring %(number)s now if it cannot wait. "
            "Or ring us when we open, %(opening)s, on %(phone)s."
        )
    return CallWords(sentence % facts, ring=advice)


def emergency_sentence(*, location: Location | None, now: datetime) -> str:
    """No time of the day while we are open: nobody should wait for this call."""
    if location is None or location.week.is_open(now) or not _opening(location, now):
        return _("We have asked a person here to ring you. Do not wait for that call.")
    return _(
        "We are closed. We have asked a person here to ring you when we open, %(opening)s. Do not wait for that."
    ) % {"opening": _opening(location, now)}


def _moment(moment: datetime, location: Location, now: datetime) -> str:
    """ "today before 17:00, London time"; with the date on another day."""
    local = timezone.localtime(moment, location.zone)
    facts = {"time": f"{local:%H:%M}", "place": _place(location), "day": date_format(local, "l j F")}
    if local.date() == timezone.localtime(now, location.zone).date():
        return _("today before %(time)s, %(place)s time") % facts
    return _("on %(day)s before %(time)s, %(place)s time") % facts


def _opening(location: Location, now: datetime) -> str:
    """ "Monday 16 March, 08:00, London time", or "today, …"; "" when no opening is in sight."""
    opens = next((opens for opens, _closes in location.week.spans_from(now) if opens > now), None)
    if opens is None:
        return ""
    local = timezone.localtime(opens, location.zone)
    today = local.date() == timezone.localtime(now, location.zone).date()
    facts = {
        "day": _("today") if today else date_format(local, "l j F"),
        "time": f"{local:%H:%M}",
        "place": _place(location),
    }
    return _("%(day)s, %(time)s, %(place)s time") % facts


def _place(location: Location) -> str:
    """The city of the time zone: whoever reads this may be elsewhere."""
    return location.time_zone.rpartition("/")[2].replace("_", " ")
