"""What somebody typed into the search box: a date of birth, digits of a phone number, or part of a name."""

import re
from dataclasses import dataclass
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHAPES = (
    re.compile(r"(?P<year>\d{4})[-./ ](?P<month>\d{1,2})[-./ ](?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-./ ]+(?P<month>\d{1,2})[-./ ]+(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<day>\d{1,2})[-. ]*(?P<month>[a-z]{3,9})\.?[-, ]*(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:19|20)\d{2})"),
)
FEWEST_LETTERS, FEWEST_DIGITS = 2, 3


@dataclass(frozen=True, slots=True)
class Query:
    """``words`` as typed without extra spaces; ``born`` when they are a date; ``enough`` when they say something."""

    words: str
    born: date | None
    enough: bool


def read_query(typed: str, today: date) -> Query:
    """``today`` decides the century of a year in two digits: nobody is born tomorrow."""
    words = " ".join(typed.split())
    born = read_day(words, today)
    letters, digits = sum(c.isalpha() for c in words), sum(c.isdigit() for c in words)
    return Query(words, born, born is not None or letters >= FEWEST_LETTERS or digits >= FEWEST_DIGITS)


def read_day(typed: str, today: date) -> date | None:
    """The day that ``typed`` means, day before month as it is said: 12 02 1988, 12/2/88, 12 feb 1988, 1988-02-12.

    None for anything else, and for days that do not exist, lie ahead or are more than 120 years ago.
    """
    for shape in SHAPES:
        match = shape.fullmatch(typed.strip().lower())
        if match:
            return _day(match["day"], match["month"], match["year"], today)
    return None


def _day(day: str, month: str, year: str, today: date) -> date | None:
    if not month.isdigit():
        if month[:3] not in MONTHS:
            return None
        month = MONTHS.index(month[:3]) + 1
    number = int(year)
    if len(year) == 2:
        number += 2000 if number + 2000 <= today.year else 1900
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found if today.year - 120 <= found.year and found <= today else None
