"""Finding a patient's own visits: by the session that booked them, or by a personal link."""

from bookings.models import Appointment
from bookings.rules.states import Status
from bookings.services.messages import LINK_PURPOSE
from clinic.services.links import open_link


def hold_of(patient) -> Appointment | None:
    """What the patient holds, also when its eight minutes are over and nobody has taken the time."""
    return Appointment.objects.filter(patient=patient, status=Status.HELD).with_people().first()


def visit_of(patient, reference) -> Appointment | None:
    """A visit that was booked for this patient."""
    return Appointment.objects.on_the_books().filter(patient=patient, reference=reference).with_people().first()


def visit_by_link(token, *, now) -> Appointment | None:
    """The visit that a personal link opens, as it is now; None for any other token."""
    link = open_link(purpose=LINK_PURPOSE, token=token, now=now)
    if link is None:
        return None
    model, _colon, key = link.target.partition(":")
    if model != Appointment._meta.label_lower or not key.isdecimal():
        return None
    return Appointment.objects.on_the_books().filter(pk=int(key), patient=link.patient).with_people().first()
