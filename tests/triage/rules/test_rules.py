"""Every rule fires on its answers, and not on their nearest neighbour."""

import pytest

from clinic.rules.levels import Level
from tests.triage.rules.firing import FIRING, QUICK
from tests.triage.rules.people import AGE, CALM, codes
from triage.pathways import PATHWAYS, QUICK_SCREEN, RUNNING_LOW_BACK_PAIN
from triage.rules.conditions import Not
from triage.rules.engine import assess, check_reads, reads

ALL_NO = {"saddle_genital": "no", "bladder_bowel": "no", "legs": "no", "serious": "no"}


def concluded(pathway, changes, calm):
    changes = dict(changes)
    age = changes.pop("age", AGE)
    return assess(pathway, {**calm, **changes}, age)


def test_every_rule_is_in_the_table():
    assert [rule.code for rule in RUNNING_LOW_BACK_PAIN.all_rules if rule.code not in FIRING] == []
    assert [code for code in FIRING if code not in {rule.code for rule in RUNNING_LOW_BACK_PAIN.all_rules}] == []
    assert [rule.code for rule in QUICK_SCREEN.all_rules] == list(QUICK)


@pytest.mark.parametrize("code", FIRING)
def test_rule_fires(code):
    assert code in codes(concluded(RUNNING_LOW_BACK_PAIN, FIRING[code][0], CALM))


@pytest.mark.parametrize("code", FIRING)
def test_nearest_neighbour_does_not_fire(code):
    assert code not in codes(concluded(RUNNING_LOW_BACK_PAIN, FIRING[code][1], CALM))


@pytest.mark.parametrize("code", FIRING)
def test_level_is_at_least_that_of_the_rule(code):
    rule = next(rule for rule in RUNNING_LOW_BACK_PAIN.all_rules if rule.code == code)

    assert concluded(RUNNING_LOW_BACK_PAIN, FIRING[code][0], CALM).level >= rule.level


@pytest.mark.parametrize("code", QUICK)
def test_quick_rule_fires_and_its_neighbour_does_not(code):
    assert code in codes(concluded(QUICK_SCREEN, QUICK[code][0], ALL_NO))
    assert code not in codes(concluded(QUICK_SCREEN, QUICK[code][1], ALL_NO))


def test_quick_screen_of_four_noes_finds_nothing():
    result = assess(QUICK_SCREEN, ALL_NO, None)

    assert result.clear
    assert result.level == Level.ROUTINE


@pytest.mark.parametrize("link_id", ALL_NO)
@pytest.mark.parametrize("answer", ["yes", "unsure", None])
def test_quick_screen_is_clear_only_of_noes(link_id, answer):
    result = assess(QUICK_SCREEN, {**ALL_NO, link_id: answer}, 40)

    assert not result.clear
    assert result.level == Level.URGENT


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_codes_are_used_once(pathway):
    used = [rule.code for rule in pathway.all_rules]

    assert len(used) == len(set(used))


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_questionnaire_has_what_the_rules_read(pathway):
    assert check_reads(pathway, pathway.questionnaire) == ()


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_what_a_red_flag_reads_is_a_safety_question(pathway):
    """Otherwise a blank there would pass for a no. Sex is the exception: blank counts as the careful answer (FRX-2)."""
    read = {link_id for rule in pathway.all_rules for link_id, _ in rule.when.reads()}
    read |= {link_id for gate in pathway.gates for link_id, _ in gate.when.reads()}

    assert {link_id for link_id in read if not pathway.questionnaire.item(link_id).safety} <= {"sex"}


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_safety_questions_are_required(pathway):
    assert [item.link_id for item in pathway.questionnaire.questions if item.safety and not item.required] == []


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_every_safety_question_counts(pathway):
    """Nothing personal is asked in vain."""
    assert {item.link_id for item in pathway.questionnaire.questions if item.safety} <= set(reads(pathway))


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_emergency_rules_are_built_without_not(pathway):
    """So that no further answer can take an emergency away."""
    emergencies = [rule for rule in pathway.all_rules if rule.level == Level.EMERGENCY]

    assert [rule.code for rule in emergencies if any(isinstance(part, Not) for part in rule.when.walk())] == []


@pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)
def test_every_rule_gives_reason_source_and_tag(pathway):
    for rule in pathway.all_rules:
        assert rule.reason, rule.code
        assert rule.source, rule.code
        assert rule.question.endswith("?"), rule.code
        assert rule.evidence in {"V", "K", "D"}, rule.code
        assert rule.strength in {"A", "B", "C"}, rule.code
