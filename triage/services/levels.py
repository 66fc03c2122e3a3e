"""The one effective level: what booking, exercises and the desk act on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.rules.levels import Level
from triage.models import Assessment, Review

UNREVIEWED_COUNTS_FOR = timedelta(days=30)
OPENS_BOOKING_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Effective:
    """The level that counts for a patient now, and where it comes from.

    ``answered_at`` is when safety questions were last answered; up to ``booking_open_until`` a booking may rest on that,
    then they are asked again. ``quick_only`` says that four safety questions are all we have.
    """

    level: Level
    assessment: Assessment
    reviewed: bool
    answered_at: datetime
    booking_open_until: datetime
    quick_only: bool

    @property
    def guardian(self) -> bool:
        """Under 16: no booking on the web; a phone call with a guardian."""
        return self.assessment.guardian

    def booking_open(self, now: datetime) -> bool:
        """Whether the answers are fresh enough to book on. What may be booked is the level's business."""
        return now < self.booking_open_until


def effective_level(patient, now: datetime) -> Effective | None:
    """The level that counts for ``patient`` now, or None when nothing is known."""
    return effective_levels([patient], now).get(patient.pk)


def effective_levels(patients: Iterable, now: datetime) -> dict[int, Effective]:
    """The same for many patients by primary key, in two queries.

    The latest review counts; without one, the highest unreviewed assessment of the last 30 days. What that review does not
    cover can raise its level and never lower it. A quick check of four times "no" keeps booking open and says
    nothing more about somebody whose level is known.
    """
    ids = [patient.pk for patient in patients]
    reviews = (
        Review.objects.filter(assessment__patient__in=ids)
        .order_by("assessment__patient_id", "-pk")  # written one after the other, under the patient's lock
        .distinct("assessment__patient_id")
        .select_related("assessment")
    )
    latest_review = {review.assessment.patient_id: review for review in reviews}
    recent: dict[int, list[Assessment]] = {}
    for assessment in (
        Assessment.objects.standing()
        .filter(patient__in=ids, created_at__gte=now - UNREVIEWED_COUNTS_FOR, created_at__lte=now)
        .with_reviewed()
        .order_by("created_at", "pk")
    ):
        recent.setdefault(assessment.patient_id, []).append(assessment)
    found = {pk: _effective(latest_review.get(pk), recent.get(pk, [])) for pk in ids}
    return {pk: effective for pk, effective in found.items() if effective}


def latest_result(patient) -> Assessment | None:
    """The newest assessment of a whole intake (an emergency stop included), reviewed or not, or None."""
    return (
        Assessment.objects.standing()
        .filter(patient=patient)
        .exclude(kind=Assessment.Kind.QUICK)
        .order_by("-created_at", "-pk")
        .first()
    )


def _effective(review: Review | None, recent: list[Assessment]) -> Effective | None:
    """``recent`` are the standing assessments of the last 30 days, the oldest first.

    Clocks do not say what a therapist had read: an answer can be written before a review and committed after it.
    """
    covered = set(review.covers) if review else set()
    unreviewed = [one for one in recent if not one.reviewed and one.pk not in covered]
    telling = [one for one in unreviewed if not _is_clear_quick_check(one)]
    highest = max(telling, key=lambda one: (one.level, one.created_at), default=None)
    if review and (highest is None or highest.level <= review.level):
        return _made(review.level, review.assessment, True, [review.assessment, *recent])
    if highest is None:
        highest = max(recent, key=lambda one: (one.level, one.created_at), default=None)
    return _made(highest.level, highest, False, recent) if highest else None


def _is_clear_quick_check(assessment: Assessment) -> bool:
    return assessment.kind == Assessment.Kind.QUICK and assessment.level <= Level.ROUTINE


def _made(level, assessment, reviewed, answered) -> Effective:
    answered_at = max(one.created_at for one in answered)
    return Effective(
        level=Level(level),
        assessment=assessment,
        reviewed=reviewed,
        answered_at=answered_at,
        booking_open_until=answered_at + OPENS_BOOKING_FOR,
        quick_only=assessment.kind == Assessment.Kind.QUICK,
    )
