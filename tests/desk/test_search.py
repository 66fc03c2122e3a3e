"""What somebody typed into the search box."""

from datetime import date

import pytest

from bookings.desk.rules.search import read_day, read_query

TODAY = date(2026, 3, 10)
BORN = date(1988, 2, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "12 02 1988",
        "12/2/88",
        "12.2.1988",
        "12-02-88",
        "12 feb 1988",
        "12feb88",
        "12 February 1988",
        "1988-02-12",
        "12021988",
    ],
)
def test_a_date_of_birth_is_read_day_first_as_it_is_said(typed):
    assert read_day(typed, TODAY) == BORN


@pytest.mark.parametrize(
    "typed", ["31 02 1988", "13 13 1988", "12 foo 1988", "11 03 2026", "1 1 1880", "555-0142", "lena"]
)
def test_what_is_no_date_of_birth_is_not_read_as_one(typed):
    assert read_day(typed, TODAY) is None


def test_a_year_in_two_digits_is_never_ahead():
    assert (read_day("1 1 26", TODAY), read_day("1 1 27", TODAY)) == (date(2026, 1, 1), date(1927, 1, 1))


@pytest.mark.parametrize(
    ("typed", "enough"), [("", False), ("l", False), ("le", True), ("12", False), ("142", True), ("  ", False)]
)
def test_too_little_finds_nobody(typed, enough):
    assert read_query(typed, TODAY).enough is enough


def test_spaces_are_tidied():
    assert read_query("  lena   marsh ", TODAY).words == "lena marsh"
