"""Each constraint once: Postgres refuses the row, and the form would say why."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bookings.models import Appointment, Competence, Service, Shift, ShiftException, TimeOff
from bookings.rules.states import Status
from clinic.models import Room
from tests.factories_bookings import make_appointment, make_competence, make_hold, make_service, make_shift
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room

pytestmark = pytest.mark.django_db

TEN = NOW + timedelta(days=1)


def refused_by(write):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value.__cause__.diag.constraint_name


def code_of(row):
    """The code that a form would show for the row."""
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    return [problem.code for problems in error.value.error_dict.values() for problem in problems]


# Two visits never meet

TAKEN = {
    "practitioner": "bookings_one_patient_at_a_time_per_practitioner",
    "room": "bookings_one_visit_at_a_time_per_room",
    "patient": "bookings_one_visit_at_a_time_per_patient",
}


def again(visit, what, **fields):
    """A second visit that shares only ``what`` with the first."""
    shared = {what: getattr(visit, what)}
    if what == "room":
        shared["location"] = visit.location
    return make_appointment(**shared, **fields)


@pytest.mark.parametrize(("what", "constraint"), TAKEN.items())
@pytest.mark.parametrize("minutes", [0, 20, -20], ids=["the same time", "begins inside", "ends inside"])
def test_two_visits_of_one_never_meet(what, constraint, minutes):
    visit = make_appointment(starts_at=TEN)

    assert refused_by(lambda: again(visit, what, starts_at=TEN + timedelta(minutes=minutes))) == constraint


@pytest.mark.parametrize("what", ["practitioner", "room"])
def test_the_minutes_after_a_visit_are_its_own(what):
    visit = make_appointment(starts_at=TEN)

    assert refused_by(lambda: again(visit, what, starts_at=visit.ends_at)) == TAKEN[what]
    again(visit, what, starts_at=visit.free_again_at)


def test_a_patient_may_go_from_one_visit_straight_to_the_next():
    visit = make_appointment(starts_at=TEN)

    again(visit, "patient", starts_at=visit.ends_at)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NOSHOW])
def test_t15_a_visit_that_does_not_happen_blocks_nothing(status):
    visit = make_appointment(starts_at=TEN, status=status)

    for what in TAKEN:
        again(visit, what, starts_at=TEN)


@pytest.mark.parametrize(
    "status", [Status.HELD, Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.IN_SESSION, Status.FULFILLED]
)
def test_every_other_state_blocks(status):
    visit = make_appointment(starts_at=TEN, status=status)

    assert refused_by(lambda: again(visit, "practitioner", starts_at=TEN)) == TAKEN["practitioner"]


def test_an_overlap_with_a_reason_is_let_through():
    visit = make_appointment(starts_at=TEN)

    overlap = again(visit, "practitioner", starts_at=TEN, overlap_reason="Sister of the other patient")

    assert overlap.practitioner == visit.practitioner


def test_a_form_says_that_the_time_is_taken():
    visit = make_appointment(starts_at=TEN)
    second = Appointment(
        service=visit.service,
        practitioner=visit.practitioner,
        patient=make_patient(),
        location=visit.location,
        room=make_room(visit.location),
        mode="in_person",
        starts_at=TEN,
        ends_at=visit.ends_at,
        free_again_at=visit.free_again_at,
        status=Status.BOOKED,
        booked_at=NOW,
        booked_by="system",
        created_at=NOW,
    )

    assert code_of(second) == ["time_taken"]


# What a visit must be

WRONG_VISITS = [
    ("bookings_visit_ends_after_it_starts", {"ends_at": TEN}),
    ("bookings_visit_is_over_within_eight_hours", {"free_again_at": TEN + timedelta(minutes=39)}),
    ("bookings_visit_is_over_within_eight_hours", {"free_again_at": TEN + timedelta(hours=8)}),
    ("bookings_phone_visit_has_a_number_to_call", {"mode": "phone", "phone": ""}),
    ("bookings_hold_runs_out_and_a_visit_does_not", {"status": Status.HELD, "held_until": None}),
    ("bookings_hold_runs_out_and_a_visit_does_not", {"held_until": NOW}),
    ("bookings_hold_runs_out_and_a_visit_does_not", {"booked_at": None}),
    ("bookings_cancelled_visit_says_why_and_when", {"status": Status.CANCELLED, "cancel_reason": ""}),
    ("bookings_cancelled_visit_says_why_and_when", {"status": Status.CANCELLED, "cancelled_at": None}),
    ("bookings_cancelled_visit_says_why_and_when", {"cancelled_at": NOW}),
]


@pytest.mark.parametrize(("constraint", "fields"), WRONG_VISITS)
def test_a_wrong_visit_is_refused(constraint, fields):
    assert refused_by(lambda: make_appointment(starts_at=TEN, **fields)) == constraint


def test_a_visit_in_a_state_that_nobody_knows_is_refused():
    visit = make_appointment()

    assert (
        refused_by(lambda: Appointment.objects.filter(pk=visit.pk).update(status="lost"))
        == "bookings_visit_has_a_known_state"
    )


def test_a_phone_visit_has_no_room_and_one_in_person_has_one():
    by_phone, in_person = make_appointment(mode="phone"), make_appointment()

    for visit, room in [(by_phone, make_room().pk), (in_person, None)]:
        assert (
            refused_by(lambda visit=visit, room=room: Appointment.objects.filter(pk=visit.pk).update(room_id=room))
            == "bookings_visit_has_a_room_exactly_in_person"
        )


@pytest.mark.parametrize(
    "fields",
    [{"ends_at": TEN - timedelta(minutes=1)}, {"free_again_at": TEN - timedelta(hours=1)}],
    ids=["ends first", "free too soon"],
)
def test_a_backwards_visit_is_said_before_any_constraint_is_looked_at(fields):
    visit = make_appointment(starts_at=TEN)
    for name, value in fields.items():
        setattr(visit, name, value)

    assert code_of(visit)[0] == "backwards"


# Services, shifts, time off


@pytest.mark.parametrize(
    ("constraint", "code", "fields"),
    [
        ("bookings_service_has_a_mode", "no_mode", {"by_phone": False, "in_person": False}),
        ("bookings_service_in_person_needs_a_kind_of_room", "no_room_kind", {"room_kind": ""}),
        ("bookings_service_takes_between_5_minutes_and_4_hours", "odd_duration", {"minutes": 4}),
        ("bookings_service_takes_between_5_minutes_and_4_hours", "odd_duration", {"minutes": 241}),
        ("bookings_service_takes_between_5_minutes_and_4_hours", "odd_duration", {"buffer_minutes": 121}),
        ("bookings_service_is_offered_on_a_grid", "invalid_choice", {"step_minutes": 7}),
        ("bookings_service_horizon_within_a_year", "odd_horizon", {"horizon_days": 0}),
        ("bookings_service_horizon_within_a_year", "odd_horizon", {"notice_minutes": 28 * 24 * 60 + 1}),
    ],
)
def test_a_wrong_service_is_refused(constraint, code, fields):
    assert refused_by(lambda: make_service(**fields)) == constraint

    service = make_service()
    for name, value in fields.items():
        setattr(service, name, value)

    assert code in code_of(service)


def test_a_service_by_phone_alone_needs_no_room():
    assert make_service(in_person=False, room_kind="").modes == ("phone",)


def test_a_therapist_gives_a_service_once():
    competence = make_competence(make_service(), make_practitioner())

    assert (
        refused_by(lambda: make_competence(competence.service, competence.practitioner)) == "bookings_competence_once"
    )
    assert code_of(Competence(service=competence.service, practitioner=competence.practitioner)) == ["twice"]


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("bookings_shift_has_a_length", {"ends": time(9)}),
        ("bookings_shift_last_day_after_first", {"valid_to": date(2020, 1, 5)}),
        ("bookings_shift_weekly_or_fortnightly", {"every_weeks": 3}),
        ("bookings_shift_weekly_or_fortnightly", {"weekday": 7}),
    ],
)
def test_a_wrong_shift_is_refused(constraint, fields):
    assert refused_by(lambda: make_shift(make_practitioner(), make_location(), **fields)) == constraint


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("bookings_exception_has_both_times_or_none", {"kind": "off", "starts": time(9)}),
        ("bookings_exception_has_both_times_or_none", {"kind": "off", "starts": time(9), "ends": time(9)}),
        ("bookings_exception_extra_hours_have_times", {"kind": "extra"}),
        ("bookings_exception_extra_hours_have_times", {"kind": "perhaps", "starts": time(9), "ends": time(10)}),
    ],
)
def test_a_wrong_change_of_a_day_is_refused(constraint, fields):
    row = {"practitioner": make_practitioner(), "location": make_location(), "day": NOW.date(), **fields}

    assert refused_by(lambda: ShiftException.objects.create(**row)) == constraint


def test_time_off_that_ends_before_it_begins_is_refused():
    off = TimeOff(practitioner=make_practitioner(), starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 9))

    assert code_of(off)[0] == "backwards"
    assert refused_by(off.save) == "bookings_timeoff_last_day_after_first"


# The record


def test_every_change_is_kept_and_nobody_can_edit_what_is_kept():
    visit = make_appointment()
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ARRIVED, arrived_at=NOW)
    kept = visit.events.order_by("pgh_id")

    assert [event.status for event in kept] == ["booked", "arrived"]
    for tamper in (lambda: kept.update(status="booked"), lambda: kept.delete()):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            tamper()


def test_what_a_visit_occupies_follows_from_its_times():
    visit = make_appointment(starts_at=TEN)
    visit.refresh_from_db()

    assert (visit.occupies.lower, visit.occupies.upper, visit.occupies.bounds) == (TEN, visit.free_again_at, "[)")


def test_a_held_time_needs_no_phone_number_yet():
    assert make_hold(mode="phone", phone="").phone == ""


def test_people_and_places_with_visits_are_not_deleted():
    visit = make_appointment()

    for row in (visit.practitioner, visit.patient, visit.location, visit.room, visit.service):
        with pytest.raises(Exception, match="protected"):
            row.delete()


def test_public_services_come_in_the_clinics_order():
    second = make_service(position=2)
    first = make_service(position=1)
    make_service(position=0, is_public=False)

    assert list(Service.objects.public()) == [first, second]


def test_rooms_of_a_kind_that_nobody_knows_are_no_rooms_for_a_service():
    assert {kind for kind, _label in Service._meta.get_field("room_kind").choices} == set(Room.Kind.values)


def test_a_shift_says_what_it_is():
    shift = Shift(practitioner=make_practitioner(name="Mara"), weekday=1, starts=time(9), ends=time(17))

    assert str(shift) == "Mara, Tuesday 09:00-17:00"
