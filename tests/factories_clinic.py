"""The smallest valid rows of the ground floor."""

import time as time_module
from datetime import UTC, date, datetime, time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator

from clinic.models import Closure, Location, OpeningHours, Patient, Practitioner, Room, Task, User
from clinic.rules.access import Role
from clinic.rules.levels import Level

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
"""A Tuesday morning in winter time, the clinic open."""

_numbers = iter(range(1, 1_000_000))


def make_user(**fields):
    number = next(_numbers)
    fields.setdefault("email", f"staff{number}@example.org")
    fields.setdefault("role", Role.FRONT_DESK)
    password = fields.pop("password", "correct horse battery")
    return User.objects.create_user(fields.pop("email"), password, **fields)


def make_signed_in(client, role, **fields):
    """A member of staff of that role, signed in with a second factor."""
    user = make_user(role=role, **fields)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    client.force_login(user)
    session = client.session  # as the sign-in would have left it
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": time_module.time()}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
    return user


def make_patient(**fields):
    defaults = {
        "first_name": "Robin",
        "last_name": "Ashdown",
        "date_of_birth": date(1985, 3, 27),
        "phone": "555-0123",
        "email": "robin@example.org",
    }
    return Patient.objects.create(**{**defaults, **fields})


def make_practitioner(**fields):
    return Practitioner.objects.create(**{"name": f"Mara Ellisande {next(_numbers)}", **fields})


def make_location(*, hours=True, closed_on=(), **fields):
    """A location, open Monday to Friday from 08:00 to 18:00 unless ``hours=False``."""
    number = next(_numbers)
    defaults = {
        "name": f"Northgate {number}",
        "slug": f"northgate-{number}",
        "address": "14 Alder Row",
        "country": "GB",
        "time_zone": "Europe/London",
        "phone": "555-0142",
        "email": "hello@example.org",
        "emergency_number": "555-0199",
        "urgent_advice_number": "555-0111",
    }
    location = Location.objects.create(**{**defaults, **fields})
    if hours:
        OpeningHours.objects.bulk_create(
            OpeningHours(location=location, weekday=day, opens=time(8), closes=time(18)) for day in range(5)
        )
    Closure.objects.bulk_create(Closure(location=location, day=day) for day in closed_on)
    return location


def make_room(location=None, **fields):
    return Room.objects.create(
        location=location or make_location(),
        **{"name": f"Room {next(_numbers)}", "kind": Room.Kind.TREATMENT, **fields},
    )


def make_task(**fields):
    defaults = {
        "kind": Task.Kind.CALL_BACK,
        "key": f"task-{next(_numbers)}",
        "level": Level.URGENT,
        "reason": "Answers that a person should check today",
        "created_at": NOW,
        "due_at": NOW,
    }
    if "patient" not in fields:
        fields["patient"] = make_patient()
    return Task.objects.create(**{**defaults, **fields})
