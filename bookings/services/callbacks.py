"""Calls that patients ask for from the booking pages."""

from django.utils.translation import gettext as _

from clinic.models import Task
from clinic.rules.levels import Level
from clinic.services.tasks import open_task
from triage.services.promises import call_back_due, open_call


def ask_for_call(*, patient, level, location, by, now) -> Task:
    """Put the patient on the list of people to ring, or return the call that is on it already.

    A call that somebody has closed is over: whoever asks again is rung again.
    """
    waiting = open_call(patient)
    if waiting is not None:
        return waiting
    asked_before = Task.objects.filter(kind=Task.Kind.CALL_BACK, patient=patient).count()
    return open_task(
        kind=Task.Kind.CALL_BACK,
        key=f"asked:{patient.reference}:{asked_before}",
        level=level,
        patient=patient,
        location=location,
        reason=_("Asked for a call from the booking page"),
        due_at=call_back_due(level=Level.URGENT, location=location, now=now),
        by=by,
        now=now,
    )
