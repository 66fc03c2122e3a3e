"""Moving, meeting another way, exchanging."""

from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from bookings.services import (
    ANYBODY,
    NotAllowed,
    NotOffered,
    PatientBusy,
    PhoneMissing,
    TimeTaken,
    WrongState,
    cancel_appointment,
    change_status,
    find_times,
    move_appointment,
    swap_appointments,
    switch_mode,
)
from clinic.models import Message
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_bookings import make_appointment, make_triaged
from tests.factories_clinic import NOW, make_location, make_patient, make_room, make_user

pytestmark = pytest.mark.django_db

ELEVEN = NOW.replace(hour=11)
TWO = NOW.replace(hour=14)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(clinic):
    return clinic.book(make_triaged())


@pytest.fixture
def desk():
    return make_user(role=Role.FRONT_DESK)


def move(visit, starts_at, **fields):
    return move_appointment(appointment=visit, starts_at=starts_at, **{"by": visit.patient, "now": NOW, **fields})


def offers_at(clinic, moment):
    return find_times(service=clinic.service, mode=Mode.IN_PERSON, start=moment, end=moment + MINUTE, now=NOW).offers


def test_a_moved_visit_is_the_same_visit_at_another_time(clinic, visit):
    moved = move(visit, TWO)

    assert moved.pk == visit.pk
    assert (moved.starts_at, moved.ends_at, moved.free_again_at) == (TWO, TWO + 40 * MINUTE, TWO + 50 * MINUTE)
    assert (moved.status, moved.sequence) == (Status.BOOKED, 1)


def test_moving_frees_the_old_time_and_takes_the_new_one(clinic, visit):
    move(visit, TWO)

    assert offers_at(clinic, ELEVEN)
    assert not offers_at(clinic, TWO)


@pytest.mark.parametrize("minutes", [-40, -10, 10, 40])
def test_t16_a_visit_moves_to_a_time_that_overlaps_its_own(clinic, visit, minutes):
    for hour in (9, 13, 15):  # the clinic is otherwise busy
        make_appointment(
            practitioner=clinic.therapist,
            location=clinic.location,
            room=clinic.room,
            starts_at=NOW.replace(hour=hour),
            free_again_at=NOW.replace(hour=hour) + timedelta(minutes=60),
        )

    assert move(visit, ELEVEN + minutes * MINUTE).starts_at == ELEVEN + minutes * MINUTE


def test_t16_a_visit_with_any_therapist_moves_onto_its_own_time(clinic, visit):
    clinic.colleague()

    moved = move(visit, ELEVEN + 10 * MINUTE, practitioner=ANYBODY)

    assert (moved.practitioner, moved.room) == (visit.practitioner, visit.room)


def test_a_move_to_anybody_takes_whoever_is_free(clinic, visit):
    colleague = clinic.colleague()
    make_appointment(practitioner=clinic.therapist, starts_at=TWO)

    assert move(visit, TWO, practitioner=ANYBODY).practitioner == colleague


def test_moving_to_where_it_is_changes_nothing(clinic, visit):
    written = Message.objects.count()

    assert move(visit, ELEVEN).sequence == 0
    assert Message.objects.count() == written


def test_a_taken_time_refuses_the_move_and_names_others(clinic, visit):
    make_appointment(practitioner=clinic.therapist, location=clinic.location, room=clinic.room, starts_at=TWO)

    with pytest.raises(TimeTaken) as refusal:
        move(visit, TWO)

    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (ELEVEN, 0)
    assert len(refusal.value.nearest) == 3


def test_a_time_that_was_never_offered_refuses_the_move(clinic, visit):
    with pytest.raises(NotOffered):
        move(visit, TWO + MINUTE)


def test_a_patient_moves_no_visit_onto_another_of_their_own(clinic, visit):
    make_appointment(patient=visit.patient, starts_at=TWO)

    with pytest.raises(PatientBusy):
        move(visit, TWO)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ARRIVED, Status.FULFILLED, Status.NOSHOW])
def test_what_is_no_longer_ahead_does_not_move(clinic, status):
    visit = make_appointment(
        practitioner=clinic.therapist, location=clinic.location, room=clinic.room, service=clinic.service, status=status
    )

    with pytest.raises(WrongState):
        move(visit, TWO)


def test_a_patient_does_not_move_a_visit_that_has_begun_and_the_desk_does(clinic, visit, desk):
    late = ELEVEN + MINUTE

    with pytest.raises(WrongState):
        move(visit, TWO, now=late)
    assert move(visit, TWO, by=desk, now=late).starts_at == TWO


def test_two_screens_move_one_visit_and_the_second_is_told(clinic, visit, desk):
    first_screen, second_screen = (Appointment.objects.get(pk=visit.pk) for _ in range(2))
    move(first_screen, TWO, by=desk)

    with pytest.raises(WrongState, match="a moment ago"):
        move(second_screen, NOW.replace(hour=15), by=desk)


def test_a_confirmed_visit_that_moves_is_to_be_confirmed_again(clinic, visit, desk):
    change_status(appointment=visit, status=Status.CONFIRMED, by=desk, now=NOW)

    moved = move(visit, TWO)

    assert (moved.status, moved.confirmed_at) == (Status.BOOKED, None)


@pytest.mark.parametrize("level", [Level.URGENT, Level.EMERGENCY])
def test_something_urgent_that_came_up_since_stops_a_move(clinic, visit, level):
    make_triaged(level, patient=visit.patient, created_at=NOW)

    with pytest.raises(NotAllowed):
        move(visit, TWO)


