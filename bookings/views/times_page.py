"""The page of times: which visit, with whom, where and how were asked for, and what it shows."""

from dataclasses import dataclass
from datetime import date, datetime

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from bookings.models import Service
from bookings.rules.capability import Allowed, Capability
from bookings.rules.states import Mode
from bookings.services.choosing import Times, times_to_choose
from bookings.services.words import when_words, zone_words
from bookings.views import shown
from clinic.models import Location


@dataclass(frozen=True)
class TimesPage:
    """What somebody asked for, made whole: whatever was missing or odd is the first thing on offer."""

    service: Service
    mode: Mode
    modes: tuple[Mode, ...]
    who: int | None
    first: date | None
    location: Location
    locations: list[Location]
    services: list[Service]
    row: Allowed
    allowed: Capability
    patient: object
    now: datetime

    @classmethod
    def asked(cls, asked, *, allowed, patient, now) -> "TimesPage | None":
        """Read ``asked`` (the query or the form). None when the clinic offers nothing that the level allows."""
        public = {service.slug: service for service in Service.objects.public()}
        services = [public[row.service] for row in allowed.rows if row.service in public]
        locations = list(Location.objects.active().prefetch_related("opening_hours", "closures"))
        if not services or not locations:
            return None
        service = next((one for one in services if one.slug == asked.get("service")), services[0])
        row = allowed.row_for(service.slug)
        modes = tuple(mode for mode in row.modes if mode in service.modes)
        if not modes:
            return None
        where = asked.get("where")
        return cls(
            service=service,
            mode=next((mode for mode in modes if mode == asked.get("how")), modes[0]),
            modes=modes,
            who=read_number(asked.get("who")),
            first=read_day(asked.get("from")),
            location=next((place for place in locations if place.slug == where), locations[0]),
            locations=locations,
            services=services,
            row=row,
            allowed=allowed,
            patient=patient,
            now=now,
        )

    def render(self, request, *, refusal=None, status=200):
        times = times_to_choose(
            service=self.service,
            mode=self.mode,
            location=self.location,
            row=self.row,
            practitioner=self.who,
            first=self.first,
            patient=self.patient,
            now=self.now,
        )
        context = {
            "page": self,
            "times": times,
            "days": shown.days(times, self.now),
            "clock": zone_words(self.location),
            "earliest": self._earliest(times),
            "refusal": refusal,
            "other_times": self._nearest(refusal),
            "clinic_location": self.location,
            "until": when_words(times.until, self.location) if times.until else "",
            "earlier_url": self._url(times.before),
            "later_url": self._url(times.after),
        }
        return render(request, "bookings/times.html", context, status=status)

    @property
    def needs_place(self) -> bool:
        """A phone visit needs no place: it can be with a therapist of any of them."""
        return self.mode is Mode.IN_PERSON and len(self.locations) > 1

    def _earliest(self, times: Times) -> dict | None:
        if times.earliest is None:
            return None
        return {
            "choice": times.choice(times.earliest),
            "when": when_words(times.earliest.starts_at, self.location),
            "who": times.names[times.earliest.practitioner],
        }

    def _nearest(self, refusal) -> list[dict]:
        if refusal is None:
            return []
        return shown.nearest(refusal.nearest, service=self.service, mode=self.mode, location=self.location)

    def _url(self, day: date | None) -> str:
        if day is None:
            return ""
        query = {
            "service": self.service.slug,
            "how": self.mode.value,
            "who": self.who or "",
            "where": self.location.slug,
            "from": day.isoformat(),
        }
        return f"{reverse('bookings:times')}?{urlencode(query)}"


def read_number(text) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def read_day(text) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
