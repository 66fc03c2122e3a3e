"""The demo's visits: two weeks around today, booked through the same service as everybody's."""

import random
from datetime import datetime, time, timedelta

from bookings.models import Service
from bookings.rules.states import CancelReason, Mode, Status
from bookings.services import BookingRefused, book_appointment, cancel_appointment, change_status, find_times

DAYS_BACK, DAYS_AHEAD = 4, 9
A_DAY = 3
TODAY = 16

KINDS = [
    ("follow-up", Mode.IN_PERSON),
    ("follow-up", Mode.IN_PERSON),
    ("phone-consultation", Mode.PHONE),
    ("assessment", Mode.IN_PERSON),
    ("follow-up", Mode.PHONE),
    ("running-form", Mode.IN_PERSON),
]


def make_visits(patients, location_by_slug, desk, now) -> int:
    """Book, attend, miss and cancel visits from a few days ago to next week. Returns how many there are.

    ``patients`` are those who may have visits: whoever waits for an urgent call has none.
    """
    chance = random.Random(20)  # noqa: S311 - the same demo every time, nothing secret
    services = {service.slug: service for service in Service.objects.all()}
    zone = next(iter(location_by_slug.values())).zone
    today = now.astimezone(zone).date()
    made = 0
    for offset in range(-DAYS_BACK, DAYS_AHEAD + 1):
        day = today + timedelta(days=offset)
        start = datetime.combine(day, time(0), zone)
        booked_on = min(now, start) - timedelta(days=3)
        times = {}
        visits = []
        for number in range(TODAY if offset == 0 else A_DAY):
            slug, mode = kind = KINDS[(number + offset) % len(KINDS)]
            if kind not in times:
                times[kind] = find_times(
                    service=services[slug],
                    mode=mode,
                    start=start,
                    end=start + timedelta(days=1),
                    staff=True,
                    now=booked_on,
                )
            free, patient = times[kind], chance.choice(patients)
            open_offers = [
                offer for offer in free.offers if not any(_collide(offer, patient, visit) for visit in visits)
            ]
            if not open_offers:
                continue
            offer = chance.choice(open_offers)
            try:
                visit = book_appointment(
                    service=services[slug],
                    practitioner=free.practitioners[offer.practitioner],
                    location=free.locations[offer.location],
                    mode=mode,
                    starts_at=offer.starts_at,
                    patient=patient,
                    phone=patient.phone or "555-0150",
                    tell=False,
                    by=desk,
                    now=booked_on,
                )
            except BookingRefused:
                continue  # such as a time that the clocks or a closure took
            visits.append(visit)
        for number, visit in enumerate(visits):
            _live_through(visit, number % 8 == 3, chance, desk, now)
        made += len(visits)
    return made


def _collide(offer, patient, visit) -> bool:
    """Whether the offer needs a therapist, a patient or (one to a location here) a room that the visit has."""
    return (
        offer.starts_at < visit.free_again_at
        and visit.starts_at < offer.free_again_at
        and (
            offer.practitioner == visit.practitioner_id
            or patient == visit.patient
            or bool(offer.rooms and visit.room_id in offer.rooms)
        )
    )


def _live_through(visit, cancelled, chance, desk, now):
    """Bring one visit to the state it would have by now."""
    if cancelled:
        cancel_appointment(
            appointment=visit,
            reason=chance.choice([CancelReason.FEELS_BETTER, CancelReason.CANNOT_COME]),
            tell=False,
            by=desk,
            now=visit.created_at + timedelta(hours=5),
        )
        return
    if visit.starts_at > now + timedelta(minutes=25):
        if chance.random() < 0.4:
            change_status(appointment=visit, status=Status.CONFIRMED, by=desk, now=now - timedelta(hours=1))
        return
    if visit.ends_at <= now and chance.random() < 0.08:
        change_status(appointment=visit, status=Status.NOSHOW, by=desk, now=visit.starts_at + timedelta(minutes=20))
        return
    if visit.mode == Mode.IN_PERSON:
        arrived_at = min(visit.starts_at - timedelta(minutes=chance.choice([3, 7, 12])), now)
        visit = change_status(appointment=visit, status=Status.ARRIVED, by=desk, now=arrived_at)
    if visit.starts_at <= now:
        visit = change_status(appointment=visit, status=Status.IN_SESSION, by=desk, now=visit.starts_at)
    if visit.ends_at <= now:
        change_status(appointment=visit, status=Status.FULFILLED, by=desk, now=visit.ends_at)
