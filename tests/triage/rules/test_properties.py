"""What must hold for any answers whatever (hypothesis)."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.rules.levels import Level
from tests.triage.rules.people import AGE, CALM
from triage.pathways import QUICK_SCREEN, RUNNING_LOW_BACK_PAIN
from triage.rules.engine import assess, emergency_now
from triage.rules.items import DECLINED, UNSURE
from triage.rules.questionnaire import all_pages, enabled_answers

PATHWAY = RUNNING_LOW_BACK_PAIN
QUESTIONS = PATHWAY.questionnaire.questions
TEXTS = [
    "",
    "fine",
    "I can't pee",
    "my foot slaps",
    "had cancer",
    "want to die",
    "coughing up blood",
    "20 weeks pregnant",
]
FAST = settings(max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def value_of(item):
    """Any answer to a question, or a blank."""
    if item.type == "choice":
        codes = [option.code for option in item.options]
        some = st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)
        return st.none() | (some if item.repeats else st.sampled_from(codes))
    if item.type == "integer":
        return st.none() | st.integers(int(item.minimum), int(item.maximum))
    return st.sampled_from(TEXTS)


ANYTHING = st.fixed_dictionaries({item.link_id: value_of(item) for item in QUESTIONS})
NEAR_CALM = st.fixed_dictionaries(
    {item.link_id: st.just(CALM.get(item.link_id)) | value_of(item) for item in QUESTIONS}
)
ANSWERS = ANYTHING | NEAR_CALM
AGES = st.none() | st.integers(10, 90)

RED_FLAGS = [
    *(
        (item, "new")
        for item in ("saddle_numbness", "sexual_change", "bladder_trouble", "bladder_leak", "bowel_change")
    ),
    *((item, "new") for item in ("both_legs", "leg_tingling", "unsteady")),
    *(("weakness_signs", code) for code in ("worse", "foot_drop", "cannot_walk")),
    ("accident", "yes"),
    *(
        (item.link_id, option.code)
        for item in QUESTIONS
        if item.link_id
        in ("sudden_signs", "ill_signs", "body_changes", "conditions", "bones", "medicines", "energy_signs")
        for option in item.options
        if option.code not in ("none", "unsure", "declined", "periods_hidden")
    ),
    ("night_rest", "constant"),
    ("one_spot", "yes"),
    ("impact", "yes"),
    ("walking", "hardly"),
    ("daily_life", "cannot"),
    ("trend", "worse"),
]


def with_flag(answers, link_id, code):
    """The same person, and one red flag more."""
    item = PATHWAY.questionnaire.item(link_id)
    if not item.repeats:
        return {**answers, link_id: code}
    ticked = [each for each in answers.get(link_id) or [] if each not in ("none", DECLINED)]
    return {**answers, link_id: [*ticked, code]}


def red_flag_never_lowers(answers, age, flag):
    """The flag may resolve a contradiction: so what is compared is the level without the contradictions."""
    before = assess(PATHWAY, answers, age)
    others = [finding.level for finding in before.findings if finding.family != "contradiction"]

    assert assess(PATHWAY, with_flag(answers, *flag), age).level >= max(others, default=Level.SELF_CARE)


def nothing_is_missed_page_by_page(answers, age):
    """Whatever is an emergency at the end stops the open form too, unless only a blank makes it one."""
    at_the_end = {
        finding.code
        for finding in assess(PATHWAY, answers, age).findings
        if finding.level == Level.EMERGENCY and finding.code != "NEU-1-UNKNOWN"
    }

    assert {finding.code for finding in emergency_now(PATHWAY, answers, age)} == at_the_end


@FAST
@given(ANSWERS, AGES, st.sampled_from(RED_FLAGS))
def test_adding_a_red_flag_never_lowers_the_level(answers, age, flag):
    red_flag_never_lowers(answers, age, flag)


@pytest.mark.drill
@LONG
@given(ANSWERS, AGES, st.sampled_from(RED_FLAGS))
def test_adding_a_red_flag_never_lowers_the_level_in_thousands(answers, age, flag):
    red_flag_never_lowers(answers, age, flag)
    nothing_is_missed_page_by_page(answers, age)


@FAST
@given(ANSWERS, AGES, st.sampled_from([item for item in QUESTIONS if item.safety and item.option(UNSURE)]))
def test_not_sure_is_never_below_no(answers, age, item):
    no, unsure = ("none", UNSURE) if item.repeats else ("no", UNSURE)
    if not item.option(no):
        no = "eases"
    wrap = (lambda code: [code]) if item.repeats else (lambda code: code)

    below = assess(PATHWAY, {**answers, item.link_id: wrap(no)}, age)

    assert assess(PATHWAY, {**answers, item.link_id: wrap(unsure)}, age).level >= below.level


@FAST
@given(ANSWERS, AGES, st.sampled_from([item for item in QUESTIONS if item.safety]))
def test_a_blank_safety_question_is_at_least_priority(answers, age, item):
    result = assess(PATHWAY, {**answers, item.link_id: None}, age)

    if item.link_id in result.unanswered_safety:
        assert result.level >= Level.PRIORITY
    else:
        assert item.link_id not in enabled_answers(PATHWAY.questionnaire, answers)


@FAST
@given(
    st.sets(st.sampled_from([link_id for link_id in CALM if link_id not in ("run_changes", "run_habits")]), min_size=1)
)
def test_a_blank_never_reaches_self_care(blanks):
    result = assess(PATHWAY, {**CALM, **dict.fromkeys(blanks)}, AGE)

    assert result.level >= Level.PRIORITY
    assert set(result.unanswered_safety) == blanks


@FAST
@given(ANSWERS, AGES, st.randoms())
def test_the_order_of_answers_does_not_matter(answers, age, random):
    def shuffled(value):
        return random.sample(value, len(value)) if isinstance(value, list) else value

    keys = random.sample(list(answers), len(answers))
    other = {key: shuffled(answers[key]) for key in keys}

    assert assess(PATHWAY, other, age).as_json() == assess(PATHWAY, answers, age).as_json()


@FAST
@given(ANSWERS, AGES)
def test_a_stored_conclusion_replays_to_the_same(answers, age):
    stored = json.loads(json.dumps({"answers": answers, "result": assess(PATHWAY, answers, age).as_json()}))

    assert assess(PATHWAY, stored["answers"], age).as_json() == stored["result"]


@FAST
@given(ANSWERS, AGES)
def test_serious_results_come_without_benign_factors_and_self_care_without_findings(answers, age):
    result = assess(PATHWAY, answers, age)

    assert result.level < Level.URGENT or result.factors == ()
    assert result.level > Level.SELF_CARE or (result.findings, result.unmet_gates, result.unanswered_safety) == (
        (),
        (),
        (),
    )
    assert result.level == max([finding.level for finding in result.findings], default=result.level)


@FAST
@given(ANSWERS, AGES, st.integers(1, len(all_pages(PATHWAY.questionnaire))))
def test_what_stops_the_form_early_stands_at_the_end(answers, age, count):
    """No later answer takes an emergency away."""
    seen = {item.link_id for page in all_pages(PATHWAY.questionnaire)[:count] for item in page.questions}
    early = emergency_now(PATHWAY, {key: value for key, value in answers.items() if key in seen}, age)

    late = {finding.code for finding in emergency_now(PATHWAY, answers, age)}

    assert {finding.code for finding in early} <= late
    if early:
        assert assess(PATHWAY, answers, age).level == Level.EMERGENCY


@FAST
@given(ANSWERS, AGES)
def test_no_emergency_is_missed_page_by_page(answers, age):
    nothing_is_missed_page_by_page(answers, age)


@FAST
@given(st.fixed_dictionaries({item.link_id: value_of(item) for item in QUICK_SCREEN.questionnaire.questions}), AGES)
def test_quick_screen_is_clear_only_of_four_noes_by_an_adult(answers, age):
    all_no = all(value == "no" for value in answers.values())

    assert assess(QUICK_SCREEN, answers, age).clear == (all_no and (age is None or age >= 18))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


@FAST
@given(
    st.dictionaries(st.sampled_from([*CALM, "unknown"]), JUNK | st.dictionaries(st.text(max_size=3), JUNK, max_size=2))
)
def test_odd_answers_never_break_the_engine_nor_earn_self_care(answers):
    assert assess(PATHWAY, answers, AGE).level >= Level.PRIORITY
