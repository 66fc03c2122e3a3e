"""What the page of times shows: a week of them, or the first one after it, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from bookings.models import Service
from bookings.rules.capability import Allowed
from bookings.rules.choice import Choice
from bookings.rules.days import DayOfTimes, by_day
from bookings.rules.free_times import DAY, Offer
from bookings.rules.states import Mode
from bookings.services.gate import window_end
from bookings.services.refusals import NotOffered
from bookings.services.times import load_supply, times_from
from clinic.models import Location, Practitioner

WEEK = timedelta(days=7)
MANY = 40
"""So many times on a page are enough to choose from on a phone."""


@dataclass(frozen=True)
class Times:
    """One week of free times. ``earliest`` is the first of them, or the first one after an empty week.

    ``until`` is the end of the window that the level sets; ``late`` says that nothing was free inside it, and that what is
    shown is the first time after it.
    """

    service: Service
    mode: Mode
    location: Location
    practitioners: list[Practitioner]
    first: date
    days: list[DayOfTimes] = field(default_factory=list)
    earliest: Offer | None = None
    until: datetime | None = None
    late: bool = False
    before: date | None = None
    after: date | None = None

    @property
    def names(self) -> dict[int, str]:
        return {person.pk: person.name for person in self.practitioners}

    def choice(self, offer: Offer) -> str:
        return str(Choice.of(offer, service=self.service.slug, mode=self.mode))


def times_to_choose(
    *,
    service: Service,
    mode: Mode,
    location: Location,
    row: Allowed | None,
    practitioner: int | None = None,
    first: date | None = None,
    patient=None,
    moving=None,
    now: datetime,
) -> Times:
    """The free times of the week from ``first``, a day on the location's wall clock; today when None.

    A level that sets a window shows times inside it only. Where nothing is free, the next free time is looked for, as far
    as the horizon. A page ends with the day on which it has shown enough. Six queries at most, and two more for the working
    days of a window.
    """
    zone = location.zone
    today = now.astimezone(zone).date()
    until = window_end(row=row, location=location, now=now)
    horizon = today + service.horizon_days * DAY
    first = min(max(first or today, today), until.astimezone(zone).date() if until else horizon)
    # A phone visit can be with a therapist of any place; in person it is at this one.
    supply = load_supply(service=service, mode=mode, location=None if mode is Mode.PHONE else location)
    end_of_all = midnight(horizon + DAY, zone)

    def offers(start, end, **limits):
        found = times_from(
            supply, start=start, end=end, only=practitioner, patient=patient, moving=moving, now=now, **limits
        )
        return found.offers if practitioner else found.one_each()

    found = offers(max(now, midnight(first, zone)), until or min(midnight(first + WEEK, zone), end_of_all))
    if not found and until and first > today:
        first, found = today, offers(now, until)
    late = False
    if not found:
        found = offers(max(now, midnight(first, zone)), end_of_all, within=WEEK)
        late = bool(until and found)
        if found:
            first = found[0].starts_at.astimezone(zone).date()
    days, rest = enough(by_day(found[:1] if late else found, zone))
    after = rest[0].day if rest else first + WEEK
    return Times(
        service=service,
        mode=mode,
        location=location,
        practitioners=supply.who_works(),
        first=first,
        days=days,
        earliest=found[0] if found else None,
        until=until,
        late=late,
        before=max(first - WEEK, today) if first > today and not late else None,
        after=after if found and not late and (rest or (not until and after <= horizon)) else None,
    )


def enough(days: list[DayOfTimes]) -> tuple[list[DayOfTimes], list[DayOfTimes]]:
    """The days that one page shows, and the rest: whole days, until ``MANY`` times are shown."""
    shown = 0
    for number, day in enumerate(days):
        if shown >= MANY:
            return days[:number], days[number:]
        shown += len(day.morning) + len(day.afternoon)
    return days, []


def what_was_chosen(choice: Choice | None) -> tuple[Service, Practitioner, Location]:
    """The rows that a choice names. Raises ``NotOffered`` when there is no such choice, service, therapist or place."""
    if choice is not None:
        service = Service.objects.public().filter(slug=choice.service).first()
        practitioner = Practitioner.objects.active().filter(pk=choice.practitioner).first()
        location = Location.objects.active().filter(pk=choice.location).first()
        if service and practitioner and location:
            return service, practitioner, location
    raise NotOffered(_("That time is not on offer. Please choose another one."))


def midnight(day: date, zone) -> datetime:
    return datetime.combine(day, time.min, zone)
