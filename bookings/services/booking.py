"""Holding a time and booking it."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Appointment
from bookings.rules.free_times import DAY, Offer
from bookings.rules.states import OPEN, Mode, Status
from bookings.services import messages
from bookings.services.gate import first_late_time, pass_gate, window_end
from bookings.services.refusals import AlreadyUsed, NotOffered, PhoneMissing, TimeTaken, TooManyOpen
from bookings.services.times import find_times, load_supply, nearest_times, offer_at
from bookings.services.writing import is_staff, lock_rows, rooms_for, sweep_lapsed_holds, taken_message, write
from clinic.models import Location, Practitioner, Task
from clinic.rules.levels import Level
from clinic.rules.opening import callback_promise
from clinic.services import audit
from clinic.services.tasks import open_task

HOLD_LASTS = timedelta(minutes=8)
MOST_OPEN = 3
"""How many visits ahead a patient may book without speaking to us."""


@dataclass(frozen=True)
class Contact:
    """What a patient adds about themselves while booking. Blank means: leave what is there."""

    last_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Wish:
    """The visit somebody asks for. ``practitioner`` None is "any therapist"."""

    service: object
    practitioner: Practitioner | None
    location: Location
    mode: Mode
    starts_at: datetime
    patient: object
    overlap_reason: str = ""


@dataclass(frozen=True)
class Ground:
    """What a booking stands on once the checks are passed, the rows still locked.

    ``own`` are the patient's holds and visits ahead. ``late`` says that a priority patient found nothing in time.
    """

    offer: Offer
    effective: object
    own: list[Appointment]
    late: bool


def book_appointment(
    *,
    service,
    practitioner,
    location,
    mode,
    starts_at,
    patient,
    phone="",
    contact=None,
    overlap_reason="",
    idempotency_key="",
    tell=True,
    by,
    now,
) -> Appointment:
    """Book the visit and write its confirmation, or raise a ``BookingRefused``.

    The patient's own hold on that very time becomes the visit, also when it has run out and nobody took it. The checks give
    a kind message; the constraints on ``Appointment`` decide. With an ``idempotency_key`` the same form sent twice gives
    the same visit, and a changed form is refused.
    """
    wish = Wish(service, practitioner, location, Mode(mode), starts_at, patient, overlap_reason if is_staff(by) else "")
    phone = phone.strip() if wish.mode is Mode.PHONE else ""
    if wish.mode is Mode.PHONE and not phone:
        raise PhoneMissing(_("Enter the phone number that we should call."))
    key = idempotency_key or None
    body = _body_hash(wish, phone) if key else ""

    def finish(chosen, ground):
        if contact is not None:
            _complete(patient, contact)
        visit = _written(
            chosen,
            ground,
            status=Status.BOOKED,
            held_until=None,
            booked_at=now,
            booked_by=audit.name_of(by),
            phone=phone,
            idempotency_key=key,
            body_hash=body,
            now=now,
        )
        if tell:
            messages.tell_booked(visit, by=by, now=now)
        if ground.late:
            _ask_for_a_call(visit, by=by, now=now)
        audit.record(actor=by, action="appointment-booked", target=visit, patient=patient, now=now)
        return visit

    return _place(wish, finish, same_form=lambda: _same_form(key, body), by=by, now=now)


def hold_time(*, service, practitioner, location, mode, starts_at, patient, by, now) -> Appointment:
    """Keep a time for eight minutes while its details are filled in. A patient holds one time: an earlier hold is let go."""
    wish = Wish(service, practitioner, location, Mode(mode), starts_at, patient)

    def finish(chosen, ground):
        return _written(
            chosen,
            ground,
            status=Status.HELD,
            held_until=now + HOLD_LASTS,
            booked_by=audit.name_of(by),
            now=now,
        )

    return _place(wish, finish, by=by, now=now)


def release_hold(*, patient, by, now) -> int:
    """Let go of what the patient holds. Returns how many holds there were."""

    def release():
        lock_rows(practitioners=[], patients=[patient.pk])
        return Appointment.objects.filter(patient=patient, status=Status.HELD).delete()[0]

    return write(release, by=by)


def _place(wish, finish, *, same_form=lambda: None, by, now) -> Appointment:
    """Find who gives the visit and let ``finish`` write it under the locks. "Any therapist" tries the least busy first."""
    refusal = TimeTaken(taken_message())
    for practitioner in _candidates(wish, by=by, now=now):
        chosen = replace(wish, practitioner=practitioner)
        try:
            return write(lambda chosen=chosen: _checked_and_written(chosen, finish, same_form, by=by, now=now), by=by)
        except (TimeTaken, NotOffered) as taken:
            refusal = taken
    refusal.nearest = _nearest(wish, by=by, now=now)
    raise refusal


def _candidates(wish, *, by, now) -> list[Practitioner]:
    """The therapist who was asked for; for "any", those who are free then, by how little they have to do that day."""
    if wish.practitioner is not None:
        return [wish.practitioner]
    day = wish.starts_at.astimezone(wish.location.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = find_times(
        service=wish.service,
        mode=wish.mode,
        start=day,
        end=day + DAY,
        location=wish.location,
        patient=wish.patient,
        staff=is_staff(by),
        now=now,
    )
    free = [offer for offer in found.offers if offer.starts_at == wish.starts_at]
    return [found.practitioners[offer.practitioner] for offer in found.by_load(free)]


def _checked_and_written(wish, finish, same_form, *, by, now) -> Appointment:
    """One attempt, inside one transaction. What no other writer can change is read before the locks, to hold them briefly."""
    staff = is_staff(by)
    effective, allowed = pass_gate(service=wish.service, mode=wish.mode, patient=wish.patient, staff=staff, now=now)
    if not (staff or wish.service.is_public):
        raise NotOffered(_("This visit cannot be booked on the web."))
    supply = load_supply(
        service=wish.service, mode=wish.mode, practitioners=[wish.practitioner.pk], location=wish.location
    )
    in_the_way = {"practitioners": [wish.practitioner.pk], "patients": [wish.patient.pk]}
    rooms = rooms_for(wish.service, wish.location) if wish.mode is Mode.IN_PERSON else None
    lock_rows(**in_the_way, rooms=rooms)
    already = same_form()
    if already is not None:
        return already
    sweep_lapsed_holds(**in_the_way, rooms=rooms, now=now)
    offer = offer_at(
        supply,
        location=wish.location,
        starts_at=wish.starts_at,
        patient=wish.patient,
        overlap=bool(wish.overlap_reason),
        staff=staff,
        now=now,
    )
    own = _own_visits(wish.patient)
    late = False
    if not staff:
        _refuse_too_many(own, wish.location, now)
        late = _is_late(wish, allowed, now)
    return finish(wish, Ground(offer, effective, own, late))


def _own_visits(patient) -> list[Appointment]:
    """The patient's holds and visits ahead, in one query."""
    return list(Appointment.objects.filter(patient=patient, status__in=[Status.HELD, *OPEN]).order_by("pk"))


