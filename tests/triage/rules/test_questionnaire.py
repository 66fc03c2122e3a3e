"""Which questions are enabled, on which pages, and how far along."""

import pytest

from tests.triage.rules.forms import make, page, question, when
from triage.rules.fhir import (
    HIDDEN,
)
from triage.rules.questionnaire import (
    all_pages,
    enabled,
    enabled_answers,
    first_unanswered,
    ignored,
    missing,
    page_after,
    page_before,
    page_of,
    pages,
    progress,
    read,
)

# what is enabled


@pytest.mark.parametrize(
    ("kind", "condition", "opens", "closes"),
    [
        ("choice", when("first", "=", answerCoding={"code": "yes"}), ["yes"], ["no", None]),
        ("choice", when("first", "!=", answerCoding={"code": "yes"}), ["no", "unsure"], ["yes", None]),
        ("choice", when("first", "exists", answerBoolean=True), ["no"], [None, ""]),
        ("choice", when("first", "exists", answerBoolean=False), [None], ["no"]),
        ("boolean", when("first", "=", answerBoolean=True), [True], [False, None]),
        ("boolean", when("first", "exists", answerBoolean=True), [False], [None]),
        ("integer", when("first", ">", answerInteger=9), [10, "10"], [9, 2, None]),
        ("integer", when("first", "<", answerInteger=10), [9, 0], [10, None]),
        ("integer", when("first", ">=", answerInteger=5), [5], [4, None]),
        ("decimal", when("first", "<=", answerDecimal=1.5), [1.5, 0], [1.6, None]),
        ("date", when("first", ">", answerDate="2026-03-01"), ["2026-03-02"], ["2026-02-28", None]),
        ("string", when("first", "=", answerString="a"), ["a"], ["b", None]),
    ],
)
def test_enable_when(kind, condition, opens, closes):
    questionnaire = read(make(question("first", kind), question("second", "string", **condition)))

    assert [value for value in opens if "second" not in enabled(questionnaire, {"first": value})] == []
    assert [value for value in closes if "second" in enabled(questionnaire, {"first": value})] == []


def test_enable_when_of_a_tick_list_holds_when_one_tick_does():
    condition = when("first", "=", answerCoding={"code": "yes"})
    questionnaire = read(make(question("first", repeats=True), question("second", "string", **condition)))

    assert "second" in enabled(questionnaire, {"first": ["no", "yes"]})
    assert "second" not in enabled(questionnaire, {"first": ["no"]})


@pytest.mark.parametrize(("behavior", "expected"), [("any", True), ("all", False)])
def test_enable_behavior(behavior, expected):
    rules = [
        *when("a", "exists", answerBoolean=True)["enableWhen"],
        *when("b", "exists", answerBoolean=True)["enableWhen"],
    ]
    last = question("c", "string", enableWhen=rules, enableBehavior=behavior)
    questionnaire = read(make(question("a"), question("b"), last))

    assert ("c" in enabled(questionnaire, {"a": "no"})) is expected
    assert "c" in enabled(questionnaire, {"a": "no", "b": "no"})


def test_a_chain_closes_when_its_first_answer_changes():
    questionnaire = read(
        make(
            question("a"),
            question("b", **when("a", "=", answerCoding={"code": "yes"})),
            question("c", "string", required=True, **when("b", "=", answerCoding={"code": "yes"})),
        )
    )
    before, after = {"a": "yes", "b": "yes", "c": "kept"}, {"a": "no", "b": "yes", "c": "kept"}

    assert enabled_answers(questionnaire, before) == before
    assert enabled_answers(questionnaire, after) == {"a": "no"}
    assert ignored(questionnaire, after) == ("b", "c")
    assert missing(questionnaire, {"a": "no"}) == ()
    assert [item.link_id for item in missing(questionnaire, {"a": "yes", "b": "yes"})] == ["c"]


