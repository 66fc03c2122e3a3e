"""What the desk does with a booked visit: its states, moving, the way to meet, cancelling, and undoing."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings import services
from bookings.desk.forms import CancelForm, OverlapForm
from bookings.desk.rules.board import day_bounds
from bookings.desk.rules.picking import apart, with_times
from bookings.desk.views.asked import by_hand, moment_or_404, number, page_or_form, typed, visit_or_404
from bookings.desk.views.board import board_context, the_day_or_404
from bookings.desk.views.cells import Words, time_cells
from bookings.desk.views.frame import (
    board_address,
    day_words,
    desk_page,
    nearest_rows,
    time_words,
    way_back,
    with_query,
)
from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from clinic.models import Location, Practitioner
from clinic.services import Refused


@require_safe
def visit(request, pk):
    """A visit's place on its board: where links from other pages lead."""
    return redirect(board_address(visit_or_404(pk)))


@require_POST
def state(request, pk):
    """Set the next state. The form says which state its screen showed: the first of two colleagues wins."""
    found = visit_or_404(pk)
    wanted, shown = request.POST.get("status", ""), request.POST.get("shown", "")
    if wanted not in Status or shown not in Status:
        raise Http404
    now = timezone.now()
    try:
        found = services.change_status(
            appointment=found, status=Status(wanted), expected=Status(shown), by=request.user, now=now
        )
    except Refused as refusal:
        messages.error(request, f"{found.patient.name}: {refusal.message}")
    else:
        messages.success(request, f"{found.patient.name}: {found.status_label}, {time_words(now, found.location.zone)}")
    return redirect(way_back(request, board_address(found)))


@require_POST
def undo(request, pk):
    found = visit_or_404(pk)
    try:
        found = services.undo_status(appointment=found, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, f"{found.patient.name}: {refusal.message}")
    else:
        messages.success(
            request,
            _("%(name)s: undone, “%(state)s” again.") % {"name": found.patient.name, "state": found.status_label},
        )
    return redirect(way_back(request, board_address(found)))


