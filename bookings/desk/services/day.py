"""One day at one location, as the board needs it: five queries, whatever the day holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.db.models import F, JSONField, Q, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from bookings.desk.rules.board import Board, Person, Visit, day_bounds, lay_out
from bookings.desk.services.version import NEWEST
from bookings.models import Appointment, Shift, ShiftException, TimeOff
from bookings.rules.free_times import (
    DayChange,
    DaysOff,
    Hours,
    Range,
    ShiftSpan,
    spans_as_planned,
    without,
    working_time,
)
from bookings.rules.states import Mode, Status
from clinic.models import Closure, Location
from triage.services.levels import Effective, effective_levels

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A location as a tab of the board."""

    id: int
    name: str
    slug: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Day:
    """A laid-out board with what it was made of."""

    place: Place
    places: tuple[Place, ...]
    day: date
    today: date
    closed: str | None
    board: Board
    visits: tuple[Visit, ...]
    levels: dict[int, Effective]
    version: str
    """What ``version_of_the_desk`` said before anything else was read."""


class NoSuchPlace(LookupError):
    """No active location has that name, or none is set up yet."""


def load_day(*, slug: str | None, day: date | None, now: datetime) -> Day:
    """The board of ``day`` (today by the location's clock) at the location ``slug`` (the first one).

    Four queries: the frame of the day, its visits, and two for the levels of those patients.
    """
    frame = _Frame.load(day or now.date())
    place = frame.place(slug)
    today = now.astimezone(place.zone).date()
    day = day or today
    first, last = day_bounds(day, place.zone)
    planned = _at(place, spans_as_planned(frame.hours, first, last))
    working = _at(place, working_time(frame.hours, first, last))
    rows = _visit_rows(place, planned.keys(), first, last, now)
    levels = effective_levels(
        [SimpleNamespace(pk=row["patient_id"]) for row in rows if row["location_id"] == place.id], now
    )
    visits = tuple(_visit(row, levels) for row in rows if row["location_id"] == place.id)
    people = {key: frame.people[key] for key in planned}
    people |= {
        row["practitioner_id"]: Person(
            row["practitioner_id"], row["practitioner__name"], row["practitioner__speciality"]
        )
        for row in rows
        if row["location_id"] == place.id
    }
    for row in rows:
        if row["location_id"] != place.id and row["practitioner_id"] in working:
            elsewhere = [(row["starts_at"], row["free_again_at"])]
            working[row["practitioner_id"]] = without(working[row["practitioner_id"]], elsewhere)
    board = lay_out(
        day=day,
        zone=place.zone,
        people=sorted(people.values(), key=lambda person: (person.name, person.id)),
        planned=planned,
        working=working,
        visits=visits,
        now=now,
    )
    return Day(
        place=place,
        places=tuple(frame.places),
        day=day,
        today=today,
        closed=frame.closed.get((place.id, day)),
        board=board,
        visits=visits,
        levels=levels,
        version=frame.version,
    )


def _at(place: Place, spans: dict[tuple[int, int], list[Range]]) -> dict[int, list[Range]]:
    return {practitioner: ranges for (practitioner, location), ranges in spans.items() if location == place.id}


def _visit_rows(place: Place, practitioners: Iterable[int], first, last, now) -> list[dict]:
    """The visits of the day here, and those of the same people at other locations: they cannot be in two places."""
    return list(
        Appointment.objects.filter(starts_at__gte=first, starts_at__lt=last)
        .filter(Q(location=place.id) | Q(practitioner__in=list(practitioners)))
        .exclude(status=Status.HELD, held_until__lte=now)
        .exclude(~Q(location=place.id) & Q(status__in=[Status.CANCELLED, Status.NOSHOW]))
        .order_by("starts_at", "pk")
        .values(
            "pk",
            "location_id",
            "practitioner_id",
            "practitioner__name",
            "practitioner__speciality",
            "patient_id",
            "patient__first_name",
            "patient__last_name",
            "service__name",
            "room__name",
            "mode",
            "starts_at",
            "ends_at",
            "free_again_at",
            "status",
            "overlap_reason",
            "arrived_at",
            "held_until",
        )
    )


