"""What the engine promises, whatever the pathway: levels, gates, factors, cautions, explanations, the ruleset hash."""

import dataclasses
import json
from pathlib import Path

import pytest

from clinic.rules.levels import Level
from exercises.rules.cautions import CautionCode
from tests.triage.rules.people import AGE, CALM, LONG, answers, codes, conclude
from triage.pathways import PATHWAYS, RUNNING_LOW_BACK_PAIN, get_pathway
from triage.rules.conditions import Not
from triage.rules.engine import assess, check_reads, definitions, explain, reads, rule_table, ruleset_hash
from triage.rules.questionnaire import read

PATHWAY = RUNNING_LOW_BACK_PAIN


# levels and gates


def test_nothing_answered_is_priority():
    result = assess(PATHWAY, {}, None)

    assert result.level == Level.PRIORITY
    assert codes(result) == {"P3-BLANK"}
    assert set(result.unanswered_safety) == {
        "age",
        *(item.link_id for item in PATHWAY.questionnaire.questions if item.safety),
    } - {*("weakness_signs", "pregnancy_signs", "spa_signs", "onset_age")}


def test_every_gate_met_is_self_care():
    result = conclude()

    assert (result.level, result.findings, result.unmet_gates) == (Level.SELF_CARE, (), ())


UNMET = {
    "G-AGE": {"age": 66},
    "G-PREGNANCY": {"pregnancy": "postpartum", "pregnancy_signs": ["none"]},
    "G-NERVE": {"leg_tingling": "old"},
    "G-DANGER": {"sudden_signs": ["vomiting"]},
    "G-HISTORY": {"conditions": ["diabetes"]},
    "G-ENERGY": {"energy_signs": ["periods_hidden"]},
    "G-TIME": {"duration": "6_to_12_weeks"},
    "G-TREND": {"trend": "worse"},
    "G-PAIN": {"pain_worst": 6},
    "G-PLACE": {"pain_where": ["calf-left"]},
    "G-LEG": {"pain_features": ["leg_worse"]},
    "G-WALK": {"walking": "limp"},
    "G-NIGHT": {"night_rest": "night"},
    "G-BONE": {"one_spot": "yes"},
    "G-RUNNING": {"running_pain": "lasts"},
    "G-DAY": {"daily_life": "lot"},
}


def test_every_gate_is_tried():
    assert list(UNMET) == [gate.code for gate in PATHWAY.gates]


@pytest.mark.parametrize("gate", UNMET)
def test_one_unmet_gate_closes_self_care(gate):
    result = conclude(**UNMET[gate])

    assert result.level > Level.SELF_CARE
    assert [note.code for note in result.unmet_gates] == [gate]


def test_without_gates_a_pathway_never_concludes_self_care():
    pathway = dataclasses.replace(PATHWAY, gates=())

    assert assess(pathway, CALM, AGE).level == Level.ROUTINE


def test_highest_level_wins():
    result = conclude(saddle_numbness="new", leg_tingling="new", bones=["spine_surgery"], trend="worse")

    assert result.level == Level.EMERGENCY
    assert [finding.level for finding in result.findings] == sorted((f.level for f in result.findings), reverse=True)


@pytest.mark.parametrize(
    ("age", "level"), [(15, Level.PRIORITY), (16, Level.PRIORITY), (17, Level.PRIORITY), (18, Level.SELF_CARE)]
)
def test_young_people_are_never_below_priority(age, level):
    assert conclude(age=age).level == level


@pytest.mark.parametrize(("age", "guardian"), [(15, True), (16, False), (None, False)])
def test_under_16_speaks_with_a_guardian(age, guardian):
    assert conclude(age=age).guardian is guardian


# what is said


def test_because_is_in_the_patients_own_words():
    result = conclude(saddle_numbness="new", sudden_signs=["vomiting", "dark_urine"])

    assert result.because == (
        "Feeling between the legs: Yes, it is new or has changed",
        "In the last few days: Dark pee, like cola or tea",
    )


def test_because_names_the_age_and_numbers():
    result = conclude(age=70, episode="first", duration="6_to_12_weeks", trend="same")

    assert "Age: 70" in result.because


