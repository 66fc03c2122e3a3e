"""What a triage conclusion allows to be booked: one table of level, service, how, and how soon.

A clinical lead reads and signs this table; nothing else in the code decides it. The page that offers times reads it, and the
service that writes a booking reads it again. A service that is not in the table is booked by the front desk only.
"""

from dataclasses import dataclass
from enum import StrEnum

from bookings.rules.states import Mode
from clinic.rules.levels import Level

PHONE_CONSULTATION = "phone-consultation"
IN_PERSON_CONSULTATION = "in-person-consultation"
ASSESSMENT = "assessment"
RUNNING_FORM = "running-form"
FOLLOW_UP = "follow-up"
PELVIC_FLOOR = "pelvic-floor"

QUICK_CHECK = "quick_check"
"""Four safety questions, all answered "no": nothing more is known."""

YOUNGEST = 16
"""Below this age a guardian rings us: no booking on the web."""

PHONE = (Mode.PHONE,)
IN_PERSON = (Mode.IN_PERSON,)
EITHER = (Mode.IN_PERSON, Mode.PHONE)


@dataclass(frozen=True)
class Allowed:
    """Somebody on this footing may book this service, in these ways, within so many working days.

    ``within`` None means the service's own horizon. ``after_visit`` marks what only somebody can book who has been here.
    """

    footing: Level | str
    service: str
    modes: tuple[Mode, ...]
    within: int | None = None
    after_visit: bool = False


TABLE = (
    # Emergency: nothing but the emergency advice. Urgent: nothing but a call-back.
    Allowed(Level.PRIORITY, ASSESSMENT, EITHER, within=5),
    Allowed(Level.PRIORITY, IN_PERSON_CONSULTATION, IN_PERSON, within=5),
    Allowed(Level.PRIORITY, PHONE_CONSULTATION, PHONE, within=5),
    Allowed(Level.PRIORITY, FOLLOW_UP, EITHER, within=5, after_visit=True),
    Allowed(Level.ROUTINE, ASSESSMENT, EITHER),
    Allowed(Level.ROUTINE, IN_PERSON_CONSULTATION, IN_PERSON),
    Allowed(Level.ROUTINE, PHONE_CONSULTATION, PHONE),
    Allowed(Level.ROUTINE, RUNNING_FORM, IN_PERSON),
    Allowed(Level.ROUTINE, PELVIC_FLOOR, IN_PERSON),
    Allowed(Level.ROUTINE, FOLLOW_UP, EITHER, after_visit=True),
    Allowed(Level.SELF_CARE, PHONE_CONSULTATION, PHONE),
    Allowed(QUICK_CHECK, PHONE_CONSULTATION, PHONE),
)


class Outcome(StrEnum):
    """What the booking page does for somebody."""

    ADVICE = "advice"  # emergency: the emergency advice and nothing else
    CALL_BACK = "call_back"  # urgent: we ring; no times
    WITH_GUARDIAN = "with_guardian"  # under 16: a guardian rings us
    ASK_FIRST = "ask_first"  # nothing is known: the check, or the four safety questions
    ASK_ALL = "ask_all"  # a safety question was not a clear "no": the whole check
    ASK_AGAIN = "ask_again"  # the answers are too old to book on
    TIMES = "times"


@dataclass(frozen=True)
class Known:
    """What is known about somebody who wants to book. ``level`` None: nothing."""

    level: Level | None
    age: int
    quick_only: bool = False
    guardian: bool = False
    fresh: bool = True
    seen_before: bool = False


@dataclass(frozen=True)
class Capability:
    """What somebody may book now: the outcome, and with ``TIMES`` the rows of the table that apply."""

    outcome: Outcome
    level: Level | None = None
    rows: tuple[Allowed, ...] = ()

    def row_for(self, service: str) -> Allowed | None:
        return next((row for row in self.rows if row.service == service), None)

    def allows(self, service: str, mode: str) -> bool:
        row = self.row_for(service)
        return row is not None and mode in row.modes


def capability(known: Known) -> Capability:
    """What ``known`` allows. The most urgent reason to stop comes first."""
    level = known.level
    if level is Level.EMERGENCY:
        return Capability(Outcome.ADVICE, level)
    if known.quick_only and level > Level.ROUTINE:
        return Capability(Outcome.ASK_ALL, level)
    if level is Level.URGENT:
        return Capability(Outcome.CALL_BACK, level)
    if known.guardian or known.age < YOUNGEST:
        return Capability(Outcome.WITH_GUARDIAN, level)
    if level is None:
        return Capability(Outcome.ASK_FIRST)
    if not known.fresh:
        return Capability(Outcome.ASK_AGAIN, level)
    footing = QUICK_CHECK if known.quick_only else level
    rows = tuple(row for row in TABLE if row.footing == footing and (known.seen_before or not row.after_visit))
    return Capability(Outcome.TIMES, level, rows)