def _refuse_too_many(own, location, now):
    ahead = sum(visit.status != Status.HELD and visit.starts_at > now for visit in own)
    if ahead >= MOST_OPEN:
        raise TooManyOpen(
            ngettext(
                "You have %(count)s visit booked already. To book another one, please call us on %(phone)s.",
                "You have %(count)s visits booked already. To book another one, please call us on %(phone)s.",
                ahead,
            )
            % {"count": ahead, "phone": location.phone}
        )


def _is_late(wish, allowed, now) -> bool:
    """Whether the time lies after the window of the level. Allowed only when nothing is free inside: then the first one after."""
    until = window_end(row=allowed.row_for(wish.service.slug), location=wish.location, now=now)
    if until is None or wish.starts_at <= until:
        return False
    first = first_late_time(
        service=wish.service, mode=wish.mode, location=wish.location, until=until, patient=wish.patient, now=now
    )
    if first is None or first.starts_at != wish.starts_at:
        raise NotOffered(
            _("With your answers we would like to see you sooner. Please choose one of the times we offer.")
        )
    return True


def _written(wish, ground, *, now, **fields) -> Appointment:
    """The patient's hold on this time turned into what ``fields`` say, or a new row. Any other hold of theirs is let go."""
    holds = [visit for visit in ground.own if visit.status == Status.HELD]
    same = next((hold for hold in holds if _is_for(hold, wish)), None)
    if len(holds) > bool(same):
        Appointment.objects.filter(pk__in=[hold.pk for hold in holds if hold is not same]).delete()
    visit = same or Appointment(mode=wish.mode, starts_at=wish.starts_at, created_at=now)
    visit.service, visit.practitioner, visit.location, visit.patient = (
        wish.service,
        wish.practitioner,
        wish.location,
        wish.patient,
    )
    visit.ends_at, visit.free_again_at = ground.offer.ends_at, ground.offer.free_again_at
    visit.overlap_reason = wish.overlap_reason
    if visit.room_id not in ground.offer.rooms:
        visit.room_id = ground.offer.rooms[0] if ground.offer.rooms else None
    if ground.effective is not None:
        visit.assessment_id = ground.effective.assessment.pk
        visit.episode_id = ground.effective.assessment.episode_id
    for name, value in fields.items():
        setattr(visit, name, value)
    visit.save()
    return visit


