"""The shared vocabulary of cautions, and what speaks against an exercise for a person."""

import re

import pytest

from exercises.rules.cautions import CAUTIONS, CautionCode, Hit, Strength, caution, choices, hits, in_order


def test_every_code_has_its_row_in_the_same_order():
    assert list(CAUTIONS) == list(CautionCode)
    assert [code for code, _ in choices()] == [code.value for code in CautionCode]


@pytest.mark.parametrize("row", CAUTIONS.values(), ids=lambda row: row.code)
def test_a_caution_says_who_why_and_from_where(row):
    assert not str(row.label)[0].islower()
    assert str(row.why).endswith(".")
    assert row.source
    assert not re.search(r"[.:]$|^(If|You)\b", str(row.ask_if)), "it finishes a sentence that begins “Ask us first if”"


@pytest.mark.parametrize("row", CAUTIONS.values(), ids=lambda row: row.code)
def test_no_caution_says_what_somebody_has(row):
    assert not re.search(r"\byou have\b|\bsafe\b|\bnormal\b|ruled out", f"{row.label} {row.ask_if}".lower())


def test_no_exercise_at_all_for_these_until_a_therapist_acts():
    held = {code for code, row in CAUTIONS.items() if row.holds_everything}

    assert held == {
        CautionCode.LEG_WEAKNESS,
        CautionCode.BONE_STRESS,
        CautionCode.LOW_ENERGY,
        CautionCode.INFECTION_CONCERN,
        CautionCode.UNDER_18,
        CautionCode.PREGNANCY,
        CautionCode.INCOMPLETE_ANSWERS,
    }


def test_nothing_speaks_against_an_exercise_that_lists_none_of_the_codes():
    assert hits({"osteoporosis": "absolute"}, ["balance", "anticoagulant"]) == []


def test_what_is_listed_counts_as_it_is_listed_the_strictest_first():
    found = hits({"age_65_plus": "relative", "osteoporosis": "absolute"}, ["age_65_plus", "osteoporosis"])

    assert found == [
        Hit(CautionCode.OSTEOPOROSIS, Strength.ABSOLUTE),
        Hit(CautionCode.AGE_65_PLUS, Strength.RELATIVE),
    ]


@pytest.mark.parametrize("listed", [{}, {"pregnancy": "relative"}])
def test_what_holds_everything_is_absolute_whatever_the_exercise_says(listed):
    assert hits(listed, ["pregnancy"]) == [Hit(CautionCode.PREGNANCY, Strength.ABSOLUTE)]


def test_an_unknown_code_never_opens_a_door():
    with pytest.raises(ValueError):
        hits({}, ["osteoporose"])
    with pytest.raises(ValueError):
        hits({"osteoporose": "absolute"}, [])
    with pytest.raises(ValueError):
        caution("osteoporose")


def test_codes_are_listed_once_in_the_order_of_the_vocabulary():
    assert in_order(["balance", "leg_symptoms", "balance"]) == [CautionCode.LEG_SYMPTOMS, CautionCode.BALANCE]
