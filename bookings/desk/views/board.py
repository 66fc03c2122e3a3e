"""The day board, its day sheet, and the fragments that keep an open board up to date."""

from datetime import date, timedelta

from django.http import Http404, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.desk.rules import board as rules
from bookings.desk.services.calls import waiting_calls
from bookings.desk.services.day import Day, NoSuchPlace, load_day
from bookings.desk.views.asked import LAST_PLACE
from bookings.desk.views.cells import Words, column_cells
from bookings.desk.views.frame import (
    call_rows,
    day_words,
    desk_page,
    is_fragment,
    length_words,
    poll_headers,
    tag_of,
    time_words,
    unchanged,
)
from bookings.models import Appointment
from bookings.rules.states import ACTIVE, Mode, Status
from bookings.services.states import UNDO_LASTS

STRIP_SHOWS = 5
WAITS_LONG = 10
"""Minutes in the waiting room from which the number is marked."""


@require_safe
def board(request, place=None, day=None):
    """The board of one day at one location. An open board asks for it again every few seconds: unchanged is 304."""
    if "day" in request.GET and place:
        return _go_to(place, request.GET["day"])
    now = timezone.now()
    again = is_fragment(request)
    if again and unchanged(request, now):
        return HttpResponseNotModified()
    the_day = the_day_or_404(request, place, day, now)
    if the_day is None:
        return desk_page(request, "desk/nowhere.html")
    calls = waiting_calls()
    chosen = chosen_visit(request, the_day)
    tag = tag_of(the_day.version, now)
    context = {
        **board_context(the_day, now, chosen=chosen.pk if chosen else None),
        **rail_context(the_day, now),
        "calls": call_rows(calls[:STRIP_SHOWS], now, the_day.place.zone),
        "panel": panel(chosen, the_day, now) if chosen else None,
        "again": again,
        "poll_headers": poll_headers(tag),
    }
    response = desk_page(request, "desk/board.html#live" if again else "desk/board.html", context, waiting=len(calls))
    response["ETag"] = tag
    return response


@require_safe
def sheet(request, place, day):
    """The day on paper: one list for each therapist, with boxes to tick and room to write."""
    now = timezone.now()
    the_day = the_day_or_404(request, place, day, now)
    numbers = dict(
        Appointment.objects.filter(pk__in=[visit.id for visit in the_day.visits]).values_list("pk", "patient__phone")
    )
    lists = []
    for column in the_day.board.columns:
        visits = [cell.visit for cell in column.cells if cell.visit and cell.visit.state != Status.HELD]
        lists.append(
            {
                "person": column.person,
                "hours": _hours(column, the_day.place.zone),
                "visits": [_sheet_row(visit, numbers, the_day, now) for visit in visits],
            }
        )
    return desk_page(
        request,
        "desk/sheet.html",
        {
            "the_day": the_day,
            "heading": day_words(the_day.day, None),
            "lists": lists,
            "printed": time_words(now, the_day.place.zone),
            **_links(the_day),
        },
    )


def _sheet_row(visit, numbers, the_day, now) -> dict:
    zone = the_day.place.zone
    return {
        "visit": visit,
        "times": _("%(start)s to %(end)s")
        % {"start": time_words(visit.starts_at, zone), "end": time_words(visit.ends_at, zone)},
        "phone": numbers.get(visit.id, ""),
        "state": Status(visit.state).label,
    }