def test_reason_line_names_the_concern_and_no_answer():
    assert conclude(saddle_numbness="new").reason_line == "Possible nerve emergency screen positive"
    assert conclude(energy_signs=["eating_disorder"]).reason_line == "Running bone screen positive: to be seen soon"
    assert conclude().reason_line == "No flag: self-care, every gate met"


def test_reason_line_fits_one_line():
    everything = {
        "saddle_numbness": "new",
        "accident": "yes",
        "sudden_signs": [option.code for option in PATHWAY.questionnaire.item("sudden_signs").options][:12],
        "ill_signs": ["fever", "very_ill", "self_harm"],
        "conditions": ["cancer", "diabetes"],
        "medicines": ["blood_thinner"],
        "pregnancy": "pregnant",
        "pregnancy_signs": ["bleeding"],
    }

    assert len(conclude(**everything).reason_line) <= 200


def test_reason_line_gives_no_sensitive_word_away():
    """The front desk reads it. Pregnancy, periods, sex, mood, drugs and cancer stay with the therapists."""
    lines = {rule.family.line or rule.family.name for rule in PATHWAY.all_rules}

    for word in ("pregnan", "period", "sex", "genital", "drug", "cancer", "suicid", "harm", "hiv", "eating", "bladder"):
        assert not any(word in line.lower() for line in lines), word


def test_crisis_and_maternity_are_marked():
    assert conclude(ill_signs=["self_harm"]).crisis
    assert conclude(pregnancy="pregnant", pregnancy_signs=["bleeding"]).maternity
    assert not conclude(pregnancy="pregnant", pregnancy_signs=["none"]).maternity


def test_json_has_plain_types_and_level_keys():
    data = conclude(leg_tingling="new").as_json()

    assert json.loads(json.dumps(data)) == data
    assert data["level"] == "priority"
    assert data["findings"][0]["level"] == "priority"
    assert data["findings"][0]["links"] == ["leg_tingling"]


# disabled answers


def test_answers_to_questions_that_are_not_asked_are_not_seen():
    result = conclude(leg_weakness="no", weakness_signs=["foot_drop"])

    assert result.level == Level.SELF_CARE
    assert result.ignored == ("weakness_signs",)


def test_they_count_again_when_asked_again():
    assert conclude(leg_weakness="new", weakness_signs=["foot_drop"]).level == Level.EMERGENCY


# factors

FACTORS = {
    "bone_load": {"impact": "yes", "one_spot": "yes"},
    "nerve_irritation": {"pain_where": ["buttock-left", "calf-left"], "pain_features": ["leg_worse"]},
    "disc_or_nerve": {"pain_features": ["bending", "sitting", "cough"]},
    "training_load": {"run_changes": ["long_run", "hills_speed"]},
    "muscle_strain": {"onset": "hard_effort", "pain_features": ["touch"]},
    "strength_control": {"run_habits": ["weak_trunk", "slump"]},
    "tight_muscles": {"run_habits": ["tight"]},
    "joint_irritation": {"pain_features": ["arching", "standing"]},
    "sacroiliac": {"pain_where": ["sacroiliac-left"], "pain_features": ["turning"]},
    "running_form": {"run_habits": ["long_steps", "slump"]},
    "earlier_problem": {"run_habits": ["other_injury"]},
    "footwear": {"run_changes": ["shoes"]},
    "foot_ankle": {"run_habits": ["feet"]},
    "warm_up": {"run_habits": ["no_warm_up"], "running_pain": "eases"},
    "inflammatory_pattern": {**LONG, "spa_signs": ["half_night", "better_moving"], "night_rest": "rolling"},
    "pelvic_floor": {"bladder_leak": "old"},
}


def test_every_factor_is_tried():
    assert list(FACTORS) == [factor.code for factor in PATHWAY.factors]


@pytest.mark.parametrize("code", FACTORS)
def test_factor_is_shown_when_the_answers_speak_for_it(code):
    shown = {factor.code: factor for factor in conclude(**FACTORS[code]).factors}

    assert shown[code].why_for
    assert shown[code].examine


@pytest.mark.parametrize("code", FACTORS)
def test_factor_is_not_shown_to_somebody_without_its_signs(code):
    plain = conclude(pain_features=["none"], running_pain="unrelated", episode="first", trend="same")

    assert code not in {factor.code for factor in plain.factors}


