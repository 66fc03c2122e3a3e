"""Free times from the rows of the database, in a number of queries that never grows."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Appointment, ShiftException, TimeOff
from bookings.rules.capability import Allowed
from bookings.rules.states import Mode, Status
from bookings.services import find_times, working_hours
from bookings.services.choosing import times_to_choose
from clinic.models import Closure, Patient, Room
from clinic.rules.levels import Level
from tests.factories_bookings import make_appointment, make_hold, make_service, make_shift, make_triaged, make_week
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TOMORROW = NOW.replace(hour=0) + DAY


def clocks(clinic, *, start=TOMORROW, end=TOMORROW + DAY, **fields):
    found = find_times(
        **{
            "service": clinic.service,
            "mode": Mode.IN_PERSON,
            "start": start,
            "end": end,
            "now": NOW,
            **fields,
        }
    )
    return [f"{offer.starts_at:%H:%M}" for offer in found.offers]


@pytest.fixture
def hourly(clinic):
    """Visits of an hour, on the hour, from 09:00 to 12:00 tomorrow."""
    clinic.service.minutes, clinic.service.buffer_minutes, clinic.service.step_minutes = 60, 0, 60
    clinic.service.save()
    for shift in clinic.shifts:
        shift.ends = time(12)
        shift.save()
    return clinic


def test_shifts_are_offered(hourly):
    assert clocks(hourly) == ["09:00", "10:00", "11:00"]


def test_a_fortnightly_shift_is_read_from_its_row(hourly):
    shift = hourly.shifts[2]
    shift.every_weeks, shift.valid_from = 2, date(2026, 3, 4)
    shift.save()

    assert clocks(hourly) == []
    assert clocks(hourly, start=TOMORROW + 7 * DAY, end=TOMORROW + 8 * DAY) == ["09:00", "10:00", "11:00"]


@pytest.mark.parametrize(
    ("kind", "starts", "ends", "left"),
    [
        ("off", None, None, []),
        ("off", time(10), time(11), ["09:00", "11:00"]),
        ("extra", time(14), time(15), ["09:00", "10:00", "11:00", "14:00"]),
    ],
)
def test_a_changed_day_is_read_from_its_row(hourly, kind, starts, ends, left):
    ShiftException.objects.create(
        practitioner=hourly.therapist,
        location=hourly.location,
        day=TOMORROW.date(),
        kind=kind,
        starts=starts,
        ends=ends,
    )

    assert clocks(hourly) == left


def test_time_off_and_closures_are_read_from_their_rows(hourly):
    TimeOff.objects.create(practitioner=hourly.therapist, starts_on=TOMORROW.date() - DAY, ends_on=TOMORROW.date())
    Closure.objects.create(location=hourly.location, day=TOMORROW.date() + DAY)

    assert clocks(hourly, end=TOMORROW + 3 * DAY) == ["09:00", "10:00", "11:00"]


def test_what_is_away_elsewhere_takes_nothing_away(hourly):
    TimeOff.objects.create(practitioner=make_practitioner(), starts_on=TOMORROW.date(), ends_on=TOMORROW.date())
    Closure.objects.create(location=make_location(), day=TOMORROW.date())

    assert len(clocks(hourly)) == 3


def test_every_therapist_who_gives_the_service_is_offered(hourly):
    colleague = hourly.colleague()
    make_week(make_practitioner(), hourly.location)

    found = find_times(service=hourly.service, mode=Mode.PHONE, start=TOMORROW, end=TOMORROW + DAY, now=NOW)

    assert {offer.practitioner for offer in found.offers} == {hourly.therapist.pk, colleague.pk}
    assert set(found.practitioners) == {hourly.therapist.pk, colleague.pk}


def test_t25_a_therapist_full_with_one_kind_of_visit_is_not_offered_for_another(hourly):
    other = make_service(practitioners=[hourly.therapist], minutes=20)
    for hour in (9, 10, 11):
        make_appointment(
            practitioner=hourly.therapist,
            service=other,
            starts_at=TOMORROW.replace(hour=hour),
            free_again_at=TOMORROW.replace(hour=hour) + timedelta(hours=1),
        )

    assert clocks(hourly) == []


def test_a_visit_that_began_the_day_before_still_counts(hourly):
    make_appointment(
        practitioner=hourly.therapist,
        starts_at=TOMORROW + timedelta(hours=7, minutes=30),
        ends_at=TOMORROW + timedelta(hours=9, minutes=30),
        free_again_at=TOMORROW + timedelta(hours=9, minutes=30),
    )

    assert clocks(hourly) == ["10:00", "11:00"]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NOSHOW])
def test_what_does_not_happen_is_free(hourly, status):
    make_appointment(practitioner=hourly.therapist, starts_at=TOMORROW.replace(hour=10), status=status)

    assert len(clocks(hourly)) == 3


def test_t9_a_hold_counts_until_it_runs_out(hourly):
    hold = make_hold(practitioner=hourly.therapist, starts_at=TOMORROW.replace(hour=10))

    assert clocks(hourly, now=hold.held_until - MINUTE) == ["09:00", "11:00"]
    assert clocks(hourly, now=hold.held_until) == ["09:00", "10:00", "11:00"]


def test_an_overlap_on_purpose_takes_up_its_time(hourly):
    make_appointment(practitioner=hourly.therapist, starts_at=TOMORROW.replace(hour=10), overlap_reason="Sisters")

    assert clocks(hourly) == ["09:00", "11:00"]


def test_a_visit_on_the_move_counts_its_own_time_as_free(hourly):
    visit = make_appointment(practitioner=hourly.therapist, starts_at=TOMORROW.replace(hour=10))

    assert clocks(hourly, moving=visit) == ["09:00", "10:00", "11:00"]


def test_staff_see_what_is_too_soon_for_patients(hourly):
    hourly.service.notice_minutes = 2 * 24 * 60
    hourly.service.save()

    assert clocks(hourly) == []
    assert len(clocks(hourly, staff=True)) == 3


def test_a_service_that_is_not_given_that_way_has_no_times(hourly):
    hourly.service.by_phone = False

    assert clocks(hourly, mode=Mode.PHONE) == []


def test_a_room_of_another_kind_does_not_help(hourly):
    Room.objects.update(kind=Room.Kind.GYM)

    assert clocks(hourly) == []
    assert len(clocks(hourly, mode=Mode.PHONE)) == 3


def test_working_hours_of_a_day_are_cut_at_midnight(hourly):
    make_shift(hourly.therapist, hourly.location, weekday=2, starts=time(22), ends=time(2))
    off = {"day": TOMORROW.date(), "kind": "off", "starts": time(10), "ends": time(11)}
    ShiftException.objects.create(practitioner=hourly.therapist, location=hourly.location, **off)

    assert working_hours(day=TOMORROW.date(), location=hourly.location) == {
        hourly.therapist.pk: [
            (TOMORROW.replace(hour=9), TOMORROW.replace(hour=10)),
            (TOMORROW.replace(hour=11), TOMORROW.replace(hour=12)),
            (TOMORROW.replace(hour=22), TOMORROW + DAY),
        ]
    }


# How many questions the database is asked


def questions(clinic, days=28, **fields):
    with CaptureQueriesContext(connection) as queries:
        clocks(clinic, end=TOMORROW + days * DAY, **fields)
    return len(queries)


def fill(clinic, therapists, days):
    """``therapists`` more of them, each with eight visits on every one of ``days`` days, made in a few statements."""
    people = Patient.objects.bulk_create(
        Patient(first_name=f"Patient {n}", date_of_birth=date(1980, 1, 1)) for n in range(8 * days)
    )
    visits = []
    for number in range(therapists):
        colleague = clinic.colleague(f"Therapist {number}")
        for day in range(days):
            for slot in range(8):
                starts_at = TOMORROW.replace(hour=9) + day * DAY + slot * timedelta(hours=1)
                visits.append(
                    Appointment(
                        service=clinic.service,
                        practitioner=colleague,
                        patient=people[day * 8 + slot],
                        location=clinic.location,
                        mode=Mode.PHONE,
                        phone="555-0177",
                        starts_at=starts_at,
                        ends_at=starts_at + timedelta(minutes=30),
                        free_again_at=starts_at + timedelta(minutes=30),
                        status=Status.BOOKED if number == 0 else Status.CANCELLED,
                        cancel_reason="" if number == 0 else "other",
                        cancelled_at=None if number == 0 else NOW,
                        booked_at=NOW,
                        booked_by="system",
                        created_at=NOW,
                    )
                )
    Appointment.objects.bulk_create(visits)


def test_t35_four_questions_for_any_range_any_number_of_therapists_and_any_history(clinic):
    counts = {questions(clinic, days=days) for days in (1, 28, 60)}
    fill(clinic, therapists=10, days=28)

    assert counts | {
        questions(clinic),
        questions(clinic, mode=Mode.PHONE),
        questions(clinic, patient=make_patient()),
    } == {4}


def test_t24_no_free_time_at_all_is_known_after_five_questions(clinic):
    for shift in clinic.shifts:
        shift.delete()

    with CaptureQueriesContext(connection) as queries:
        found = times_to_choose(
            service=clinic.service, mode=Mode.IN_PERSON, location=clinic.location, row=None, now=NOW
        )

    assert (found.earliest, found.days) == (None, [])
    assert len(queries) <= 5


def test_a_booking_asks_the_same_number_of_questions_whatever_the_history(clinic):
    def asked(starts_at):
        patient = make_triaged()
        with CaptureQueriesContext(connection) as queries:
            clinic.book(patient, starts_at)
        return len(queries)

    first = asked(TOMORROW.replace(hour=11))
    fill(clinic, therapists=5, days=10)

    assert asked(TOMORROW.replace(hour=13)) == first


# The page's choice of a week


def choose(clinic, **fields):
    return times_to_choose(
        **{
            "service": clinic.service,
            "mode": Mode.IN_PERSON,
            "location": clinic.location,
            "row": None,
            "now": NOW,
            **fields,
        }
    )


def days_of(times):
    return [day.day.isoformat() for day in times.days]


def test_a_week_is_shown_from_today(hourly):
    times = choose(hourly)

    assert days_of(times) == ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16"]
    assert (times.before, times.after) == (None, date(2026, 3, 17))


def test_and_the_next_week_and_back(hourly):
    times = choose(hourly, first=date(2026, 3, 17))

    assert days_of(times)[0] == "2026-03-17"
    assert (times.before, times.after) == (date(2026, 3, 10), date(2026, 3, 24))


@pytest.mark.parametrize("first", [date(2020, 1, 1), date(2099, 1, 1)])
def test_a_day_out_of_range_is_brought_back_into_it(hourly, first):
    assert choose(hourly, first=first).first >= NOW.date()


def test_morning_and_afternoon_are_told_apart_on_the_wall_clock(clinic):
    summer = NOW + timedelta(days=120)

    [first, *_rest] = choose(clinic, now=summer.replace(hour=6)).days

    assert (first.morning[0].clock, first.morning[-1].clock) == ("09:00", "11:50")
    assert (first.afternoon[0].clock, first.afternoon[-1].clock) == ("12:00", "16:20")


def test_a_window_is_shown_whole_without_paging(hourly):
    row = Allowed(Level.PRIORITY, "assessment", (Mode.IN_PERSON,), within=5)

    times = choose(hourly, row=row)

    assert (days_of(times)[0], days_of(times)[-1]) == ("2026-03-10", "2026-03-17")
    assert (times.before, times.after, times.late) == (None, None, False)


def test_a_page_ends_with_the_day_that_has_enough_times(clinic):
    clinic.service.step_minutes = 15  # thirty times a day
    clinic.service.save()

    times = choose(clinic, now=NOW.replace(hour=6))
    following = choose(clinic, first=times.after)

    assert days_of(times) == ["2026-03-10", "2026-03-11"]
    assert days_of(following) == ["2026-03-12", "2026-03-13"]
    assert (following.before, following.after) == (NOW.date(), date(2026, 3, 16))


def test_a_window_with_many_times_is_paged_and_ends_where_it_ends(clinic):
    clinic.service.step_minutes = 15
    clinic.service.save()
    row = Allowed(Level.PRIORITY, "assessment", (Mode.IN_PERSON,), within=5)

    shown, first = [], None
    for _ in range(9):
        times = choose(clinic, row=row, first=first)
        shown += days_of(times)
        first = times.after
        if first is None:
            break

    assert shown == ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16", "2026-03-17"]


def test_a_closed_day_is_no_working_day_of_the_window(hourly):
    Closure.objects.create(location=hourly.location, day=date(2026, 3, 12))
    row = Allowed(Level.PRIORITY, "assessment", (Mode.IN_PERSON,), within=5)

    assert days_of(choose(hourly, row=row))[-1] == "2026-03-18"


def test_a_phone_visit_is_offered_with_therapists_of_every_place(hourly):
    riverside = make_location()
    colleague = make_practitioner()
    make_week(colleague, riverside, starts=time(18), ends=time(20))
    hourly.service.practitioners.add(colleague)

    times = choose(hourly, mode=Mode.PHONE)

    assert {slot.offer.location for day in times.days for slot in day.morning + day.afternoon} == {
        hourly.location.pk,
        riverside.pk,
    }
    assert "18:00" in {slot.clock for day in times.days for slot in day.afternoon}


def test_one_time_of_two_therapists_is_one_button_with_the_less_busy_one(hourly):
    colleague = hourly.colleague()
    make_room(hourly.location)
    make_appointment(practitioner=hourly.therapist, starts_at=TOMORROW.replace(hour=9))

    [tomorrow] = [day for day in choose(hourly).days if day.day == TOMORROW.date()]

    assert [(slot.clock, slot.offer.practitioner) for slot in tomorrow.morning] == [
        ("09:00", colleague.pk),
        ("10:00", colleague.pk),
        ("11:00", colleague.pk),
    ]
