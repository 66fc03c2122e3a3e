"""Answers that do not fit together. Each is read in the more serious way, and a person asks the same day (P5)."""

from clinic.rules.levels import Level
from triage.pathways.running_low_back_pain.families import CONTRADICTION, NERVE
from triage.pathways.running_low_back_pain.signs import CES_STATES
from triage.pathways.running_low_back_pain.words import CES_WORDS
from triage.rules.conditions import Above, all_of, any_of, is_, is_no, named, none_of, number, says
from triage.rules.facts import AGE
from triage.rules.flags import NoneBesideOthers
from triage.rules.pathway import Rule

LEG_PARTS = ("thigh-back", "thigh-front", "calf", "shin", "foot")
BOTH_LEGS_MARKED = named(
    "“no” to both legs, and places marked in both",
    all_of(
        is_no("both_legs"),
        is_("pain_where", *(f"{part}-left" for part in LEG_PARTS)),
        is_("pain_where", *(f"{part}-right" for part in LEG_PARTS)),
    ),
)
SOURCE = "Principle P5"


def _rule(code, level, finding, when, reason, *, family=CONTRADICTION, same_day=False) -> Rule:
    return Rule(
        code=code,
        family=family,
        level=level,
        finding=finding,
        question=finding + "?",
        when=when,
        reason=reason,
        source=SOURCE,
        evidence="D",
        strength="C",
        same_day=same_day,
    )


RULES = (
    _rule(
        "CON-1",
        Level.URGENT,
        "“No” to symptoms in both legs, but places marked in both legs",
        BOTH_LEGS_MARKED,
        "Read like a doubt about both legs (CES-6). Sore muscles in both legs have an answer of their own.",
        same_day=True,
    ),
    _rule(
        "CON-1-NERVE",
        Level.EMERGENCY,
        "Places marked in both legs, with new or possible tingling or weakness",
        all_of(BOTH_LEGS_MARKED, any_of(is_("leg_tingling", "new", "unsure"), is_("leg_weakness", "new", "unsure"))),
        "A doubt about both legs with a leg symptom (P3).",
        family=NERVE,
    ),
    _rule(
        "CON-2",
        Level.PRIORITY,
        "“None of these” beside another answer",
        NoneBesideOthers(),
        "The other answer is the one that counts.",
    ),
    _rule(
        "CON-3",
        Level.PRIORITY,
        "Pain now is given as clearly higher than the worst of the week",
        Above("pain_now", "pain_worst", 2),
        "The higher number counts.",
    ),
    _rule(
        "CON-4",
        Level.PRIORITY,
        "Little pain by number, but it stops the day or walking",
        all_of(number("pain_worst", high=3), any_of(is_("daily_life", "cannot"), is_("walking", "hardly"))),
        "Something other than pain may be stopping the person.",
    ),
    _rule(
        "CON-5",
        Level.PRIORITY,
        "“No” to tingling, but stretching the leg makes it tingle",
        all_of(is_no("leg_tingling"), is_("pain_features", "stretch_tingles")),
        "A tight hamstring with tingling is a nerve until examined.",
    ),
    _rule(
        "CON-6",
        Level.PRIORITY,
        "The pain is said to have begun at an age not yet reached",
        Above("onset_age", AGE, 1),
        "One of the two is wrong, and both are used by rules.",
    ),
    _rule(
        "CON-7",
        Level.PRIORITY,
        "“No” to the questions about bladder, bowel and feeling, but the comments speak of it",
        all_of(CES_WORDS, *(is_no(item) for item in CES_STATES)),
        "The words count (TXT-CES).",
    ),
    _rule(
        "CON-8",
        Level.PRIORITY,
        "“No” to pregnancy, but the comments speak of it",
        all_of(is_no("pregnancy"), says("i am pregnant", "i'm pregnant", "my pregnancy", "weeks pregnant")),
        "Asked again before any advice.",
    ),
    _rule(
        "CON-9",
        Level.PRIORITY,
        "No cancer ticked, but the comments speak of it",
        all_of(
            none_of("conditions"), says("my cancer", "had cancer", "have cancer", "chemo*", "my tumour", "my tumor")
        ),
        "Asked again: a history of cancer changes the level.",
    ),
)