def test_factors_are_four_at_most_and_the_strongest_first():
    many = conclude(
        run_changes=["long_run", "more_running", "hills_speed", "shoes"],
        run_habits=["weak_trunk", "slump", "sitting_job", "tight", "no_warm_up", "feet", "long_steps", "other_injury"],
    ).factors
    balance = [len(factor.why_for) - len(factor.why_against) for factor in many]

    assert len(many) == 4
    assert balance == sorted(balance, reverse=True)


def test_what_speaks_against_is_shown_and_lowers():
    factor = next(
        f
        for f in conclude(pain_features=["arching", "standing", "stiff", "bending"]).factors
        if f.code == "joint_irritation"
    )

    assert factor.why_against == ("bending or sitting makes it worse",)
    assert factor.confidence == "little"


def test_confidence_is_some_or_little():
    factors = conclude(run_changes=["long_run", "hills_speed"], run_habits=["feet"]).factors

    assert {factor.code: factor.confidence for factor in factors}["training_load"] == "some"
    assert {factor.code: factor.confidence for factor in factors}["foot_ankle"] == "little"


@pytest.mark.parametrize("serious", [{"saddle_numbness": "new"}, {"ill_signs": ["fever"]}])
def test_no_factor_beside_an_emergency_or_urgent_result(serious):
    assert conclude(run_changes=["long_run", "hills_speed"], **serious).factors == ()


def test_factors_point_to_pages_of_the_library():
    content = Path(__file__).parents[3] / "exercises" / "content" / "topics"

    assert [
        factor.topic for factor in PATHWAY.factors if factor.topic and not (content / f"{factor.topic}.json").exists()
    ] == []


# cautions

CAUTIONS = {
    "leg_symptoms": {"pain_where": ["calf-left"]},
    "leg_weakness": {"leg_tingling": "new"},
    "bone_stress": {"impact": "yes"},
    "stress_fracture_history": {"bones": ["stress_one"]},
    "low_energy": {"energy_signs": ["eating_less"]},
    "acute_severe_pain": {"pain_worst": 7},
    "night_pain": {"night_rest": "constant"},
    "recent_accident": {"accident": "old"},
    "infection_concern": {"ill_signs": ["fever"]},
    "immune_risk": {"conditions": ["diabetes"]},
    "cancer_history": {"conditions": ["cancer"]},
    "inflammatory": {**LONG, "spa_signs": ["half_night", "better_moving"]},
    "anticoagulant": {"medicines": ["blood_thinner"]},
    "under_18": {"age": 17},
    "age_65_plus": {"age": 65},
    "osteoporosis": {"bones": ["osteoporosis"]},
    "steroids": {"medicines": ["steroid_tablets"]},
    "pregnancy": {"pregnancy": "maybe", "pregnancy_signs": ["none"]},
    "postpartum": {"pregnancy": "postpartum", "pregnancy_signs": ["none"]},
    "pelvic_floor": {"bladder_leak": "old"},
    "extension_sensitive": {"pain_features": ["arching"]},
    "flexion_sensitive": {"pain_features": ["bending"]},
    "pars_concern": {"bones": ["slipped_vertebra"]},
    "spinal_surgery": {"bones": ["spine_surgery"]},
    "recent_surgery": {"conditions": ["recent_procedure"]},
    "spine_shape": {"bones": ["curved_spine"]},
    "hip_groin_pain": {"pain_where": ["groin-left"]},
    "knee_problem": {"pain_where": ["knee-left"]},
    "balance": {"unsteady": "old"},
    "incomplete_answers": {"medicines": ["unsure"]},
}


def test_every_caution_code_is_given_but_the_one_that_is_not_asked():
    assert {*CAUTIONS, "wrist_shoulder_problem"} == {code.value for code in CautionCode}
    assert list(CAUTIONS) == [rule.code for rule in PATHWAY.cautions]


@pytest.mark.parametrize("code", CAUTIONS)
def test_answers_give_the_caution_and_a_calm_runner_has_none(code):
    assert code in conclude(**CAUTIONS[code]).cautions
    assert conclude().cautions == ()


# the rule table and its hash


