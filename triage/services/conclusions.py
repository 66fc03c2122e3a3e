"""From answers to a conclusion: the emergency stop, the finished intake, the four safety questions."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import Location, Patient, Task
from clinic.rules.levels import Level
from clinic.services import Refused, audit
from clinic.services.episodes import open_episode
from clinic.services.tasks import open_task
from triage.models import Assessment, Intake
from triage.pathways import get_pathway
from triage.rules import wording
from triage.rules.engine import Result, assess
from triage.rules.questionnaire import enabled, first_unanswered, is_blank, page_of
from triage.services import promises
from triage.services.rulesets import is_signed

RULES_RESULT = ("findings", "factors", "cautions", "contradictions")
REASON_LENGTH = 200

QUICK_CHECK_COUNTS_FOR = timedelta(days=30)
"""As long as any unreviewed assessment counts."""


class AlreadySent(Refused):
    """The intake is finished or was left behind: its answers are read, not written."""

    def __init__(self):
        super().__init__(_("These answers were sent already."))


class StillOpen(Refused):
    """A question that needs an answer has none, or one that could not be read. ``page_id`` is where."""

    def __init__(self, page_id):
        super().__init__(_("Please answer this question before you see your result."))
        self.page_id = page_id


class NoResultNow(Refused):
    """The rules changed while the form was being filled in and nobody has signed them: a person rings instead."""


def age_of(patient: Patient, now) -> int:
    """Whole years on the day of ``now``."""
    return patient.age_on(timezone.localdate(now))


def current_answers(intake: Intake) -> dict[str, Any]:
    """The answers that count, by linkId. Disabled ones are in it: the rules leave them out."""
    rows = intake.answers.current().values_list("link_id", "value")
    return {link_id: value for link_id, value in rows if not is_blank(value)}


def stop(*, intake: Intake, answers: Mapping[str, Any], by, now) -> Assessment:
    """End a form on an emergency answer: the assessment and the call-back are written with the answer itself.

    The caller holds the lock on ``intake`` and the transaction.
    """
    result = assess_intake(intake, answers, now)
    intake.status, intake.stopped_at = Intake.Status.STOPPED, now
    intake.save(update_fields=["status", "stopped_at"])
    assessment = record_assessment(intake, result, kind=Assessment.Kind.STOP, level=Level.EMERGENCY, now=now)
    location = Location.objects.main()
    due_at = promises.call_back_due(level=Level.EMERGENCY, location=location, now=now)
    ask_for_call(assessment, location, due_at=due_at, by=by, now=now)
    audit.record(actor=by, action="intake-stopped", target=intake, patient=intake.patient, now=now)
    return assessment


def finish_intake(*, intake: Intake, by, now) -> Assessment:
    """Conclude an intake: assessment, episode, the therapist's review, and a call-back where one is due.

    Sending twice gives the same assessment. Raises ``StillOpen`` while a question needs an answer, ``AlreadySent`` when
    the intake was left behind, and ``NoResultNow`` when the rules in use are not signed; then a person rings.
    """
    with transaction.atomic():
        intake = (
            Intake.objects.select_for_update(of=["self"]).select_related("questionnaire", "patient").get(pk=intake.pk)
        )
        if intake.is_finished or intake.is_stopped:
            return intake.assessments.select_related("intake").latest("pk")
        if intake.status == Intake.Status.ABANDONED:
            raise AlreadySent
        rows = list(intake.answers.current().values_list("link_id", "value", "valid"))
        answers = {link_id: value for link_id, value, _valid in rows if not is_blank(value)}
        if page_id := _open_page(intake, answers, {link_id for link_id, _value, valid in rows if not valid}):
            raise StillOpen(page_id)
        signed = is_signed(intake.pathway)
        if signed:
            return _conclude(intake, answers, by=by, now=now)
        location = Location.objects.main()
        open_task(
            kind=Task.Kind.CALL_BACK,
            key=_call_key(intake),
            level=Level.PRIORITY,
            patient=intake.patient,
            location=location,
            reason=_("Answered everything while the rules were not signed: no result was given."),
            due_at=promises.call_back_due(level=Level.URGENT, location=location, now=now),
            by=by,
            now=now,
        )
    raise NoResultNow(_("We cannot give you a result on this page now. Please ring us: your answers are kept."))


def _conclude(intake: Intake, answers: Mapping[str, Any], *, by, now) -> Assessment:
    result = assess_intake(intake, answers, now)
    if result.level == Level.EMERGENCY:
        return stop(intake=intake, answers=answers, by=by, now=now)
    level = max(result.level, _floor(intake, now))
    if level > result.level:
        intake.floor_level = level
    intake.status, intake.finished_at = Intake.Status.FINISHED, now
    intake.save(update_fields=["status", "finished_at", "floor_level"])
    assessment = record_assessment(intake, result, kind=Assessment.Kind.INTAKE, level=level, now=now)
    location = Location.objects.main()
    open_task(
        kind=Task.Kind.REVIEW,
        key=review_key(assessment),
        level=level,
        patient=intake.patient,
        episode=assessment.episode,
        location=location,
        reason=assessment.reason_line,
        due_at=promises.review_due(level=level, location=location, now=now),
        by=by,
        now=now,
    )
    if level >= Level.URGENT or result.contradictions:
        due_at = promises.call_back_due(level=Level.URGENT, location=location, now=now)
        ask_for_call(assessment, location, due_at=due_at, by=by, now=now)
    elif result.unanswered_safety or result.guardian:
        ask_for_call(assessment, location, due_at=promises.call_due(location=location, now=now), by=by, now=now)
    audit.record(actor=by, action="intake-finished", target=intake, patient=intake.patient, now=now)
    return assessment


def _floor(intake: Intake, now) -> Level:
    """The level that the result is never below, whatever these answers say.

    An emergency taken back as a mistake leaves urgent. A quick check that was not four times "no" and that no therapist
    has looked at leaves priority: "no" to every question of an intake does not unsay what was said shortly before.
    """
    doubtful = Assessment.objects.filter(
        patient=intake.patient,
        kind=Assessment.Kind.QUICK,
        level__gt=Level.ROUTINE,
        created_at__gte=now - QUICK_CHECK_COUNTS_FOR,
        reviews=None,
    )
    quick = Level.PRIORITY if doubtful.exists() else Level.SELF_CARE
    return max(quick, Level(intake.floor_level or Level.SELF_CARE))


def assess_intake(intake: Intake, answers: Mapping[str, Any], now) -> Result:
    return assess(
        get_pathway(intake.pathway),
        answers,
        age_of(intake.patient, now),
        questionnaire=intake.questionnaire.content,
    )


def record_assessment(intake: Intake, result: Result, *, kind, level: Level, now) -> Assessment:
    """Store a conclusion. Raised above what the rules said, it says why; at urgent and above it names no factors."""
    stored = result.as_json()
    reason = result.reason_line
    if level > result.level and kind == Assessment.Kind.INTAKE:
        reason = (
            _("An emergency answer was taken back as a mistake.")
            if intake.took_back_an_emergency
            else _("A safety question was answered differently shortly before.")
        )
    if level >= Level.URGENT:
        stored["factors"] = []
    episode = None
    if kind != Assessment.Kind.QUICK:
        episode = open_episode(patient=intake.patient, problem=intake.pathway, now=now)
    return Assessment.objects.create(
        intake=intake,
        patient=intake.patient,
        episode=episode,
        kind=kind,
        level=level,
        **{name: stored.pop(name) for name in RULES_RESULT},
        unanswered=stored.pop("unanswered_safety"),
        ruleset=stored.pop("ruleset"),
        reason_line=_short(reason),
        details=stored,
        age=age_of(intake.patient, now),
        shown_hash="" if kind == Assessment.Kind.QUICK else _hash_of_words(level, result),
        created_at=now,
    )


def ask_for_call(assessment: Assessment, location, *, due_at, about: Intake | None = None, by, now) -> Task:
    """One call-back for one intake, however often it stops; another only when a person has closed the first.

    ``about`` is the intake when it is not the assessment's own: a quick check leads to one, and to one call with it.
    """
    key = _call_key(about or assessment.intake)
    if Task.objects.filter(key=key, closed_at__isnull=False).exists():
        key = f"{key}:{assessment.pk}"
    return open_task(
        kind=Task.Kind.CALL_BACK,
        key=key,
        level=assessment.level_of,
        patient=assessment.patient,
        episode=assessment.episode,
        location=location,
        reason=assessment.reason_line,
        due_at=due_at,
        by=by,
        now=now,
    )


def _call_key(intake: Intake) -> str:
    return f"call_back:intake:{intake.pk}"


def review_key(assessment: Assessment) -> str:
    return f"review:assessment:{assessment.pk}"


def _open_page(intake: Intake, answers: Mapping[str, Any], unreadable: set[str]) -> str | None:
    """The first page that still needs something: a required answer, or one that could be read."""
    content = intake.questionnaire.content
    page = first_unanswered(content, answers)
    if page:
        return page.id
    return next((page_of(content, link_id) for link_id in sorted(unreadable & enabled(content, answers))), None)


def _short(line: str) -> str:
    return line if len(line) <= REASON_LENGTH else f"{line[: REASON_LENGTH - 1]}…"


def _hash_of_words(level: Level, result: Result) -> str:
    """Of what the patient reads about the level, so that the record shows which words these were."""
    words = wording.for_level(level, result)
    shown = [words.heading, words.lead, *words.next_steps, *words.meanwhile, *wording.SAFETY_NET]
    return hashlib.sha256("\n".join(str(line) for line in shown).encode()).hexdigest()
