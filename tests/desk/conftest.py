"""A small clinic as the front desk meets it on a Tuesday at ten, and somebody signed in at the desk."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Appointment
from bookings.rules.states import Status
from clinic.rules.access import Role
from tests.factories_bookings import make_appointment, make_service, make_week
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room, make_signed_in

MINUTE = timedelta(minutes=1)
ELEVEN = NOW.replace(hour=11)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The clock of the pages. ``now(moment)`` sets it."""

    def stand_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stand_at(NOW)
    return stand_at


class Desk:
    """One location, two rooms, two therapists at work from nine to five, one service that both give."""

    def __init__(self):
        self.location = make_location(name="Northgate", slug="northgate")
        self.rooms = [make_room(self.location, name=name) for name in ("Room 1", "Room 2")]
        self.amara = make_practitioner(name="Amara Osei")
        self.ben = make_practitioner(name="Ben Castellano")
        for therapist in (self.amara, self.ben):
            make_week(therapist, self.location)
        self.service = make_service(slug="assessment", practitioners=[self.amara, self.ben])

    def visit(self, starts_at=ELEVEN, **fields):
        """A booked visit today with Amara in Room 1."""
        defaults = {
            "location": self.location,
            "room": None if fields.get("mode") == "phone" else self.rooms[0],
            "practitioner": self.amara,
            "service": self.service,
            "starts_at": starts_at,
        }
        if fields.get("practitioner") == self.ben and "room" not in fields and fields.get("mode") != "phone":
            fields["room"] = self.rooms[1]
        return make_appointment(**{**defaults, **fields})

    def patient(self, **fields):
        return make_patient(**{"first_name": "Lena", "last_name": "Marsh", **fields})


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def client(db):
    """A browser in which somebody of the front desk is signed in."""
    client = Client()
    client.user = make_signed_in(client, Role.FRONT_DESK, first_name="Mina", last_name="Tarrow")
    return client


@pytest.fixture
def colleague(db):
    """The screen beside: a second member of the front desk."""
    client = Client()
    client.user = make_signed_in(client, Role.FRONT_DESK, first_name="Jo", last_name="Kellan")
    return client


def words(response):
    """What a person reads in the page's main part, tags and repeated spaces left out."""
    html = response.content.decode()
    found = re.search(r"<main.*?</main>", html, re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0] if found else html))
    return text.replace("&#x27;", "'").strip()


def said(response):
    """The messages above the page, after following a redirect."""
    return [str(message) for message in response.context["messages"]]


def status_of(visit):
    return Status(Appointment.objects.get(pk=visit.pk).status)
