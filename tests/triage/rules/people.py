"""The people of these tests: a runner without any sign, and changes to what that runner answers."""

from triage.pathways import RUNNING_LOW_BACK_PAIN
from triage.rules.engine import assess

CALM = {
    "saddle_numbness": "no",
    "sexual_change": "no",
    "bladder_trouble": "no",
    "bladder_leak": "no",
    "bowel_change": "no",
    "both_legs": "no",
    "leg_weakness": "no",
    "leg_tingling": "no",
    "unsteady": "no",
    "accident": "no",
    "sudden_signs": ["none"],
    "ill_signs": ["none"],
    "body_changes": ["none"],
    "conditions": ["none"],
    "bones": ["none"],
    "medicines": ["none"],
    "pregnancy": "no",
    "energy_signs": ["none"],
    "pain_where": ["low-back-left", "low-back-right"],
    "pain_now": 2,
    "pain_worst": 4,
    "daily_life": "little",
    "walking": "usual",
    "duration": "1_to_2_weeks",
    "onset": "gradual",
    "trend": "better",
    "episode": "before",
    "night_rest": "eases",
    "one_spot": "no",
    "impact": "no",
    "pain_features": ["stiff"],
    "running_pain": "builds",
    "run_changes": ["none"],
    "run_habits": ["none"],
}
"""A runner of 34 with an ache in the low back and no sign of anything else: every gate is met."""

AGE = 34
LONG = {"duration": "over_3_months", "onset_age": 30, "spa_signs": ["none"]}
"""Pain of more than 3 months opens the long-term questions."""


def answers(**changes):
    """What that runner answers, with changes; ``None`` leaves a question blank."""
    return {**CALM, **changes}


def conclude(age=AGE, pathway=RUNNING_LOW_BACK_PAIN, **changes):
    return assess(pathway, answers(**changes), age)


def codes(result):
    return {finding.code for finding in result.findings}
