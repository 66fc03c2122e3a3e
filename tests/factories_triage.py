"""The smallest valid rows of triage."""

from datetime import date

from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_patient, make_user
from triage import services
from triage.models import Answer, Assessment, Intake, Questionnaire, Review, RulesetApproval
from triage.pathways import PATHWAYS, RUNNING_LOW_BACK_PAIN
from triage.services import content

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
    """Covers, unless the fields say otherwise, every assessment that the patient has when it is made."""
    if "assessment" not in fields:
        fields["assessment"] = make_assessment()
    assessment = fields["assessment"]
    defaults = {"from_level": assessment.level, "level": assessment.level, "created_at": NOW}
    if "covers" not in fields:
        fields["covers"] = list(assessment.patient.assessments.order_by("pk").values_list("pk", flat=True))
    if "by" not in fields:
        fields["by"] = make_user(role=Role.THERAPIST)
    return Review.objects.create(**{**defaults, **fields})


def make_approval(**fields):
    defaults = {"pathway": "running_low_back_pain", "ruleset": "0" * 64, "signed_at": NOW}
    if "signed_by" not in fields:
        fields["signed_by"] = make_user(role=Role.CLINICAL_LEAD)
    return RulesetApproval.objects.create(**{**defaults, **fields})


# ---- the real pathways ----------------------------------------------------------------------------------------------

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
    "pain_where": ["low-back-left"],
    "pain_now": "3",
    "pain_worst": "4",
    "daily_life": "little",
    "walking": "usual",
    "duration": "2_to_4_weeks",
    "onset": "gradual",
    "trend": "better",
    "episode": "before",
    "night_rest": "eases",
    "one_spot": "no",
    "impact": "no",
    "pain_features": ["sitting"],
    "running_pain": "eases",
    "run_changes": ["more_running"],
    "run_habits": ["sitting_job"],
    "week_running": "3 runs, 25 km",
    "goal_1": "Running for an hour",
    "goal_1_score": "5",
}
"""A runner with a sore back and no sign of anything else: self-care, as typed in the form."""

CALM_QUICK = {"saddle_genital": "no", "bladder_bowel": "no", "legs": "no", "serious": "no"}


def open_for_intakes():
    """Load the pathways, publish their questionnaires and sign their rules, as the clinical lead who is returned."""
    lead = make_user(role=Role.CLINICAL_LEAD)
    content.load(NOW)
    for questionnaire in Questionnaire.objects.filter(status=Questionnaire.Status.DRAFT):
        services.publish_questionnaire(questionnaire=questionnaire, by=lead, now=NOW)
    for slug, pathway in PATHWAYS.items():
        services.approve_ruleset(pathway=slug, ruleset=pathway.ruleset, by=lead, now=NOW)
    return lead


def begin(now=NOW, **fields):
    """An intake of the runner's pathway, begun on the web. ``open_for_intakes`` comes first."""
    defaults = {
        "first_name": "Robin",
        "date_of_birth": date(1985, 3, 27),
        "phone": "555-0123",
        "consent_version": "2026-11",
        "by": "public",
    }
    return services.start_intake(pathway=RUNNING_LOW_BACK_PAIN.slug, now=now, **{**defaults, **fields})


def answer(intake, answers=CALM, until=None, now=NOW):
    """Answer page after page until the form ends, stops, or ``until`` (a page, left unanswered). Returns the last ``Saved``."""
    saved = None
    while page := services.next_to_do(intake):
        if page.id == until:
            break
        raw = {item.link_id: answers.get(item.link_id, "") for item in page.questions}
        saved = services.save_page(
            intake=intake, page_id=page.id, raw=raw, revision=intake.revision, by=intake.patient, now=now
        )
        intake.refresh_from_db()
        if saved.stopped:
            break
        assert not saved.errors, saved.errors
    return saved


def finish(intake, answers=CALM, now=NOW):
    """Answer everything and send it. Returns the assessment."""
    answer(intake, answers, now=now)
    return services.finish_intake(intake=intake, by=intake.patient, now=now)
