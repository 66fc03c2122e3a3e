"""The clock beside a call-back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.desk.rules.clocks import clock

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "pace", "shown", "counted"),
    [
        (-12, "over", 12, True),
        (0, "over", 0, True),
        (1, "soon", 1, True),
        (15, "soon", 15, True),
        (16, "calm", 16, True),
        (60, "calm", 60, True),
        (61, "calm", 61, False),
    ],
)
def test_clock_counts_to_the_moment_it_is_due_and_on_from_there(minutes, pace, shown, counted):
    found = clock(NOW + timedelta(minutes=minutes), NOW, LONDON)

    assert (found.pace, found.minutes, found.counted) == (pace, shown, counted)


def test_a_part_of_a_minute_still_to_go_is_a_minute():
    assert clock(NOW + timedelta(seconds=10), NOW, LONDON).minutes == 1


def test_the_wall_clock_is_the_locations():
    due = clock(datetime(2026, 7, 1, 8, 0, tzinfo=UTC), NOW, LONDON)

    assert (f"{due.due:%H:%M}", due.today) == ("09:00", False)
