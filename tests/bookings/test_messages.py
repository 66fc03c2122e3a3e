"""What patients are told: when, where, with whom; never why. And the calendar file that goes with it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from icalendar import Calendar

from bookings.rules.states import Mode
from bookings.services import cancel_appointment, move_appointment, switch_mode
from bookings.services.messages import LINK_LASTS_AFTER
from bookings.services.visits import visit_by_link
from clinic.models import Message
from clinic.rules.access import Role
from tests.factories_bookings import make_appointment, make_service, make_triaged
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db

TWO, THREE = NOW.replace(hour=14), NOW.replace(hour=15)


@pytest.fixture
def visit(clinic):
    return clinic.book(make_triaged())


def last_message():
    return Message.objects.order_by("pk").last()


def link_in(message):
    return re.search(rf"{re.escape(settings.SITE_URL)}/visit/(\S+?)/\s", message.text)[1]


def event_in(message):
    calendar = Calendar.from_ical(message.attachments[0]["text"])
    return calendar, calendar.walk("VEVENT")[0]


def move(visit, starts_at):
    return move_appointment(appointment=visit, starts_at=starts_at, by=visit.patient, now=NOW)


def test_the_confirmation_says_when_where_and_with_whom(clinic, visit):
    message = last_message()

    assert message.subject == "Your visit is booked: Tuesday 10 March, 11:00"
    for body in (message.text, message.html):
        for words in (
            "Hello Robin",
            "Tuesday 10 March, 11:00",
            "London time",
            "Mara Ellisande",
            clinic.location.name,
            clinic.location.phone,
        ):
            assert words in body


def test_a_phone_visit_says_who_calls_whom(clinic):
    clinic.book(make_triaged(), mode=Mode.PHONE, phone="555-0177")

    assert "Mara Ellisande calls you on 555-0177." in last_message().text


def test_the_link_opens_the_visit(visit):
    assert visit_by_link(link_in(last_message()), now=NOW) == visit


def test_t36_the_first_link_opens_the_visit_as_it_is_after_two_moves(visit):
    first = link_in(last_message())
    moved = move(move(visit, TWO), THREE)

    assert visit_by_link(first, now=NOW).starts_at == moved.starts_at == THREE


def test_a_link_lasts_a_month_beyond_the_visit(visit):
    token = link_in(last_message())
    last = visit.ends_at + LINK_LASTS_AFTER

    assert visit_by_link(token, now=last - timedelta(minutes=1)) == visit
    assert visit_by_link(token, now=last + timedelta(minutes=1)) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "../../etc"])
def test_a_link_that_nobody_made_opens_nothing(visit, token):
    assert visit_by_link(token, now=NOW) is None


def test_every_change_is_told_once_with_the_new_time(visit):
    move(visit, TWO)

    message = last_message()
    assert (message.kind, message.subject) == ("moved", "Your visit has changed: Tuesday 10 March, 14:00")
    assert Message.objects.count() == 2


def test_a_cancellation_says_how_to_book_again(visit):
    cancel_appointment(appointment=visit, reason="cannot_come", by=visit.patient, now=NOW)

    message = last_message()
    assert message.kind == "cancelled"
    assert f"{settings.SITE_URL}/book/" in message.text
    assert "/visit/" not in message.text


def test_a_cancelled_phone_visit_promises_no_call(clinic):
    visit = clinic.book(make_triaged(), mode=Mode.PHONE, phone="555-0177")

    cancel_appointment(appointment=visit, reason="cannot_come", by=visit.patient, now=NOW)

    message = last_message()
    for body in (message.text, message.html):
        assert "It was with Mara Ellisande." in body
        assert "calls you" not in body


def test_staff_may_leave_the_patient_untold(clinic):
    desk = make_user(role=Role.FRONT_DESK)
    visit = clinic.book(make_triaged(), by=desk, tell=False)
    move_appointment(appointment=visit, starts_at=TWO, tell=False, by=desk, now=NOW)

    assert not Message.objects.exists()


def test_t21_the_calendar_file_follows_the_visit(clinic, visit):
    seen = [event_in(last_message())]
    moved = move(visit, TWO)
    seen.append(event_in(last_message()))
    switched = switch_mode(appointment=moved, mode=Mode.PHONE, by=visit.patient, now=NOW)
    seen.append(event_in(last_message()))
    cancel_appointment(appointment=switched, reason="other", by=visit.patient, now=NOW)
    seen.append(event_in(last_message()))

    assert len({str(event["uid"]) for _calendar, event in seen}) == 1
    assert [event["sequence"] for _calendar, event in seen] == [0, 1, 2, 3]
    assert [str(calendar["method"]) for calendar, _event in seen] == ["PUBLISH", "PUBLISH", "PUBLISH", "CANCEL"]
    assert all(event["dtstart"].params["TZID"] == "Europe/London" for _calendar, event in seen)


def test_t22_a_third_move_counts_three(visit):
    for hour in (14, 15, 14):
        visit = move(visit, NOW.replace(hour=hour))

    assert event_in(last_message())[1]["sequence"] == 3


@pytest.mark.parametrize("kind", ["booked", "moved", "cancelled"])
def test_t21_nothing_about_health_leaves_the_clinic(clinic, kind):
    clinic.service.name = "Pelvic-floor and core assessment"
    clinic.service.preparation = "Bring the numbness diary"
    clinic.service.save()
    visit = clinic.book(make_triaged(because=["Numbness between the legs: No"]))
    if kind == "moved":
        move(visit, TWO)
    elif kind == "cancelled":
        cancel_appointment(appointment=visit, reason="feels_better", by=visit.patient, now=NOW)

    message = last_message()
    leaves = " ".join([message.subject, message.text, message.html, message.attachments[0]["text"]]).lower()
    assert message.kind == kind
    for word in ("pelvic", "assessment", "numb", "back pain", "routine", "better", "physio for", "diary"):
        assert word not in leaves


def test_names_are_written_safely_in_html_and_as_they_are_in_text(clinic):
    clinic.therapist.name = "Anaïs O’Hara & <Söhne>"
    clinic.therapist.save()

    clinic.book(make_triaged())

    message = last_message()
    assert "Anaïs O’Hara & <Söhne>" in message.text
    assert "Anaïs O’Hara &amp; &lt;Söhne&gt;" in message.html


def test_a_patient_in_another_zone_is_told_the_clinics_clock():
    place = make_location(time_zone="America/New_York")
    visit = make_appointment(
        location=place, service=make_service(), practitioner=make_practitioner(), patient=make_patient()
    )

    cancel_appointment(appointment=visit, reason="other", by=visit.patient, now=NOW)

    assert "Wednesday 11 March, 06:00 (New York time)" in last_message().text
