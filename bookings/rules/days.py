"""Offers as a page shows them: by day of the wall clock, morning and afternoon."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from bookings.rules.free_times import Offer

NOON = time(12)


@dataclass(frozen=True)
class Slot:
    """One time on a day; ``clock`` is what the wall clock shows."""

    offer: Offer
    clock: str


@dataclass
class DayOfTimes:
    day: date
    morning: list[Slot] = field(default_factory=list)
    afternoon: list[Slot] = field(default_factory=list)


def by_day(offers: Iterable[Offer], zone: ZoneInfo) -> list[DayOfTimes]:
    """The days that have a time, in order. ``offers`` come in order of time."""
    days: dict[date, DayOfTimes] = {}
    for offer in offers:
        local = offer.starts_at.astimezone(zone)
        day = days.setdefault(local.date(), DayOfTimes(local.date()))
        half = day.morning if local.time() < NOON else day.afternoon
        half.append(Slot(offer, f"{local:%H:%M}"))
    return list(days.values())
