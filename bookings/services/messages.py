"""What patients are told about their visits: written to the outbox in the transaction of the fact.

A message says when, where and with whom, never why: nothing about health, not even which kind of visit it is. Each carries a
personal link that opens the visit page and a calendar file.
"""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.services.calendar import appointment_calendar
from bookings.services.words import when_words, zone_words
from clinic.services.links import make_link
from clinic.services.outbox import cancel_messages, queue_message

LINK_PURPOSE = "visit"
LINK_LASTS_AFTER = timedelta(days=30)
"""How long after the visit its link still opens: to look it up, and to book again."""


def visit_path(appointment, *, now) -> str:
    """A new personal address of the visit page, without the host."""
    token = make_link(
        purpose=LINK_PURPOSE,
        target=appointment,
        patient=appointment.patient,
        lasts=max(appointment.ends_at - now, timedelta(0)) + LINK_LASTS_AFTER,
        now=now,
    )
    return reverse("bookings:manage", args=[token])


def tell_booked(appointment, *, by, now):
    _tell(appointment, "booked", by=by, now=now)


def tell_moved(appointment, *, by, now):
    """Another time, therapist, place or way to meet."""
    _tell(appointment, "moved", by=by, now=now)


def tell_cancelled(appointment, *, by, now):
    _tell(appointment, "cancelled", by=by, now=now)


def tell_back(appointment, *, by, now):
    """A cancellation was undone. When the patient was not told of it yet, nothing needs to be said."""
    earlier = _fact_key(appointment, appointment.sequence - 1)
    if not cancel_messages(fact_key=earlier, kinds=["cancelled"], now=now):
        _tell(appointment, "booked", by=by, now=now)


def _fact_key(appointment, sequence) -> str:
    return f"appointment:{appointment.reference}:{sequence}"


def _tell(appointment, kind, *, by, now):
    site = settings.SITE_URL.rstrip("/")
    with translation.override(appointment.patient.language):
        when = when_words(appointment.starts_at, appointment.location)
        subject = {
            "booked": _("Your visit is booked: %(when)s"),
            "moved": _("Your visit has changed: %(when)s"),
            "cancelled": _("Your visit is cancelled: %(when)s"),
        }[kind] % {"when": when}
        context = {
            "visit": appointment,
            "patient": appointment.patient,
            "location": appointment.location,
            "when": when,
            "clock": zone_words(appointment.location),
            "clinic_name": settings.CLINIC_NAME,
            "link": site + visit_path(appointment, now=now),
            "book_link": site + reverse("bookings:start"),
        }
        queue_message(
            kind=kind,
            fact_key=_fact_key(appointment, appointment.sequence),
            patient=appointment.patient,
            subject=subject,
            text=render_to_string(f"bookings/mail/{kind}.txt", context),
            html=render_to_string(f"bookings/mail/{kind}.html", context),
            attachments=[
                {
                    "name": "visit.ics",
                    "type": "text/calendar",
                    "text": appointment_calendar(appointment, now=now).decode(),
                }
            ],
            by=by,
            now=now,
        )
