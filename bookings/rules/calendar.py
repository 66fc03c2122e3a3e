"""A visit as a calendar file (RFC 5545): one UID for life, SEQUENCE counts the changes, times with their zone.

A calendar is shared with employers and families: nothing about health goes in, not even which kind of visit it is.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText


@dataclass(frozen=True)
class CalendarVisit:
    """What a calendar is told. ``uid`` never changes; ``stamp`` is when this version was written."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    summary: str
    place: str
    description: str
    organizer: str
    organizer_email: str
    stamp: datetime
    cancelled: bool = False


def build_calendar(visit: CalendarVisit) -> bytes:
    """The file that adds the visit to a calendar, changes it there, or takes it out."""
    event = Event()
    event.add("uid", visit.uid)
    event.add("sequence", visit.sequence)
    event.add("dtstamp", visit.stamp)
    event.add("dtstart", visit.starts_at.astimezone(visit.zone))
    event.add("dtend", visit.ends_at.astimezone(visit.zone))
    event.add("summary", visit.summary)
    event.add("location", visit.place)
    event.add("description", visit.description)
    event.add("status", "CANCELLED" if visit.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    organizer = vCalAddress(f"MAILTO:{visit.organizer_email}")
    organizer.params["cn"] = vText(visit.organizer)
    event.add("organizer", organizer)

    calendar = Calendar()
    calendar.add("prodid", f"-//{visit.organizer}//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if visit.cancelled else "PUBLISH")
    calendar.add_component(event)
    year = visit.starts_at.year  # the zone's changes of the clock around the visit are all that a calendar needs
    calendar.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    return calendar.to_ical()
