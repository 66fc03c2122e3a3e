"""Booking: every outcome of the one write path."""

from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from bookings.services import (
    AlreadyUsed,
    Contact,
    NotOffered,
    PatientBusy,
    PhoneMissing,
    TimeTaken,
    TooManyOpen,
    find_times,
)
from clinic.models import AccessLog, Closure, Message, Patient, Room, Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_bookings import (
    make_appointment,
    make_service,
    make_shift,
    make_triaged,
    make_week,
)
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room, make_user

pytestmark = pytest.mark.django_db

ELEVEN = NOW.replace(hour=11)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk():
    return make_user(role=Role.FRONT_DESK)


def clocks(offers):
    return [f"{offer.starts_at:%H:%M}" for offer in offers]


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
    assert (visit.booked_at, visit.booked_by) == (NOW, patient.actor)


def test_booking_writes_one_line_for_the_record_and_one_message(clinic):
    patient = make_triaged()

    visit = clinic.book(patient)

    line = AccessLog.objects.get(action="appointment-booked")
    assert (line.actor, line.target, line.patient_id) == (
        patient.actor,
        f"bookings.appointment:{visit.pk}",
        patient.pk,
    )
    message = Message.objects.get()
    assert (message.kind, message.patient, message.to) == ("booked", patient, patient.email)


def test_a_phone_visit_takes_no_room_and_keeps_the_number_to_call(clinic):
    visit = clinic.book(make_triaged(), mode=Mode.PHONE, phone=" 555-0177 ")

    assert (visit.room, visit.phone) == (None, "555-0177")


@pytest.mark.parametrize("phone", ["", "   "])
def test_a_phone_visit_without_a_number_is_refused(clinic, phone):
    with pytest.raises(PhoneMissing):
        clinic.book(make_triaged(), mode=Mode.PHONE, phone=phone)


def test_t1_the_second_booking_of_a_time_is_refused_with_the_three_nearest_times(clinic):
    clinic.book(make_triaged())

    with pytest.raises(TimeTaken) as refusal:
        clinic.book(make_triaged())

    assert refusal.value.message == "That time has just been taken."
    assert clocks(refusal.value.nearest) == ["10:00", "10:10", "11:50"]
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("minutes", [-40, -10, 10, 40])
def test_a_time_that_meets_a_booked_one_is_refused_too(clinic, minutes):
    clinic.book(make_triaged())

    with pytest.raises(TimeTaken):
        clinic.book(make_triaged(), ELEVEN + minutes * MINUTE)


@pytest.mark.parametrize("minutes", [-50, 50])
def test_a_time_right_beside_a_booked_one_can_be_had(clinic, minutes):
    clinic.book(make_triaged())

    assert clinic.book(make_triaged(), ELEVEN + minutes * MINUTE).status == Status.BOOKED


NOT_ON_OFFER = {
    "before the shift": {"starts_at": NOW.replace(day=11, hour=8, minute=50)},
    "one minute into the evening": {"starts_at": NOW.replace(hour=16, minute=21)},
    "in the night": {"starts_at": NOW.replace(day=11, hour=3)},
    "on a Sunday": {"starts_at": NOW.replace(day=15, hour=11)},
    "yesterday": {"starts_at": ELEVEN - timedelta(days=1)},
    "off the grid": {"starts_at": ELEVEN + MINUTE},
    "with seconds": {"starts_at": ELEVEN + timedelta(seconds=30)},
    "beyond the horizon": {"starts_at": ELEVEN + timedelta(days=63)},
}


@pytest.mark.parametrize("fields", NOT_ON_OFFER.values(), ids=NOT_ON_OFFER)
def test_t2_a_time_that_was_never_offered_is_refused(clinic, fields):
    with pytest.raises(NotOffered):
        clinic.book(make_triaged(), **fields)

    assert not Appointment.objects.exists()


def test_t2_a_therapist_who_does_not_give_the_service_cannot_be_booked(clinic):
    other = make_practitioner()
    make_week(other, clinic.location)

    with pytest.raises(NotOffered):
        clinic.book(make_triaged(), practitioner=other)


def test_t2_a_therapist_who_has_left_cannot_be_booked(clinic):
    clinic.therapist.is_active = False
    clinic.therapist.save()

    with pytest.raises(NotOffered):
        clinic.book(make_triaged())


def test_t2_a_place_where_the_therapist_does_not_work_cannot_be_booked(clinic):
    elsewhere = make_location()
    make_room(elsewhere)

    with pytest.raises(NotOffered):
        clinic.book(make_triaged(), location=elsewhere)


def test_t2_a_closed_day_cannot_be_booked(clinic):
    Closure.objects.create(location=clinic.location, day=NOW.date())

    with pytest.raises(NotOffered):
        clinic.book(make_triaged())


