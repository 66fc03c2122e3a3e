"""What the rules read can be answered by a patient in the form."""

import pytest

from clinic.rules.levels import Level
from tests.triage.rules.firing import FIRING
from tests.triage.rules.people import AGE, answers
from triage.pathways import PATHWAYS, RUNNING_LOW_BACK_PAIN
from triage.rules.engine import emergency_now
from triage.rules.questionnaire import all_pages, is_blank, page_after, page_of, pages, progress, validate_answer

QUESTIONNAIRE = RUNNING_LOW_BACK_PAIN.questionnaire
NOT_IN_THE_FORM = {
    "NEU-1-UNKNOWN": "the form asks for the details; only an abandoned or typed-in record lacks them",
    "P3-BLANK": "the form asks for every safety question; declined and abandoned ones come through",
    "CON-2": "the form refuses it and asks; typed-in records come through",
}
EMERGENCIES = [rule.code for rule in RUNNING_LOW_BACK_PAIN.all_rules if rule.level == Level.EMERGENCY]


def fill_in(whole, age):
    """Answer page after page as the form would. Returns the clean answers, and the page that stopped it."""
    given = {}
    page = pages(QUESTIONNAIRE, given)[0]
    while page:
        for item in page.questions:
            clean = validate_answer(item, whole.get(item.link_id))
            assert clean is not None or not item.required, f"{item.link_id} is asked, and this person has no answer"
            given[item.link_id] = clean
        if emergency_now(RUNNING_LOW_BACK_PAIN, given, age):
            return given, page
        page = page_after(QUESTIONNAIRE, given, page.id)
    return given, None


@pytest.mark.parametrize("code", [code for code in FIRING if code not in NOT_IN_THE_FORM])
def test_a_patient_can_give_the_answers_that_fire(code):
    changes = dict(FIRING[code][0])
    age = changes.pop("age", AGE)

    given, stopped = fill_in(answers(**changes), age)

    if not stopped:
        assert {link_id: given[link_id] for link_id in changes} == changes


@pytest.mark.parametrize("code", [code for code in EMERGENCIES if code not in NOT_IN_THE_FORM])
def test_the_form_stops_at_every_emergency_rule(code):
    changes = dict(FIRING[code][0])
    age = changes.pop("age", AGE)

    given, stopped = fill_in(answers(**changes), age)

    assert stopped is not None
    assert code in {finding.code for finding in emergency_now(RUNNING_LOW_BACK_PAIN, given, age)}


def test_the_form_stops_on_the_page_of_the_answer():
    _, stopped = fill_in(answers(saddle_numbness="new"), AGE)

    assert stopped.id == page_of(QUESTIONNAIRE, "saddle_numbness") == pages(QUESTIONNAIRE, {})[0].id


def test_a_blank_is_not_held_against_a_form_that_is_still_open():
    assert emergency_now(RUNNING_LOW_BACK_PAIN, {"leg_weakness": "new"}, AGE) == ()
    assert emergency_now(RUNNING_LOW_BACK_PAIN, {}, None) == ()


def test_a_person_without_a_sign_needs_at_most_14_pages():
    """With the start page and check-your-answers."""
    for extra in ({}, {"onset": "minor_load", "sex": "male"}, {"conditions": ["smoker"]}):
        assert len(pages(QUESTIONNAIRE, answers(**extra))) + 2 <= 14


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_conditional_questions_stand_on_a_later_page_than_what_opens_them(pathway):
    """So that a page never has to change while it is being filled in: no script is needed."""
    order = [page.id for page in all_pages(pathway.questionnaire)]
    for item in pathway.questionnaire.walk():
        for rule in item.enable_when:
            inside = item.link_id if item.link_id in order else page_of(pathway.questionnaire, item.link_id)
            assert order.index(inside) > order.index(page_of(pathway.questionnaire, rule.question)), item.link_id


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_pages_are_small_groups(pathway):
    assert max(len(page.questions) for page in all_pages(pathway.questionnaire)) <= 7


def test_safety_questions_come_first():
    order = [page.id for page in all_pages(QUESTIONNAIRE)]

    assert order[:2] == ["feeling", "bladder_bowel"]
    assert [progress(QUESTIONNAIRE, page).percent for page in order] == sorted(
        {progress(QUESTIONNAIRE, page).percent for page in order}
    )


def test_the_cauda_equina_questions_are_put_to_everyone():
    for link_id in ("saddle_numbness", "sexual_change", "bladder_trouble", "bladder_leak", "bowel_change", "both_legs"):
        item = QUESTIONNAIRE.item(link_id)
        assert item.enable_when == ()
        assert QUESTIONNAIRE.item(page_of(QUESTIONNAIRE, link_id)).enable_when == ()
        assert item.required


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_nothing_is_chosen_beforehand(pathway):
    for item in pathway.questionnaire.questions:
        assert is_blank(item.initial)
        assert not any(option.initial for option in item.options)


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_every_tick_list_says_none_of_these(pathway):
    for item in pathway.questionnaire.questions:
        if item.repeats and item.link_id != "pain_where":
            assert next(option.code for option in item.options if option.exclusive) == "none", item.link_id


def test_safety_questions_allow_not_sure():
    """All of the safety and health sections, and the pattern of the pain; numbers and plain facts have no doubt to offer."""
    without = {
        item.link_id
        for item in QUESTIONNAIRE.questions
        if item.safety and item.type == "choice" and not item.option("unsure")
    }

    assert without == {
        *("pain_where", "daily_life", "walking", "duration", "onset", "trend", "episode"),
        *("pain_features", "running_pain", "pregnancy"),
    }
