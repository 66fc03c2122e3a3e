"""The calendar file of a visit."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.models import Appointment
from bookings.rules.calendar import CalendarVisit, build_calendar
from bookings.rules.states import Mode, Status


def appointment_calendar(appointment: Appointment, *, now: datetime) -> bytes:
    """The visit as it is now. Its UID is made of the reference, which never changes; nothing about health is in it."""
    location = appointment.location
    if appointment.mode == Mode.PHONE:
        place = _("By phone")
        description = _("We call you on the number you gave. To reach us: %(phone)s") % {"phone": location.phone}
    else:
        place = f"{location.name}, {location.address}"
        description = _("To reach us: %(phone)s") % {"phone": location.phone}
    return build_calendar(
        CalendarVisit(
            uid=f"{appointment.reference}@{settings.SITE_URL.partition('://')[2].partition('/')[0].partition(':')[0]}",
            sequence=appointment.sequence,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            zone=location.zone,
            summary=_("Appointment with %(name)s") % {"name": appointment.practitioner.name},
            place=place,
            description=description,
            organizer=settings.CLINIC_NAME,
            organizer_email=location.email,
            stamp=now,
            cancelled=appointment.status == Status.CANCELLED,
        )
    )
