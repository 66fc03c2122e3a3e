"""The visit page behind a personal link: look, move, meet another way, cancel, add to a calendar.

Mail programs fetch links on their own: a GET or HEAD changes nothing here, every change is a form that a person sends.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.forms import CancelForm, PhoneForm
from bookings.rules.capability import Capability, Outcome
from bookings.rules.choice import Choice, read_choice
from bookings.rules.states import Mode
from bookings.services import (
    BookingRefused,
    NotOffered,
    cancel_appointment,
    move_appointment,
    switch_mode,
    what_may_be_booked,
)
from bookings.services.choosing import times_to_choose, what_was_chosen
from bookings.services.visits import visit_by_link
from bookings.services.words import when_words, zone_words
from bookings.views import shown
from bookings.views.booking import calendar_file
from bookings.views.times_page import read_day, read_number
from clinic.models import Location


def _visit(token, now):
    visit = visit_by_link(token, now=now)
    if visit is None:
        raise Http404
    return visit


def _can_change(visit, now) -> bool:
    return visit.is_open and visit.starts_at > now


def _held_back(visit, now) -> Capability | None:
    """What stops a patient from moving a visit now: something urgent that came up since it was booked; or None.

    A quick check that was not clear is among it: such a move would be refused in the end.
    """
    allowed = what_may_be_booked(patient=visit.patient, now=now)
    return allowed if allowed.outcome in {Outcome.ADVICE, Outcome.CALL_BACK, Outcome.ASK_ALL} else None


def _context(visit, token, now, **more):
    return {
        "visit": visit,
        "token": token,
        "card": shown.card(visit),
        "when": when_words(visit.starts_at, visit.location),
        "can_change": _can_change(visit, now),
        "can_switch": _can_change(visit, now) and Mode(visit.mode).other in visit.service.modes,
        "clinic_location": visit.location,
        **more,
    }


@never_cache
@require_safe
def manage(request, token):
    """The visit as it is now, whichever of its links is opened."""
    now = timezone.now()
    visit = _visit(token, now)
    stopped = _held_back(visit, now) if _can_change(visit, now) else None
    call = shown.call(visit.patient, Location.objects.main() or visit.location, now) if stopped else None
    return render(request, "bookings/visit.html", _context(visit, token, now, stopped=stopped, call=call))


@never_cache
@require_safe
def visit_calendar(request, token):
    return calendar_file(_visit(token, timezone.now()))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, token):
    now = timezone.now()
    visit = _visit(token, now)
    if not _can_change(visit, now):
        return redirect("bookings:manage", token)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "bookings/cancel.html", _context(visit, token, now, form=form), status=status)
    try:
        cancel_appointment(appointment=visit, reason=form.cleaned_data["reason"], by=visit.patient, now=now)
    except BookingRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your visit is cancelled."))
    return redirect("bookings:manage", token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request, token):
    """By phone instead of in person, or back, at the same time."""
    now = timezone.now()
    visit = _visit(token, now)
    other = Mode(visit.mode).other
    if not _can_change(visit, now) or other not in visit.service.modes or _held_back(visit, now):
        return redirect("bookings:manage", token)
    form, refusal, status = None, None, 200
    if other is Mode.PHONE:
        form = PhoneForm(
            request.POST if request.method == "POST" else None,
            initial={"phone": visit.patient.phone},
        )
    if request.method == "POST":
        if form is not None and not form.is_valid():
            status = 422
        else:
            try:
                switch_mode(
                    appointment=visit,
                    mode=other,
                    phone=form.cleaned_data["phone"] if form else "",
                    by=visit.patient,
                    now=now,
                )
            except BookingRefused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("Done. We have changed how you meet."))
                return redirect("bookings:manage", token)
    context = _context(visit, token, now, form=form, other=other, to_phone=other is Mode.PHONE, refusal=refusal)
    return render(request, "bookings/switch.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, token):
    """Choose another time, check it, and only then move."""
    now = timezone.now()
    visit = _visit(token, now)
    if not _can_change(visit, now) or _held_back(visit, now):
        return redirect("bookings:manage", token)
    if request.method == "POST":
        try:
            _move(visit, request.POST.get("time"), now)
        except BookingRefused as refusal:
            return _times_to_move_to(request, visit, token, now, refusal=refusal, status=409)
        messages.success(request, _("Your visit has moved."))
        return redirect("bookings:manage", token)
    choice = read_choice(request.GET.get("time"))
    if choice is not None:
        return _check_move(request, visit, token, choice, now)
    return _times_to_move_to(request, visit, token, now)


def _of_this_visit(visit, text_or_choice):
    """Therapist and place of a choice; refused when it is for another service or way to meet than the visit's."""
    choice = (
        read_choice(text_or_choice) if isinstance(text_or_choice, str) or text_or_choice is None else text_or_choice
    )
    service, practitioner, location = what_was_chosen(choice)
    if service != visit.service or choice.mode != visit.mode:
        raise NotOffered(_("That time is not on offer. Please choose another one."))
    return choice, practitioner, location


def _move(visit, text, now):
    choice, practitioner, location = _of_this_visit(visit, text)
    move_appointment(
        appointment=visit,
        starts_at=choice.starts_at,
        practitioner=practitioner,
        location=location,
        by=visit.patient,
        now=now,
    )


def _check_move(request, visit, token, choice, now):
    try:
        choice, practitioner, location = _of_this_visit(visit, choice)
    except BookingRefused as refusal:
        return _times_to_move_to(request, visit, token, now, refusal=refusal, status=409)
    context = _context(
        visit,
        token,
        now,
        choice=str(choice),
        new_when=when_words(choice.starts_at, location),
        new_clock=zone_words(location),
        new_who=practitioner,
        new_where=location,
    )
    return render(request, "bookings/move_check.html", context)


def _url(token, chosen, day) -> str:
    if day is None:
        return ""
    query = urlencode({"who": chosen or "anyone", "from": day.isoformat()})
    return f"{reverse('bookings:move', args=[token])}?{query}"


def _times_to_move_to(request, visit, token, now, *, refusal=None, status=200):
    asked = request.GET
    anyone = asked.get("who") == "anyone"
    chosen = None if anyone else read_number(asked.get("who")) or visit.practitioner_id
    allowed = what_may_be_booked(patient=visit.patient, now=now)
    times = times_to_choose(
        service=visit.service,
        mode=Mode(visit.mode),
        location=visit.location,
        row=allowed.row_for(visit.service.slug),
        practitioner=chosen,
        first=read_day(asked.get("from")),
        patient=visit.patient,
        moving=visit,
        now=now,
    )
    here = str(Choice(visit.service.slug, Mode(visit.mode), visit.practitioner_id, visit.location_id, visit.starts_at))
    context = _context(
        visit,
        token,
        now,
        times=times,
        days=shown.days(times, now),
        here=here,
        anyone=anyone,
        chosen=chosen,
        earlier_url=_url(token, chosen, times.before),
        later_url=_url(token, chosen, times.after),
        clock=zone_words(visit.location),
        refusal=refusal,
        other_times=shown.nearest(refusal.nearest, service=visit.service, mode=visit.mode, location=visit.location)
        if refusal
        else [],
    )
    return render(request, "bookings/move.html", context, status=status)