def test_hash_is_stable():
    assert ruleset_hash(PATHWAY) == ruleset_hash(dataclasses.replace(PATHWAY))
    assert len(ruleset_hash(PATHWAY)) == 64
    assert len({ruleset_hash(pathway) for pathway in PATHWAYS.values()}) == len(PATHWAYS)


def changed(what):
    first, *others = getattr(PATHWAY, what)
    word = next(name for name in ("finding", "unmet", "examine", "code") if hasattr(first, name))
    return dataclasses.replace(PATHWAY, **{what: (dataclasses.replace(first, **{word: "other"}), *others)})


@pytest.mark.parametrize("what", ["rules", "combinations", "contradictions", "gates", "factors", "cautions"])
def test_hash_changes_with_every_part(what):
    assert ruleset_hash(changed(what)) != ruleset_hash(PATHWAY)


def test_hash_changes_with_a_condition_and_with_the_order():
    first, second, *others = PATHWAY.rules
    other_condition = dataclasses.replace(first, when=Not(first.when))

    assert ruleset_hash(dataclasses.replace(PATHWAY, rules=(other_condition, second, *others))) != ruleset_hash(PATHWAY)
    assert ruleset_hash(dataclasses.replace(PATHWAY, rules=(second, first, *others))) != ruleset_hash(PATHWAY)


def test_rule_table_says_every_rule_in_words():
    rows = rule_table(PATHWAY)
    row = next(row for row in rows if row.code == "CES-1")

    assert [row.code for row in rows] == [rule.code for rule in PATHWAY.all_rules]
    assert row.when == "“Feeling between the legs” is “Yes, it is new or has changed”"
    assert row.links == ("saddle_numbness",)


def test_names_in_brackets_are_defined_below_the_table():
    names = {name for name, _ in definitions(PATHWAY)}
    text = " ".join([*(row.when for row in rule_table(PATHWAY)), *(words for _, words in definitions(PATHWAY))])

    assert {part.split("]")[0] for part in text.split("[")[1:]} <= names


def test_explain_says_why_and_why_not():
    rows = {row.code: row for row in explain(PATHWAY, answers(leg_tingling="new"), AGE)}

    assert list(rows) == [rule.code for rule in PATHWAY.all_rules]
    assert rows["NEU-4"].fired
    assert rows["NEU-4"].because == ("Numb or tingling leg: Yes, it is new or has changed",)
    assert not rows["CES-1"].fired
    assert rows["CES-1"].because == ()
    assert rows["CES-1"].when


# what the rules need of a questionnaire


def edited(edit):
    data = json.loads(json.dumps(PATHWAY.questionnaire_data))
    for item in walk(data["item"]):
        edit(item)
    return read(data)


def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("item", []))


def test_a_renamed_question_is_noticed():
    def rename(item):
        if item["linkId"] == "saddle_numbness":
            item["linkId"] = "numbness"

    assert [problem.link_id for problem in check_reads(PATHWAY, edited(rename))] == ["saddle_numbness"]


def test_a_missing_answer_code_is_noticed():
    def drop(item):
        if item["linkId"] == "accident":
            item["answerOption"] = [option for option in item["answerOption"] if option["valueCoding"]["code"] != "yes"]

    assert [str(problem) for problem in check_reads(PATHWAY, edited(drop))] == [
        "accident: The rules look for the answer “yes”, which cannot be given."
    ]


def test_an_unreachable_question_is_noticed():
    def close(item):
        if item["linkId"] == "weakness":
            item["enableWhen"] = [{"question": "leg_weakness", "operator": "=", "answerCoding": {"code": "never"}}]

    assert "weakness_signs" in {problem.link_id for problem in check_reads(PATHWAY, edited(close))}


def test_a_question_of_another_type_is_noticed():
    def retype(item):
        if item["linkId"] == "trend":
            item["type"] = "string"
            del item["answerOption"]

    assert "trend" in {problem.link_id for problem in check_reads(PATHWAY, edited(retype))}


def test_reads_lists_codes():
    assert reads(PATHWAY)["accident"] == {"no", "yes", "old", "unsure"}


def test_unknown_pathway():
    with pytest.raises(KeyError):
        get_pathway("knee")
