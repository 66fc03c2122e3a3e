"""The smallest valid rows of booking."""

from datetime import date, time, timedelta

from bookings.models import Appointment, Competence, Service, Shift
from bookings.rules.states import MOMENT_OF, CancelReason, Mode, Status
from clinic.models import Room
from clinic.rules.levels import Level
from clinic.services.episodes import open_episode
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room
from tests.factories_triage import make_assessment
from triage.models import Assessment

_numbers = iter(range(1, 1_000_000))


def make_service(*, practitioners=(), **fields):
    """A public service of 40 minutes and 10 after it, in person or by phone, given by ``practitioners``."""
    defaults = {
        "slug": f"service-{next(_numbers)}",
        "name": "Comprehensive assessment",
        "description": "We look at how you move and plan with you.",
        "minutes": 40,
        "buffer_minutes": 10,
        "step_minutes": 10,
        "by_phone": True,
        "in_person": True,
        "room_kind": Room.Kind.TREATMENT,
        "notice_minutes": 0,
        "horizon_days": 60,
        "is_public": True,
    }
    service = Service.objects.create(**{**defaults, **fields})
    for practitioner in practitioners:
        make_competence(service, practitioner)
    return service


def make_competence(service, practitioner):
    return Competence.objects.create(service=service, practitioner=practitioner)


def make_shift(practitioner, location, **fields):
    """Tuesdays from 09:00 to 17:00, since long ago. ``NOW`` is a Tuesday at 10:00."""
    defaults = {"weekday": 1, "starts": time(9), "ends": time(17), "valid_from": date(2020, 1, 6)}
    return Shift.objects.create(practitioner=practitioner, location=location, **{**defaults, **fields})


def make_week(practitioner, location, **fields):
    """The same hours from Monday to Friday."""
    return [make_shift(practitioner, location, weekday=day, **fields) for day in range(5)]


def make_appointment(**fields):
    """A booked visit tomorrow at 10:00 of Europe/London, in person unless ``mode`` says otherwise.

    What is not given is made: location, room, practitioner, patient, service. The moments follow from ``status``.
    """
    location = fields.pop("location", None) or make_location()
    status = Status(fields.pop("status", Status.BOOKED))
    mode = Mode(fields.pop("mode", Mode.IN_PERSON))
    starts_at = fields.pop("starts_at", NOW + timedelta(days=1))
    service = fields.pop("service", None) or make_service()
    values = {
        "location": location,
        "service": service,
        "practitioner": fields.pop("practitioner", None) or make_practitioner(),
        "patient": fields.pop("patient", None) or make_patient(),
        "mode": mode,
        "room": fields.pop("room", None) or (make_room(location) if mode is Mode.IN_PERSON else None),
        "phone": "555-0123" if mode is Mode.PHONE else "",
        "starts_at": starts_at,
        "ends_at": starts_at + service.duration,
        "free_again_at": starts_at + service.duration + service.buffer,
        "status": status,
        "booked_by": "system",
        "created_at": NOW,
    }
    if status is Status.HELD:
        values["held_until"] = NOW + timedelta(minutes=8)
    else:
        values["booked_at"] = NOW - timedelta(days=2)
        values[MOMENT_OF[status]] = NOW - timedelta(days=1)
    if status is Status.CANCELLED:
        values["cancel_reason"] = CancelReason.CANNOT_COME
    return Appointment.objects.create(**{**values, **fields})


def make_hold(**fields):
    """A time held until eight minutes after ``NOW``."""
    return make_appointment(status=Status.HELD, **fields)


def make_triaged(level=Level.ROUTINE, *, patient=None, quick=False, created_at=NOW - timedelta(hours=1), **details):
    """A patient whose answers came to ``level``; with ``quick`` they answered the four safety questions only."""
    patient = patient or make_patient()
    make_assessment(
        patient=patient,
        level=level,
        kind=Assessment.Kind.QUICK if quick else Assessment.Kind.INTAKE,
        episode=None if quick else open_episode(patient=patient, problem="running_low_back_pain", now=created_at),
        details=details,
        created_at=created_at,
    )
    return patient