def test_old_answers_do_not_stop_a_move(clinic, visit):
    later = NOW + timedelta(days=20)
    visit = make_appointment(
        practitioner=clinic.therapist,
        location=clinic.location,
        room=clinic.room,
        service=clinic.service,
        patient=visit.patient,
        starts_at=later.replace(hour=11),
    )

    assert move(visit, later.replace(hour=14), now=later).starts_at == later.replace(hour=14)


def test_priority_does_not_move_out_of_its_five_days(clinic):
    visit = clinic.book(make_triaged(Level.PRIORITY))

    with pytest.raises(NotOffered, match="sooner"):
        move(visit, NOW.replace(day=18, hour=11))


def test_t17_only_the_visit_itself_changes(clinic, visit):
    other = clinic.book(make_triaged(), NOW.replace(hour=15))
    before = Appointment.objects.filter(pk=other.pk).values().get()

    move(visit, TWO)

    assert Appointment.objects.filter(pk=other.pk).values().get() == before


def test_a_move_to_another_place_takes_a_room_there(clinic, visit):
    elsewhere = make_location()
    room = make_room(elsewhere)
    for shift in clinic.shifts:
        shift.location = elsewhere
        shift.save()

    moved = move(visit, TWO, location=elsewhere)

    assert (moved.location, moved.room) == (elsewhere, room)


def test_the_desk_moves_onto_another_visit_with_a_reason(clinic, visit, desk):
    make_appointment(practitioner=clinic.therapist, location=clinic.location, room=clinic.room, starts_at=TWO)

    assert move(visit, TWO, by=desk, overlap_reason="Agreed with both").overlap_reason == "Agreed with both"


# By phone instead, and back


def switch(visit, mode, **fields):
    return switch_mode(appointment=visit, mode=mode, **{"by": visit.patient, "now": NOW, **fields})


def test_by_phone_instead_keeps_the_time_and_gives_the_room_back(clinic, visit):
    changed = switch(visit, Mode.PHONE, phone="555-0177")

    assert (changed.mode, changed.room, changed.phone, changed.starts_at) == (Mode.PHONE, None, "555-0177", ELEVEN)
    assert changed.sequence == 1


def test_by_phone_without_a_number_uses_the_one_we_have(clinic, visit):
    assert switch(visit, Mode.PHONE).phone == visit.patient.phone


def test_by_phone_without_any_number_is_refused(clinic):
    visit = clinic.book(make_triaged(patient=make_patient(phone="")))

    with pytest.raises(PhoneMissing):
        switch(visit, Mode.PHONE)


def test_and_back_in_person_takes_a_room_again(clinic, visit):
    by_phone = switch(visit, Mode.PHONE)

    back = switch(by_phone, Mode.IN_PERSON)

    assert (back.mode, back.room, back.phone, back.sequence) == (Mode.IN_PERSON, clinic.room, "", 2)


def test_back_in_person_without_a_free_room_is_refused(clinic, visit):
    by_phone = switch(visit, Mode.PHONE)
    make_appointment(location=clinic.location, room=clinic.room, starts_at=ELEVEN)

    with pytest.raises(TimeTaken):
        switch(by_phone, Mode.IN_PERSON)


def test_a_switch_within_the_minimum_notice_is_fine(clinic, visit):
    clinic.service.notice_minutes = 24 * 60
    clinic.service.save()

    assert switch(visit, Mode.PHONE).mode == Mode.PHONE


def test_a_service_that_is_not_given_by_phone_is_not_switched(clinic, visit):
    clinic.service.by_phone = False
    clinic.service.save()

    with pytest.raises(NotOffered):
        switch(visit, Mode.PHONE)


def test_switching_to_what_it_is_changes_nothing(clinic, visit):
    assert switch(visit, Mode.IN_PERSON).sequence == 0


# Two visits exchange their times


@pytest.fixture
def pair(clinic):
    return clinic.book(make_triaged()), clinic.book(make_triaged(), TWO)


def places(*visits):
    return [(visit.starts_at, visit.practitioner_id, visit.room_id) for visit in visits]


def test_t11_two_visits_exchange_their_times(clinic, pair, desk):
    before = places(*pair)

    swapped = swap_appointments(first=pair[0], second=pair[1], by=desk, now=NOW)

    assert places(*swapped) == before[::-1]
    assert [visit.sequence for visit in swapped] == [1, 1]


def test_t11_two_therapists_exchange_visits_that_overlap(clinic, desk):
    colleague = clinic.colleague()
    make_room(clinic.location)
    first = clinic.book(make_triaged())
    second = clinic.book(make_triaged(), ELEVEN + 10 * MINUTE, practitioner=colleague)

    swapped = swap_appointments(first=first, second=second, by=desk, now=NOW)

    assert [visit.practitioner for visit in swapped] == [colleague, clinic.therapist]


def test_t11_an_exchange_that_puts_somebody_in_two_places_leaves_both_as_they_were(clinic, pair, desk):
    make_appointment(patient=pair[1].patient, starts_at=ELEVEN)
    before = list(Appointment.objects.order_by("pk").values())

    with pytest.raises(PatientBusy):
        swap_appointments(first=pair[0], second=pair[1], by=desk, now=NOW)

    assert list(Appointment.objects.order_by("pk").values()) == before


def test_visits_of_different_kinds_are_not_exchanged(clinic, pair, desk):
    by_phone = switch(pair[0], Mode.PHONE)

    with pytest.raises(NotOffered):
        swap_appointments(first=by_phone, second=pair[1], by=desk, now=NOW)


def test_a_cancelled_visit_is_not_exchanged(clinic, pair, desk):
    cancel_appointment(appointment=pair[0], reason="other", by=desk, now=NOW)

    with pytest.raises(WrongState):
        swap_appointments(first=pair[0], second=pair[1], by=desk, now=NOW)
