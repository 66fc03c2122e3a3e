"""By when we ring, as a sentence on the clinic's wall clock."""

from datetime import UTC, datetime, timedelta

import pytest

from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_location, make_patient, make_task
from triage.services import promises

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 3, 14, 23, 0, tzinfo=UTC)
EARLY = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)


def said(now, *, due_at=None, has_phone=True, **fields):
    location = make_location(**fields)
    due_at = due_at or promises.call_back_due(level=Level.URGENT, location=location, now=now)
    return promises.urgent_words(due_at=due_at, location=location, has_phone=has_phone, now=now).sentence


def test_open_means_today_before():
    assert said(NOW) == "We will ring you today before 12:00, London time."


def test_late_in_the_day_it_is_before_we_close():
    assert said(datetime(2026, 3, 10, 17, 20, tzinfo=UTC)) == "We will ring you today before 18:00, London time."


def test_nobody_promises_an_odd_minute():
    now = datetime(2026, 3, 10, 10, 3, 27, tzinfo=UTC)

    assert said(now) == "We will ring you today before 12:00, London time."


def test_closed_names_the_number_to_ring_and_the_opening():
    assert said(SATURDAY) == (
        "We are closed: ring 555-0111 now if it cannot wait. "
        "We will ring you when we open, Monday 16 March, 08:00, London time."
    )


def test_closed_before_opening_says_today():
    assert said(EARLY).endswith("We will ring you when we open, today, 08:00, London time.")


def test_the_clock_is_the_locations_own():
    assert said(NOW, time_zone="America/New_York").endswith("when we open, today, 08:00, New York time.")


def test_without_an_advice_number_it_is_the_emergency_number():
    assert said(SATURDAY, urgent_advice_number="").startswith("We are closed: ring 555-0199 now")


def test_without_a_phone_number_we_say_that_we_cannot_ring():
    assert said(NOW, has_phone=False) == ("We cannot ring you without a phone number. Please ring us now on 555-0142.")
    assert said(SATURDAY, has_phone=False) == (
        "We are closed, and we cannot ring you without a phone number: ring 555-0111 now if it cannot wait. "
        "Or ring us when we open, Monday 16 March, 08:00, London time, on 555-0142."
    )


def test_a_promise_that_we_did_not_keep_is_not_repeated():
    assert (
        said(NOW, due_at=NOW - timedelta(minutes=1)) == "We wanted to have rung you by now. Please ring us on 555-0142."
    )


def test_without_opening_hours_no_time_is_promised():
    assert said(NOW, hours=False) == "If it cannot wait, ring 555-0111 now. Our number is 555-0142."


def test_beside_an_emergency_no_time_is_named_while_we_are_open():
    assert promises.emergency_sentence(location=make_location(), now=NOW) == (
        "We have asked a person here to ring you. Do not wait for that call."
    )


def test_beside_an_emergency_a_closed_clinic_says_so():
    assert promises.emergency_sentence(location=make_location(), now=SATURDAY) == (
        "We are closed. We have asked a person here to ring you when we open, Monday 16 March, 08:00, London time. "
        "Do not wait for that."
    )


def test_the_call_a_patient_waits_for_is_the_soonest_open_one():
    patient = make_patient()
    late = make_task(patient=patient, due_at=NOW + timedelta(hours=2))
    soon = make_task(patient=patient, due_at=NOW + timedelta(hours=1))

    assert promises.open_call(patient) == soon
    assert promises.open_call(late.patient) == soon
    assert promises.open_call(make_patient()) is None


@pytest.mark.parametrize(
    ("now", "has_phone", "number"), [(NOW, True, ""), (NOW, False, "555-0142"), (SATURDAY, True, "555-0111")]
)
def test_a_number_to_ring_stands_beside_what_cannot_wait(now, has_phone, number):
    location = make_location()
    due_at = promises.call_back_due(level=Level.URGENT, location=location, now=now)

    assert promises.urgent_words(due_at=due_at, location=location, has_phone=has_phone, now=now).ring == number
