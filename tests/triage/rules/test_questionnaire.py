"""Reading FHIR questionnaires: what is supported, what is named as not, what is enabled, pages, answers."""

import json

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from tests.triage.rules.people import CALM
from triage.pathways import PATHWAYS, RUNNING_LOW_BACK_PAIN
from triage.rules.fhir import (
    EXCLUSIVE,
    HELP,
    HIDDEN,
    ITEM_CONTROL,
    MAX_VALUE,
    MIN_VALUE,
    ORDINAL,
    ORIENTATION,
    SHORT,
    UNIT,
    WHY,
)
from triage.rules.questionnaire import (
    AnswerError,
    QuestionnaireError,
    all_pages,
    answer_text,
    enabled,
    enabled_answers,
    first_unanswered,
    ignored,
    missing,
    page_after,
    page_before,
    page_of,
    pages,
    problems,
    progress,
    read,
    required_message,
    validate_answer,
)


def make(*items, **fields):
    """The JSON of a small questionnaire."""
    return {
        "resourceType": "Questionnaire",
        "url": "https://example.org/q",
        "version": "1",
        "title": "Small",
        "status": "draft",
        "item": list(items),
        **fields,
    }


def question(link_id, kind="choice", **fields):
    if kind in ("choice", "open-choice") and "answerOption" not in fields and "answerValueSet" not in fields:
        fields["answerOption"] = [
            {"valueCoding": {"code": code, "display": code.title()}} for code in ("no", "yes", "unsure")
        ]
    return {"linkId": link_id, "text": f"About {link_id}?", "type": kind, **fields}


def when(question, operator, **answer):
    return {"enableWhen": [{"question": question, "operator": operator, **answer}]}


def page(link_id, *items, **fields):
    control = {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"code": "page"}]}}
    return {
        "linkId": link_id,
        "text": link_id.title(),
        "type": "group",
        "extension": [control],
        "item": list(items),
        **fields,
    }


def found(*items, **fields):
    return [str(problem) for problem in problems(make(*items, **fields))]


# our own


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_ours_are_without_problems_and_valid_fhir(pathway):
    assert problems(pathway.questionnaire_data) == ()
    FhirQuestionnaire.model_validate(json.loads(json.dumps(pathway.questionnaire_data)))


# reading


def test_reads_every_supported_part():
    data = make(
        question(
            "pain",
            "integer",
            prefix="1.",
            required=True,
            initial=[{"valueInteger": 3}],
            extension=[
                {"url": MIN_VALUE, "valueInteger": 0},
                {"url": MAX_VALUE, "valueInteger": 10},
                {"url": UNIT, "valueCoding": {"code": "{score}", "display": "out of 10"}},
                {"url": SHORT, "valueString": "Pain"},
                {"url": WHY, "valueString": "It matters."},
                {"url": HELP, "valueString": "Your best guess."},
            ],
        ),
        question(
            "ticks",
            repeats=True,
            extension=[
                {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"code": "check-box"}]}},
                {"url": ORIENTATION, "valueCode": "horizontal"},
            ],
            answerOption=[
                {"valueCoding": {"code": "a", "display": "A", "system": "urn:s"}, "initialSelected": True},
                {"valueString": "Other text", "extension": [{"url": ORDINAL, "valueDecimal": 2}]},
                {"valueInteger": 3},
                {"valueCoding": {"code": "none"}, "extension": [{"url": EXCLUSIVE, "valueBoolean": True}]},
            ],
        ),
        question("secret", "string", extension=[{"url": HIDDEN, "valueBoolean": True}]),
    )
    questionnaire = read(data)
    pain, ticks, secret = questionnaire.questions

    assert problems(data) == ()
    assert (pain.prefix, pain.required, pain.initial, pain.minimum, pain.maximum, pain.unit) == (
        "1.",
        True,
        3,
        0,
        10,
        "out of 10",
    )
    assert (pain.short, pain.why, pain.help) == ("Pain", "It matters.", "Your best guess.")
    assert (ticks.control, ticks.orientation, ticks.repeats) == ("check-box", "horizontal", True)
    assert [option.code for option in ticks.options] == ["a", "Other text", "3", "none"]
    assert [option.initial for option in ticks.options] == [True, False, False, False]
    assert (ticks.options[1].ordinal, ticks.options[3].exclusive, ticks.options[0].system) == (2, True, "urn:s")
    assert secret.hidden


