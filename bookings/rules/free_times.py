"""Which times are free: from shifts on the wall clock, what changes them, and what is busy, to offered times.

Pure: the caller passes everything, the moment included. Shifts are wall-clock times of their location; each is turned into
moments day by day, so a shift keeps its hours when the clocks change. What takes time away (closures, time off, hours off)
always wins over what adds it.

A time is offered when the visit itself lies within working hours, and the visit with the minutes kept free after it meets
nothing that is busy: therapist, room, or (without the minutes after it) the patient.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MIDNIGHT = time(0)

Range = tuple[datetime, datetime]
"""From a moment up to, not including, another."""


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """A weekly or fortnightly span of work. It ends on the next day when ``ends`` is not after ``starts``."""

    practitioner: int
    location: int
    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_to: date | None = None
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class DayChange:
    """Extra hours on one day, or hours off. Hours off without times are the whole day."""

    practitioner: int
    location: int
    day: date
    extra: bool
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Whole days on which a practitioner is away (``location`` None), or a location is closed (``practitioner`` None)."""

    practitioner: int | None
    location: int | None
    first: date
    last: date


@dataclass(frozen=True)
class Hours:
    """Everything that says when work is done, and on which wall clock."""

    zones: Mapping[int, ZoneInfo]
    shifts: Sequence[ShiftSpan] = ()
    changes: Sequence[DayChange] = ()
    days_off: Sequence[DaysOff] = ()


@dataclass(frozen=True)
class Busy:
    """What is taken, the minutes kept free after each visit included; the patient's own visits without them."""

    practitioners: Mapping[int, Sequence[Range]] = field(default_factory=dict)
    rooms: Mapping[int, Sequence[Range]] = field(default_factory=dict)
    patient: Sequence[Range] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a service asks of a time. ``notice`` and ``horizon`` count from now."""

    duration: timedelta
    buffer: timedelta
    step: timedelta
    needs_room: bool
    notice: timedelta
    horizon: timedelta


@dataclass(frozen=True, slots=True)
class Offer:
    """One time that can be booked. ``rooms`` are the free ones of the right kind, none for a phone visit."""

    starts_at: datetime
    ends_at: datetime
    free_again_at: datetime
    practitioner: int
    location: int
    rooms: tuple[int, ...] = ()


def moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The moment at which the wall clock shows that time.

    A time that the clock skips in spring counts from before the change, one that it shows twice in autumn is the first.
    """
    return datetime.combine(day, wall, zone).astimezone(UTC)


def span_on(day: date, starts: time, ends: time, zone: ZoneInfo) -> Range:
    """A wall-clock span that begins on ``day``; into the next day when it ends at or before its start."""
    return moment(day, starts, zone), moment(day if ends > starts else day + DAY, ends, zone)


def whole_days(first: date, last: date, zone: ZoneInfo) -> Range:
    return moment(first, MIDNIGHT, zone), moment(last + DAY, MIDNIGHT, zone)


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same moments as sorted ranges that do not touch. Empty and backwards ranges are dropped."""
    result: list[Range] = []
    for start, end in sorted(one for one in ranges if one[0] < one[1]):
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def without(ranges: Sequence[Range], taken: Sequence[Range]) -> list[Range]:
    """``ranges`` minus ``taken``; both sorted and merged."""
    result: list[Range] = []
    position = 0
    for start, end in ranges:
        while position < len(taken) and taken[position][1] <= start:
            position += 1
        at, cursor = position, start
        while at < len(taken) and taken[at][0] < end:
            if taken[at][0] > cursor:
                result.append((cursor, taken[at][0]))
            cursor = max(cursor, taken[at][1])
            at += 1
        if cursor < end:
            result.append((cursor, end))
    return result


def days_of(shift: ShiftSpan, first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last`` on which the shift begins."""
    first = max(first, shift.valid_from)
    last = min(last, shift.valid_to) if shift.valid_to else last
    first_week = shift.valid_from - timedelta(days=shift.valid_from.weekday())
    day = first + timedelta(days=(shift.weekday - first.weekday()) % 7)
    while day <= last:
        if (day - first_week).days // 7 % shift.every_weeks == 0:
            yield day
        day += timedelta(days=7)