def _go_to(place, typed):
    """ "Go to date" as a form without script."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return redirect("desk:board_at", place)
    return redirect("desk:board_on", place, day.isoformat())


def the_day_or_404(request, place, day, now) -> Day | None:
    """The day asked for; None when the clinic has no location yet and none was named."""
    if day is not None:
        try:
            day = date.fromisoformat(day)
        except ValueError as error:
            raise Http404 from error
        if not rules.FIRST_DAY <= day <= rules.LAST_DAY:
            raise Http404
    wanted = place or request.session.get(LAST_PLACE)
    try:
        the_day = load_day(slug=wanted, day=day, now=now)
    except NoSuchPlace as error:
        if place:
            raise Http404 from error
        if wanted is None:
            return None
        del request.session[LAST_PLACE]
        return the_day_or_404(request, place, day, now)
    if place and not is_fragment(request) and request.session.get(LAST_PLACE) != place:
        request.session[LAST_PLACE] = place  # a click chooses a place; an open board that asks again does not
    return the_day


def board_context(the_day: Day, now, *, chosen=None) -> dict:
    """The grid as the template draws it."""
    words = Words()
    book_url = reverse("desk:new")
    zone = the_day.place.zone
    return {
        "the_day": the_day,
        "board": the_day.board,
        "columns": [
            {
                "person": column.person,
                "hours": _hours(column, zone),
                "cells": column_cells(the_day.board, column, now=now, words=words, book_url=book_url, chosen=chosen),
            }
            for column in the_day.board.columns
        ],
        "now_words": time_words(now, zone),
        "heading": day_words(the_day.day, None),
        **_links(the_day),
    }


def _links(the_day: Day) -> dict:
    """The addresses around this board: the day before, after and today, and the same day elsewhere."""

    def address(day, place=the_day.place):
        return reverse("desk:board_on", args=[place.slug, day.isoformat()])

    return {
        "address": address(the_day.day),
        "day_before": address(the_day.day - timedelta(days=1)),
        "day_after": address(the_day.day + timedelta(days=1)),
        "today_address": f"{reverse('desk:board_at', args=[the_day.place.slug])}#now",
        "is_today": the_day.day == the_day.today,
        "places": [{"place": place, "address": address(the_day.day, place)} for place in the_day.places],
    }


def _hours(column, zone) -> str:
    return ", ".join(f"{time_words(start, zone)}–{time_words(end, zone)}" for start, end in column.planned)


def rail_context(the_day: Day, now) -> dict:
    """Who waits, and the day in numbers."""
    zone = the_day.place.zone
    names = {column.person.id: column.person.name for column in the_day.board.columns}
    found = rules.counts(the_day.visits)
    free = rules.next_free(the_day.board)
    return {
        "waiting": [
            {
                "minutes": minutes,
                "long": minutes >= WAITS_LONG,
                "visit": visit,
                "with": names.get(visit.practitioner_id, ""),
                "time": time_words(visit.starts_at, zone),
            }
            for minutes, visit in rules.waiting_now(the_day.visits, now)
        ],
        "visits_count": sum(found.get(status, 0) for status in ACTIVE),
        "in_session": found.get(Status.IN_SESSION, 0),
        "done": found.get(Status.FULFILLED, 0),
        "free_next": {"time": time_words(free[0], zone), "who": free[1].name} if free else None,
        "missed": [visit for visit in the_day.visits if visit.state == Status.NOSHOW],
        "cancelled": [visit for visit in the_day.visits if visit.state == Status.CANCELLED],
        "late": [visit for visit in the_day.visits if rules.minutes_late(visit, now) is not None],
    }


def chosen_visit(request, the_day: Day) -> Appointment | None:
    """The visit whose panel is open (``?visit=``), if it is on this board."""
    wanted = request.GET.get("visit", "")
    on_board = {visit.id for visit in the_day.visits}
    if not wanted.isdecimal() or len(wanted) > 18 or int(wanted) not in on_board:
        return None
    return Appointment.objects.with_people().filter(pk=int(wanted)).first()


def panel(visit: Appointment, the_day: Day, now) -> dict:
    """A visit with what may be done about it now."""
    zone = the_day.place.zone
    known = the_day.levels.get(visit.patient_id)
    since = visit.in_state_since
    late = next((rules.minutes_late(row, now) for row in the_day.visits if row.id == visit.pk), None)
    return {
        "visit": visit,
        "patient": visit.patient,
        "state": Status(visit.status),
        "times": _("%(start)s to %(end)s")
        % {"start": time_words(visit.starts_at, zone), "end": time_words(visit.ends_at, zone)},
        "since": time_words(since, zone) if since else "",
        "level": known.level if known else None,
        "reason": known.assessment.reason_line if known else "",
        "reviewed": known.reviewed if known else False,
        "late": length_words(late) if late is not None else "",
        "actions": actions(visit, now),
        "may_change": visit.is_open,
        "other_mode": Mode(visit.mode).other
        if visit.is_open and Mode(visit.mode).other in visit.service.modes
        else None,
        "may_undo": bool(since and visit.status not in (Status.BOOKED, Status.HELD) and now - since <= UNDO_LASTS),
        "no_email": not visit.patient.email,
    }


def actions(visit: Appointment, now) -> list[dict]:
    """The states that may be set now, as buttons: the likeliest first. Nobody has missed a visit that has not begun."""
    words = {
        Status.CONFIRMED: (_("Confirmed"), ""),
        Status.ARRIVED: (_("Arrived"), "A"),
        Status.IN_SESSION: (_("Start"), "S"),
        Status.FULFILLED: (_("Done"), "D"),
        Status.NOSHOW: (_("Did not come"), "X"),
    }
    order = [Status.ARRIVED, Status.IN_SESSION, Status.FULFILLED, Status.CONFIRMED, Status.NOSHOW]
    return [
        {"status": status, "label": words[status][0], "key": words[status][1]}
        for status in order
        if status in visit.next_states and not (status is Status.NOSHOW and visit.starts_at > now)
    ]
