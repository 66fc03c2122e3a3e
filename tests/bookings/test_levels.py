"""What the level allows, asked again on the write: who may book what, and how soon."""

from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.rules.capability import Outcome
from bookings.rules.states import Mode, Status
from bookings.services import (
    NotAllowed,
    NotOffered,
)
from clinic.models import Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_bookings import (
    make_appointment,
    make_triaged,
)
from tests.factories_clinic import NOW, make_patient, make_user
from tests.factories_triage import make_review

pytestmark = pytest.mark.django_db

ELEVEN = NOW.replace(hour=11)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk():
    return make_user(role=Role.FRONT_DESK)


@pytest.mark.parametrize(
    ("level", "quick", "outcome"),
    [
        (Level.EMERGENCY, False, Outcome.ADVICE),
        (Level.URGENT, False, Outcome.CALL_BACK),
        (Level.SELF_CARE, False, Outcome.TIMES),
        (Level.ROUTINE, True, Outcome.TIMES),
    ],
)
def test_t39_a_level_that_does_not_allow_the_visit_refuses_it(clinic, level, quick, outcome):
    with pytest.raises(NotAllowed) as refusal:
        clinic.book(make_triaged(level, quick=quick))

    assert refusal.value.capability.outcome is outcome
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(("level", "quick"), [(Level.SELF_CARE, False), (Level.ROUTINE, True)])
def test_self_care_and_four_times_no_may_book_a_phone_consultation(clinic, level, quick):
    clinic.service.slug = "phone-consultation"
    clinic.service.save()

    assert clinic.book(make_triaged(level, quick=quick), mode=Mode.PHONE, phone="555-0177").is_phone


def test_who_answered_nothing_is_asked_first(clinic):
    with pytest.raises(NotAllowed) as refusal:
        clinic.book(make_patient())

    assert refusal.value.capability.outcome is Outcome.ASK_FIRST


def test_answers_older_than_two_weeks_open_nothing(clinic):
    with pytest.raises(NotAllowed) as refusal:
        clinic.book(make_triaged(created_at=NOW - timedelta(days=15)))

    assert refusal.value.capability.outcome is Outcome.ASK_AGAIN


def test_under_16_nothing_is_booked_on_the_web(clinic):
    child = make_patient(date_of_birth=NOW.date().replace(year=NOW.year - 15))

    with pytest.raises(NotAllowed) as refusal:
        clinic.book(make_triaged(patient=child))

    assert refusal.value.capability.outcome is Outcome.WITH_GUARDIAN


def test_the_level_is_asked_again_when_the_hold_becomes_a_visit(clinic):
    patient = make_triaged()
    clinic.hold(patient)
    make_triaged(Level.URGENT, patient=patient, created_at=NOW)

    with pytest.raises(NotAllowed):
        clinic.book(patient)


def test_a_level_that_a_therapist_lowered_opens_booking(clinic):
    patient = make_triaged(Level.URGENT)
    assessment = patient.assessments.get()
    make_review(assessment=assessment, level=Level.ROUTINE, reason="Spoke with the patient", created_at=NOW)

    assert clinic.book(patient).status == Status.BOOKED


def test_the_desk_books_whoever_it_spoke_to_at_any_notice(clinic, desk):
    clinic.service.notice_minutes = 24 * 60
    clinic.service.save()

    assert clinic.book(make_triaged(Level.URGENT), by=desk).status == Status.BOOKED
    assert clinic.book(make_patient(), ELEVEN + timedelta(hours=1), by=desk).assessment is None


def test_not_even_the_desk_books_past_an_emergency(clinic, desk):
    with pytest.raises(NotAllowed):
        clinic.book(make_triaged(Level.EMERGENCY), by=desk)


# Priority: within five working days

FIFTH_DAY = NOW.replace(day=17, hour=11)
SIXTH_DAY = NOW.replace(day=18, hour=9)


def fill(clinic, first, last):
    """Book the therapist solid from one day to another."""
    day = first
    while day <= last:
        for hour in range(9, 17):
            make_appointment(
                practitioner=clinic.therapist,
                location=clinic.location,
                room=clinic.room,
                starts_at=day.replace(hour=hour, minute=0),
                free_again_at=day.replace(hour=hour + 1, minute=0),
            )
        day += timedelta(days=1)


def test_priority_books_up_to_the_fifth_working_day(clinic):
    assert clinic.book(make_triaged(Level.PRIORITY), FIFTH_DAY).status == Status.BOOKED


def test_priority_cannot_book_later_while_something_is_free(clinic):
    with pytest.raises(NotOffered, match="sooner"):
        clinic.book(make_triaged(Level.PRIORITY), SIXTH_DAY)


def test_priority_with_nothing_free_gets_the_first_later_time_and_a_call(clinic):
    fill(clinic, NOW, FIFTH_DAY)
    patient = make_triaged(Level.PRIORITY)

    with pytest.raises(NotOffered):
        clinic.book(patient, SIXTH_DAY + timedelta(hours=1))
    visit = clinic.book(patient, SIXTH_DAY)

    task = Task.objects.get(kind=Task.Kind.CALL_BACK)
    assert visit.starts_at == SIXTH_DAY
    assert (task.patient, task.level, task.due_at) == (patient, Level.PRIORITY, NOW + timedelta(hours=2))