def test_what_lies_in_a_closed_group_is_closed():
    group = {"linkId": "g", "type": "group", **when("a", "=", answerCoding={"code": "yes"}), "item": [question("b")]}
    questionnaire = read(make(question("a"), group))

    assert {"g", "b"} <= enabled(questionnaire, {"a": "yes"})
    assert enabled(questionnaire, {"a": "no"}) == {"a"}


def test_a_question_inside_a_question_waits_for_its_answer():
    questionnaire = read(make(question("a", item=[question("b", "string")])))

    assert "b" not in enabled(questionnaire, {})
    assert "b" in enabled(questionnaire, {"a": "no"})


def test_a_hidden_question_keeps_its_initial_value_and_is_never_missing():
    hidden = [{"url": HIDDEN, "valueBoolean": True}]
    secret = question("h", "string", required=True, initial=[{"valueString": "x"}], extension=hidden)
    questionnaire = read(make(question("a", "string"), secret))

    assert enabled_answers(questionnaire, {}) == {"h": "x"}
    assert missing(questionnaire, {}) == ()
    assert [shown.id for shown in all_pages(questionnaire)] == ["a"]


# pages

SECOND = page("p2", question("b"), **when("a", "=", answerCoding={"code": "yes"}))
THIRD = page("p3", {"linkId": "t", "text": "Hello", "type": "display"}, question("c", "string", required=True))
THREE = make(
    {"linkId": "one", "text": "Part one", "type": "group", "item": [page("p1", question("a")), SECOND]},
    {"linkId": "two", "text": "Part two", "type": "group", "item": [THIRD]},
)


def test_pages_follow_the_answers():
    questionnaire = read(THREE)

    assert [shown.id for shown in pages(questionnaire, {})] == ["p1", "p3"]
    assert [shown.id for shown in pages(questionnaire, {"a": "yes"})] == ["p1", "p2", "p3"]
    assert page_after(questionnaire, {"a": "yes"}, "p1").id == "p2"
    assert page_after(questionnaire, {"a": "no"}, "p1").id == "p3"
    assert page_before(questionnaire, {"a": "no"}, "p3").id == "p1"
    assert page_after(questionnaire, {}, "p3") is None
    assert page_before(questionnaire, {}, "p1") is None
    assert page_of(questionnaire, "c") == "p3"
    assert pages(questionnaire, {})[1].intro == ("Hello",)


def test_unknown_pages_and_questions():
    with pytest.raises(ValueError):
        page_after(read(THREE), {}, "nowhere")
    with pytest.raises(KeyError):
        page_of(read(THREE), "nowhere")


def test_progress_counts_all_there_could_be():
    questionnaire = read(THREE)
    told = [progress(questionnaire, shown.id) for shown in all_pages(questionnaire)]

    assert [(each.section, each.number, each.total) for each in told] == [
        ("Part one", 1, 2),
        ("Part one", 1, 2),
        ("Part two", 2, 2),
    ]
    assert [each.percent for each in told] == [0, 33, 67]


def test_resume_goes_to_the_first_open_question():
    assert first_unanswered(read(THREE), {"a": "no"}).id == "p3"
    assert first_unanswered(read(THREE), {"a": "no", "c": "x"}) is None


def test_without_page_groups_every_question_has_its_page():
    items = (
        {"linkId": "hello", "text": "Hello", "type": "display"},
        question("a"),
        {
            "linkId": "g",
            "text": "More",
            "type": "group",
            "item": [question("b"), question("c", item=[question("d", "string")])],
        },
        {"linkId": "bye", "text": "Thank you", "type": "display"},
    )
    shown = all_pages(read(make(*items)))

    assert [(each.id, each.section) for each in shown] == [("a", "Small"), ("b", "More"), ("c", "More")]
    assert [item.link_id for item in shown[0].items] == ["hello", "a"]
    assert [item.link_id for item in shown[2].items] == ["c", "d", "bye"]
