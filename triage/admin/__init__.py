"""Triage in the admin: therapists review, clinical leads sign and publish. Facts are read-only, verbs call services."""

from triage.admin.assessments import AssessmentAdmin
from triage.admin.intakes import IntakeAdmin
from triage.admin.questionnaires import QuestionnaireAdmin
from triage.admin.rulesets import RulesetApprovalAdmin

__all__ = ["AssessmentAdmin", "IntakeAdmin", "QuestionnaireAdmin", "RulesetApprovalAdmin"]
