"""When a location is open, and by when it can promise to ring somebody.

Opening hours are wall-clock times of the location. A day may have several spans; a closure (holiday, training day) closes
the whole day. Everything here is pure: the caller passes the hours, the closures, the zone and the moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 30


@dataclass(frozen=True)
class Span:
    """One opening span of a weekday (Monday is 0), in the location's wall-clock time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Week:
    """The opening hours of a location."""

    spans: tuple[Span, ...]
    zone: ZoneInfo
    closed_on: frozenset[date] = frozenset()

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open spans of one local day as aware UTC moments, in order."""
        if day in self.closed_on:
            return []
        return sorted(
            (
                datetime.combine(day, span.opens, self.zone).astimezone(UTC),
                datetime.combine(day, span.closes, self.zone).astimezone(UTC),
            )
            for span in self.spans
            if span.weekday == day.weekday()
        )

    def is_open(self, now: datetime) -> bool:
        return any(opens <= now < closes for opens, closes in self.spans_on(now.astimezone(self.zone).date()))

    def spans_from(self, now: datetime) -> Iterable[tuple[datetime, datetime]]:
        """The open spans that end after ``now``, in order, for ``LOOK_AHEAD_DAYS`` days."""
        first = now.astimezone(self.zone).date()
        for offset in range(LOOK_AHEAD_DAYS):
            for opens, closes in self.spans_on(first + timedelta(days=offset)):
                if closes > now:
                    yield opens, closes


@dataclass(frozen=True)
class Promise:
    """By when we ring. ``due_at`` is an aware moment; ``open_now`` says whether anybody could ring at once."""

    due_at: datetime
    open_now: bool
    opens_at: datetime | None


def callback_promise(week: Week, now: datetime, within: timedelta = timedelta(hours=2)) -> Promise:
    """By when the clinic rings back somebody who answered at ``now``.

    While open: ``within`` from now, and never after today's closing time. While closed: due at the next opening, because
    that is the first moment at which a person can act. A location without any hours in sight is due at once.
    """
    for opens, _closes in week.spans_from(now):
        if opens <= now:
            last = max(end for _, end in week.spans_on(now.astimezone(week.zone).date()))
            return Promise(due_at=min(now + within, last), open_now=True, opens_at=None)
        return Promise(due_at=opens, open_now=False, opens_at=opens)
    return Promise(due_at=now, open_now=False, opens_at=None)


def add_working_days(week: Week, now: datetime, days: int) -> datetime:
    """The end of the ``days``-th open day after today's, as an aware moment.

    Used for "within five working days": a working day is a day on which the location opens.
    """
    day = now.astimezone(week.zone).date()
    counted = 0
    for offset in range(1, 366):
        spans = week.spans_on(day + timedelta(days=offset))
        if spans:
            counted += 1
            if counted == days:
                return spans[-1][1]
    return now + timedelta(days=days)
