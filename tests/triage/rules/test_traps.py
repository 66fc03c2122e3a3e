"""The sixteen safety traps of the evidence (section 8), each with the test that would catch it.

``docs/clinical-safety.md`` names these tests. What belongs to pages, bookings or messages is tested there.
"""

import pytest

from clinic.rules.levels import Level
from exercises.rules.cautions import CAUTIONS
from tests.triage.rules.people import CALM, LONG, codes, conclude
from triage.pathways import RUNNING_LOW_BACK_PAIN
from triage.rules import wording
from triage.rules.items import UNSURE
from triage.rules.questionnaire import enabled

SAFETY = [
    item.link_id for item in RUNNING_LOW_BACK_PAIN.questionnaire.questions if item.safety and item.link_id in CALM
]
CES = ("saddle_numbness", "bladder_trouble", "bladder_leak", "bowel_change", "sexual_change")


@pytest.mark.parametrize("link_id", SAFETY)
def test_trap_1_a_skipped_question_is_not_a_no(link_id):
    assert conclude(**{link_id: None}).level >= Level.PRIORITY


@pytest.mark.parametrize("link_id", CES)
def test_trap_2_the_cauda_equina_questions_do_not_depend_on_leg_pain_or_pain_scores(link_id):
    calm = {**CALM, "pain_where": ["low-back-left"], "pain_now": 0, "pain_worst": 0}

    assert link_id in enabled(RUNNING_LOW_BACK_PAIN.questionnaire, calm)
    assert link_id in enabled(RUNNING_LOW_BACK_PAIN.questionnaire, {})
    assert conclude(**{**calm, link_id: "new"}).level == Level.EMERGENCY


@pytest.mark.parametrize("link_id", CES)
def test_trap_3_bladder_and_bowel_are_asked_as_new_or_changed_with_examples(link_id):
    item = RUNNING_LOW_BACK_PAIN.questionnaire.item(link_id)

    assert {"no", "new", "old", UNSURE} <= {option.code for option in item.options}
    assert "new or has changed" in item.option("new").text
    assert item.help


@pytest.mark.parametrize("link_id", [*CES, "both_legs", "unsteady"])
def test_trap_4_easing_pain_does_not_hide_a_new_sign(link_id):
    easing = {"trend": "better", "pain_now": 0, "pain_worst": 1, "daily_life": "none"}

    assert conclude(**easing, **{link_id: "new"}).level == Level.EMERGENCY


def test_trap_5_race_soreness_is_not_both_legs_and_one_leg_first_is():
    both = ["thigh-front-left", "thigh-front-right"]

    assert conclude(both_legs="sore", pain_where=both).level == Level.SELF_CARE
    assert conclude(both_legs="new", pain_where=["calf-left"]).level == Level.EMERGENCY
    assert "spread from one leg" in RUNNING_LOW_BACK_PAIN.questionnaire.item("both_legs").option("new").text


def test_trap_6_infection_without_fever():
    result = conclude(conditions=["recent_procedure"], trend="worse", ill_signs=["none"])

    assert result.level == Level.URGENT
    assert "INF-3" in codes(result)


@pytest.mark.parametrize("extra", [{}, {"energy_signs": ["none"], "run_changes": ["none"]}, {"episode": "first"}])
def test_trap_7_impact_pain_is_not_a_strain_whatever_the_sex_or_risk_factors(extra):
    result = conclude(impact="yes", onset="hard_effort", pain_features=["touch"], **extra)

    assert result.level >= Level.PRIORITY
    assert result.stop_running
    assert "bone_stress" in result.cautions
    assert "muscle_strain" not in [factor.code for factor in result.factors]
    assert "sex" not in enabled(RUNNING_LOW_BACK_PAIN.questionnaire, {**CALM, "onset": "hard_effort"})


def test_trap_8_an_old_diagnosis_does_not_lower():
    told = "I had a scan, the doctor said it is only muscular and all clear"

    assert conclude(saddle_numbness="new", comments=told, episode="before", **LONG).level == Level.EMERGENCY


@pytest.mark.parametrize("weak", [{"age": 55}, {"night_rest": "night"}, {"age": 55, "night_rest": "night"}])
def test_trap_9_age_or_night_pain_alone_is_no_emergency(weak):
    assert conclude(**weak).level < Level.EMERGENCY


def test_trap_9_age_over_50_alone_raises_nothing():
    assert conclude(age=55).level == Level.SELF_CARE


@pytest.mark.parametrize("serious", [{"both_legs": "new"}, {"ill_signs": ["fever"]}, {"body_changes": ["weight_loss"]}])
def test_trap_10_no_benign_reason_beside_a_serious_result(serious):
    result = conclude(run_changes=["long_run", "hills_speed"], onset="hard_effort", **serious)

    assert result.level >= Level.URGENT
    assert result.factors == ()


def test_trap_11_old_leaking_does_not_hide_a_change():
    assert conclude(bladder_leak="old").level == Level.ROUTINE
    assert conclude(bladder_leak="old", bladder_trouble="new").level == Level.EMERGENCY
    assert conclude(bladder_leak="new").level == Level.EMERGENCY


def test_trap_12_inhaled_steroids_and_planned_weight_loss_do_not_count():
    questionnaire = RUNNING_LOW_BACK_PAIN.questionnaire

    assert "Inhalers" in questionnaire.item("medicines").help
    assert "without trying" in questionnaire.item("body_changes").option("weight_loss").text
    assert conclude(comments="I use a steroid inhaler").level == Level.SELF_CARE
    assert "CAN-4" not in codes(conclude(energy_signs=["eating_less"]))


def test_trap_13_self_care_comes_with_its_safety_net():
    """The call that asks again is the booking's; here: the words say so, and the net lists the cauda equina signs."""
    words = wording.for_level(Level.SELF_CARE, conclude())
    net = " ".join(str(line) for line in wording.SAFETY_NET)

    assert any("safety questions once more" in str(step) for step in words.next_steps)
    for sign in ("genitals", "pee", "poo", "oth legs", "weak"):
        assert sign in net


def test_trap_14_no_words_advise_anti_inflammatory_tablets():
    said = [
        str(line) for words in wording.BY_LEVEL.values() for line in (words.lead, *words.next_steps, *words.meanwhile)
    ]

    assert not any(
        name in line.lower() for line in said for name in ("ibuprofen", "anti-inflammatory", "painkiller", "naproxen")
    )
    assert "anticoagulant" in conclude(medicines=["blood_thinner"]).cautions


@pytest.mark.parametrize(
    "person",
    [
        {"age": 15},
        {"age": 17},
        {"pregnancy": "pregnant", "pregnancy_signs": ["none"]},
        {"pregnancy": "maybe", "pregnancy_signs": ["none"]},
    ],
)
def test_trap_15_teenagers_and_pregnancy_do_not_fall_into_self_care(person):
    result = conclude(**person)

    assert result.level >= Level.PRIORITY
    assert any(CAUTIONS[code].holds_everything for code in result.cautions)


def test_trap_16_the_emergency_tells_the_patient_to_act_and_not_to_wait_for_us():
    words = wording.for_level(Level.EMERGENCY, conclude(saddle_numbness="new"))

    assert "Do not wait for us" in str(words.lead)
    assert "emergency" in str(words.lead)
    assert not any("we ring" in str(line).lower() for line in (*words.next_steps, *words.meanwhile))
