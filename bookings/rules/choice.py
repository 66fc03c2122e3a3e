"""One offered time as a short text in a form, and back. It proves nothing: what comes back is checked like anything typed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bookings.rules.free_times import Offer
from bookings.rules.states import Mode

FORM = re.compile(r"([a-z0-9-]{1,50})~(phone|in_person)~(\d{1,9})~(\d{1,9})~(2[01]\d{6}T\d{4})", re.ASCII)
"""The years 2000 to 2199: at the ends of the calendar there is no day before or after to look at."""
CLOCK = "%Y%m%dT%H%M"
YEARS = range(2000, 2200)  # at the ends of the calendar the arithmetic of time zones breaks


@dataclass(frozen=True)
class Choice:
    """A service, how, with whom (a primary key), where (likewise), and when."""

    service: str
    mode: Mode
    practitioner: int
    location: int
    starts_at: datetime

    @classmethod
    def of(cls, offer: Offer, *, service: str, mode: Mode) -> "Choice":
        return cls(service, mode, offer.practitioner, offer.location, offer.starts_at)

    def __str__(self):
        when = self.starts_at.astimezone(UTC).strftime(CLOCK)
        return f"{self.service}~{self.mode.value}~{self.practitioner}~{self.location}~{when}"


def read_choice(text: str) -> Choice | None:
    """The choice that ``text`` stands for, or None when it is not one of ours."""
    match = FORM.fullmatch(text or "")
    if not match:
        return None
    service, mode, practitioner, location, when = match.groups()
    try:
        starts_at = datetime.strptime(when, CLOCK).replace(tzinfo=UTC)
    except ValueError:
        return None
    if starts_at.year not in YEARS:
        return None
    return Choice(service, Mode(mode), int(practitioner), int(location), starts_at)
