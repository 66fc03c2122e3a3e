"""The demo's two locations, three rooms, five therapists and their shifts."""

from dataclasses import dataclass
from datetime import time, timedelta

from bookings.models import Competence, Service, Shift
from clinic.management.demo.signins import COLLEAGUE, LEAD, THERAPIST
from clinic.models import Location, OpeningHours, Practitioner, Room

ZONE = "Europe/London"
EVERY_DAY = range(7)
"""The demo never closes for a whole day, so that a newcomer finds a lively board on any day of the week."""

MORNING = (time(8, 30), time(12, 30))
AFTERNOON = (time(13, 15), time(17, 30))


@dataclass(frozen=True)
class Therapist:
    name: str
    title: str
    speciality: str
    account: str
    at: str
    gives: tuple[str, ...]


EVERYTHING = ("phone-consultation", "in-person-consultation", "assessment", "follow-up")

THERAPISTS = [
    Therapist(
        "Mara Ellisande",
        "Physiotherapist",
        "Running injuries",
        THERAPIST.email,
        "northgate",
        (*EVERYTHING, "running-form"),
    ),
    Therapist("Jonas Brightwater", "Physiotherapist", "Backs and hips", COLLEAGUE.email, "northgate", EVERYTHING),
    Therapist(
        "Ines Calloway", "Clinical lead", "Backs, running", LEAD.email, "northgate", (*EVERYTHING, "running-form")
    ),
    Therapist("Edda Fairweather", "Physiotherapist", "Pelvic health", "", "riverside", (*EVERYTHING, "pelvic-floor")),
    Therapist("Noor Castellane", "Physiotherapist", "Strength and return to running", "", "riverside", EVERYTHING),
]


def make_places() -> dict[str, Location]:
    """Two locations with opening hours and three rooms, by slug."""
    northgate = Location.objects.create(
        slug="northgate",
        name="Wrenlow Northgate",
        address="14 Alder Row, Wrenlow",
        directions="Step-free entrance from the courtyard.",
        country="GB",
        time_zone=ZONE,
        phone="555-0142",
        email="hello@example.org",
        emergency_number="555-0199",
        urgent_advice_number="555-0111",
        position=1,
    )
    riverside = Location.objects.create(
        slug="riverside",
        name="Wrenlow Riverside",
        address="2 Mill Lane, Wrenlow",
        directions="Ground floor, beside the footbridge.",
        country="GB",
        time_zone=ZONE,
        phone="555-0143",
        email="riverside@example.org",
        emergency_number="555-0199",
        urgent_advice_number="555-0111",
        position=2,
    )
    for location in (northgate, riverside):
        OpeningHours.objects.bulk_create(
            OpeningHours(location=location, weekday=day, opens=time(8), closes=time(18, 30)) for day in EVERY_DAY
        )
    Room.objects.create(location=northgate, name="Room 1", kind=Room.Kind.TREATMENT)
    Room.objects.create(location=northgate, name="Treadmill", kind=Room.Kind.TREADMILL)
    Room.objects.create(location=riverside, name="Room 2", kind=Room.Kind.TREATMENT)
    return {"northgate": northgate, "riverside": riverside}


def make_therapists(places, users, today) -> list[Practitioner]:
    """Five therapists with what they give and two spans of work a day."""
    services = {service.slug: service for service in Service.objects.all()}
    made = []
    for therapist in THERAPISTS:
        practitioner = Practitioner.objects.create(
            name=therapist.name,
            title=therapist.title,
            speciality=therapist.speciality,
            user=users.get(therapist.account),
        )
        Competence.objects.bulk_create(
            Competence(service=services[slug], practitioner=practitioner) for slug in therapist.gives
        )
        Shift.objects.bulk_create(
            Shift(
                practitioner=practitioner,
                location=places[therapist.at],
                weekday=day,
                starts=starts,
                ends=ends,
                valid_from=today - timedelta(days=60),
            )
            for day in EVERY_DAY
            for starts, ends in (MORNING, AFTERNOON)
        )
        made.append(practitioner)
    return made
