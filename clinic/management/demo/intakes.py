"""The demo's intakes: one patient at every level, answered page by page through the same services as on the web."""

from dataclasses import dataclass, field
from datetime import timedelta

from clinic.models import Task
from clinic.rules import consent
from clinic.rules.levels import Level
from clinic.services.tasks import claim_task, close_task
from triage.rules.questionnaire import pages
from triage.services import answered_by_mistake, finish_intake, review_assessment, save_page, start_intake
from triage.services.conclusions import current_answers

PATHWAY = "running_low_back_pain"
NOTHING = ["none"]

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
    "sudden_signs": NOTHING,
    "ill_signs": NOTHING,
    "body_changes": NOTHING,
    "conditions": NOTHING,
    "bones": NOTHING,
    "medicines": NOTHING,
    "pregnancy": "no",
    "energy_signs": NOTHING,
    "pain_where": ["low-back-centre"],
    "pain_now": "2",
    "pain_worst": "4",
    "daily_life": "little",
    "walking": "usual",
    "duration": "1_to_2_weeks",
    "onset": "hard_effort",
    "trend": "better",
    "episode": "before",
    "night_rest": "eases",
    "one_spot": "no",
    "impact": "no",
    "pain_features": ["touch", "bending"],
    "running_pain": "eases",
    "run_changes": ["long_run"],
    "run_habits": ["sitting_job"],
    "week_running": "3 runs, about 25 km",
    "goal_1": "Run for 30 minutes",
    "goal_1_score": "5",
}
"""A short, easing ache after a long run: what earns self-care."""


@dataclass(frozen=True)
class Story:
    """One demo intake: whose, when, and what differs from ``CALM``."""

    first_name: str
    hours_ago: float
    differs: dict = field(default_factory=dict)
    reviewed_as: Level | None = None
    reason: str = ""
    mistake: bool = False


STORIES = [
    Story("Lena", 30, {}, reviewed_as=Level.SELF_CARE),
    Story(
        "Bea",
        50,
        {
            "duration": "6_to_12_weeks",
            "trend": "same",
            "pain_worst": "6",
            "onset": "gradual",
            "run_habits": ["weak_trunk", "sitting_job"],
        },
        reviewed_as=Level.ROUTINE,
    ),
    Story(
        "Gus",
        3,
        {"duration": "2_to_4_weeks", "trend": "same", "pain_worst": "6", "pain_features": ["arching", "standing", "stiff"]},
    ),
    Story(
        "Fern",
        20,
        {"leg_tingling": "new", "pain_where": ["low-back-left", "calf-left"], "pain_features": ["leg_worse", "sitting"]},
        reviewed_as=Level.PRIORITY,
    ),
    Story(
        "Mabel",
        5,
        {"one_spot": "yes", "impact": "yes", "running_pain": "builds", "pain_where": ["sacroiliac-right"], "onset": "gradual"},
    ),
    Story(
        "Idris",
        2,
        {"leg_weakness": "new", "weakness_signs": ["none"], "pain_where": ["low-back-right", "calf-right"]},
    ),
    Story("Oskar", 1, {"saddle_numbness": "new"}),
    Story("Petra", 4, {"bladder_leak": "new"}, mistake=True),
    Story("Silas", 26, {"ill_signs": ["fever"]}, reviewed_as=Level.URGENT, reason="Rang them; their doctor sees them today."),
]  # fmt: skip


def make_intakes(patients, users, now) -> int:
    """Answer every story's intake, let therapists review what they reviewed, and close one call. Returns how many."""
    by_name = {patient.first_name: patient for patient in patients}
    therapist, desk = users["therapist@example.org"], users["desk@example.org"]
    for story in STORIES:
        patient = by_name[story.first_name]
        at = now - timedelta(hours=story.hours_ago)
        assessment = _answer(patient, CALM | story.differs, story.mistake, at)
        if story.reviewed_as:
            review_assessment(
                assessment=assessment,
                level=story.reviewed_as,
                reason=story.reason,
                by=therapist,
                now=at + timedelta(hours=1),
            )
    call = Task.objects.open().call_backs().filter(patient=by_name["Silas"]).first()
    if call:
        at = call.created_at + timedelta(minutes=25)
        claim_task(task=call, by=desk, now=at)
        close_task(task=call, outcome=Task.Outcome.REACHED, note="Will see their doctor today.", by=desk, now=at)
    return len(STORIES)


def _answer(patient, answers, mistake, at):
    """The assessment that came of answering these questions at that time."""
    intake = start_intake(pathway=PATHWAY, consent_version=consent.VERSION, patient=patient, by="public", now=at)
    while True:
        page = _next_page(intake)
        if page is None:
            return finish_intake(intake=intake, by="public", now=at)
        raw = {item.link_id: answers.get(item.link_id, "") for item in page.questions}
        saved = save_page(intake=intake, page_id=page.id, raw=raw, revision=intake.revision, by="public", now=at)
        intake = saved.intake
        if saved.errors:
            raise ValueError(f"The demo's answers do not fit the questionnaire: {saved.errors}")
        if saved.stopped and not mistake:
            return intake.assessments.latest("pk")
        if saved.stopped:
            intake = answered_by_mistake(intake=intake, by="public", now=at + timedelta(minutes=1))
            answers = CALM


def _next_page(intake):
    """The first page with a question that was not asked yet, or not asked again, or None."""
    answers = current_answers(intake)
    seen = set(intake.answers.current().values_list("link_id", flat=True))
    for page in pages(intake.questionnaire.content, answers):
        if any(item.link_id not in seen for item in page.questions):
            return page
    return None
