"""Triage's rows: questionnaires as data, what people answered, what was concluded, and who looked at it."""

from triage.models.assessments import Assessment, Review, RulesetApproval
from triage.models.intakes import Answer, Intake
from triage.models.questionnaires import Questionnaire

__all__ = ["Answer", "Assessment", "Intake", "Questionnaire", "Review", "RulesetApproval"]
