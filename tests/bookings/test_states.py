"""Cancelling, the states of a visit, undoing, and what is kept of it all."""

from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.rules.states import CancelReason, Mode, Status
from bookings.services import (
    TimeTaken,
    TooLate,
    WrongState,
    cancel_appointment,
    change_status,
    find_times,
    history_of,
    undo_status,
)
from clinic.models import AccessLog, Message
from clinic.rules.access import Role
from tests.factories_bookings import make_appointment, make_hold, make_triaged
from tests.factories_clinic import NOW, make_user

pytestmark = pytest.mark.django_db

ELEVEN = NOW.replace(hour=11)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(clinic):
    return clinic.book(make_triaged())


@pytest.fixture
def desk():
    return make_user(role=Role.FRONT_DESK)


def cancel(visit, **fields):
    return cancel_appointment(
        appointment=visit, **{"reason": CancelReason.CANNOT_COME, "by": visit.patient, "now": NOW, **fields}
    )


def set_state(visit, status, desk, **fields):
    return change_status(appointment=visit, status=status, by=desk, **{"now": ELEVEN, **fields})


# Cancelling


def test_t15_cancelling_frees_the_time_at_once_and_keeps_the_row(clinic, visit):
    cancelled = cancel(visit)

    assert (cancelled.status, cancelled.cancelled_at, cancelled.cancel_reason) == (
        Status.CANCELLED,
        NOW,
        CancelReason.CANNOT_COME,
    )
    assert clinic.book(make_triaged()).starts_at == visit.starts_at
    assert Appointment.objects.count() == 2


def test_t6_cancelling_twice_is_one_cancellation_and_one_message(clinic, visit):
    cancel(visit)

    with pytest.raises(WrongState, match="cancelled already"):
        cancel(visit)

    assert Message.objects.filter(kind="cancelled").count() == 1
    assert AccessLog.objects.filter(action="appointment-cancelled").count() == 1


def test_a_patient_cannot_cancel_what_has_begun_and_the_desk_can(clinic, visit, desk):
    with pytest.raises(WrongState):
        cancel(visit, now=ELEVEN)

    assert cancel(visit, by=desk, now=ELEVEN).status == Status.CANCELLED


@pytest.mark.parametrize("status", [Status.ARRIVED, Status.IN_SESSION, Status.FULFILLED, Status.NOSHOW])
def test_what_has_happened_is_not_cancelled(status):
    with pytest.raises(WrongState):
        cancel(make_appointment(status=status))


def test_a_reason_that_nobody_knows_is_refused(visit):
    with pytest.raises(ValueError):
        cancel(visit, reason="because")


def test_a_cancellation_counts_for_calendars(visit):
    assert cancel(visit).sequence == 1


# States


def test_a_visit_goes_through_its_states_and_keeps_when(clinic, visit, desk):
    for number, status in enumerate([Status.CONFIRMED, Status.ARRIVED, Status.IN_SESSION, Status.FULFILLED]):
        visit = set_state(visit, status, desk, now=ELEVEN + number * MINUTE)

    assert visit.status == Status.FULFILLED
    assert [visit.confirmed_at, visit.arrived_at, visit.started_at, visit.fulfilled_at] == [
        ELEVEN + number * MINUTE for number in range(4)
    ]
    assert visit.in_state_since == visit.fulfilled_at


@pytest.mark.parametrize("status", [Status.IN_SESSION, Status.FULFILLED, Status.CANCELLED, Status.HELD])
def test_an_illegal_jump_is_refused(visit, desk, status):
    with pytest.raises(WrongState) as refusal:
        set_state(visit, status, desk)

    assert refusal.value.status == Status.BOOKED


def test_a_hold_has_no_states(desk):
    with pytest.raises(WrongState):
        set_state(make_hold(), Status.ARRIVED, desk)


def test_a_no_show_is_set_once_the_visit_was_due(visit, desk):
    with pytest.raises(WrongState, match="not begun"):
        set_state(visit, Status.NOSHOW, desk, now=ELEVEN - MINUTE)

    assert set_state(visit, Status.NOSHOW, desk).noshow_at == ELEVEN


def test_who_comes_after_all_arrives(visit, desk):
    missed = set_state(visit, Status.NOSHOW, desk)

    assert set_state(missed, Status.ARRIVED, desk, now=ELEVEN + MINUTE).status == Status.ARRIVED


