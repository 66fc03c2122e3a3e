"""A therapist confirms or changes a level; nothing is lowered without a reason, nothing is overwritten."""

from datetime import timedelta

import pytest

from clinic.models import AccessLog, Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_location, make_task, make_user
from tests.factories_triage import make_assessment, make_review
from triage import services
from triage.models import Assessment, Review

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def therapist():
    make_location()
    return make_user(role=Role.THERAPIST)


def review(assessment, level, by, reason="", seen=None, shown=None):
    return services.review_assessment(
        assessment=assessment, level=level, reason=reason, seen=seen, shown=shown, by=by, now=LATER
    )


def test_confirming_takes_it_out_of_the_queue(therapist):
    assessment = make_assessment(level=Level.URGENT)

    made = review(assessment, Level.URGENT, therapist)

    assert (made.level_of, made.changed, made.by, made.created_at) == (Level.URGENT, False, therapist, LATER)
    assert list(Assessment.objects.awaiting_review()) == []


def test_changing_needs_a_reason(therapist):
    with pytest.raises(services.ReasonNeeded):
        review(make_assessment(level=Level.ROUTINE), Level.PRIORITY, therapist, reason="  ")

    assert Review.objects.count() == 0


def test_a_changed_level_counts_at_once(therapist):
    assessment = make_assessment(level=Level.URGENT)

    review(assessment, Level.ROUTINE, therapist, reason="Old numbness, known for years")

    assert services.effective_level(assessment.patient, LATER).level == Level.ROUTINE


def test_confirming_a_lower_one_beside_an_urgent_one_needs_a_reason(therapist):
    urgent = make_assessment(level=Level.URGENT)
    routine = make_assessment(patient=urgent.patient, level=Level.ROUTINE, created_at=NOW + timedelta(minutes=5))

    with pytest.raises(services.ReasonNeeded):
        review(routine, Level.ROUTINE, therapist)

    review(routine, Level.ROUTINE, therapist, reason="Both read, spoken on the phone")
    assert services.effective_level(urgent.patient, LATER).level == Level.ROUTINE


def test_reviewing_closes_the_task_that_asked_for_it(therapist):
    assessment = make_assessment()
    task = make_task(kind=Task.Kind.REVIEW, key=f"review:assessment:{assessment.pk}", patient=assessment.patient)

    review(assessment, Level.ROUTINE, therapist)

    task.refresh_from_db()
    assert (task.closed_by, task.closed_at, task.outcome) == (therapist, LATER, Task.Outcome.DONE)


def test_lowering_leaves_the_call_back_to_a_person(therapist):
    assessment = make_assessment(level=Level.URGENT)
    call = make_task(patient=assessment.patient)

    review(assessment, Level.ROUTINE, therapist, reason="Read again")

    call.refresh_from_db()
    assert call.closed_at is None


def test_raising_to_urgent_asks_a_person_to_ring(therapist):
    assessment = make_assessment(level=Level.ROUTINE)

    review(assessment, Level.URGENT, therapist, reason="Weak foot in the comment")

    task = Task.objects.call_backs().get()
    assert (task.level_of, task.patient, task.due_at) == (Level.URGENT, assessment.patient, LATER + timedelta(hours=2))


def test_a_second_review_is_added_beside_the_first(therapist):
    assessment = make_assessment(level=Level.ROUTINE)
    first = review(assessment, Level.PRIORITY, therapist, reason="Night pain")

    second = review(assessment, Level.ROUTINE, therapist, reason="Slept well since", seen=first)

    assert [one.level_of for one in assessment.reviews.order_by("pk")] == [Level.PRIORITY, Level.ROUTINE]
    assert (second.from_level, services.level_now(assessment)) == (Level.PRIORITY, Level.ROUTINE)


def test_a_colleague_who_was_quicker_is_not_overruled_unseen(therapist):
    assessment = make_assessment(level=Level.ROUTINE)
    make_review(assessment=assessment, level=Level.URGENT, reason="Weak foot")

    with pytest.raises(services.ReviewedMeanwhile):
        review(assessment, Level.ROUTINE, therapist)


def test_a_review_covers_what_the_patient_has_answered_until_then(therapist):
    first = make_assessment(level=Level.SELF_CARE)
    second = make_assessment(patient=first.patient, level=Level.ROUTINE)
    make_assessment(patient=first.patient, created_at=LATER + timedelta(seconds=1))
    make_assessment()

    assert review(second, Level.ROUTINE, therapist).covers == [first.pk, second.pk]


@pytest.mark.parametrize("level", [Level.EMERGENCY, Level.URGENT])
@pytest.mark.parametrize("reason", ["", "Spoken on the phone"])
def test_urgent_answers_after_the_page_was_opened_are_read_first(therapist, level, reason):
    calm = make_assessment(level=Level.SELF_CARE)
    urgent = make_assessment(patient=calm.patient, level=level)

    with pytest.raises(services.AnsweredMeanwhile):
        review(calm, Level.SELF_CARE, therapist, reason, shown=[calm.pk])

    assert services.effective_level(calm.patient, LATER).level == level
    review(calm, Level.SELF_CARE, therapist, "Both read", shown=[calm.pk, urgent.pk])
    assert services.effective_level(calm.patient, LATER).level == Level.SELF_CARE


def test_calmer_answers_after_the_page_was_opened_are_not_covered(therapist):
    calm = make_assessment(level=Level.SELF_CARE)
    make_assessment(patient=calm.patient, level=Level.PRIORITY)

    made = review(calm, Level.SELF_CARE, therapist, shown=[calm.pk])

    assert made.covers == [calm.pk]
    assert services.effective_level(calm.patient, LATER).level == Level.PRIORITY


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.MANAGER])
def test_only_clinicians_review(role):
    with pytest.raises(services.OnlyAClinician):
        review(make_assessment(), Level.ROUTINE, make_user(role=role))


def test_reviewing_writes_one_audit_line(therapist):
    assessment = make_assessment()

    review(assessment, Level.ROUTINE, therapist)

    line = AccessLog.objects.get(target=f"triage.assessment:{assessment.pk}")
    assert (line.action, line.actor, line.patient_id) == (
        "assessment-reviewed",
        therapist.actor,
        assessment.patient_id,
    )
