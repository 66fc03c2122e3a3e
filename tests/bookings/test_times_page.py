"""The page of times: by day, with place, therapist, mode and zone; always the same number of questions to the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.models import Appointment
from bookings.rules.states import Mode
from clinic.models import Room
from clinic.rules.levels import Level
from tests.bookings.conftest import visitor
from tests.bookings.pages import choice, queries_of, times_on, words
from tests.factories_bookings import make_appointment, make_triaged, make_week
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize("level", [None, Level.EMERGENCY, Level.URGENT])
def test_times_are_not_shown_to_those_who_may_not_book(clinic, level):
    client = visitor(make_triaged(level)) if level else visitor()

    for method in ("get", "post"):
        response = getattr(client, method)(reverse("bookings:times"), {"time": choice(clinic)})

        assert response["Location"] == reverse("bookings:start")
    assert not Appointment.objects.exists()


def test_times_are_grouped_by_day_with_place_therapist_mode_and_zone(clinic):
    page = visitor(make_triaged()).get(reverse("bookings:times"))

    text = words(page)
    for said in (
        "Comprehensive assessment, 40 minutes , in person",
        "All times are London time.",
        clinic.location.name,
        "Tuesday 10 March",
        "Today",
        "Wednesday 11 March",
        "Tomorrow",
        "Morning",
        "Afternoon",
        "Mara Ellisande",
        "Earliest Tuesday 10 March, 10:00",
    ):
        assert said in text
    assert times_on(page)[0] == times_on(page)[1] == choice(clinic, NOW)


def test_t23_where_the_server_and_the_browser_stand_changes_nothing(clinic):
    client = visitor(make_triaged())
    here = words(client.get(reverse("bookings:times")))

    with timezone.override("Asia/Tokyo"):
        assert words(client.get(reverse("bookings:times"))) == here


def test_by_phone_shows_the_times_by_phone(clinic):
    clinic.room.delete()
    client = visitor(make_triaged())

    assert times_on(client.get(reverse("bookings:times"))) == []
    page = client.get(reverse("bookings:times"), {"how": "phone"})
    assert times_on(page)[0] == choice(clinic, NOW, mode=Mode.PHONE)


def test_one_therapist_can_be_chosen(clinic):
    colleague = clinic.colleague()
    make_appointment(practitioner=colleague, starts_at=NOW)

    page = visitor(make_triaged()).get(reverse("bookings:times"), {"who": colleague.pk})

    assert all(f"~{colleague.pk}~" in one for one in times_on(page))
    assert "Earliest Tuesday 10 March, 10:50" in words(page)


def test_one_place_can_be_chosen(clinic):
    riverside = make_location(name="Riverside", position=2)
    make_room(riverside)
    make_week(clinic.therapist, riverside)

    page = visitor(make_triaged()).get(reverse("bookings:times"), {"where": riverside.slug})

    assert all(f"~{riverside.pk}~" in one for one in times_on(page))


def test_a_full_week_leads_to_the_first_free_time_after_it(clinic):
    clinic.shifts[1].delete()
    for shift in clinic.shifts[:1] + clinic.shifts[2:]:
        shift.valid_from = NOW.date() + timedelta(days=20)
        shift.save()

    page = visitor(make_triaged()).get(reverse("bookings:times"))

    assert "Earliest Monday 30 March, 09:00" in words(page)


def test_t24_without_any_hours_the_answer_is_short_and_names_the_phone(clinic):
    for shift in clinic.shifts:
        shift.delete()

    page = visitor(make_triaged()).get(reverse("bookings:times"))

    assert "There is nothing free in the next 60 days" in words(page)
    assert clinic.location.phone in words(page)


def test_priority_sees_its_five_working_days(clinic):
    page = visitor(make_triaged(Level.PRIORITY)).get(reverse("bookings:times"))

    assert "Tuesday 17 March" in words(page)
    assert "Wednesday 18 March" not in words(page)


def test_priority_with_nothing_free_sees_the_first_later_time_alone(clinic):
    for shift in clinic.shifts:
        shift.valid_from = NOW.date() + timedelta(days=8)
        shift.save()

    page = visitor(make_triaged(Level.PRIORITY)).get(reverse("bookings:times"))

    assert "Nothing is free within five working days" in words(page)
    assert times_on(page) == [choice(clinic, NOW.replace(day=18, hour=9))]


@pytest.mark.parametrize(
    "asked",
    [
        {"service": "made-up"},
        {"how": "by pigeon"},
        {"who": "nobody"},
        {"who": "9" * 30},
        {"who": "٣"},
        {"where": "the moon"},
        {"from": "soon"},
        {"from": "0001-01-01"},
        {"from": "9999-12-31"},
    ],
)
def test_odd_questions_get_a_page(clinic, asked):
    assert visitor(make_triaged()).get(reverse("bookings:times"), asked).status_code == 200


def test_t7_looking_at_times_writes_nothing(clinic):
    client = visitor(make_triaged())

    with CaptureQueriesContext(connection) as queries:
        for address in (reverse("bookings:start"), reverse("bookings:times"), reverse("bookings:details")):
            client.get(address)

    assert [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "(SELECT", "SAVEPOINT", "RELEASE"))] == []


def test_a_therapist_nobody_knows_shows_no_times(clinic):
    make_practitioner()

    assert times_on(visitor(make_triaged()).get(reverse("bookings:times"), {"who": 999_999})) == []


def test_t35_the_page_of_times_asks_the_same_number_of_questions_at_one_and_at_thirty(clinic):
    client = visitor(make_triaged())
    address = reverse("bookings:times")
    once = queries_of(client, address)
    for number in range(10):
        therapist = clinic.colleague(f"Therapist {number}")
        for hour in (9, 11, 13):
            make_appointment(
                practitioner=therapist,
                location=clinic.location,
                starts_at=NOW.replace(day=11, hour=hour),
                service=clinic.service,
                patient=make_patient(),
            )
        make_room(clinic.location, kind=Room.Kind.TREATMENT)

    assert queries_of(client, address) == once