def test_t2_a_service_that_is_not_shown_cannot_be_booked_by_patients(clinic):
    clinic.service.is_public = False
    clinic.service.save()

    with pytest.raises(NotOffered):
        clinic.book(make_triaged())


def test_t2_a_way_to_meet_that_the_service_does_not_have_cannot_be_booked(clinic):
    clinic.service.by_phone = False
    clinic.service.save()

    with pytest.raises(NotOffered):
        clinic.book(make_triaged(), mode=Mode.PHONE, phone="555-0177")


def test_too_soon_is_answered_with_the_phone_number(clinic):
    clinic.service.notice_minutes = 120
    clinic.service.save()

    with pytest.raises(NotOffered, match=clinic.location.phone):
        clinic.book(make_triaged())


def test_t32_the_last_time_of_a_day_can_be_booked(clinic):
    visit = clinic.book(make_triaged(), NOW.replace(hour=16, minute=20))

    assert visit.ends_at == NOW.replace(hour=17)


def test_t40_a_shift_that_went_away_is_refused_with_other_times(clinic):
    for shift in clinic.shifts[:2]:
        shift.delete()

    with pytest.raises(NotOffered) as refusal:
        clinic.book(make_triaged())

    assert {offer.starts_at.date().isoformat() for offer in refusal.value.nearest} == {"2026-03-11"}


# Rooms


def test_a_room_that_is_taken_means_the_next_free_one_of_its_kind(clinic):
    second = make_room(clinic.location)
    make_room(clinic.location, kind=Room.Kind.GYM)
    clinic.colleague()
    make_appointment(location=clinic.location, room=clinic.room, starts_at=ELEVEN)

    assert clinic.book(make_triaged()).room == second


def test_two_therapists_cannot_use_one_room_at_a_time(clinic):
    colleague = clinic.colleague()
    clinic.book(make_triaged())

    with pytest.raises(TimeTaken):
        clinic.book(make_triaged(), practitioner=colleague)
    assert clinic.book(make_triaged(), practitioner=colleague, mode=Mode.PHONE, phone="555-0177").room is None


def test_a_room_that_is_out_of_use_is_not_offered(clinic):
    clinic.room.is_active = False
    clinic.room.save()

    with pytest.raises(NotOffered):
        clinic.book(make_triaged())


# The patient's own time


def test_t31_a_patient_cannot_be_in_two_places(clinic):
    colleague = clinic.colleague()
    make_room(clinic.location)
    patient = make_triaged()
    clinic.book(patient)

    with pytest.raises(PatientBusy):
        clinic.book(patient, ELEVEN + 20 * MINUTE, practitioner=colleague)


def test_t37_a_fourth_visit_ahead_is_refused_with_the_phone_number(clinic):
    patient = make_triaged()
    for day in (1, 2, 3):
        clinic.book(patient, ELEVEN + timedelta(days=day))

    with pytest.raises(TooManyOpen, match=clinic.location.phone):
        clinic.book(patient)


def test_visits_that_are_over_or_cancelled_do_not_count(clinic):
    patient = make_triaged()
    for day, status in [(1, Status.CANCELLED), (2, Status.CANCELLED), (-1, Status.FULFILLED), (-2, Status.BOOKED)]:
        make_appointment(patient=patient, starts_at=ELEVEN + timedelta(days=day), status=status)

    assert clinic.book(patient).status == Status.BOOKED


def test_the_desk_may_book_a_fourth_visit(clinic, desk):
    patient = make_triaged()
    for day in (1, 2, 3):
        clinic.book(patient, ELEVEN + timedelta(days=day))

    assert clinic.book(patient, by=desk).booked_by == desk.actor


def test_t30_two_people_with_one_address_stay_two_people(clinic):
    first = make_triaged(patient=make_patient(first_name="Robin", last_name="", email=""))
    second = make_triaged(patient=make_patient(first_name="Kim", last_name="", email=""))
    contact = {"email": "family@example.org", "phone": "555-0177"}

    clinic.book(first, contact=Contact(last_name="Ashdown", **contact))
    clinic.book(second, ELEVEN + timedelta(hours=1), contact=Contact(last_name="Marlow", **contact))

    assert list(Patient.objects.order_by("pk").values_list("first_name", "last_name", "email")) == [
        ("Robin", "Ashdown", "family@example.org"),
        ("Kim", "Marlow", "family@example.org"),
    ]


def test_what_the_clinic_has_of_a_patient_is_not_overwritten(clinic):
    patient = make_triaged()

    clinic.book(patient, contact=Contact(last_name="Somebody", phone="555-0100", email="new@example.org"))

    patient.refresh_from_db()
    assert (patient.last_name, patient.phone, patient.email) == ("Ashdown", "555-0123", "robin@example.org")


# Any therapist


