"""Four safety questions for somebody who wants to book without an intake, and again when the answers have grown old."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from clinic.models import Location, Patient
from clinic.rules.levels import Level
from clinic.services import audit
from triage.models import Answer, Assessment, Intake
from triage.pathways import QUICK_SCREEN, RUNNING_LOW_BACK_PAIN
from triage.services import promises
from triage.services.conclusions import ask_for_call, assess_intake, current_answers, record_assessment
from triage.services.intakes import start_intake
from triage.services.rulesets import live_questionnaire


@dataclass(frozen=True)
class QuickCheck:
    """``intake`` is the one to answer now, because something else than four times "no" was said; or None."""

    assessment: Assessment
    intake: Intake | None

    @property
    def patient(self) -> Patient:
        return self.assessment.patient


def answer_quick_check(
    *,
    answers: Mapping[str, Any],
    consent_version: str,
    patient: Patient | None = None,
    first_name: str = "",
    date_of_birth=None,
    phone: str = "",
    reference: str | None = None,
    by,
    now,
) -> QuickCheck:
    """Put four safety answers to the rules. Four times "no" opens booking; anything else opens the intake.

    A sign that cannot wait also asks somebody to ring: the person may leave before the intake is answered. Sent twice (a
    double click) it is one check; sent again with other answers (Back, then "yes") it is another one. Raises
    ``NotTakingIntakes``.
    """
    live_questionnaire(RUNNING_LOW_BACK_PAIN.slug)
    begin = partial(
        start_intake, pathway=QUICK_SCREEN.slug, consent_version=consent_version, phone=phone, by=by, now=now
    )
    with transaction.atomic():
        check = _locked(begin(patient=patient, first_name=first_name, date_of_birth=date_of_birth, reference=reference))
        if check.is_finished and current_answers(check) != dict(answers):
            check = _locked(begin(patient=check.patient))
        assessment = check.assessments.get() if check.is_finished else _conclude(check, answers, by=by, now=now)
        if assessment.level <= Level.ROUTINE:
            return QuickCheck(assessment, None)
        intake = start_intake(
            pathway=RUNNING_LOW_BACK_PAIN.slug,
            consent_version=consent_version,
            patient=check.patient,
            by=by,
            now=now,
        )
        if assessment.level >= Level.URGENT:
            location = Location.objects.main()
            due_at = promises.call_back_due(level=Level.URGENT, location=location, now=now)
            ask_for_call(assessment, location, about=intake, due_at=due_at, by=by, now=now)
        return QuickCheck(assessment, intake)


def _locked(check: Intake) -> Intake:
    return Intake.objects.select_for_update(of=["self"]).select_related("questionnaire", "patient").get(pk=check.pk)


def _conclude(check: Intake, answers: Mapping[str, Any], *, by, now) -> Assessment:
    Answer.objects.bulk_create(
        Answer(intake=check, link_id=link_id, value=value, revision=1, answered_at=now)
        for link_id, value in answers.items()
    )
    result = assess_intake(check, answers, now)
    level = result.level if result.clear else max(result.level, Level.PRIORITY)
    check.status, check.finished_at, check.revision = Intake.Status.FINISHED, now, 1
    check.save(update_fields=["status", "finished_at", "revision"])
    assessment = record_assessment(check, result, kind=Assessment.Kind.QUICK, level=level, now=now)
    audit.record(actor=by, action="quick-check", target=check, patient=check.patient, now=now)
    return assessment
