"""The four safety questions for people who book a phone consultation without the intake.

All four "no", and an adult: nothing is found, and a complimentary phone consultation may be booked. Anything else opens
the intake, which asks properly; until then the level is urgent, so that nothing can be booked past it.
"""

import json
from pathlib import Path

from clinic.rules.levels import Level
from triage.rules.conditions import aged, is_
from triage.rules.flags import SafetyUnanswered
from triage.rules.pathway import Family, Pathway, Rule

SCREEN = Family("quick_screen", "quick screen", line="Quick screen not clear: the full safety questions are needed")
SOURCE = "Sections 2.1 and 2.2 of the evidence, in four questions"


def _rule(code: str, link_id: str, finding: str, question: str) -> Rule:
    return Rule(
        code=code,
        family=SCREEN,
        level=Level.URGENT,
        finding=finding,
        question=question,
        when=is_(link_id, "yes", "unsure"),
        reason="The intake asks what is new and what is old, and acts on it at once.",
        source=SOURCE,
        evidence="D",
        same_day=True,
    )


PATHWAY = Pathway(
    slug="quick_screen",
    title="Four safety questions",
    questionnaire_data=json.loads((Path(__file__).parent / "questionnaire.json").read_text(encoding="utf-8")),
    rules=(
        _rule("QS-1", "saddle_genital", "Yes or not sure: feeling between the legs", "Saddle or genital change?"),
        _rule("QS-2", "bladder_bowel", "Yes or not sure: bladder or bowel", "Bladder or bowel change?"),
        _rule("QS-3", "legs", "Yes or not sure: leg weakness or both legs", "Leg weakness or both legs?"),
        _rule("QS-4", "serious", "Yes or not sure: fever, cancer or accident", "Fever, cancer or a serious accident?"),
        Rule(
            code="QS-BLANK",
            family=SCREEN,
            level=Level.URGENT,
            finding="A question of the quick screen has no answer",
            question="All four answered?",
            when=SafetyUnanswered(age_required=False),
            reason="A blank is never a no.",
            source="Principle P3",
            evidence="D",
        ),
        Rule(
            code="QS-YOUNG",
            family=SCREEN,
            level=Level.PRIORITY,
            finding="Under 18",
            question="Under 18?",
            when=aged(0, 18),
            reason="Never below priority; under 16 the clinic speaks with a guardian.",
            source="Principle P12",
        ),
    ),
    age_required=False,
)