def test_any_therapist_is_the_one_with_the_least_to_do_that_day(clinic):
    colleague = clinic.colleague()
    make_room(clinic.location)
    make_appointment(practitioner=clinic.therapist, starts_at=NOW.replace(hour=14))

    assert clinic.book(make_triaged(), practitioner=None).practitioner == colleague


def test_any_therapist_is_whoever_is_free(clinic):
    colleague = clinic.colleague()
    make_room(clinic.location)
    make_appointment(practitioner=colleague, starts_at=NOW.replace(hour=14))
    make_appointment(practitioner=clinic.therapist, starts_at=ELEVEN)

    assert clinic.book(make_triaged(), practitioner=None).practitioner == colleague


def test_any_therapist_with_nobody_free_is_taken(clinic):
    make_appointment(practitioner=clinic.therapist, starts_at=ELEVEN)

    with pytest.raises(TimeTaken) as refusal:
        clinic.book(make_triaged(), practitioner=None)

    assert len(refusal.value.nearest) == 3


# Staff overlap on purpose


def test_the_desk_may_overlap_with_a_reason(clinic, desk):
    clinic.book(make_triaged())

    visit = clinic.book(make_triaged(), by=desk, overlap_reason="Sisters come together")

    assert (visit.overlap_reason, visit.starts_at) == ("Sisters come together", ELEVEN)


def test_a_patient_may_not_overlap_whatever_the_reason(clinic):
    clinic.book(make_triaged())

    with pytest.raises(TimeTaken):
        clinic.book(make_triaged(), overlap_reason="I insist")


def test_what_overlaps_still_takes_up_its_time(clinic, desk):
    first = clinic.book(make_triaged())
    clinic.book(make_triaged(), ELEVEN + 30 * MINUTE, by=desk, overlap_reason="Sisters come together")
    Appointment.objects.filter(pk=first.pk).update(
        status=Status.CANCELLED, cancelled_at=NOW, cancel_reason="cannot_come"
    )

    with pytest.raises(TimeTaken):
        clinic.book(make_triaged(), ELEVEN + 30 * MINUTE)


# Sent twice


def test_the_same_form_sent_twice_is_one_visit(clinic):
    patient = make_triaged()

    first = clinic.book(patient, idempotency_key="form-1")
    second = clinic.book(patient, idempotency_key="form-1", now=NOW + MINUTE)

    assert first.pk == second.pk
    assert (Appointment.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "change", [{"starts_at": ELEVEN + timedelta(hours=2)}, {"mode": Mode.PHONE, "phone": "555-0100"}]
)
def test_a_changed_form_under_the_same_key_is_refused(clinic, change):
    patient = make_triaged()
    clinic.book(patient, idempotency_key="form-1")

    with pytest.raises(AlreadyUsed):
        clinic.book(patient, **{"idempotency_key": "form-1", **change})


def test_somebody_elses_key_opens_nothing(clinic):
    clinic.book(make_triaged(), idempotency_key="form-1")

    with pytest.raises(AlreadyUsed):
        clinic.book(make_triaged(), idempotency_key="form-1")


def test_visits_without_a_key_are_told_apart(clinic):
    clinic.book(make_triaged())
    clinic.book(make_triaged(), ELEVEN + timedelta(hours=1))

    assert Appointment.objects.filter(idempotency_key=None).count() == 2


# No e-mail


def test_without_an_address_somebody_is_asked_to_ring(clinic):
    patient = make_triaged(patient=make_patient(email=""))

    clinic.book(patient)

    assert Task.objects.get(kind=Task.Kind.CONTACT).patient == patient
    assert not Message.objects.exists()


def test_a_refused_booking_leaves_nothing_behind(clinic):
    clinic.book(make_triaged(), tell=False)
    patient = make_triaged(patient=make_patient(last_name=""))
    rows = (Message.objects.count(), Task.objects.count(), AccessLog.objects.count())

    with pytest.raises(TimeTaken):
        clinic.book(patient, contact=Contact(last_name="Ashdown"))

    patient.refresh_from_db()
    assert (Message.objects.count(), Task.objects.count(), AccessLog.objects.count()) == rows
    assert patient.last_name == ""


def test_two_locations_have_their_own_rooms_and_hours(clinic):
    riverside = make_location()
    make_room(riverside)
    make_shift(clinic.therapist, riverside, weekday=2)
    service = make_service(slug="in-person-consultation", practitioners=[clinic.therapist])

    found = find_times(
        service=service,
        mode=Mode.IN_PERSON,
        start=NOW,
        end=NOW + timedelta(days=7),
        location=riverside,
        now=NOW,
    )

    assert {(offer.location, offer.starts_at.date().isoformat()) for offer in found.offers} == {
        (riverside.pk, "2026-03-11")
    }