def test_reads_contained_value_sets():
    concepts = [{"code": "l", "display": "Left"}, {"code": "r"}]
    contained = [
        {"resourceType": "ValueSet", "id": "sides", "compose": {"include": [{"system": "urn:s", "concept": concepts}]}}
    ]
    data = make(question("side", answerValueSet="#sides"), contained=contained)

    assert problems(data) == ()
    assert [(option.code, option.text, option.system) for option in read(data).item("side").options] == [
        ("l", "Left", "urn:s"),
        ("r", "r", "urn:s"),
    ]


def test_a_help_text_below_a_question_becomes_its_hint():
    control = {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"code": "help"}]}}
    child = {"linkId": "h", "text": "Think of last week.", "type": "display", "extension": [control]}

    assert read(make(question("a", "string", item=[child]))).item("a").help == "Think of last week."


def test_hash_does_not_mind_spacing_or_key_order():
    data = make(question("a", "string"))
    again = json.loads(json.dumps(dict(reversed(data.items())), indent=3))

    assert read(again).hash == read(data).hash
    assert read(make(question("b", "string"))).hash != read(data).hash


# what is named as unsupported or ill-formed


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (question("a", "quantity"), "a: The type “quantity” is not supported."),
        (question("a", answerOption=[]), "a: A choice without answer options."),
        (question("a", answerValueSet="http://hl7.org/fhir/ValueSet/x"), "is not contained in the questionnaire."),
        (
            question("a", answerOption=[{"valueReference": {"reference": "x"}}]),
            "a: An answer option is a reference or a time.",
        ),
        (question("a", answerOption=[{"valueCoding": {"code": "x"}}] * 2), "a: Two answer options have one code."),
        (question("a", "string", repeats=True), "a: Several answers to a question of type string are not supported."),
        (question("a", "integer", maxLength=3), "a: maxLength is for text only."),
        (question("a", "string", readOnly=True), "a: “readOnly” is not supported."),
        (question("a", "string", extension=[{"url": "urn:x"}]), "a: The extension urn:x is not supported."),
        (question("a", "string", extension=[{"valueString": "x"}]), "a: The extension None is not supported."),
        (
            question("a", "integer", initial=[{"valueString": "x"}]),
            "a: The initial value has another type than the question.",
        ),
        (
            question(
                "a",
                "string",
                extension=[{"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"code": "slider"}]}}],
            ),
            "a: The item control “slider” is not supported.",
        ),
        (
            {"linkId": "g", "type": "group", "repeats": True, "item": [question("a")]},
            "g: A repeating group is not supported.",
        ),
        ({"linkId": "d", "type": "display", "text": "x", "required": True}, "d: A line of text cannot be required"),
        ({"type": "string", "text": "x"}, "questionnaire: The item “x” has no linkId."),
        ({"linkId": "t", "type": "string"}, "t: There is no text to show."),
    ],
)
def test_problem_is_named_with_its_link_id(item, words):
    assert any(words in line for line in found(item)), found(item)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (when("nowhere", "=", answerString="x"), "which is not a question here."),
        (when("later", "exists", answerBoolean=True), "which comes later in the form."),
        (when("first", "like", answerCoding={"code": "no"}), "The operator “like” is not known."),
        (when("first", "exists", answerString="x"), "The operator exists needs answerBoolean."),
        (when("first", "=", answerBoolean=True), "compares “first” (choice) with another type of answer."),
        (when("first", ">", answerCoding={"code": "no"}), "The operator > cannot compare a choice."),
        (
            {**when("first", "exists", answerBoolean=True), "enableBehavior": "some"},
            "The enableBehavior “some” is not known.",
        ),
        (
            {"enableWhen": when("first", "exists", answerBoolean=True)["enableWhen"] * 2},
            "enableBehavior must be given.",
        ),
    ],
)
def test_enable_when_is_checked(condition, words):
    assert any(
        words in line for line in found(question("first"), question("x", "string", **condition), question("later"))
    )


def test_two_questions_with_one_link_id():
    assert found(question("a"), question("a")) == ["a: This linkId is used twice."]


def test_unreadable_questionnaires_are_refused():
    for data in ([], {}, {"resourceType": "Patient"}, make(), make(question("a", "quantity"))):
        with pytest.raises(QuestionnaireError):
            read(data)


def test_unsupported_parts_do_not_stop_reading():
    assert read(make(question("a", "string", readOnly=True))).item("a").text == "About a?"


def test_missing_metadata_is_named():
    data = make(question("a"))
    del data["version"]

    assert [str(problem) for problem in problems(data)] == ["questionnaire: “version” is missing."]


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
