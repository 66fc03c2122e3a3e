"""The ground floor's rows: people, places, work in hand, and the record."""

from clinic.models.people import Patient, Practitioner, User
from clinic.models.places import Closure, Location, OpeningHours, Room
from clinic.models.record import AccessLog, Link, Message
from clinic.models.work import Episode, Task

__all__ = [
    "AccessLog",
    "Closure",
    "Episode",
    "Link",
    "Location",
    "Message",
    "OpeningHours",
    "Patient",
    "Practitioner",
    "Room",
    "Task",
    "User",
]
