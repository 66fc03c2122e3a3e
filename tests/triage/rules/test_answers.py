"""Answers: cleaned, refused in plain words, said back in words."""

import pytest

from tests.triage.rules.forms import make, question
from tests.triage.rules.people import CALM
from triage.pathways import RUNNING_LOW_BACK_PAIN
from triage.rules.fhir import (
    MAX_VALUE,
    MIN_VALUE,
)
from triage.rules.questionnaire import (
    AnswerError,
    answer_text,
    missing,
    read,
    required_message,
    validate_answer,
)

# answers


def item(kind="choice", **fields):
    return read(make(question("a", kind, **fields))).item("a")


LIMITS = [{"url": MIN_VALUE, "valueInteger": 0}, {"url": MAX_VALUE, "valueInteger": 10}]


@pytest.mark.parametrize(
    ("kind", "fields", "raw", "clean"),
    [
        ("choice", {}, "yes", "yes"),
        ("choice", {}, ["yes"], "yes"),
        ("choice", {}, "", None),
        ("choice", {"repeats": True}, ["unsure", "no", "no"], ["no", "unsure"]),
        ("choice", {"repeats": True}, [], None),
        ("open-choice", {}, "my own", "my own"),
        ("boolean", {}, "true", True),
        ("boolean", {}, False, False),
        ("integer", {"extension": LIMITS}, " 7 ", 7),
        ("integer", {"extension": LIMITS}, 0, 0),
        ("decimal", {}, "1,5", 1.5),
        ("string", {}, "  hello ", "hello"),
        ("text", {}, "a\r\nb", "a\nb"),
        ("text", {}, "   ", None),
        ("date", {}, "2026-03-27", "2026-03-27"),
        ("date", {}, "2026-03", "2026-03"),
        ("date", {}, {"day": "4", "month": "Apr", "year": "2026"}, "2026-04-04"),
        ("date", {}, {"day": "04", "month": "april", "year": "2026"}, "2026-04-04"),
        ("date", {}, {"day": "", "month": "4", "year": "2026"}, "2026-04"),
        ("date", {}, {"day": "", "month": "", "year": ""}, None),
    ],
)
def test_answers_are_cleaned(kind, fields, raw, clean):
    assert validate_answer(item(kind, **fields), raw) == clean


@pytest.mark.parametrize(
    ("kind", "fields", "raw", "words"),
    [
        ("choice", {}, "maybe", "Choose one of the answers shown"),
        ("choice", {}, ["yes", "no"], "Choose one answer"),
        ("choice", {}, {"a": 1}, "Choose one of the answers shown"),
        ("choice", {"repeats": True}, ["maybe"], "Choose one of the answers shown"),
        ("choice", {"repeats": True}, 3, "Tick the answers that fit"),
        ("boolean", {}, "perhaps", "Choose yes or no"),
        ("integer", {"extension": LIMITS}, "11", "Enter a number from 0 to 10"),
        ("integer", {"extension": LIMITS}, "4.5", "Enter a number from 0 to 10"),
        ("integer", {}, "four", "Enter a whole number"),
        ("integer", {}, True, "Enter a whole number"),
        ("integer", {}, "٣", "Enter a whole number"),
        ("decimal", {}, "x", "Enter a number"),
        ("string", {"maxLength": 3}, "four", "Keep “About a?” to 3 characters"),
        ("string", {}, "a\x00b", "Type “About a?” in words"),
        ("date", {}, "27.3.2026", "Enter a real date"),
        ("date", {}, {"day": "30", "month": "2", "year": "2026"}, "Enter a real date"),
        ("date", {}, {"day": "30", "month": "", "year": "2026"}, "must include a month"),
        ("date", {}, {"day": "30", "month": "3", "year": ""}, "must include a year"),
        ("date", {"extension": [{"url": MAX_VALUE, "valueDate": "2026-01-01"}]}, "2027-01-01", "too early or too late"),
    ],
)
def test_answers_that_do_not_fit_are_refused_in_plain_words(kind, fields, raw, words):
    with pytest.raises(AnswerError) as refusal:
        validate_answer(item(kind, **fields), raw)

    assert words in refusal.value.message
    assert refusal.value.link_id == "a"


def test_none_of_these_stands_alone():
    ticks = RUNNING_LOW_BACK_PAIN.questionnaire.item("sudden_signs")

    with pytest.raises(AnswerError, match="on its own"):
        validate_answer(ticks, ["none", "vomiting"])
    assert validate_answer(ticks, ["none", "vomiting"], check_exclusive=False) == ["vomiting", "none"]


def test_required_message_names_the_question():
    questionnaire = RUNNING_LOW_BACK_PAIN.questionnaire

    assert required_message(questionnaire.item("saddle_numbness")) == "Choose an answer for “Feeling between the legs”."
    assert required_message(questionnaire.item("bones")) == "Tick at least one answer for “Bones and back”."
    assert required_message(questionnaire.item("pain_now")) == "Fill in “Pain now”."


@pytest.mark.parametrize(
    ("link_id", "value", "words"),
    [
        ("saddle_numbness", "new", "Yes, it is new or has changed"),
        ("bones", ["spine_surgery", "curved_spine"], "Surgery on my spine; A strongly curved spine (scoliosis)"),
        ("pain_now", 0, "0 out of 10"),
        ("comments", "", "Not provided"),
        ("cancer_detail", "breast", "breast"),
    ],
)
def test_answers_in_words(link_id, value, words):
    assert answer_text(RUNNING_LOW_BACK_PAIN.questionnaire.item(link_id), value) == words


def test_the_calm_runner_has_answered_everything():
    assert missing(RUNNING_LOW_BACK_PAIN.questionnaire, CALM) == ()
