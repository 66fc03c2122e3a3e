"""Changing a booked visit: another time, another way to meet, two visits exchanged. The row stays, so its link does too."""

from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from bookings.models import Appointment
from bookings.rules.free_times import DAY
from bookings.rules.states import OPEN, Mode, Status
from bookings.services import messages
from bookings.services.gate import first_late_time, pass_gate, window_end
from bookings.services.refusals import NotOffered, PhoneMissing, TimeTaken, WrongState
from bookings.services.times import find_times, load_supply, nearest_times, offer_at
from bookings.services.writing import (
    EXCLUSIONS,
    is_staff,
    lock_rows,
    rooms_for,
    sweep_lapsed_holds,
    taken_message,
    write,
)
from clinic.models import Practitioner
from clinic.services import audit

ANYBODY = "anybody"
"""Given as the practitioner of a move: whoever is free then, the present one first."""


def move_appointment(
    *, appointment, starts_at, practitioner=None, location=None, overlap_reason="", tell=True, by, now
) -> Appointment:
    """Move a visit to another time, and if asked to another therapist or place; or raise a ``BookingRefused``.

    ``practitioner`` None keeps the present one, ``ANYBODY`` takes whoever is free. The new time may overlap the old one.
    The room is chosen anew, the present one first. Moving to where the visit is already changes nothing.
    """
    location = location or appointment.location
    overlap_reason = overlap_reason if is_staff(by) else ""

    def attempt(person):
        visit = _locked(appointment, practitioner=person, location=location, by=by, now=now)
        if (visit.starts_at, visit.practitioner_id, visit.location_id) == (starts_at, person.pk, location.pk):
            return visit
        _pass_gate_again(visit, visit.mode, starts_at, location, by=by, now=now)
        offer = offer_at(
            load_supply(service=visit.service, mode=visit.mode, practitioners=[person.pk], location=location),
            location=location,
            starts_at=starts_at,
            patient=visit.patient,
            moving=visit,
            overlap=bool(overlap_reason),
            staff=is_staff(by),
            now=now,
        )
        _change(
            visit,
            practitioner_id=person.pk,
            location_id=location.pk,
            overlap_reason=overlap_reason,
            **_at(visit, offer),
        )
        visit = _read(visit)
        if tell:
            messages.tell_moved(visit, by=by, now=now)
        audit.record(actor=by, action="appointment-moved", target=visit, patient=visit.patient, now=now)
        return visit

    refusal = TimeTaken(taken_message())
    for person in _who(appointment, practitioner, location, starts_at, by=by, now=now):
        try:
            return write(lambda person=person: attempt(person), by=by)
        except (TimeTaken, NotOffered) as taken:
            refusal = taken
    refusal.nearest = nearest_times(
        service=appointment.service,
        mode=appointment.mode,
        location=location,
        around=starts_at,
        practitioner=appointment.practitioner_id,
        patient=appointment.patient,
        moving=appointment,
        staff=is_staff(by),
        now=now,
    )
    raise refusal


def switch_mode(*, appointment, mode, phone="", tell=True, by, now) -> Appointment:
    """Meet by phone instead of in person, or back, at the same time; or raise a ``BookingRefused``."""
    mode = Mode(mode)
    phone = (phone.strip() or appointment.phone or appointment.patient.phone) if mode is Mode.PHONE else ""
    if mode is Mode.PHONE and not phone:
        raise PhoneMissing(_("Enter the phone number that we should call."))

    def attempt():
        visit = _locked(
            appointment, practitioner=appointment.practitioner, location=appointment.location, by=by, now=now
        )
        if visit.mode == mode:
            return visit
        if mode not in visit.service.modes:
            raise NotOffered(_("This visit cannot be given that way."))
        _pass_gate_again(visit, mode, visit.starts_at, visit.location, by=by, now=now)
        offer = offer_at(
            load_supply(
                service=visit.service, mode=mode, practitioners=[visit.practitioner_id], location=visit.location
            ),
            location=visit.location,
            starts_at=visit.starts_at,
            patient=visit.patient,
            moving=visit,
            overlap=bool(visit.overlap_reason),
            staff=True,  # the time is theirs already: neither notice nor horizon is asked again
            now=now,
        )
        _change(visit, mode=mode, phone=phone, **_at(visit, offer))
        visit = _read(visit)
        if tell:
            messages.tell_moved(visit, by=by, now=now)
        audit.record(actor=by, action="appointment-mode-changed", target=visit, patient=visit.patient, now=now)
        return visit

    return write(attempt, by=by)


