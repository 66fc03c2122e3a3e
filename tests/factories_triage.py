"""The smallest valid rows of triage."""

from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_patient, make_user
from triage.models import Answer, Assessment, Intake, Questionnaire, Review, RulesetApproval

_numbers = iter(range(1, 1_000_000))

TWO_QUESTIONS = {
    "resourceType": "Questionnaire",
    "url": "https://example.org/questionnaires/two",
    "version": "1",
    "title": "Two questions",
    "status": "draft",
    "item": [
        {
            "linkId": "first",
            "type": "choice",
            "text": "Is it new?",
            "required": True,
            "answerOption": [
                {"valueCoding": {"code": "no", "display": "No"}},
                {"valueCoding": {"code": "new", "display": "Yes"}},
            ],
        },
        {"linkId": "second", "type": "string", "text": "Anything else?"},
    ],
}


def make_questionnaire(**fields):
    """A published questionnaire without a pathway, unless the fields say otherwise."""
    number = next(_numbers)
    defaults = {
        "url": f"https://example.org/questionnaires/{number}",
        "version": "1",
        "title": "Two questions",
        "definition": TWO_QUESTIONS,
        "status": Questionnaire.Status.PUBLISHED,
        "created_at": NOW,
    }
    fields = {**defaults, **fields}
    if fields["status"] != Questionnaire.Status.DRAFT:
        fields.setdefault("published_at", NOW)
        fields.setdefault("published_by", make_user(role=Role.CLINICAL_LEAD))
    return Questionnaire.objects.create(**fields)


def make_intake(**fields):
    defaults = {"consent_version": "2026-11", "consented_at": NOW, "started_at": NOW}
    if "patient" not in fields:
        fields["patient"] = make_patient()
    if "questionnaire" not in fields:
        fields["questionnaire"] = make_questionnaire()
    return Intake.objects.create(**{**defaults, **fields})


def make_answer(**fields):
    defaults = {"link_id": "first", "value": "no", "revision": 1, "answered_at": NOW}
    if "intake" not in fields:
        fields["intake"] = make_intake()
    return Answer.objects.create(**{**defaults, **fields})


def make_assessment(**fields):
    """A finished intake with its conclusion. ``patient``, ``level`` and ``created_at`` are what tests mostly set."""
    created_at = fields.get("created_at", NOW)
    if "intake" not in fields:
        kind = fields.get("kind", Assessment.Kind.INTAKE)
        stopped = kind == Assessment.Kind.STOP
        fields["intake"] = make_intake(
            patient=fields.get("patient") or make_patient(),
            status=Intake.Status.STOPPED if stopped else Intake.Status.FINISHED,
            started_at=created_at,
            consented_at=created_at,
            stopped_at=created_at if stopped else None,
            finished_at=None if stopped else created_at,
        )
    defaults = {
        "patient": fields["intake"].patient,
        "level": Level.ROUTINE,
        "ruleset": "0" * 64,
        "reason_line": "Answers that a person should check",
        "created_at": NOW,
    }
    return Assessment.objects.create(**{**defaults, **fields})


def make_review(**fields):
    if "assessment" not in fields:
        fields["assessment"] = make_assessment()
    assessment = fields["assessment"]
    defaults = {"from_level": assessment.level, "level": assessment.level, "created_at": NOW}
    if "by" not in fields:
        fields["by"] = make_user(role=Role.THERAPIST)
    return Review.objects.create(**{**defaults, **fields})


def make_approval(**fields):
    defaults = {"pathway": "running_low_back_pain", "ruleset": "0" * 64, "signed_at": NOW}
    if "signed_by" not in fields:
        fields["signed_by"] = make_user(role=Role.CLINICAL_LEAD)
    return RulesetApproval.objects.create(**{**defaults, **fields})
