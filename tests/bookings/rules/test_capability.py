"""What each level may book: every row, and who gets no times at all."""

import pytest

from bookings.rules.capability import QUICK_CHECK, TABLE, Known, Outcome, capability
from bookings.rules.states import Mode
from clinic.rules.levels import Level

PHONE, IN_PERSON = Mode.PHONE, Mode.IN_PERSON


def known(level, **fields):
    return Known(level=level, **{"age": 40, **fields})


def offered(level, **fields):
    """service -> (modes, working days) for somebody of that level."""
    allowed = capability(known(level, **fields))
    assert allowed.outcome is Outcome.TIMES
    return {row.service: (set(row.modes), row.within) for row in allowed.rows}


def test_emergency_gets_the_emergency_advice_and_nothing_else():
    allowed = capability(known(Level.EMERGENCY))

    assert (allowed.outcome, allowed.rows) == (Outcome.ADVICE, ())


def test_urgent_gets_a_call_back_and_no_times():
    allowed = capability(known(Level.URGENT))

    assert (allowed.outcome, allowed.rows) == (Outcome.CALL_BACK, ())


def test_priority_is_seen_within_five_working_days():
    assert offered(Level.PRIORITY) == {
        "assessment": ({PHONE, IN_PERSON}, 5),
        "in-person-consultation": ({IN_PERSON}, 5),
        "phone-consultation": ({PHONE}, 5),
    }


def test_routine_chooses_freely():
    assert offered(Level.ROUTINE) == {
        "assessment": ({PHONE, IN_PERSON}, None),
        "in-person-consultation": ({IN_PERSON}, None),
        "phone-consultation": ({PHONE}, None),
        "running-form": ({IN_PERSON}, None),
        "pelvic-floor": ({IN_PERSON}, None),
    }


def test_self_care_gets_a_complimentary_phone_consultation():
    assert offered(Level.SELF_CARE) == {"phone-consultation": ({PHONE}, None)}


def test_four_times_no_gets_a_complimentary_phone_consultation():
    assert offered(Level.ROUTINE, quick_only=True) == {"phone-consultation": ({PHONE}, None)}


@pytest.mark.parametrize("level", [Level.PRIORITY, Level.ROUTINE])
def test_a_follow_up_is_for_those_who_were_here_before(level):
    assert "follow-up" in offered(level, seen_before=True)
    assert "follow-up" not in offered(level)


@pytest.mark.parametrize("level", [Level.PRIORITY, Level.URGENT, Level.EMERGENCY])
def test_a_safety_question_that_was_not_a_clear_no_opens_the_whole_check(level):
    outcome = capability(known(level, quick_only=True)).outcome

    assert outcome is (Outcome.ADVICE if level is Level.EMERGENCY else Outcome.ASK_ALL)


def test_who_told_us_nothing_is_asked_first():
    assert capability(known(None)).outcome is Outcome.ASK_FIRST


@pytest.mark.parametrize("level", [Level.PRIORITY, Level.ROUTINE, Level.SELF_CARE])
def test_old_answers_are_asked_again(level):
    assert capability(known(level, fresh=False)).outcome is Outcome.ASK_AGAIN


@pytest.mark.parametrize("level", [None, Level.PRIORITY, Level.ROUTINE, Level.SELF_CARE])
@pytest.mark.parametrize("how", [{"age": 15}, {"guardian": True}])
def test_under_16_a_guardian_rings(level, how):
    assert capability(known(level, **how)).outcome is Outcome.WITH_GUARDIAN


@pytest.mark.parametrize(("level", "outcome"), [(Level.EMERGENCY, Outcome.ADVICE), (Level.URGENT, Outcome.CALL_BACK)])
@pytest.mark.parametrize("why", [{"age": 15}, {"fresh": False}])
def test_what_is_urgent_comes_before_age_and_old_answers(level, outcome, why):
    assert capability(known(level, **why)).outcome is outcome


def test_sixteen_is_old_enough():
    assert capability(known(Level.ROUTINE, age=16)).outcome is Outcome.TIMES


def test_a_service_or_mode_outside_the_table_is_not_allowed():
    allowed = capability(known(Level.SELF_CARE))

    assert allowed.allows("phone-consultation", PHONE)
    assert not allowed.allows("phone-consultation", IN_PERSON)
    assert not allowed.allows("assessment", PHONE)
    assert not allowed.allows("made-up", PHONE)


def test_no_row_of_the_table_opens_anything_to_emergency_or_urgent():
    assert {row.footing for row in TABLE} == {Level.PRIORITY, Level.ROUTINE, Level.SELF_CARE, QUICK_CHECK}


def test_the_table_names_each_service_once_for_each_footing():
    named = [(row.footing, row.service) for row in TABLE]

    assert len(named) == len(set(named))
