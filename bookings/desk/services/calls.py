"""Call-backs: who is to be rung, in which order, and what a try or a change of mind leaves behind."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Task
from clinic.services import Refused, audit

MOST_SHOWN = 200
NOTE_LENGTH = Task._meta.get_field("note").max_length


class NotYours(Refused):
    """Only who took a call gives it back."""


def waiting_calls() -> list[Task]:
    """Every open call-back with its patient and who has taken it: the most urgent, then the oldest. One query."""
    return list(
        Task.objects.open()
        .call_backs()
        .most_urgent_first()
        .select_related("patient", "claimed_by", "location")[:MOST_SHOWN]
    )


def to_tell_by_phone() -> list[Task]:
    """Messages that no e-mail could carry, the oldest first: somebody tells these patients by phone. One query."""
    return list(
        Task.objects.open()
        .filter(kind__in=[Task.Kind.CONTACT, Task.Kind.RESEND])
        .select_related("patient")
        .order_by("due_at", "pk")[:MOST_SHOWN]
    )


def closed_calls(*, since: datetime) -> list[Task]:
    """What was closed from ``since`` on, the latest first. One query."""
    return list(
        Task.objects.call_backs()
        .filter(closed_at__gte=since)
        .select_related("patient", "closed_by")
        .order_by("-closed_at", "-pk")[:MOST_SHOWN]
    )


def give_back(*, task: Task, by, now) -> Task:
    """Put a call that ``by`` has taken back into the queue, where it was. Raises ``NotYours``."""
    with transaction.atomic():
        changed = Task.objects.filter(pk=task.pk, claimed_by=by, closed_at=None).update(
            claimed_by=None, claimed_at=None
        )
        task.refresh_from_db()
        if not changed:
            raise NotYours(_("This call is not with you any more."))
        audit.record(actor=by, action="task-given-back", target=task, patient=task.patient, now=now)
    return task


def note_a_try(*, task: Task, line: str, by, now) -> Task:
    """Write down that nobody answered and leave the call in the queue, for anybody to take. Raises ``NotYours``.

    The oldest lines make way when the note is full: the history keeps them.
    """
    with transaction.atomic():
        task = Task.objects.select_for_update(of=["self"]).select_related("patient").get(pk=task.pk)
        if task.closed_at or (task.claimed_by_id and task.claimed_by_id != by.pk):
            raise NotYours(_("This call is not with you any more."))
        lines = [*(part for part in task.note.split(" · ") if part), " ".join(line.replace("·", " ").split())]
        while len(" · ".join(lines)) > NOTE_LENGTH and len(lines) > 1:
            lines.pop(0)
        task.note = " · ".join(lines)[:NOTE_LENGTH]
        task.claimed_by = task.claimed_at = None
        task.save(update_fields=["note", "claimed_by", "claimed_at"])
        audit.record(actor=by, action="call-tried", target=task, patient=task.patient, now=now)
    return task
