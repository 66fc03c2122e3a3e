"""Personal links: a random token for one purpose and one thing; only its hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from clinic.models import Link
from clinic.services.audit import target_of

TOKEN_BYTES = 24  # 192 bits


def _hash(purpose: str, token: str) -> bytes:
    return hashlib.sha256(f"{purpose}:{token}".encode()).digest()


def make_link(*, purpose, target, patient, lasts: timedelta, now: datetime) -> str:
    """Make a link and return its token. The token is not kept anywhere: put it in the message now."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Link.objects.create(
        purpose=purpose,
        token_hash=_hash(purpose, token),
        target=target_of(target),
        patient=patient,
        created_at=now,
        expires_at=now + lasts,
    )
    return token


def open_link(*, purpose, token, now: datetime) -> Link | None:
    """The live link of that purpose, or None: unknown, expired, revoked and made for something else all look alike."""
    return (
        Link.objects.filter(
            token_hash=_hash(purpose, token), purpose=purpose, created_at__lte=now, expires_at__gt=now, revoked_at=None
        )
        .select_related("patient")
        .first()
    )


def revoke_links(*, target, now: datetime) -> int:
    """Close every link to that thing. Returns how many were open."""
    return Link.objects.filter(target=target_of(target), revoked_at=None).update(revoked_at=now)
