"""The day board: who works when, where each visit stands on the time grid, and what is left free.

The grid counts five-minute rows from its first moment. Rows are real time, not wall-clock time: on the day the clocks go
forward there are twelve rows fewer, on the day they go back twelve more, and no two moments ever share a row. The wall
clock appears only in the labels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.rules.free_times import Range, merged, without
from bookings.rules.states import ACTIVE, OPEN, Status

ROW = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SHORTEST_FREE = timedelta(minutes=15)
"""A gap shorter than this is no time that anybody could book."""
LATE_AFTER = timedelta(minutes=15)
"""From here on the board suggests that somebody did not come. It never sets it."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
"""No board, no search and no visit set by hand beyond these: at the ends of the calendar a day has no day beside it."""
USUAL_FIRST, USUAL_LAST = time(8), time(18)
"""What the grid shows on a day on which nobody works."""
MOST_LANES = 6

STANDING = frozenset({*ACTIVE, Status.NOSHOW})
"""States that keep their place on the grid. A cancelled visit only marks the edge of a time that is free again."""


@dataclass(frozen=True, slots=True)
class Person:
    """A practitioner, as the head of a column."""

    id: int
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the board knows of one appointment. ``clear_at`` is when the practitioner is free again, buffer included."""

    id: int
    practitioner_id: int
    starts_at: datetime
    ends_at: datetime
    clear_at: datetime
    state: str
    patient_id: int = 0
    patient: str = ""
    service: str = ""
    by_phone: bool = False
    room: str = ""
    level: int | None = None
    overlap_reason: str = ""
    arrived_at: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing on the grid: ``rows`` rows from ``row``, the last ``buffer_rows`` of them kept free after the visit.

    Visits that share a time stand in ``lane`` of ``lanes``. A ``ghost`` is a cancelled visit at the edge of its column, and
    a free time ``beside`` one leaves room for it.
    """

    kind: str  # visit, free, time, before, break, after, away
    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    visit: Visit | None = None
    buffer_rows: int = 0
    lane: int = 1
    lanes: int = 1
    ghost: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One practitioner's day: ``planned`` is when they should work, ``cells`` come in order of time."""

    person: Person
    cells: tuple[Cell, ...]
    planned: tuple[Range, ...]
    visits: int


@dataclass(frozen=True, slots=True)
class Label:
    row: int
    text: str
    whole_hour: bool


@dataclass(frozen=True, slots=True)
class Board:
    day: date
    zone: ZoneInfo
    start: datetime
    rows: int
    labels: tuple[Label, ...]
    columns: tuple[Column, ...]
    now_row: int | None


def lay_out(
    *,
    day: date,
    zone: ZoneInfo,
    people: Iterable[Person],
    planned: Mapping[int, Sequence[Range]],
    working: Mapping[int, Sequence[Range]],
    visits: Sequence[Visit],
    now: datetime,
) -> Board:
    """The board of one local day. Everybody in ``people`` gets a column, in the order given.

    ``planned`` and ``working`` are ranges by practitioner: what the shifts say, and what is left of it after closures and
    time off. ``now`` decides which times are still to come and where the now-line stands.
    """
    first, last = day_bounds(day, zone)
    today = [(first, last)]
    planned = {key: _within(ranges, today) for key, ranges in planned.items()}
    working = {key: _within(ranges, today) for key, ranges in working.items()}
    spans = [span for ranges in planned.values() for span in ranges]
    spans += [(visit.starts_at, visit.ends_at) for visit in visits if visit.state in STANDING]
    grid = Grid.around(spans, first, last, zone)
    by_person: dict[int, list[Visit]] = {}
    for visit in visits:
        by_person.setdefault(visit.practitioner_id, []).append(visit)
    columns = tuple(
        _column(
            person,
            grid,
            planned.get(person.id, []),
            working.get(person.id, []),
            by_person.get(person.id, []),
            now,
        )
        for person in people
    )
    now_row = grid.row_of(now) if grid.start <= now < grid.end else None
    return Board(day, zone, grid.start, grid.rows, grid.labels(), columns, now_row)


