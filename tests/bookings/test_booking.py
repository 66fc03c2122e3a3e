"""Booking and holding: every outcome of the one write path."""

from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from bookings.services import (
    AlreadyUsed,
    Contact,
    NotAllowed,
    NotOffered,
    PatientBusy,
    PhoneMissing,
    TimeTaken,
    TooManyOpen,
    book_appointment,
    hold_time,
)
from clinic.models import Message, Patient, Room, Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_bookings import make_appointment, make_service, make_shift, make_triaged, make_week
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room, make_user

pytestmark = pytest.mark.django_db

ELEVEN = NOW.replace(hour=11)


class Clinic:
    """One location with one treatment room, one therapist who works all week, one service for everybody."""

    def __init__(self, **service):
        self.location = make_location()
        self.room = make_room(self.location)
        self.therapist = make_practitioner(name="Mara Ellisande")
        make_week(self.therapist, self.location)
        self.service = make_service(
            **{"slug": "comprehensive-assessment", "practitioners": [self.therapist], **service}
        )

    def book(self, patient, starts_at=ELEVEN, **fields):
        fields = {
            "service": self.service,
            "practitioner": self.therapist,
            "location": self.location,
            "mode": Mode.IN_PERSON,
            "by": patient,
            "now": NOW,
            **fields,
        }
        return book_appointment(patient=patient, starts_at=starts_at, **fields)

    def hold(self, patient, starts_at=ELEVEN, **fields):
        fields = {
            "service": self.service,
            "practitioner": self.therapist,
            "location": self.location,
            "mode": Mode.IN_PERSON,
            "by": patient,
            "now": NOW,
            **fields,
        }
        return hold_time(patient=patient, starts_at=starts_at, **fields)


@pytest.fixture
def clinic():
    return Clinic()


def test_booking_takes_the_time_the_room_and_the_assessment(clinic):
    patient = make_triaged(Level.ROUTINE)

    visit = clinic.book(patient)

    visit.refresh_from_db()
    assert (visit.status, visit.room, visit.starts_at, visit.ends_at, visit.free_again_at) == (
        Status.BOOKED,
        clinic.room,
        ELEVEN,
        ELEVEN + timedelta(minutes=40),
        ELEVEN + timedelta(minutes=50),
    )
    assert visit.assessment == patient.assessments.get()
    assert visit.episode == patient.episodes.get()
    assert visit.booked_by == patient.actor


def test_t1_the_second_booking_of_a_time_is_refused_with_the_three_nearest_times(clinic):
    clinic.book(make_triaged())

    with pytest.raises(TimeTaken) as refusal:
        clinic.book(make_triaged())

    assert refusal.value.message == "That time has just been taken."
    assert [offer.starts_at for offer in refusal.value.nearest] == [
        ELEVEN - timedelta(minutes=60),
        ELEVEN - timedelta(minutes=50),
        ELEVEN + timedelta(minutes=50),
    ]
    assert Appointment.objects.count() == 1