def test_who_comes_after_all_finds_the_time_taken(clinic, visit, desk):
    missed = set_state(visit, Status.NOSHOW, desk)
    make_appointment(practitioner=clinic.therapist, starts_at=ELEVEN)

    with pytest.raises(TimeTaken):
        set_state(missed, Status.ARRIVED, desk)


def test_the_first_of_two_screens_wins(visit, desk):
    set_state(visit, Status.ARRIVED, desk)

    with pytest.raises(WrongState) as refusal:
        set_state(visit, Status.NOSHOW, desk, expected=Status.BOOKED)

    assert refusal.value.status == Status.ARRIVED


def test_nobody_arrives_for_a_phone_visit(clinic, desk):
    visit = clinic.book(make_triaged(), mode=Mode.PHONE, phone="555-0177")

    with pytest.raises(WrongState):
        set_state(visit, Status.ARRIVED, desk)
    assert set_state(visit, Status.IN_SESSION, desk).started_at == ELEVEN


# Undo


def undo(visit, desk, **fields):
    return undo_status(appointment=visit, by=desk, **{"now": ELEVEN + 5 * MINUTE, **fields})


@pytest.mark.parametrize("before", [Status.BOOKED, Status.CONFIRMED])
def test_undo_goes_back_to_the_state_before(visit, desk, before):
    if before is Status.CONFIRMED:
        visit = set_state(visit, Status.CONFIRMED, desk, now=NOW)
    arrived = set_state(visit, Status.ARRIVED, desk)

    back = undo(arrived, desk)

    assert (back.status, back.arrived_at) == (before, None)


def test_undo_goes_back_step_by_step(visit, desk):
    visit = set_state(visit, Status.CONFIRMED, desk, now=NOW)
    visit = set_state(visit, Status.ARRIVED, desk, now=NOW + MINUTE)
    visit = undo(visit, desk, now=NOW + 2 * MINUTE)

    visit = undo(visit, desk, now=NOW + 3 * MINUTE)

    assert (visit.status, visit.confirmed_at, visit.arrived_at) == (Status.BOOKED, None, None)


def test_undo_is_possible_for_ten_minutes(visit, desk):
    arrived = set_state(visit, Status.ARRIVED, desk)

    with pytest.raises(TooLate):
        undo(arrived, desk, now=ELEVEN + 11 * MINUTE)


def test_a_booked_visit_has_nothing_to_undo(visit, desk):
    with pytest.raises(WrongState, match="nothing to undo"):
        undo(visit, desk, now=NOW)


def test_a_cancelled_visit_comes_back(clinic, visit, desk):
    cancelled = cancel(visit, by=desk)

    back = undo(cancelled, desk, now=NOW + MINUTE)

    assert (back.status, back.cancelled_at, back.cancel_reason, back.sequence) == (Status.BOOKED, None, "", 2)


def test_a_cancelled_visit_does_not_come_back_onto_another_one(clinic, visit, desk):
    cancelled = cancel(visit, by=desk)
    clinic.book(make_triaged())

    with pytest.raises(TimeTaken):
        undo(cancelled, desk, now=NOW + MINUTE)


def test_a_cancellation_that_was_not_sent_yet_is_never_sent(clinic, visit, desk):
    cancelled = cancel(visit, by=desk)

    undo(cancelled, desk, now=NOW + MINUTE)

    waiting = Message.objects.waiting(NOW + MINUTE)
    assert [message.kind for message in waiting] == ["booked"]


def test_a_cancellation_that_went_out_is_taken_back_in_words(clinic, visit, desk):
    cancelled = cancel(visit, by=desk)
    Message.objects.filter(kind="cancelled").update(sent_at=NOW)

    undo(cancelled, desk, now=NOW + MINUTE)

    assert Message.objects.filter(kind="booked", sent_at=None).count() == 2


# What is kept


def test_history_says_what_happened_and_who_did_it(clinic, visit, desk):
    arrived = set_state(visit, Status.ARRIVED, desk)
    undo(arrived, desk)
    cancel(visit)

    assert [(change.status, change.by) for change in history_of(visit)] == [
        (Status.CANCELLED, visit.patient.actor),
        (Status.BOOKED, desk.actor),
        (Status.ARRIVED, desk.actor),
        (Status.BOOKED, visit.patient.actor),
    ]


def test_a_time_freed_by_cancelling_is_offered(clinic, visit):
    cancel(visit)

    found = find_times(service=clinic.service, mode=Mode.IN_PERSON, start=ELEVEN, end=ELEVEN + MINUTE, now=NOW)

    assert [offer.starts_at for offer in found.offers] == [ELEVEN]