def _visit(row: dict, levels: dict[int, Effective]) -> Visit:
    known = levels.get(row["patient_id"])
    return Visit(
        id=row["pk"],
        practitioner_id=row["practitioner_id"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        clear_at=row["free_again_at"],
        state=row["status"],
        patient_id=row["patient_id"],
        patient=f"{row['patient__first_name']} {row['patient__last_name']}".strip(),
        service=row["service__name"],
        by_phone=row["mode"] == Mode.PHONE,
        room=row["room__name"] or "",
        level=known.level.value if known else None,
        overlap_reason=row["overlap_reason"],
        arrived_at=row["arrived_at"],
        held_until=row["held_until"],
    )


@dataclass(frozen=True)
class _Frame:
    """Places and hours around a day, from five tables in one query."""

    places: list[Place]
    people: dict[int, Person]
    hours: Hours
    closed: dict[tuple[int, date], str]
    version: str

    @classmethod
    def load(cls, around: date) -> "_Frame":
        """What matters to ``around`` and the days beside it: by whose clock it is that day is not known yet."""
        first, last = around - ONE_DAY, around + ONE_DAY
        kinds: dict[str, list[dict]] = {"place": [], "shift": [], "change": [], "off": [], "closed": []}
        for kind, row in _frame_rows(first, last):
            kinds[kind].append(row)
        places = [
            Place(row["id"], row["name"], row["slug"], ZoneInfo(row["time_zone"]))
            for row in sorted(kinds["place"], key=lambda row: (row["position"], row["id"]))
        ]
        here = {place.id for place in places}
        people = {
            row["practitioner"]: Person(row["practitioner"], row["name"], row["about"])
            for kind in ("shift", "change")
            for row in kinds[kind]
        }
        hours = Hours(
            zones={place.id: place.zone for place in places},
            shifts=[
                ShiftSpan(
                    practitioner=row["practitioner"],
                    location=row["location"],
                    weekday=row["weekday"],
                    starts=time.fromisoformat(row["starts"]),
                    ends=time.fromisoformat(row["ends"]),
                    valid_from=date.fromisoformat(row["first"]),
                    valid_to=_day(row["last"]),
                    every_weeks=row["every_weeks"],
                )
                for row in kinds["shift"]
                if row["location"] in here
            ],
            changes=[
                DayChange(
                    practitioner=row["practitioner"],
                    location=row["location"],
                    day=date.fromisoformat(row["day"]),
                    extra=row["kind"] == ShiftException.Kind.EXTRA,
                    starts=time.fromisoformat(row["starts"]) if row["starts"] else None,
                    ends=time.fromisoformat(row["ends"]) if row["ends"] else None,
                )
                for row in kinds["change"]
                if row["location"] in here
            ],
            days_off=[
                DaysOff(row["practitioner"], row["location"], date.fromisoformat(row["first"]), _day(row["last"]))
                for row in (*kinds["off"], *kinds["closed"])
            ],
        )
        closed = {(row["location"], date.fromisoformat(row["first"])): row["reason"] for row in kinds["closed"]}
        version = next((row["version"] for row in kinds["place"]), "")
        return cls(places, people, hours, closed, version)

    def place(self, slug: str | None) -> Place:
        for place in self.places:
            if slug in (None, place.slug):
                return place
        raise NoSuchPlace(slug)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _frame_rows(first: date, last: date):
    """(kind, row) of every place, shift, change of a day, time off and closure that can matter from first to last."""
    nothing = Value(None, output_field=JSONField())

    def rows(is_a, queryset, /, **fields):
        return queryset.order_by().annotate(is_a=Value(is_a), row=JSONObject(**fields)).values_list("is_a", "row")

    working = Q(practitioner__is_active=True, location__is_active=True)
    return rows(
        "place",
        Location.objects.active(),
        id="id",
        name="name",
        slug="slug",
        time_zone="time_zone",
        position="position",
        version=RawSQL(NEWEST, [], output_field=TextField()),  # noqa: S611  a constant
    ).union(
        rows(
            "shift",
            Shift.objects.filter(working, Q(valid_to=None) | Q(valid_to__gte=first), valid_from__lte=last),
            practitioner="practitioner_id",
            name="practitioner__name",
            about="practitioner__speciality",
            location="location_id",
            weekday="weekday",
            starts="starts",
            ends="ends",
            first="valid_from",
            last="valid_to",
            every_weeks="every_weeks",
        ),
        rows(
            "change",
            ShiftException.objects.filter(working, day__range=(first, last)),
            practitioner="practitioner_id",
            name="practitioner__name",
            about="practitioner__speciality",
            location="location_id",
            day="day",
            kind="kind",
            starts="starts",
            ends="ends",
        ),
        rows(
            "off",
            TimeOff.objects.filter(starts_on__lte=last, ends_on__gte=first),
            practitioner="practitioner_id",
            location=nothing,
            first="starts_on",
            last="ends_on",
        ),
        rows(
            "closed",
            Closure.objects.filter(day__range=(first, last)),
            practitioner=nothing,
            location="location_id",
            first="day",
            last=F("day"),
            reason="reason",
        ),
        all=True,
    )
