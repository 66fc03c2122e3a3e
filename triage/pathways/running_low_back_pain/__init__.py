"""Lower back pain in runners: the questionnaire, and everything that is concluded from its answers."""

import json
from pathlib import Path

from triage.pathways.running_low_back_pain.cautions import CAUTIONS
from triage.pathways.running_low_back_pain.contradictions import RULES as CONTRADICTIONS
from triage.pathways.running_low_back_pain.factors import FACTORS
from triage.pathways.running_low_back_pain.gates import GATES
from triage.pathways.running_low_back_pain.red_flags import COMBINATIONS, RED_FLAGS
from triage.rules.pathway import Pathway

PATHWAY = Pathway(
    slug="running_low_back_pain",
    title="Lower back pain in runners",
    questionnaire_data=json.loads((Path(__file__).parent / "questionnaire.json").read_text(encoding="utf-8")),
    rules=RED_FLAGS,
    combinations=COMBINATIONS,
    contradictions=CONTRADICTIONS,
    gates=GATES,
    factors=FACTORS,
    cautions=CAUTIONS,
)
