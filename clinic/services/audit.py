"""The read audit: who looked at or did what. Codes and ids only."""

from clinic.models import AccessLog


def name_of(actor) -> str:
    """``user:3``, ``patient:7`` or the word given for what is no person (``public``, ``system``)."""
    return actor if isinstance(actor, str) else actor.actor


def target_of(thing) -> str:
    return thing if isinstance(thing, str) else f"{thing._meta.label_lower}:{thing.pk}"


def record(*, actor, action, target, patient=None, now) -> AccessLog:
    """Add one line to the log. ``actor`` is a User, a Patient or a word; ``target`` a row or ``model:key``."""
    return AccessLog.objects.create(
        at=now,
        actor=name_of(actor),
        action=action,
        target=target_of(target),
        patient_id=getattr(patient, "pk", None),
    )
