"""A therapist's word on an assessment."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.models import Location, Patient, Task
from clinic.rules.access import CLINICIANS, Role
from clinic.rules.levels import Level
from clinic.services import Refused, audit
from clinic.services.tasks import AlreadyClosed, close_task, open_task
from triage.models import Assessment, Review
from triage.services import promises
from triage.services.conclusions import review_key
from triage.services.levels import effective_level


class OnlyAClinician(Refused):
    """Therapists and clinical leads review; nobody else."""


class ReasonNeeded(Refused):
    """A level that is changed, or an emergency or urgent one that is lowered, needs a reason."""


class ReviewedMeanwhile(Refused):
    """A colleague reviewed the same assessment after this page was opened."""


class AnsweredMeanwhile(Refused):
    """The patient gave emergency or urgent answers after this page was opened."""

    def __init__(self):
        super().__init__(
            _("This patient has given new answers that may be urgent. Nothing was saved: please read them first.")
        )


def level_now(assessment: Assessment) -> Level:
    """The level of one assessment after its latest review."""
    review = latest_review(assessment)
    return Level(review.level if review else assessment.level)


def latest_review(assessment: Assessment) -> Review | None:
    return assessment.reviews.order_by("-pk").first()


def urgent_and_unread(assessment: Assessment, shown: Collection[int]):
    """Emergency or urgent assessments of the same patient that nobody reviewed and that are not among ``shown``."""
    return (
        Assessment.objects.standing()
        .filter(patient=assessment.patient_id, level__gte=Level.URGENT, reviews=None)
        .exclude(pk__in=[assessment.pk, *shown])
    )


def lowers_urgency(assessment: Assessment, level: Level, now) -> bool:
    """Whether ``level`` takes an emergency or urgent level back: this assessment's, or the patient's as it counts now."""
    effective = effective_level(assessment.patient, now)
    held = max(level_now(assessment), effective.level if effective else Level.SELF_CARE)
    return held >= Level.URGENT and level < held


def review_assessment(
    *,
    assessment: Assessment,
    level: Level,
    reason: str = "",
    seen: Review | None = None,
    shown: Collection[int] | None = None,
    by,
    now,
) -> Review:
    """Confirm the level of ``assessment`` or change it, and close the task that asked for the review.

    A changed level needs a reason, and so does a level below an emergency or urgent one that counts for the patient. Raising
    to urgent or emergency asks somebody to ring. Call-backs stay until a person closes them. ``seen`` is the latest review
    that the therapist had on the page: with a later one, ``ReviewedMeanwhile``. ``shown`` are the primary keys of the
    patient's assessments that the page knew of, or None for all there are at ``now``: the review covers no other, and with
    an emergency or urgent one among the others, ``AnsweredMeanwhile``. Raises also ``OnlyAClinician`` and ``ReasonNeeded``.
    """
    if Role(by.role) not in CLINICIANS:
        raise OnlyAClinician(_("Only a therapist can review an assessment."))
    level, reason = Level(level), reason.strip()
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=assessment.patient_id)
        last = latest_review(assessment)
        if last != seen:
            raise ReviewedMeanwhile(_("A colleague has reviewed this meanwhile. Please look at it again."))
        if shown is not None and urgent_and_unread(assessment, shown).exists():
            raise AnsweredMeanwhile
        before = Level(last.level if last else assessment.level)
        if not reason and level != before:
            raise ReasonNeeded(_("Say why you change the level."))
        if not reason and lowers_urgency(assessment, level, now):
            raise ReasonNeeded(_("Earlier answers of this patient are more urgent. Say why this level is enough."))
        review = Review.objects.create(
            assessment=assessment,
            from_level=before,
            level=level,
            reason=reason,
            covers=_covered(assessment, shown, now),
            by=by,
            created_at=now,
        )
        _close_review_task(assessment, by=by, now=now)
        if level > before and level >= Level.URGENT:
            _ask_for_call(assessment, level, by=by, now=now)
        audit.record(actor=by, action="assessment-reviewed", target=assessment, patient=assessment.patient, now=now)
    return review


def _covered(assessment: Assessment, shown: Collection[int] | None, now) -> list[int]:
    """What a review decides about: never more than ``lowers_urgency`` could weigh in this transaction."""
    known = Assessment.objects.filter(patient=assessment.patient_id, created_at__lte=now)
    if shown is not None:
        known = known.filter(pk__in=shown)
    return sorted({assessment.pk, *known.values_list("pk", flat=True)})


def _close_review_task(assessment: Assessment, *, by, now) -> None:
    task = Task.objects.open().filter(key=review_key(assessment)).first()
    if task:
        try:
            close_task(task=task, outcome=Task.Outcome.DONE, by=by, now=now)
        except AlreadyClosed:
            return


def _ask_for_call(assessment: Assessment, level: Level, *, by, now) -> None:
    location = Location.objects.main()
    due_at = promises.call_back_due(level=level, location=location, now=now)
    open_task(
        kind=Task.Kind.CALL_BACK,
        key=f"call_back:raised:{assessment.pk}:{level.key}",
        level=level,
        patient=assessment.patient,
        episode=assessment.episode,
        location=location,
        reason=_("A therapist raised the level after reading the answers."),
        due_at=due_at,
        by=by,
        now=now,
    )
