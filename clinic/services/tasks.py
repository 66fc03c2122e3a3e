"""Tasks: opened by facts, closed by people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.models import Task
from clinic.rules.levels import Level
from clinic.services import Refused, audit


class AlreadyClaimed(Refused):
    """Somebody else took the task first."""


class AlreadyClosed(Refused):
    """The task was closed before."""


def open_task(
    *, kind, key, level: Level, patient, reason, due_at: datetime, location=None, episode=None, by, now
) -> Task:
    """Open the task that the fact ``key`` calls for, or sharpen the one it opened before.

    One fact makes one task of a kind. A repeat never lowers the level or moves the time back; it never reopens a task
    that a person closed.
    """
    with transaction.atomic():
        task, created = Task.objects.select_for_update().get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "level": level,
                "patient": patient,
                "episode": episode,
                "location": location,
                "reason": reason,
                "created_at": now,
                "due_at": due_at,
            },
        )
        if not created and task.closed_at is None and (level > task.level or due_at < task.due_at):
            if level > task.level:
                task.level, task.reason = level, reason
            task.due_at = min(task.due_at, due_at)
            task.save(update_fields=["level", "reason", "due_at"])
        if created:
            audit.record(actor=by, action="task-opened", target=task, patient=patient, now=now)
    return task


def claim_task(*, task, by, now) -> Task:
    """Say "I am ringing now". Raises ``AlreadyClaimed`` when a colleague was first, ``AlreadyClosed`` when it is done."""
    with transaction.atomic():
        changed = Task.objects.filter(pk=task.pk, claimed_by=None, closed_at=None).update(claimed_by=by, claimed_at=now)
        task.refresh_from_db()
        if not changed:
            if task.closed_at:
                raise AlreadyClosed(_("This call is closed already."))
            if task.claimed_by_id != by.pk:
                raise AlreadyClaimed(_("%(name)s has taken this call.") % {"name": task.claimed_by})
            return task
        audit.record(actor=by, action="task-claimed", target=task, patient=task.patient, now=now)
    return task


def close_task(*, task, outcome, note="", by, now) -> Task:
    """Close the task and say how it ended. Raises ``AlreadyClosed``."""
    with transaction.atomic():
        changed = Task.objects.filter(pk=task.pk, closed_at=None).update(
            closed_by=by, closed_at=now, outcome=outcome, note=note
        )
        task.refresh_from_db()
        if not changed:
            raise AlreadyClosed(_("This call is closed already."))
        audit.record(actor=by, action="task-closed", target=task, patient=task.patient, now=now)
    return task
