"""Reading FHIR questionnaires: what is supported, and what is named as not."""

import json

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from tests.triage.rules.forms import found, make, question, when
from triage.pathways import PATHWAYS
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
    QuestionnaireError,
    problems,
    read,
)

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
