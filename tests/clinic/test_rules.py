"""Levels and opening hours: pure, no database."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from clinic.rules import consent
from clinic.rules.levels import Level
from clinic.rules.opening import Span, Week, add_working_days, callback_promise

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = tuple(Span(day, time(8), time(18)) for day in range(5))
WEEK = Week(spans=WEEKDAYS, zone=LONDON)


def london(*moment):
    return datetime(*moment, tzinfo=LONDON)


def test_levels_are_ordered_from_self_care_to_emergency():
    assert [level.key for level in sorted(Level)] == ["self_care", "routine", "priority", "urgent", "emergency"]


def test_a_level_is_found_by_its_key():
    assert [Level.from_key(level.key) for level in Level] == list(Level)


def test_an_unknown_key_is_refused():
    with pytest.raises(KeyError):
        Level.from_key("red")


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (london(2026, 3, 10, 7, 59), False),
        (london(2026, 3, 10, 8, 0), True),
        (london(2026, 3, 10, 17, 59), True),
        (london(2026, 3, 10, 18, 0), False),
        (london(2026, 3, 14, 12, 0), False),  # Saturday
    ],
)
def test_a_location_is_open_in_its_own_wall_clock(now, is_open):
    assert WEEK.is_open(now.astimezone(UTC)) is is_open


def test_while_open_the_promise_is_within_two_hours():
    promise = callback_promise(WEEK, london(2026, 3, 10, 10, 0))

    assert (promise.due_at, promise.open_now) == (london(2026, 3, 10, 12, 0), True)


def test_near_closing_time_the_promise_ends_with_the_day():
    promise = callback_promise(WEEK, london(2026, 3, 10, 17, 15))

    assert promise.due_at == london(2026, 3, 10, 18, 0)


def test_in_the_lunch_break_the_promise_is_the_next_opening():
    week = Week(spans=(Span(1, time(8), time(12)), Span(1, time(13), time(18))), zone=LONDON)

    promise = callback_promise(week, london(2026, 3, 10, 12, 30))

    assert (promise.due_at, promise.open_now) == (london(2026, 3, 10, 13, 0), False)


def test_on_friday_night_the_promise_is_monday_morning():
    promise = callback_promise(WEEK, london(2026, 3, 13, 20, 0))

    assert (promise.due_at, promise.open_now, promise.opens_at) == (
        london(2026, 3, 16, 8, 0),
        False,
        london(2026, 3, 16, 8, 0),
    )


def test_a_closed_day_is_passed_over():
    week = Week(spans=WEEKDAYS, zone=LONDON, closed_on=frozenset({date(2026, 3, 16)}))

    assert callback_promise(week, london(2026, 3, 13, 20, 0)).due_at == london(2026, 3, 17, 8, 0)


def test_over_the_night_the_clocks_change_the_opening_stays_at_eight_by_the_wall():
    promise = callback_promise(WEEK, london(2026, 3, 28, 20, 0))  # clocks go forward on Sunday the 29th

    assert promise.due_at == london(2026, 3, 30, 8, 0)
    assert promise.due_at.astimezone(UTC).hour == 7


def test_a_location_without_hours_is_due_at_once():
    now = london(2026, 3, 10, 10, 0)

    assert callback_promise(Week(spans=(), zone=LONDON), now).due_at == now


def test_five_working_days_pass_over_the_weekend():
    assert add_working_days(WEEK, london(2026, 3, 10, 10, 0), 5) == london(2026, 3, 17, 18, 0)


def test_five_working_days_pass_over_a_closed_day():
    week = Week(spans=WEEKDAYS, zone=LONDON, closed_on=frozenset({date(2026, 3, 12)}))

    assert add_working_days(week, london(2026, 3, 10, 10, 0), 5) == london(2026, 3, 18, 18, 0)


def test_without_opening_hours_working_days_are_days():
    now = london(2026, 3, 10, 10, 0)

    assert add_working_days(Week(spans=(), zone=LONDON), now, 5) == now + timedelta(days=5)


def test_the_words_of_consent_and_their_version_change_together():
    """Changed the words? Give them a new version, then write the new pair here."""
    said = sha256(str(consent.WORDS).encode()).hexdigest()[:12]

    assert (consent.VERSION, said) == ("2026-11", "e059d084ba2f")
