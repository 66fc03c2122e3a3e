"""What happens to a visit after it is booked: confirmed, arrived, in session, done, not come, cancelled; and undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from bookings.models import Appointment
from bookings.rules.states import ACTIVE, MOMENT_OF, OPEN, CancelReason, Status
from bookings.services import messages
from bookings.services.refusals import TooLate, WrongState
from bookings.services.writing import is_staff, lock_rows, rooms_for, sweep_lapsed_holds, write
from clinic.services import audit

UNDO_LASTS = timedelta(minutes=10)
ONE_MORE = F("sequence") + 1


def cancel_appointment(*, appointment, reason, tell=True, by, now) -> Appointment:
    """Cancel a visit that is still ahead. Its time is free at once; the row stays, with who and why.

    Raises ``WrongState`` when it is cancelled already, has begun, or (for a patient) its time has passed.
    """
    reason = CancelReason(reason)
    ahead = {} if is_staff(by) else {"starts_at__gt": now}

    def attempt():
        changed = Appointment.objects.filter(pk=appointment.pk, status__in=OPEN, **ahead).update(
            status=Status.CANCELLED, cancelled_at=now, cancel_reason=reason, sequence=ONE_MORE
        )
        visit = _read(appointment)
        if not changed:
            raise WrongState(_already(visit), visit.status)
        if tell:
            messages.tell_cancelled(visit, by=by, now=now)
        audit.record(actor=by, action="appointment-cancelled", target=visit, patient=visit.patient, now=now)
        return visit

    return write(attempt, by=by)


def change_status(*, appointment, status, expected=None, by, now) -> Appointment:
    """Set the next state of a visit. The first one wins: ``expected`` is the state that the caller's screen showed.

    Raises ``WrongState`` for a jump that the table does not know, for a no-show before the visit was due, and when a
    colleague was first.
    """
    status = Status(status)

    def attempt():
        visit = _read(appointment)
        before = Status(expected) if expected else Status(visit.status)
        if visit.status != before:
            raise WrongState(_already(visit), visit.status)
        if status not in visit.next_states:
            raise WrongState(
                _("A visit that is “%(now)s” cannot become “%(next)s”.")
                % {"now": visit.status_label, "next": status.label},
                visit.status,
            )
        if status is Status.NOSHOW and visit.starts_at > now:
            raise WrongState(_("The visit has not begun yet."), visit.status)
        if status in ACTIVE and before not in ACTIVE:
            _lock_place_of(visit, now)
        changed = Appointment.objects.filter(pk=visit.pk, status=before).update(
            status=status, **{MOMENT_OF[status]: now}
        )
        visit = _read(visit)
        if not changed:
            raise WrongState(_already(visit), visit.status)
        audit.record(
            actor=by, action=f"appointment-{status.replace('_', '-')}", target=visit, patient=visit.patient, now=now
        )
        return visit

    return write(attempt, by=by)


def undo_status(*, appointment, by, now) -> Appointment:
    """Go back to the state before, within ten minutes. A visit that was cancelled comes back if its time is still free."""

    def attempt():
        visit = _read(appointment)
        since, before = visit.in_state_since, _state_before(visit)
        if before is None or since is None or visit.status == Status.BOOKED:
            raise WrongState(_("There is nothing to undo."), visit.status)
        if now - since > UNDO_LASTS:
            raise TooLate(_("That was more than ten minutes ago and can no longer be undone."))
        if before in ACTIVE and visit.status not in ACTIVE:
            _lock_place_of(visit, now)
        fields = {"status": before, MOMENT_OF[Status(visit.status)]: None}
        if visit.status == Status.CANCELLED:
            fields |= {"cancel_reason": "", "sequence": ONE_MORE}
        changed = Appointment.objects.filter(
            pk=visit.pk, status=visit.status, **{MOMENT_OF[Status(visit.status)]: since}
        ).update(**fields)
        was_cancelled = visit.status == Status.CANCELLED
        visit = _read(visit)
        if not changed:
            raise WrongState(_already(visit), visit.status)
        if was_cancelled:
            messages.tell_back(visit, by=by, now=now)
        audit.record(actor=by, action="appointment-undone", target=visit, patient=visit.patient, now=now)
        return visit

    return write(attempt, by=by)


@dataclass(frozen=True)
class Change:
    """One entry of a visit's history: when, what it became, and who did it (a code; empty when not known)."""

    at: datetime
    status: Status
    by: str
    what: str


def history_of(appointment) -> list[Change]:
    """Everything that happened to the visit, the newest first. Kept by triggers; nobody can edit it."""
    changes, before = [], None
    for event in appointment.events.select_related("pgh_context").order_by("pgh_id"):
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        changes.append(
            Change(event.pgh_created_at, Status(event.status), metadata.get("by", ""), _what_changed(before, event))
        )
        before = event
    return changes[::-1]


def _what_changed(before, event) -> str:
    if before is None:
        return Status(event.status).label
    if before.status != event.status:
        return Status(event.status).label
    if before.starts_at != event.starts_at or before.practitioner_id != event.practitioner_id:
        return _("Moved")
    if before.mode != event.mode:
        return _("Phone or in person changed")
    if before.room_id != event.room_id:
        return _("Room changed")
    return _("Changed")


def _state_before(visit) -> Status | None:
    """The state that began last before the present one: what was undone has no moment any more."""
    earlier = [
        (moment, order, state)
        for order, (state, column) in enumerate(MOMENT_OF.items())
        if state != visit.status and (moment := getattr(visit, column)) is not None
    ]
    return max(earlier)[2] if earlier else None


def _lock_place_of(visit, now):
    """The visit takes up its time again: the same locks as for a booking, in the same order."""
    rooms = rooms_for(visit.service, visit.location, visit.room_id) if visit.room_id else None
    people = {"practitioners": [visit.practitioner_id], "patients": [visit.patient_id]}
    lock_rows(**people, rooms=rooms)
    sweep_lapsed_holds(**people, rooms=rooms, now=now)


def _read(appointment) -> Appointment:
    return Appointment.objects.with_people().get(pk=appointment.pk)


def _already(visit) -> str:
    if visit.status == Status.CANCELLED:
        return _("This visit is cancelled already.")
    if visit.status in OPEN:
        return _("This visit has begun or its time has passed. Please call us.")
    return _("This visit is “%(state)s” by now.") % {"state": visit.status_label}
