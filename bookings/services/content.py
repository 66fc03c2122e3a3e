"""The services that come with the program: loaded from ``bookings/content/services.json``, never over somebody's edit."""

import hashlib
import json
from pathlib import Path

from django.db import transaction

from bookings.models import Service
from clinic.rules.content import Counts
from clinic.services import audit

FILE = Path(__file__).resolve().parent.parent / "content" / "services.json"


def load(*, now, file: Path = FILE) -> Counts:
    """Bring the services of the file into the database; a second load changes nothing.

    A new service is not shown to patients before somebody has read it and calls ``publish``.
    """
    counts = Counts()
    with transaction.atomic():
        for entry in json.loads(file.read_text()):
            _load_one({**entry, "preparation": "\n".join(entry["preparation"])}, counts)
    return counts


def _load_one(said: dict, counts: Counts) -> None:
    service = Service.objects.select_for_update().filter(slug=said["slug"]).first()
    fingerprint = _fingerprint(said)
    if service is None:
        service = Service(**said, content_hash=fingerprint)
        service.full_clean()
        service.save()
        counts.created += 1
    elif service.content_hash == fingerprint:
        counts.unchanged += 1
    elif _fingerprint({name: getattr(service, name) for name in said}) != service.content_hash:
        counts.kept += 1
    else:
        for name, value in said.items():
            setattr(service, name, value)
        service.content_hash = fingerprint
        service.full_clean()
        service.save()
        counts.updated += 1


def _fingerprint(said: dict) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def publish(*, service, by, now) -> Service:
    """Show the service to patients."""
    service.is_public = True
    with transaction.atomic():
        service.save(update_fields=["is_public"])
        audit.record(actor=by, action="service-published", target=service, now=now)
    return service


def withdraw(*, service, by, now) -> Service:
    """Stop showing the service to patients. Visits that are booked stay."""
    service.is_public = False
    with transaction.atomic():
        service.save(update_fields=["is_public"])
        audit.record(actor=by, action="service-withdrawn", target=service, now=now)
    return service
