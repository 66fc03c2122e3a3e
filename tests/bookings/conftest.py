"""A small clinic that most tests of booking stand in."""

import time

import pytest
from django.test import Client

from bookings.rules.states import Mode
from bookings.services import book_appointment, hold_time
from clinic import patient_session
from tests.factories_bookings import make_service, make_week
from tests.factories_clinic import NOW, make_location, make_practitioner, make_room

ELEVEN = NOW.replace(hour=11)


class Clinic:
    """One location with one treatment room, one therapist at work from Monday to Friday, one service for either mode."""

    def __init__(self):
        self.location = make_location()
        self.room = make_room(self.location)
        self.therapist = make_practitioner(name="Mara Ellisande")
        self.shifts = make_week(self.therapist, self.location)
        self.service = make_service(slug="assessment", practitioners=[self.therapist])

    def colleague(self, name="Jonas Brightwater"):
        """A second therapist with the same hours who gives the same service."""
        colleague = make_practitioner(name=name)
        make_week(colleague, self.location)
        self.service.practitioners.add(colleague)
        return colleague

    def wish(self, patient, starts_at, **fields):
        return {
            "service": self.service,
            "practitioner": self.therapist,
            "location": self.location,
            "mode": Mode.IN_PERSON,
            "starts_at": starts_at,
            "patient": patient,
            "by": patient,
            "now": NOW,
            **fields,
        }

    def book(self, patient, starts_at=ELEVEN, **fields):
        return book_appointment(**self.wish(patient, starts_at, **fields))

    def hold(self, patient, starts_at=ELEVEN, **fields):
        return hold_time(**self.wish(patient, starts_at, **fields))


def visitor(patient=None):
    """A browser, and with ``patient`` one that answered the questions before."""
    client = Client()
    if patient is not None:
        session = client.session
        session[patient_session.KEY] = patient.pk
        session[patient_session.SINCE] = int(time.time())
        session.save()
    return client


@pytest.fixture
def clinic(db):
    return Clinic()


@pytest.fixture
def now(monkeypatch):
    """The clock of the pages. ``now(moment)`` sets it."""

    def stand_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stand_at(NOW)
    return stand_at
