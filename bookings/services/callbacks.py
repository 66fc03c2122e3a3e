"""Calls that patients ask for from the booking pages."""

from django.utils.translation import gettext as _

from clinic.models import Task
from clinic.rules.opening import callback_promise
from clinic.services.tasks import open_task


def open_call(patient) -> Task | None:
    """The call that this patient waits for already, the soonest first."""
    return Task.objects.call_backs().open().filter(patient=patient).order_by("due_at", "pk").first()


def ask_for_call(*, patient, level, location, by, now) -> Task:
    """Put the patient on the list of people to ring. Asking twice on a day makes one call."""
    return open_task(
        kind=Task.Kind.CALL_BACK,
        key=f"asked:{patient.reference}:{now.astimezone(location.zone).date()}",
        level=level,
        patient=patient,
        location=location,
        reason=_("Asked for a call from the booking page"),
        due_at=callback_promise(location.week, now).due_at,
        by=by,
        now=now,
    )
