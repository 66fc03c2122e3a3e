"""Free times as the database knows them: a fixed number of queries, whatever the range or the history.

Three queries read what is on offer (therapists, hours and rooms, locations), one reads what is busy. The rest is arithmetic.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import CharField, DateField, F, IntegerField, Q, TimeField, Value
from django.utils.translation import gettext as _

from bookings.models import Appointment, Service, Shift, ShiftException, TimeOff
from bookings.rules.free_times import (
    DAY,
    Busy,
    DayChange,
    DaysOff,
    Hours,
    Offer,
    Range,
    ShiftSpan,
    Wanted,
    offered_times,
    working_time,
)
from bookings.rules.states import Mode, Status
from bookings.services.refusals import NotOffered, PatientBusy, TimeTaken
from clinic.models import Closure, Location, Practitioner, Room

NO_NUMBER = Value(None, output_field=IntegerField())
NO_TIME = Value(None, output_field=TimeField())
NO_DAY = Value(None, output_field=DateField())


@dataclass(frozen=True)
class Supply:
    """Who could give a service, where and when, before anything that is booked is looked at."""

    service: Service
    mode: Mode
    practitioners: dict[int, Practitioner]
    locations: dict[int, Location]
    hours: Hours
    rooms: dict[int, list[int]]

    def who_works(self) -> list[Practitioner]:
        """Those who have hours at one of these places at all, by name."""
        working = {shift.practitioner for shift in self.hours.shifts}
        working |= {change.practitioner for change in self.hours.changes if change.extra}
        return [person for key, person in self.practitioners.items() if key in working]

    def wanted(self, *, staff: bool) -> Wanted:
        """What the service asks of a time. Staff book at any notice, and as far ahead as there are shifts."""
        return Wanted(
            duration=self.service.duration,
            buffer=self.service.buffer,
            step=timedelta(minutes=self.service.step_minutes),
            needs_room=self.mode == Mode.IN_PERSON,
            notice=timedelta(0) if staff else timedelta(minutes=self.service.notice_minutes),
            horizon=timedelta(days=365 if staff else self.service.horizon_days),
        )


@dataclass(frozen=True)
class FreeTimes:
    """Offers in order of time, with the rows that they name by primary key."""

    offers: list[Offer]
    practitioners: dict[int, Practitioner]
    locations: dict[int, Location]
    load: dict[int, timedelta]
    """How long each practitioner is busy within the range that was asked for."""

    def by_load(self, offers) -> list[Offer]:
        """The same offers, those first whose practitioner has the least to do. Ties go by key: the answer never wavers."""
        return sorted(offers, key=lambda offer: (self.load.get(offer.practitioner, timedelta(0)), offer.practitioner))

    def one_each(self) -> list[Offer]:
        """One offer for each start: that of the practitioner who has the least to do."""
        chosen: dict[datetime, Offer] = {}
        for offer in self.by_load(self.offers):
            chosen.setdefault(offer.starts_at, offer)
        return [chosen[start] for start in sorted(chosen)]


def find_times(
    *, service, mode, start, end, practitioners=None, location=None, patient=None, moving=None, staff=False, now
) -> FreeTimes:
    """The times at which ``service`` can be booked and that begin within [start, end). Four queries.

    ``practitioners`` narrows to some therapists (primary keys), ``location`` to one place. ``patient`` leaves out what
    would meet the patient's own visits, and counts the patient's own hold as free. ``moving`` is a visit whose present
    time counts as free.
    """
    supply = load_supply(service=service, mode=mode, practitioners=practitioners, location=location)
    return times_from(supply, start=start, end=end, patient=patient, moving=moving, staff=staff, now=now)


def load_supply(*, service, mode, practitioners=None, location=None) -> Supply:
    """Who, where and when, in three queries. Nobody at all when the service is not given that way."""
    mode = Mode(mode)
    able = Practitioner.objects.active().filter(competences__service=service)
    if practitioners is not None:
        able = able.filter(pk__in=practitioners)
    people = {person.pk: person for person in able} if mode in service.modes else {}
    places = Location.objects.active()
    if location is not None:
        places = places.filter(pk=location.pk)
    places = {place.pk: place for place in places}
    hours, rooms = read_hours(list(people), places, room_kind=service.room_kind if mode == Mode.IN_PERSON else None)
    return Supply(service=service, mode=mode, practitioners=people, locations=places, hours=hours, rooms=rooms)


def read_hours(practitioners: list[int], places: dict[int, Location], room_kind=None) -> tuple[Hours, dict]:
    """The hours of these therapists at these places, and the rooms of a kind there, in one query."""
    here = list(places)
    parts = [
        _row(
            "shift",
            "practitioner_id",
            "location_id",
            "weekday",
            "every_weeks",
            "starts",
            "ends",
            "valid_from",
            "valid_to",
        )(Shift.objects.filter(practitioner__in=practitioners, location__in=here)),
        _row("change", "practitioner_id", "location_id", None, None, "starts", "ends", "day", "day", extra="kind")(
            ShiftException.objects.filter(practitioner__in=practitioners, location__in=here)
        ),
        _row("off", "practitioner_id", None, None, None, None, None, "starts_on", "ends_on")(
            TimeOff.objects.filter(practitioner__in=practitioners)
        ),
        _row("off", None, "location_id", None, None, None, None, "day", "day")(
            Closure.objects.filter(location__in=here)
        ),
        _row("room", None, "location_id", "pk", None, None, None, None, None)(
            Room.objects.filter(location__in=here, kind=room_kind or "", is_active=True)
        ),
    ]
    shifts, changes, days_off, rooms = [], [], [], {}
    rows = parts[0].union(*parts[1:], all=True).order_by()
    for what, kind, practitioner, place, number, every, starts, ends, first, last in rows:
        if what == "shift":
            shifts.append(ShiftSpan(practitioner, place, number, starts, ends, first, last, every))
        elif what == "change":
            extra = kind == ShiftException.Kind.EXTRA
            changes.append(DayChange(practitioner, place, first, extra, starts, ends))
        elif what == "off":
            days_off.append(DaysOff(practitioner, place, first, last))
        else:
            rooms.setdefault(place, []).append(number)
    hours = Hours(
        zones={key: place.zone for key, place in places.items()}, shifts=shifts, changes=changes, days_off=days_off
    )
    return hours, {place: sorted(keys) for place, keys in rooms.items()}


def _row(what, practitioner, place, number, every, starts, ends, first, last, extra=None):
    """The columns that all parts of the hours share, so that one statement can read them all."""

    def column(name, nothing):
        return F(name) if name else nothing

    def of(rows):
        return rows.order_by().values_list(
            Value(what, output_field=CharField()),
            F(extra) if extra else Value("", output_field=CharField()),
            column(practitioner, NO_NUMBER),
            column(place, NO_NUMBER),
            column(number, NO_NUMBER),
            column(every, NO_NUMBER),
            column(starts, NO_TIME),
            column(ends, NO_TIME),
            column(first, NO_DAY),
            column(last, NO_DAY),
        )

    return of


def times_from(
    supply, *, start, end, only=None, patient=None, moving=None, staff=False, limit=None, within=None, now
) -> FreeTimes:
    """The offers of ``supply`` that begin within [start, end). One query.

    ``only`` is one practitioner (a primary key). It stops after ``limit`` offers, and ``within`` so long of the first one.
    """
    busy = read_busy(supply, start=start, end=end, patient=patient, moving=moving, now=now)
    offers = []
    for offer in offered_times(
        hours=supply.hours,
        busy=busy,
        rooms=supply.rooms,
        wanted=supply.wanted(staff=staff),
        start=start,
        end=end,
        now=now,
    ):
        if only is not None and offer.practitioner != only:
            continue
        if within is not None and offers and offer.starts_at >= offers[0].starts_at + within:
            break
        offers.append(offer)
        if len(offers) == limit:
            break
    load = {key: sum((b - a for a, b in ranges), timedelta(0)) for key, ranges in busy.practitioners.items()}
    return FreeTimes(offers=offers, practitioners=supply.practitioners, locations=supply.locations, load=load)


def read_busy(supply, *, start, end, patient=None, moving=None, now) -> Busy:
    """What is taken for these therapists, in these rooms and for this patient around [start, end), in one query."""
    rooms = [room for there in supply.rooms.values() for room in there]
    concerned = Q(practitioner__in=list(supply.practitioners))
    if rooms:
        concerned |= Q(room__in=rooms)
    taken = Appointment.objects.standing(now).between(start, end + supply.service.duration + supply.service.buffer)
    if patient is not None:
        concerned |= Q(patient=patient)
        taken = taken.exclude(status=Status.HELD, patient=patient)
    if moving is not None:
        taken = taken.exclude(pk=moving.pk)
    by_practitioner: dict[int, list[Range]] = {}
    by_room: dict[int, list[Range]] = {}
    own: list[Range] = []
    for practitioner, room, person, starts_at, ends_at, free_again_at in taken.filter(concerned).values_list(
        "practitioner_id", "room_id", "patient_id", "starts_at", "ends_at", "free_again_at"
    ):
        by_practitioner.setdefault(practitioner, []).append((starts_at, free_again_at))
        if room is not None:
            by_room.setdefault(room, []).append((starts_at, free_again_at))
        if patient is not None and person == patient.pk:
            own.append((starts_at, ends_at))
    return Busy(practitioners=by_practitioner, rooms=by_room, patient=own)


def offer_at(supply, *, location, starts_at, patient, moving=None, overlap=False, staff=False, now) -> Offer:
    """The offer of ``supply`` (narrowed to one therapist and place) at exactly this start. One query.

    Raises ``NotOffered`` when there never was one, ``TimeTaken`` or ``PatientBusy`` when it is gone. With ``overlap`` what is
    busy does not count: the visit may meet others, in a free room if there is one.
    """
    wanted = supply.wanted(staff=staff)
    end = starts_at + timedelta(minutes=1)
    busy = read_busy(supply, start=starts_at, end=end, patient=patient, moving=moving, now=now)

    def offered(busy):
        found = offered_times(
            hours=supply.hours, busy=busy, rooms=supply.rooms, wanted=wanted, start=starts_at, end=end, now=now
        )
        return next((offer for offer in found if offer.starts_at == starts_at), None)

    offer = offered(busy)
    if offer is not None:
        return offer
    possible = offered(Busy())
    if possible is None:
        raise NotOffered(_why_not(starts_at, wanted, location, now))
    if overlap:
        return offered(Busy(rooms=busy.rooms)) or possible
    if any(start < possible.ends_at and end > starts_at for start, end in busy.patient):
        raise PatientBusy(_("You have another visit at that time."))
    raise TimeTaken(_("That time has just been taken."))


def _why_not(starts_at, wanted, location, now) -> str:
    if starts_at <= now:
        return _("That time has passed. Please choose another one.")
    if starts_at < now + wanted.notice:
        return _("That time is too soon to book on the web. Please call us on %(phone)s.") % {"phone": location.phone}
    return _("That time is not on offer. Please choose another one.")


def nearest_times(
    *, service, mode, location, around, practitioner=None, patient=None, moving=None, staff=False, now, count=3
) -> list[Offer]:
    """Up to ``count`` free times closest to ``around``: the same therapist's if there are enough, else anybody's. Four queries.

    Looked for from three days before to eleven days after. A phone visit may be with a therapist of any place.
    """
    supply = load_supply(service=service, mode=mode, location=None if mode == Mode.PHONE else location)
    found = times_from(
        supply,
        start=max(now, around - 3 * DAY),
        end=around + 11 * DAY,
        patient=patient,
        moving=moving,
        staff=staff,
        now=now,
    )
    same = [offer for offer in found.offers if offer.practitioner == practitioner]
    choice = same if len(same) >= count else found.one_each()
    closest = sorted(choice, key=lambda offer: (abs(offer.starts_at - around), offer.starts_at))[:count]
    return sorted(closest, key=lambda offer: offer.starts_at)


def working_hours(*, day, location, practitioners=None) -> dict[int, list[Range]]:
    """When each practitioner works at ``location`` on ``day``, as UTC moments cut at midnight; two queries at most."""
    if practitioners is None:
        practitioners = list(Practitioner.objects.active().values_list("pk", flat=True))
    hours, _rooms = read_hours(practitioners, {location.pk: location})
    first = datetime.combine(day, time.min, location.zone)
    last = datetime.combine(day + DAY, time.min, location.zone)
    return {
        practitioner: [(max(start, first), min(end, last)) for start, end in spans if start < last and end > first]
        for (practitioner, _place), spans in working_time(hours, first, last).items()
    }