def day_bounds(day: date, zone: ZoneInfo) -> Range:
    """The first moment of a local day and of the next, as UTC. A day may have 23 or 25 hours."""
    return (
        datetime.combine(day, time(), zone).astimezone(UTC),
        datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC),
    )


def _within(ranges: Sequence[Range], bounds: Sequence[Range]) -> list[Range]:
    """``ranges`` cut to ``bounds``."""
    ranges = merged(ranges)
    return without(ranges, without(ranges, bounds))


@dataclass(frozen=True, slots=True)
class Grid:
    """Moments as rows: ``start`` is the top of row 1, ``end`` the bottom of the last."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @classmethod
    def around(cls, spans: Sequence[Range], first: datetime, last: datetime, zone: ZoneInfo) -> "Grid":
        """From the whole hour before the first thing of the day to the whole hour after the last."""
        if not spans:
            day = first.astimezone(zone).date()
            spans = [tuple(datetime.combine(day, wall, zone).astimezone(UTC) for wall in (USUAL_FIRST, USUAL_LAST))]
        before = max(min(start for start, _ in spans), first) - first
        after = min(max(end for _, end in spans), last) - first
        return cls(first + before // HOUR * HOUR, first - (-after // HOUR * HOUR), zone)

    @property
    def rows(self) -> int:
        return (self.end - self.start) // ROW

    def row_of(self, moment: datetime) -> int:
        """The row in which ``moment`` falls, counted from 1 and kept on the grid."""
        return min(max((moment - self.start) // ROW, 0), self.rows - 1) + 1

    def place(self, starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
        """First row and number of rows: rounded outwards, at least one."""
        row = self.row_of(starts_at)
        last = min(-((self.start - ends_at) // ROW), self.rows)
        return row, max(last - row + 1, 1)

    def next_row(self, moment: datetime) -> datetime:
        """The first moment, on or after ``moment``, at which a row begins."""
        return self.start - (self.start - moment) // ROW * ROW

    def labels(self) -> tuple[Label, ...]:
        half_hours = range(0, self.rows, 6)
        walls = ((row + 1, (self.start + row * ROW).astimezone(self.zone)) for row in half_hours)
        return tuple(Label(row, f"{wall:%H:%M}", wall.minute == 0) for row, wall in walls)


def _column(person, grid, planned, working, visits, now) -> Column:
    standing = sorted((v for v in visits if v.state in STANDING), key=lambda v: (v.starts_at, v.ends_at, v.id))
    ghosts = [v for v in visits if v.state == Status.CANCELLED and not any(_meet(v, other) for other in standing)]
    cells = [
        *_visit_cells(grid, standing),
        *_ghost_cells(grid, ghosts),
        *_free_cells(grid, working, standing, ghosts, now),
        *_empty_cells(grid, planned, working, standing),
    ]
    cells.sort(key=lambda cell: (cell.starts_at, cell.ghost, cell.lane))
    return Column(person, tuple(cells), tuple(planned), sum(v.state in ACTIVE for v in visits))


def _visit_cells(grid, standing) -> Iterable[Cell]:
    starts = [visit.starts_at for visit in standing]
    for group in _groups_that_meet(standing):
        lanes = _lanes(group)
        wide = min(max(lanes), MOST_LANES)
        for visit, lane in zip(group, lanes, strict=True):
            next_start = min((start for start in starts if start >= visit.ends_at), default=visit.clear_at)
            clear_at = max(min(visit.clear_at, next_start), visit.ends_at)
            row, rows = grid.place(visit.starts_at, visit.ends_at)
            _, rows_and_buffer = grid.place(visit.starts_at, clear_at)
            yield Cell(
                kind="visit",
                row=row,
                rows=rows_and_buffer,
                starts_at=visit.starts_at,
                ends_at=visit.ends_at,
                visit=visit,
                buffer_rows=rows_and_buffer - rows,
                lane=min(lane, wide),
                lanes=wide,
            )


def _ghost_cells(grid, ghosts) -> Iterable[Cell]:
    for visit in ghosts:
        if visit.starts_at < grid.end and visit.ends_at > grid.start:
            row, rows = grid.place(visit.starts_at, visit.ends_at)
            yield Cell("visit", row, rows, visit.starts_at, visit.ends_at, visit, ghost=True)


def _meet(one: Visit, other: Visit) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _groups_that_meet(visits: Sequence[Visit]) -> Iterable[list[Visit]]:
    """Runs of visits in which each shares time with another of the run. ``visits`` come in order of time."""
    group: list[Visit] = []
    for visit in visits:
        if group and visit.starts_at >= max(other.ends_at for other in group):
            yield group
            group = []
        group.append(visit)
    if group:
        yield group


def _lanes(group: Sequence[Visit]) -> list[int]:
    """For each visit the first lane, counted from 1, that is empty when it begins."""
    busy_until: list[datetime] = []
    lanes = []
    for visit in group:
        lane = next((n for n, until in enumerate(busy_until) if until <= visit.starts_at), len(busy_until))
        busy_until[lane : lane + 1] = [visit.ends_at]
        lanes.append(lane + 1)
    return lanes


def _free_cells(grid, working, standing, ghosts, now) -> Iterable[Cell]:
    busy = [(visit.starts_at, visit.clear_at) for visit in standing if visit.state in ACTIVE]
    if now > grid.start:
        busy.append((grid.start, grid.next_row(now)))
    for start, end in without(working, merged(busy)):
        for piece in _by_the_hour(grid, start, end):
            row, rows = grid.place(*piece)
            beside = any(ghost.starts_at < piece[1] and piece[0] < ghost.ends_at for ghost in ghosts)
            yield Cell("free", row, rows, *piece, beside=beside)


def _by_the_hour(grid, start: datetime, end: datetime) -> Iterable[Range]:
    """A long gap in pieces that end on the hour, so that a time can be picked; none is too short to book."""
    if end - start < SHORTEST_FREE:
        return
    while end - start > HOUR:
        cut = grid.start + ((start - grid.start) // HOUR + 1) * HOUR
        if cut - start < SHORTEST_FREE:
            cut += HOUR
        if end - cut < SHORTEST_FREE:
            break
        yield start, cut
        start = cut
    yield start, end


def _empty_cells(grid, planned, working, standing) -> Iterable[Cell]:
    """The times at which this practitioner is not here: before, between and after shifts, and away within them."""
    busy = merged((visit.starts_at, visit.ends_at) for visit in standing)
    for start, end in without(without([(grid.start, grid.end)], planned), busy):
        if not planned or start >= planned[-1][1]:
            kind = "after"
        elif end <= planned[0][0]:
            kind = "before"
        else:
            kind = "break"
        yield Cell(kind, *grid.place(start, end), start, end)
    for start, end in without(without(planned, working), busy):
        yield Cell("away", *grid.place(start, end), start, end)


def minutes_waiting(visit: Visit, now: datetime) -> int | None:
    """Whole minutes since the patient came to the desk, while they wait."""
    if visit.state != Status.ARRIVED or visit.arrived_at is None:
        return None
    return max((now - visit.arrived_at) // MINUTE, 0)


def minutes_late(visit: Visit, now: datetime) -> int | None:
    """Whole minutes past the start once "did not come" may be suggested; None when here, seen, or not late enough."""
    if visit.state not in OPEN or now - visit.starts_at < LATE_AFTER:
        return None
    return (now - visit.starts_at) // MINUTE


def waiting_now(visits: Iterable[Visit], now: datetime) -> list[tuple[int, Visit]]:
    """Who sits in the waiting room and for how many minutes, the longest first."""
    waiting = [(minutes_waiting(visit, now), visit) for visit in visits]
    return sorted((pair for pair in waiting if pair[0] is not None), key=lambda pair: (pair[1].arrived_at, pair[1].id))


def counts(visits: Iterable[Visit]) -> dict[str, int]:
    """How many visits stand in each state."""
    found: dict[str, int] = {}
    for visit in visits:
        found[visit.state] = found.get(visit.state, 0) + 1
    return found


def next_free(board: Board) -> tuple[datetime, Person] | None:
    """The first free time of the day and whose it is."""
    free = ((cell.starts_at, column.person) for column in board.columns for cell in column.cells if cell.kind == "free")
    return min(free, key=lambda found: (found[0], found[1].name), default=None)
