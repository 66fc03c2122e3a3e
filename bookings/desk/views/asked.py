"""What a request asks for: fields, numbers, days, moments, and the rows that they name. What means nothing is 404."""

from datetime import UTC, date, datetime

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings.desk.forms import OverlapForm
from bookings.desk.rules.board import FIRST_DAY, LAST_DAY
from bookings.desk.views.frame import day_words, main_zone, time_words, with_query
from bookings.models import Appointment
from clinic.models import Location, Patient, Practitioner

page_or_form = require_http_methods(["GET", "HEAD", "POST"])
LAST_PLACE = "desk_place"
"""In the session: the location whose board was looked at last."""


def typed(fields, name: str, most: int = 200) -> str:
    """What a field of a form or an address says, without what Postgres cannot keep and without blank ends."""
    return fields.get(name, "").replace("\x00", "").strip()[:most]


def number(text) -> int:
    """A number from a form or address; -1, which nothing has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else -1


def moment_or_404(text) -> datetime:
    """A moment from an address: seconds since 1970."""
    seconds = number(text)
    if not 0 <= seconds < 4_102_444_800:  # the year 2100
        raise Http404
    return datetime.fromtimestamp(seconds, UTC)


def day_or_none(text) -> date | None:
    """A day from an address, if there can be a board of it."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def visit_or_404(pk) -> Appointment:
    return get_object_or_404(Appointment.objects.with_people(), pk=pk)


def patient_or_404(reference) -> Patient:
    return get_object_or_404(Patient, reference=reference)


def by_hand(fields, location):
    """Therapist, moment and reason as typed; Nones when something is missing."""
    form = OverlapForm(fields, practitioners=Practitioner.objects.active())
    if not form.is_valid():
        return None, None, ""
    data = form.cleaned_data
    starts_at = datetime.combine(data["day"], data["time"], location.zone).astimezone(UTC)
    return Practitioner.objects.get(pk=data["practitioner"]), starts_at, data["reason"]


def slot(request) -> dict:
    """The free time that was clicked on the board, carried through the steps; it belongs to the clinic and names nobody."""
    return {name: request.GET.get(name, "") for name in ("with", "at")}


def step(name, patient, request) -> str:
    return with_query(reverse(f"desk:{name}", args=[patient.reference]), **slot(request))


def slot_words(request) -> dict | None:
    """The time that was clicked on the board, in words; None when the caller came first."""
    asked = slot(request)
    practitioner = Practitioner.objects.filter(pk=number(asked["with"])).first()
    if practitioner is None or not asked["at"]:
        return None
    location = Location.objects.active().filter(slug=request.session.get(LAST_PLACE, "")).first()
    zone = location.zone if location else main_zone()
    moment = moment_or_404(asked["at"])
    return {"day": day_words(moment, zone), "time": time_words(moment, zone), "who": practitioner.name}
