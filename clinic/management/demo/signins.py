"""The demo's staff and how they sign in. All invented; the password is no secret, because the demo holds none."""

import base64
import hashlib
import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password

from clinic.models import User
from clinic.rules.access import Role

PASSWORD = "a-calm-demo-back"  # noqa: S105


@dataclass(frozen=True)
class Member:
    email: str
    first_name: str
    last_name: str
    role: Role

    @property
    def secret(self) -> str:
        """The seed of this person's codes: the same in every demo, so that an authenticator app set up once keeps working."""
        return base64.b32encode(hashlib.sha256(f"demo {self.email}".encode()).digest()[:20]).decode()


DESK = Member("desk@example.org", "Mina", "Tarrow", Role.FRONT_DESK)
THERAPIST = Member("therapist@example.org", "Mara", "Ellisande", Role.THERAPIST)
COLLEAGUE = Member("colleague@example.org", "Jonas", "Brightwater", Role.THERAPIST)
LEAD = Member("lead@example.org", "Ines", "Calloway", Role.CLINICAL_LEAD)
MANAGER = Member("manager@example.org", "Theo", "Marsh", Role.MANAGER)
STAFF = [DESK, THERAPIST, COLLEAGUE, LEAD, MANAGER]


def make_staff() -> dict[str, User]:
    """The accounts, each with password and second factor, by e-mail address."""
    users = {}
    hashed = make_password(PASSWORD)  # once: it is slow on purpose
    for member in STAFF:
        user = User.objects.create(
            email=member.email,
            password=hashed,
            first_name=member.first_name,
            last_name=member.last_name,
            role=member.role,
        )
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": totp.encrypt(member.secret)}
        )
        users[member.email] = user
    return users


def current_code(member: Member) -> str:
    """The code that this person's app would show now."""
    counter = int(time.time()) // totp.app_settings.TOTP_PERIOD
    return totp.format_hotp_value(totp.hotp_value(member.secret, counter))
