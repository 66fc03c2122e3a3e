"""The stylesheet of places and the rules that ask for its classes."""

from pathlib import Path

import pytest

from bookings.desk.rules.grid import css, lane_class

STYLESHEET = Path(__file__).resolve().parents[2] / "static" / "css" / "desk-grid.css"


def test_the_stylesheet_is_what_the_rules_write():
    assert STYLESHEET.read_text() == css(), "python -m bookings.desk.rules.grid > static/css/desk-grid.css"


@pytest.mark.parametrize(("lane", "lanes"), [(lane, lanes) for lanes in range(2, 7) for lane in range(1, lanes + 1)])
def test_every_lane_has_a_class(lane, lanes):
    assert f".{lane_class(lane, lanes)}{{" in css()


def test_a_visit_alone_needs_no_lane():
    assert lane_class(1, 1) == ""