def spans_as_planned(hours: Hours, start: datetime, end: datetime) -> dict[tuple[int, int], list[Range]]:
    """Every shift and every extra span that meets [start, end), by practitioner and location; nothing taken away yet."""
    spans: dict[tuple[int, int], list[Range]] = {}

    def add(practitioner: int, location: int, span: Range) -> None:
        if span[0] < end and span[1] > start:
            spans.setdefault((practitioner, location), []).append(span)

    for shift in hours.shifts:
        zone = hours.zones[shift.location]
        first, last = start.astimezone(zone).date() - DAY, end.astimezone(zone).date()
        for day in days_of(shift, first, last):
            add(shift.practitioner, shift.location, span_on(day, shift.starts, shift.ends, zone))
    for change in hours.changes:
        if change.extra:
            span = span_on(change.day, change.starts, change.ends, hours.zones[change.location])
            add(change.practitioner, change.location, span)
    return spans


def taken_away(hours: Hours, practitioner: int, location: int) -> list[Range]:
    """What a practitioner does not work at a location, whatever the shifts say."""
    zone = hours.zones[location]
    taken = [
        whole_days(off.first, off.last, zone)
        for off in hours.days_off
        if off.practitioner in (None, practitioner) and off.location in (None, location)
    ]
    for change in hours.changes:
        if not change.extra and (change.practitioner, change.location) == (practitioner, location):
            if change.starts is None:
                taken.append(whole_days(change.day, change.day, zone))
            else:
                taken.append(span_on(change.day, change.starts, change.ends, zone))
    return merged(taken)


def working_time(hours: Hours, start: datetime, end: datetime) -> dict[tuple[int, int], list[Range]]:
    """When each practitioner works at each location, as far as it meets [start, end): sorted ranges that do not touch."""
    return {
        (practitioner, location): without(merged(spans), taken_away(hours, practitioner, location))
        for (practitioner, location), spans in spans_as_planned(hours, start, end).items()
    }


class Sweep:
    """Answers "is this free?" for ranges that come in order, looking at each busy range once."""

    __slots__ = ("at", "busy")

    def __init__(self, busy: Iterable[Range]):
        self.busy = merged(busy)
        self.at = 0

    def is_free(self, start: datetime, end: datetime) -> bool:
        busy = self.busy
        while self.at < len(busy) and busy[self.at][1] <= start:
            self.at += 1
        return self.at == len(busy) or busy[self.at][0] >= end


def starts_on_grid(
    hours: Hours, wanted: Wanted, earliest: datetime, latest: datetime
) -> list[tuple[datetime, int, int]]:
    """Every start that working hours allow from ``earliest`` up to ``latest``, in order: (start, practitioner, location).

    The grid counts from the start of each shift, so hours taken away in the middle do not shift it.
    """
    starts: set[tuple[datetime, int, int]] = set()
    for (practitioner, location), spans in spans_as_planned(hours, earliest, latest).items():
        worked = without(merged(spans), taken_away(hours, practitioner, location))
        on_grid: set[datetime] = set()
        for first, last in spans:
            steps = max(0, -((first - earliest) // wanted.step))  # rounds up to the first step not before the earliest
            at = first + steps * wanted.step
            while at < last and at < latest:
                on_grid.add(at)
                at += wanted.step
        position = 0
        for at in sorted(on_grid):
            while position < len(worked) and worked[position][1] <= at:
                position += 1
            if position == len(worked):
                break
            if worked[position][0] <= at and at + wanted.duration <= worked[position][1]:
                starts.add((at, practitioner, location))
    return sorted(starts)


def offered_times(
    *,
    hours: Hours,
    busy: Busy,
    rooms: Mapping[int, Sequence[int]],
    wanted: Wanted,
    start: datetime,
    end: datetime,
    now: datetime,
) -> Iterator[Offer]:
    """The times that can be booked and begin within [start, end), in order of time, then practitioner.

    ``rooms`` are the rooms of the right kind by location. Lazy: who needs the first free time takes one.
    """
    earliest = max(start, now + wanted.notice)
    latest = min(end, now + wanted.horizon)
    if earliest >= latest:
        return
    therapists = {key: Sweep(ranges) for key, ranges in busy.practitioners.items()}
    room_sweeps = {
        location: [(room, Sweep(busy.rooms.get(room, ()))) for room in rooms_there]
        for location, rooms_there in rooms.items()
    }
    patient = Sweep(busy.patient)
    nothing_busy = Sweep(())
    for at, practitioner, location in starts_on_grid(hours, wanted, earliest, latest):
        ends = at + wanted.duration
        free_again = ends + wanted.buffer
        if not therapists.get(practitioner, nothing_busy).is_free(at, free_again):
            continue
        if not patient.is_free(at, ends):
            continue
        free_rooms: tuple[int, ...] = ()
        if wanted.needs_room:
            free_rooms = tuple(room for room, sweep in room_sweeps.get(location, ()) if sweep.is_free(at, free_again))
            if not free_rooms:
                continue
        yield Offer(at, ends, free_again, practitioner, location, free_rooms)