@page_or_form
def cancel(request, pk):
    """Ask why, and whether the patient is told. Only the button cancels."""
    found = visit_or_404(pk)
    if not found.is_open:
        messages.error(request, _("%(name)s: this visit can no longer be cancelled.") % {"name": found.patient.name})
        return redirect(board_address(found))
    form = CancelForm(request.POST or None, initial={"tell": True})
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_appointment(
                appointment=found,
                reason=form.cleaned_data["reason"],
                tell=form.cleaned_data["tell"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            messages.error(request, f"{found.patient.name}: {refusal.message}")
        else:
            messages.success(
                request, _("%(name)s: cancelled. You can undo it for ten minutes.") % {"name": found.patient.name}
            )
        return redirect(board_address(found))
    return desk_page(
        request,
        "desk/cancel.html",
        {"visit": found, "facts": facts(found), "form": form, "back": board_address(found)},
        status=422 if form.errors else 200,
    )


@page_or_form
def switch(request, pk):
    """By phone instead of in person, or back, at the same time."""
    found = visit_or_404(pk)
    mode = Mode(found.mode).other
    if not found.is_open or mode not in found.service.modes:
        messages.error(request, _("%(name)s: this visit can no longer be changed.") % {"name": found.patient.name})
        return redirect(board_address(found))
    status, refused = 200, ""
    if request.method == "POST":
        found.sequence = number(request.POST.get("sequence"))
        try:
            found = services.switch_mode(
                appointment=found,
                mode=mode,
                phone=typed(request.POST, "phone", 40),
                tell="tell" in request.POST,
                by=request.user,
                now=timezone.now(),
            )
        except services.WrongState as refusal:
            messages.error(request, f"{found.patient.name}: {refusal.message}")
            return redirect(board_address(found))
        except Refused as refusal:
            status, refused = 409, refusal.message
        else:
            messages.success(request, f"{found.patient.name}: {found.mode_label}")
            return redirect(board_address(found))
    context = {"visit": found, "facts": facts(found), "mode": mode, "refused": refused, "back": board_address(found)}
    return desk_page(request, "desk/switch.html", context, status=status)


@require_safe
def move(request, pk):
    """The board with the times this visit can move to: any therapist who gives the service, any day, any location."""
    found = visit_or_404(pk)
    if not found.is_open:
        messages.error(request, _("%(name)s: this visit can no longer be moved.") % {"name": found.patient.name})
        return redirect(board_address(found))
    now = timezone.now()
    place = typed(request.GET, "place") or found.location.slug
    day = request.GET.get("day") or found.starts_at.astimezone(found.location.zone).date().isoformat()
    the_day = the_day_or_404(request, place, day, now)
    location = get_object_or_404(Location.objects.active(), slug=place)
    first, last = day_bounds(the_day.day, the_day.place.zone)
    times = services.find_times(
        service=found.service,
        mode=found.mode,
        start=first,
        end=last,
        location=location,
        patient=found.patient,
        moving=found,
        staff=True,
        now=now,
    )
    by_person = {}
    for offer in times.offers:
        by_person.setdefault(offer.practitioner, []).append((offer.starts_at, offer.ends_at))
    every = request.GET.get("every") == "1"
    if not every:
        by_person = {key: apart(ranges, location.zone) for key, ranges in by_person.items()}
    return desk_page(
        request,
        "desk/move.html",
        {
            **board_context(the_day, now),
            **_move_grid(the_day, found, by_person, location, now),
            "visit": found,
            "facts": facts(found),
            "back": board_address(found),
            "overlap_form": OverlapForm(practitioners=times.practitioners.values(), initial={"day": the_day.day}),
            "overlap_to": with_query(reverse("desk:visit_move_to", args=[found.pk]), place=location.slug),
            "days": _days_around(found, the_day, location),
            "every": every,
        },
    )


def _move_grid(the_day, found, by_person, location, now) -> dict:
    words = Words()
    to = reverse("desk:visit_move_to", args=[found.pk])
    board = with_times(the_day.board, by_person, picked=found.pk)
    offered = [(cell, column.person.id) for column in board.columns for cell in column.cells if cell.kind == "time"]
    best = min(
        offered,
        key=lambda pair: (pair[1] != found.practitioner_id, abs(pair[0].starts_at - found.starts_at), pair[1]),
        default=(None, None),
    )
    return {
        "board": board,
        "count": len(offered),
        "columns": [
            {
                "person": column.person,
                "hours": "",
                "cells": time_cells(board, column, words=words, to=to, place=location.slug, picked=found, best=best[0]),
            }
            for column in board.columns
        ],
    }


def _days_around(found, the_day, location) -> dict:
    def address(day, place=location.slug):
        return with_query(reverse("desk:visit_move", args=[found.pk]), day=day.isoformat(), place=place)

    return {
        "before": address(the_day.day - timedelta(days=1)),
        "after": address(the_day.day + timedelta(days=1)),
        "form": reverse("desk:visit_move", args=[found.pk]),
        "every": f"{address(the_day.day)}&every=1",
        "places": [{"place": place, "address": address(the_day.day, place.slug)} for place in the_day.places],
    }


@page_or_form
def move_to(request, pk):
    """Say once more what moves where, then move it. A time that has gone meanwhile is answered with the nearest ones.

    A time set by hand is posted here first, because its reason belongs in no address; it is not yet the move.
    """
    found = visit_or_404(pk)
    fields = request.POST if request.method == "POST" else request.GET
    location = get_object_or_404(Location.objects.active(), slug=typed(fields, "place"))
    set_by_hand = "day" in request.POST
    if set_by_hand:
        practitioner, starts_at, reason = by_hand(fields, location)
    else:
        practitioner = get_object_or_404(Practitioner.objects.active(), pk=number(fields.get("with")))
        starts_at, reason = moment_or_404(fields.get("at")), typed(fields, "reason", 120)
    if practitioner is None:
        messages.error(request, _("To overlap on purpose, choose a therapist, a day and a time, and say why."))
        return redirect("desk:visit_move", pk)
    status, refused, nearest = 200, "", []
    if request.method == "POST" and not set_by_hand:
        found.sequence = number(request.POST.get("sequence"))
        try:
            found = services.move_appointment(
                appointment=found,
                starts_at=starts_at,
                practitioner=practitioner,
                location=location,
                overlap_reason=reason,
                tell="tell" in request.POST,
                by=request.user,
                now=timezone.now(),
            )
        except services.WrongState as refusal:
            messages.error(request, f"{found.patient.name}: {refusal.message}")
            return redirect(board_address(found))
        except Refused as refusal:
            status, refused, nearest = 409, refusal.message, getattr(refusal, "nearest", [])
        else:
            messages.success(
                request,
                _("%(name)s moved to %(when)s with %(who)s.")
                % {"name": found.patient.name, "when": _when(found), "who": found.practitioner.name},
            )
            return redirect(board_address(found))
    return desk_page(
        request,
        "desk/move_to.html",
        {
            "visit": found,
            "old": facts(found),
            "new": {
                "day": day_words(starts_at, location.zone),
                "time": time_words(starts_at, location.zone),
                "who": practitioner.name,
                "place": location.name,
            },
            "fields": {
                "with": practitioner.pk,
                "at": int(starts_at.timestamp()),
                "place": location.slug,
                "reason": reason,
                "sequence": found.sequence,
            },
            "reason": reason,
            "refused": refused,
            "nearest": nearest_rows(nearest, reverse("desk:visit_move_to", args=[found.pk])),
            "back": reverse("desk:visit_move", args=[found.pk]),
        },
        status=status,
    )


def facts(found: Appointment) -> dict:
    """A visit in words, as it is read back to a caller."""
    zone = found.location.zone
    return {
        "day": day_words(found.starts_at, zone),
        "time": _("%(start)s to %(end)s")
        % {"start": time_words(found.starts_at, zone), "end": time_words(found.ends_at, zone)},
        "who": found.practitioner.name,
        "what": found.service.name,
        "how": found.mode_label,
        "where": found.room.name if found.room else found.phone,
        "place": found.location.name,
    }


def _when(found: Appointment) -> str:
    return f"{day_words(found.starts_at, found.location.zone)}, {time_words(found.starts_at, found.location.zone)}"