def _is_for(hold, wish) -> bool:
    return (hold.service_id, hold.practitioner_id, hold.location_id, hold.mode, hold.starts_at) == (
        wish.service.pk,
        wish.practitioner.pk,
        wish.location.pk,
        wish.mode,
        wish.starts_at,
    )


def _complete(patient, contact):
    """Fill in what the clinic does not have yet. What is there stays: a browser does not prove whose it is."""
    changed = []
    for name in ("last_name", "phone", "email"):
        if getattr(contact, name) and not getattr(patient, name):
            setattr(patient, name, getattr(contact, name))
            changed.append(name)
    if changed:
        patient.save(update_fields=changed)


def _ask_for_a_call(visit, *, by, now):
    """A priority patient who found nothing in time: somebody looks for a sooner time and rings."""
    open_task(
        kind=Task.Kind.CALL_BACK,
        key=f"sooner:{visit.reference}",
        level=Level.PRIORITY,
        patient=visit.patient,
        location=visit.location,
        episode=visit.episode,
        reason=_("Nothing free within five working days: look for a sooner time"),
        due_at=callback_promise(visit.location.week, now).due_at,
        by=by,
        now=now,
    )


def _body_hash(wish, phone) -> str:
    """What the form asks for. Who asks is left out: the first of two clicks may have filled that in already."""
    content = [
        wish.service.pk,
        wish.practitioner.pk if wish.practitioner else None,
        wish.location.pk,
        wish.mode,
        wish.starts_at.isoformat(),
        wish.patient.pk,
        phone,
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _same_form(key, body) -> Appointment | None:
    """The visit that this form made before, or None. Raises ``AlreadyUsed`` when the form has changed since."""
    if key is None:
        return None
    visit = Appointment.objects.filter(idempotency_key=key).first()
    if visit is not None and visit.body_hash != body:
        raise AlreadyUsed(_("This form was sent before with other details. Please start again."))
    return visit


def _nearest(wish, *, by, now):
    return nearest_times(
        service=wish.service,
        mode=wish.mode,
        location=wish.location,
        around=wish.starts_at,
        practitioner=wish.practitioner.pk if wish.practitioner else None,
        patient=wish.patient,
        staff=is_staff(by),
        now=now,
    )
