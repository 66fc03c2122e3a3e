"""The one way in which a visit gets a time: lock, sweep, check, write. Public, front desk and moves all come through here.

The rows of therapist, rooms and patient are locked first, in that order and by primary key within each, so two writers who
want the same thing wait for each other instead of deadlocking. The exclusion constraints stand behind it: whoever gets past
the checks all the same is refused by Postgres, and is told the same sentence.
"""

from contextlib import contextmanager

import pghistory
import psycopg.errors
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.models import Appointment
from bookings.services.refusals import AlreadyUsed, Busy, PatientBusy, PhoneMissing, TimeTaken
from clinic.models import Patient, Practitioner, Room, User
from clinic.services.audit import name_of

TRIES = 3
"""How often a write is tried that Postgres stopped for a reason that is not the caller's."""

BY_PRACTITIONER = "bookings_one_patient_at_a_time_per_practitioner"
BY_ROOM = "bookings_one_visit_at_a_time_per_room"
BY_PATIENT = "bookings_one_visit_at_a_time_per_patient"
EXCLUSIONS = (BY_PRACTITIONER, BY_ROOM, BY_PATIENT)
PHONE_NUMBER = "bookings_phone_visit_has_a_number_to_call"


def is_staff(by) -> bool:
    return isinstance(by, User)


def taken_message() -> str:
    return _("That time has just been taken.")


@contextmanager
def recorded(by):
    """Everything changed inside is kept in the history with who did it."""
    with pghistory.context(by=name_of(by)):
        yield


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused the write; empty when the error names none."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def write(attempt, *, by):
    """Run ``attempt`` in one transaction and return what it returns.

    A deadlock, and a room or a key that another writer took in between, are tried again: the next attempt reads afresh and
    takes the next free room. What remains is said as a refusal; an error that is none of these is raised as it is.
    """
    for tried in range(1, TRIES + 1):
        last = tried == TRIES
        try:
            with recorded(by), transaction.atomic():
                return attempt()
        except IntegrityError as error:
            name = constraint_of(error)
            if name == BY_PATIENT:
                raise PatientBusy(_("You have another visit at that time.")) from error
            if name == PHONE_NUMBER:
                raise PhoneMissing(_("Enter the phone number that we should call.")) from error
            if name == BY_PRACTITIONER or (name == BY_ROOM and last):
                raise TimeTaken(taken_message()) from error
            if name.startswith("bookings_appointment_idempotency_key") and last:
                raise AlreadyUsed(_("This form was sent before. Please start again.")) from error
            if name != BY_ROOM and not name.startswith("bookings_appointment_idempotency_key"):
                raise
        except OperationalError as error:
            if isinstance(error.__cause__, psycopg.errors.DeadlockDetected) and not last:
                continue
            if isinstance(
                error.__cause__,
                psycopg.errors.DeadlockDetected | psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled,
            ):
                raise Busy(_("We are busy just now. Please try again in a moment.")) from error
            raise
    raise AssertionError("every try ends in an answer or a refusal")


def lock_rows(*, practitioners, rooms=None, patients):
    """Lock therapists, rooms and patients, in that order and by key, until the transaction ends.

    ``rooms`` is a ``Q`` that names the rooms that could be used. ``NO KEY`` leaves other writers free to point at these rows.
    """
    _lock(Practitioner.objects.filter(pk__in=practitioners))
    if rooms is not None:
        _lock(Room.objects.filter(rooms))
    _lock(Patient.objects.filter(pk__in=patients))


def _lock(rows):
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def rooms_for(service, location, *others) -> Q:
    """The rooms in which ``service`` could be given at ``location``, and ``others`` that a visit lies in already."""
    named = [room for room in others if room is not None]
    return Q(location=location, kind=service.room_kind) | Q(pk__in=named)


def sweep_lapsed_holds(*, practitioners, rooms=None, patients, now) -> int:
    """Delete holds that have run out and stand in the way. Nothing else needs to clear them up: there is no cron."""
    in_the_way = Q(practitioner__in=practitioners) | Q(patient__in=patients)
    if rooms is not None:
        in_the_way |= Q(room__in=Room.objects.filter(rooms))
    deleted, _by_model = Appointment.objects.lapsed_holds(now).filter(in_the_way).delete()
    return deleted
