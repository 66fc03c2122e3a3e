"""What differs between two versions, in words."""

import copy

import pytest

from exercises.rules.difference import LABELS, differences
from exercises.rules.document import EXERCISE_PARTS, TOPIC_PARTS, content_hash
from tests.factories_exercises import make_document, make_topic_document


def changed(**parts):
    """(before, after) of one exercise in which these parts differ."""
    before = make_document()
    return before, {**copy.deepcopy(before), **parts}


def said(old, new):
    return [
        (str(part), [str(line) for line in out], [str(line) for line in into])
        for part, out, into in differences(old, new)
    ]


def test_every_part_of_a_document_has_a_name():
    assert set(LABELS) == (EXERCISE_PARTS | TOPIC_PARTS) - {"slug", "uuid"}


def test_nothing_differs_between_equals_whatever_their_address():
    before = make_document()

    assert said(before, {**before, "slug": "other", "uuid": "other"}) == []


CHANGES = [
    ({"purpose": "Makes you strong."}, ("What it is for", ["Makes your hips strong."], ["Makes you strong."])),
    (
        {"dosage": {"type": "repetitions", "reps_min": 10, "sets_min": 2}},
        (
            "How much",
            ["Repeat 8 times."],
            ["Repeat 10 times. Do 2 sets.", "Between sets, rest until your breathing settles."],
        ),
    ),
    ({"dosage": None}, ("How much", ["Repeat 8 times."], [])),
    ({"aliases": ["Hip lift"]}, ("Other names", [], ["Hip lift"])),
    (
        {"cautions": [{"code": "balance", "strength": "absolute", "reason": "Falls.", "say": ""}]},
        ("Cautions", [], ["Unsure balance, or falls (not this exercise): Falls."]),
    ),
    (
        {"progressions": [{"direction": "harder", "to": "plank", "how": "On toes."}]},
        ("Progressions", [], ["Harder: plank. On toes."]),
    ),
    ({"source": {"file": "", "lines": "", "note": "guideline"}}, ("Source", ["set by the clinic"], ["guideline"])),
    ({"review_months": 6}, ("Months until the next check", ["12"], ["6"])),
]


@pytest.mark.parametrize(("parts", "line"), CHANGES, ids=[line[0] for _, line in CHANGES])
def test_a_change_is_said_as_what_went_out_and_what_came_in(parts, line):
    assert said(*changed(**parts)) == [line]


def test_tags_are_said_in_their_words():
    before, after = changed()
    after["tags"]["region"] = ["trunk"]

    assert said(before, after) == [("Tags", ["Hip"], ["Tummy and sides"])]


def test_another_order_is_not_taken_for_no_change():
    before, after = changed()
    after["steps"].reverse()

    assert said(before, after) == [("Steps", [], ["in another order, or in its details"])]


def test_a_figure_drawn_anew_is_said_so():
    before, after = changed()
    after["figure"]["poses"][1]["neck"] = 170

    assert said(before, after) == [("Figure", [], ["drawn anew"])]


def test_sections_of_a_topic_are_compared_as_a_whole():
    before = make_topic_document()
    after = copy.deepcopy(before)
    after["sections"][0]["contested"] = "Sources differ."

    assert said(before, after) == [("Sections", ["How: They may rub."], ["How: They may rub. [Sources differ.]"])]


def test_the_fingerprint_tells_documents_apart_by_what_they_say():
    before, after = changed(purpose="Makes you strong.")

    assert content_hash(before) != content_hash(after)
    assert content_hash(before) == content_hash({**before, "slug": "elsewhere", "uuid": ""})