def swap_appointments(*, first, second, tell=True, by, now) -> tuple[Appointment, Appointment]:
    """Let two visits of the same kind exchange time, therapist and room: both or neither. For staff."""

    def attempt():
        pair = [first, second]
        rooms = rooms_for(first.service, first.location, first.room_id, second.room_id)
        lock_rows(
            practitioners=[visit.practitioner_id for visit in pair],
            rooms=rooms,
            patients=[visit.patient_id for visit in pair],
        )
        one, other = (_checked(visit, by=by, now=now) for visit in sorted(pair, key=lambda visit: visit.pk))
        if (one.service_id, one.mode) != (other.service_id, other.mode):
            raise NotOffered(_("Only two visits of the same kind can be exchanged."))
        places = [_place_of(other), _place_of(one)]
        with _looking_at_exclusions_when_both_are_written():
            for visit, place in zip((one, other), places, strict=True):
                _change(visit, **place)
        changed = {visit.pk: _read(visit) for visit in (one, other)}
        for visit in changed.values():
            if tell:
                messages.tell_moved(visit, by=by, now=now)
            audit.record(actor=by, action="appointment-swapped", target=visit, patient=visit.patient, now=now)
        return changed[first.pk], changed[second.pk]

    return write(attempt, by=by)


def _who(appointment, practitioner, location, starts_at, *, by, now) -> list[Practitioner]:
    if practitioner is None:
        return [appointment.practitioner]
    if practitioner != ANYBODY:
        return [practitioner]
    day = starts_at.astimezone(location.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = find_times(
        service=appointment.service,
        mode=appointment.mode,
        start=day,
        end=day + DAY,
        location=location,
        patient=appointment.patient,
        moving=appointment,
        staff=is_staff(by),
        now=now,
    )
    free = found.by_load(offer for offer in found.offers if offer.starts_at == starts_at)
    present_first = sorted(free, key=lambda offer: offer.practitioner != appointment.practitioner_id)
    return [found.practitioners[offer.practitioner] for offer in present_first]


def _locked(appointment, *, practitioner, location, by, now) -> Appointment:
    """The visit as it is now, with everything locked that its change could touch."""
    rooms = rooms_for(appointment.service, location, appointment.room_id)
    lock_rows(
        practitioners=[appointment.practitioner_id, practitioner.pk], rooms=rooms, patients=[appointment.patient_id]
    )
    visit = _checked(appointment, by=by, now=now)
    sweep_lapsed_holds(practitioners=[practitioner.pk], rooms=rooms, patients=[visit.patient_id], now=now)
    return visit


def _checked(appointment, *, by, now) -> Appointment:
    """The row locked and read again. Refused when it can no longer be changed, or was changed since the caller read it."""
    visit = Appointment.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=appointment.pk)
    if visit.status not in OPEN or (not is_staff(by) and visit.starts_at <= now):
        raise WrongState(_("This visit can no longer be changed."), visit.status)
    if visit.sequence != appointment.sequence:
        raise WrongState(_("This visit was changed a moment ago. Please look at it again."), visit.status)
    return visit


def _pass_gate_again(visit, mode, starts_at, location, *, by, now):
    """What has come up since the visit was booked may stop a change; a priority patient does not move out of the window."""
    staff = is_staff(by)
    _effective, allowed = pass_gate(
        service=visit.service, mode=mode, patient=visit.patient, staff=staff, moving=True, now=now
    )
    until = None if staff else window_end(row=allowed.row_for(visit.service.slug), location=location, now=now)
    if until is None or starts_at <= max(until, visit.starts_at):
        return
    first = first_late_time(
        service=visit.service, mode=mode, location=location, until=until, patient=visit.patient, moving=visit, now=now
    )
    if first is None or first.starts_at != starts_at:
        raise NotOffered(
            _("With your answers we would like to see you sooner. Please choose one of the times we offer.")
        )


def _at(visit, offer) -> dict:
    room = None
    if offer.rooms:
        room = visit.room_id if visit.room_id in offer.rooms else offer.rooms[0]
    return {
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "free_again_at": offer.free_again_at,
        "room_id": room,
    }


def _place_of(visit) -> dict:
    return {
        "practitioner_id": visit.practitioner_id,
        "location_id": visit.location_id,
        "room_id": visit.room_id,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "free_again_at": visit.free_again_at,
        "overlap_reason": visit.overlap_reason,
    }


def _change(visit, **fields):
    """Write ``fields`` and count the change for calendars, if nobody was first. A confirmed visit is booked again."""
    changed = Appointment.objects.filter(pk=visit.pk, status__in=OPEN, sequence=visit.sequence).update(
        sequence=visit.sequence + 1, status=Status.BOOKED, confirmed_at=None, **fields
    )
    if not changed:
        raise WrongState(_("This visit was changed a moment ago. Please look at it again."), visit.status)


def _read(visit) -> Appointment:
    return Appointment.objects.with_people().get(pk=visit.pk)


@contextmanager
def _looking_at_exclusions_when_both_are_written():
    """Inside, two rows may cross; on leaving, Postgres looks at all three exclusions at once."""
    names = ", ".join(connection.ops.quote_name(name) for name in EXCLUSIONS)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")
        yield
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
