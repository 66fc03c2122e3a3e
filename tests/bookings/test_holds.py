"""Holds: eight minutes, one holder, nothing to clear up."""

from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from bookings.services import (
    TimeTaken,
    find_times,
    release_hold,
)
from clinic.models import Message, Task
from tests.factories_bookings import (
    make_hold,
    make_triaged,
)
from tests.factories_clinic import NOW

pytestmark = pytest.mark.django_db

ELEVEN = NOW.replace(hour=11)
MINUTE = timedelta(minutes=1)


def test_t10_a_held_time_is_nobody_elses(clinic):
    clinic.hold(make_triaged())

    with pytest.raises(TimeTaken):
        clinic.hold(make_triaged())
    with pytest.raises(TimeTaken):
        clinic.book(make_triaged())


def test_who_holds_a_time_still_sees_it_and_nobody_else_does(clinic):
    patient, other = make_triaged(), make_triaged()
    clinic.hold(patient)

    def sees(person):
        found = find_times(
            service=clinic.service,
            mode=Mode.IN_PERSON,
            start=ELEVEN,
            end=ELEVEN + MINUTE,
            patient=person,
            now=NOW,
        )
        return bool(found.offers)

    assert (sees(patient), sees(other)) == (True, False)


def test_a_hold_becomes_the_visit(clinic):
    patient = make_triaged()
    hold = clinic.hold(patient)

    visit = clinic.book(patient, now=NOW + 5 * MINUTE)

    assert (visit.pk, visit.status, visit.held_until) == (hold.pk, Status.BOOKED, None)


def test_a_patient_holds_one_time(clinic):
    patient = make_triaged()
    clinic.hold(patient)

    clinic.hold(patient, ELEVEN + timedelta(hours=2))

    assert Appointment.objects.get().starts_at == ELEVEN + timedelta(hours=2)


def test_pressing_the_same_time_again_holds_it_eight_minutes_more(clinic):
    patient = make_triaged()
    first = clinic.hold(patient)

    second = clinic.hold(patient, now=NOW + 5 * MINUTE)

    assert (second.pk, second.held_until) == (first.pk, NOW + 13 * MINUTE)


def test_booking_another_time_lets_the_hold_go(clinic):
    patient = make_triaged()
    clinic.hold(patient)

    clinic.book(patient, ELEVEN + timedelta(hours=2))

    assert Appointment.objects.get().starts_at == ELEVEN + timedelta(hours=2)


def test_t9_a_hold_that_has_run_out_is_gone_without_anybody_clearing_up(clinic):
    hold = clinic.hold(make_triaged())

    with pytest.raises(TimeTaken):
        clinic.book(make_triaged(), now=hold.held_until - timedelta(seconds=1))
    visit = clinic.book(make_triaged(), now=hold.held_until + timedelta(seconds=1))

    assert Appointment.objects.get() == visit


def test_a_late_booking_succeeds_while_the_time_is_free(clinic):
    patient = make_triaged()
    clinic.hold(patient)

    assert clinic.book(patient, now=NOW + 30 * MINUTE).status == Status.BOOKED


def test_a_late_booking_is_refused_once_somebody_else_was_there(clinic):
    patient = make_triaged()
    clinic.hold(patient)
    clinic.hold(make_triaged(), now=NOW + 9 * MINUTE)

    with pytest.raises(TimeTaken):
        clinic.book(patient, now=NOW + 10 * MINUTE)


def test_a_hold_in_the_room_that_has_run_out_is_swept_too(clinic):
    make_hold(location=clinic.location, room=clinic.room, starts_at=ELEVEN, held_until=NOW - MINUTE, created_at=NOW)

    assert clinic.book(make_triaged()).room == clinic.room


def test_letting_go_frees_the_time(clinic):
    patient = make_triaged()
    clinic.hold(patient)

    assert release_hold(patient=patient, by=patient, now=NOW) == 1
    assert clinic.book(make_triaged()).status == Status.BOOKED


def test_a_hold_says_nothing_to_anybody(clinic):
    clinic.hold(make_triaged())

    assert not Message.objects.exists()
    assert not Task.objects.exists()


def test_a_refused_hold_leaves_the_earlier_one(clinic):
    patient = make_triaged()
    hold = clinic.hold(patient)
    clinic.book(make_triaged(), ELEVEN + timedelta(hours=2))

    with pytest.raises(TimeTaken):
        clinic.hold(patient, ELEVEN + timedelta(hours=2))

    assert Appointment.objects.get(status=Status.HELD) == hold
