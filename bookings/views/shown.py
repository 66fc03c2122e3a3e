"""Visits and times in the shape in which the templates show them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.rules.choice import Choice
from bookings.rules.states import Mode
from bookings.services.words import day_words, when_words, zone_words
from triage.services import CallWords, open_call, urgent_words


def card(visit) -> dict:
    """The appointment card: what ``components/appointment.html`` reads."""
    location = visit.location
    who = ", ".join(part for part in (visit.practitioner.name, visit.practitioner.title) if part)
    rows = [
        {"label": _("What"), "value": visit.service.name},
        {"label": _("How"), "value": visit.mode_label},
        {"label": _("Who"), "value": who},
    ]
    if visit.mode == Mode.PHONE:
        if visit.phone:
            rows.append({"label": _("We call"), "value": visit.phone})
    else:
        rows.append({"label": _("Where"), "value": f"{location.name}, {location.address}"})
    rows.append({"label": _("Time zone"), "value": zone_words(location)})
    return {"starts_at": visit.starts_at, "ends_at": visit.ends_at, "zone": location.zone, "rows": rows}


def call(patient, location, now) -> CallWords | None:
    """By when we ring this patient, or whom to ring without a number; None when nobody is to ring yet."""
    waiting, has_phone = open_call(patient), bool(patient.phone)
    if waiting is None and has_phone:
        return None
    due_at = waiting.due_at if waiting else now
    return urgent_words(due_at=due_at, location=location, has_phone=has_phone, now=now)


def days(times, now) -> list[dict]:
    """The days of a page of times, each half with its buttons. Times are put into words once, here."""
    today = timezone.localtime(now, times.location.zone).date()
    names = {key: (name, first_name(name)) for key, name in times.names.items()}

    def buttons(slots):
        return [
            {"clock": slot.clock, "choice": times.choice(slot.offer), "names": names[slot.offer.practitioner]}
            for slot in slots
        ]

    return [
        {
            "day": day.day,
            "away": day_words(day.day, today),
            "halves": [
                (_("Morning"), buttons(day.morning)),
                (_("Afternoon"), buttons(day.afternoon)),
            ],
        }
        for day in times.days
    ]


def first_name(name: str) -> str:
    """What fits under a time: ``Mara`` of ``Mara Ellisande``. A title such as ``Dr.`` is no name."""
    return next((word for word in name.split() if not word.endswith(".")), name)


def nearest(offers, *, service, mode, location) -> list[dict]:
    """Other times for somebody who was refused one: buttons with the day in words."""
    return [
        {
            "choice": str(Choice.of(offer, service=service.slug, mode=Mode(mode))),
            "when": when_words(offer.starts_at, location),
        }
        for offer in offers
    ]
