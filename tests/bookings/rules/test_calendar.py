"""The calendar file, read back by the library that calendars of the world are tested with."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from bookings.rules.calendar import CalendarVisit, build_calendar

VISIT = CalendarVisit(
    uid="abc@clinic.example.org",
    sequence=0,
    starts_at=datetime(2026, 7, 7, 9, 0, tzinfo=UTC),
    ends_at=datetime(2026, 7, 7, 9, 40, tzinfo=UTC),
    zone=ZoneInfo("Europe/London"),
    summary="Appointment with Mara Ellisande",
    place="Northgate, 14 Alder Row",
    description="To reach us: 555-0142",
    organizer="Wrenlow Physiotherapy",
    organizer_email="hello@example.org",
    stamp=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
)


def read(**fields):
    calendar = Calendar.from_ical(build_calendar(CalendarVisit(**{**VISIT.__dict__, **fields})))
    return calendar, calendar.walk("VEVENT")[0]


def test_times_are_on_the_wall_clock_with_their_zone():
    _calendar, event = read()

    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event.decoded("dtstart").strftime("%H:%M %z") == "10:00 +0100"
    assert event.decoded("dtend") == VISIT.ends_at


def test_the_zone_itself_is_in_the_file():
    calendar, _event = read()

    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]


def test_the_zone_knows_the_change_of_the_clocks_and_not_a_century_of_them():
    for month, clock in [(1, "09:00 +0000"), (7, "10:00 +0100"), (12, "09:00 +0000")]:
        moment = datetime(2026, month, 7, 9, 0, tzinfo=UTC)
        calendar, event = read(starts_at=moment, ends_at=moment)

        own_zone = calendar.walk("VTIMEZONE")[0].to_tz()
        assert event["dtstart"].dt.replace(tzinfo=own_zone).strftime("%H:%M %z") == clock
    assert len(build_calendar(VISIT)) < 1500


@pytest.mark.parametrize("sequence", [0, 1, 7])
def test_a_change_keeps_the_uid_and_counts_up(sequence):
    calendar, event = read(sequence=sequence)

    assert (str(event["uid"]), event["sequence"], str(calendar["method"])) == (VISIT.uid, sequence, "PUBLISH")
    assert str(event["status"]) == "CONFIRMED"


def test_a_cancelled_visit_is_taken_out():
    calendar, event = read(cancelled=True, sequence=2)

    assert (str(calendar["method"]), str(event["status"])) == ("CANCEL", "CANCELLED")


def test_it_says_who_sent_it_and_when():
    _calendar, event = read()

    assert str(event["organizer"]) == "MAILTO:hello@example.org"
    assert event.decoded("dtstamp") == VISIT.stamp


def test_no_line_is_longer_than_calendars_take():
    assert all(len(line) <= 75 for line in build_calendar(VISIT).split(b"\r\n"))
