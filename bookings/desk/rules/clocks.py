"""The clock beside a call-back: how long until it is due, or how long it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SOON = timedelta(minutes=15)
COUNTED = timedelta(hours=1)
"""Nearer than this a clock counts minutes; further away it names the hour."""


class Pace(StrEnum):
    OVER = "over"
    SOON = "soon"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Clock:
    """``minutes`` to go, or past when ``pace`` is over. ``due`` is the moment on the location's wall clock."""

    pace: Pace
    minutes: int
    due: datetime
    counted: bool
    today: bool


def clock(due_at: datetime, now: datetime, zone: ZoneInfo) -> Clock:
    """A call is over from the minute it is due; the last quarter of an hour before is soon."""
    local = due_at.astimezone(zone)
    today = local.date() == now.astimezone(zone).date()
    minute = timedelta(minutes=1)
    if now >= due_at:
        return Clock(Pace.OVER, (now - due_at) // minute, local, True, today)
    left = due_at - now
    return Clock(Pace.SOON if left <= SOON else Pace.CALM, -(-left // minute), local, left <= COUNTED, today)
