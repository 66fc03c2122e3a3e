"""What every page of the desk shares: the frame, words for clocks and states, and the way back."""

import json
from datetime import datetime
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.desk.rules.clocks import Clock, Pace, clock
from bookings.desk.services.version import version_of_the_desk
from clinic.models import Location, Practitioner, Task
from triage.models import Intake
from triage.rules.wording import for_level


def desk_page(request, template, context=None, *, status=200, waiting=None):
    """Render a page in the desk's frame. ``waiting`` is the number of open call-backs when the view has counted them."""
    frame = {
        "calls_waiting": Task.objects.open().call_backs().count() if waiting is None else waiting,
        "here": request.get_full_path(),
    }
    response = render(request, template, {**frame, **(context or {})}, status=status)
    response["X-Desk"] = "page"
    return response


def is_fragment(request) -> bool:
    """Whether htmx asks: for a part of the page, not for the page."""
    return request.headers.get("HX-Request") == "true"


def tag_of(version: str, now) -> str:
    """The ETag of a page that keeps itself up to date. Clocks are part of it, so a new minute is a new page."""
    return f'"{version}-{now:%Y%m%d%H%M}"'


def unchanged(request, now) -> bool:
    """Whether what the browser has is what we would send. One query."""
    return request.headers.get("If-None-Match") == tag_of(version_of_the_desk(), now)


def poll_headers(tag: str) -> str:
    """What htmx sends when it asks again. ``X-Poll`` says that nobody clicked: polling keeps no session alive."""
    return json.dumps({"X-Poll": "1", "If-None-Match": tag})


def way_back(request, otherwise: str) -> str:
    """Where the form came from, if that is a page of the desk; else ``otherwise``."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith(reverse("desk:board"))
    return address if ours else otherwise


def board_address(visit, *, chosen=True) -> str:
    """The board of a visit's day at its location, with its panel open."""
    day = visit.starts_at.astimezone(visit.location.zone).date()
    address = reverse("desk:board_on", args=[visit.location.slug, day.isoformat()])
    return f"{address}?visit={visit.pk}#v{visit.pk}" if chosen else address


def with_query(address: str, **fields) -> str:
    """``address`` with the fields that have a value as its query."""
    query = urlencode({name: value for name, value in fields.items() if value not in (None, "")})
    return f"{address}?{query}" if query else address


def day_words(moment, zone) -> str:
    """``Tuesday 24 November``, by the location's wall clock. ``moment`` may be a day already."""
    day = timezone.localtime(moment, zone) if isinstance(moment, datetime) else moment
    return date_format(day, "l j F")


def short_day_words(moment, zone) -> str:
    return date_format(timezone.localtime(moment, zone), "D j M")


def time_words(moment, zone) -> str:
    return f"{timezone.localtime(moment, zone):%H:%M}"


def due_words(found: Clock) -> str:
    """``Over by 12 min``, ``Due in 6 min``, ``Due at 14:30``, ``Due Tue 24 Nov 08:00``."""
    if found.pace is Pace.OVER:
        return _("Over by %(time)s") % {"time": length_words(found.minutes)} if found.minutes else _("Due now")
    if found.counted:
        return _("Due in %(time)s") % {"time": length_words(found.minutes)}
    if found.today:
        return _("Due at %(time)s") % {"time": f"{found.due:%H:%M}"}
    return _("Due %(day)s %(time)s") % {"day": date_format(found.due, "D j M"), "time": f"{found.due:%H:%M}"}


def length_words(minutes: int) -> str:
    """``12 min``, ``1 h 5 min``, ``2 days``."""
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    if minutes < 24 * 60:
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def call_rows(tasks, now, zone) -> list[dict]:
    """Call-backs as the strip and the queue show them, each with its clock."""
    rows = []
    for task in tasks:
        found = clock(task.due_at, now, task.location.zone if task.location else zone)
        rows.append(
            {
                "task": task,
                "patient": task.patient,
                "level": task.level_of,
                "pace": found.pace,
                "clock": due_words(found),
            }
        )
    return rows


def main_zone():
    """The wall clock of pages that belong to no one location."""
    location = Location.objects.active().first()
    return location.zone if location else timezone.get_default_timezone()


def nearest_rows(offers, address, **fields) -> list[dict]:
    """Other times as links: what a refusal offers instead."""
    people = Practitioner.objects.in_bulk([offer.practitioner for offer in offers])
    places = Location.objects.in_bulk([offer.location for offer in offers])
    rows = []
    for offer in offers:
        place = places[offer.location]
        to = with_query(
            address,
            **{"with": offer.practitioner, "at": int(offer.starts_at.timestamp()), "place": place.slug},
            **fields,
        )
        rows.append(
            {
                "address": to,
                "day": day_words(offer.starts_at, place.zone),
                "time": time_words(offer.starts_at, place.zone),
                "who": people[offer.practitioner].name,
                "place": place.name,
            }
        )
    return rows


def words_to_say(known):
    """The clinic's words for this level, to read out; None when nothing is known.

    The variants that speak of an answer are for answers that were given to the desk itself.
    """
    if known is None or known.quick_only:
        return None
    told_here = known.assessment.intake.channel == Intake.Channel.DESK
    return for_level(known.level, known.assessment if told_here else None)
