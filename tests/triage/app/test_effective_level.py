"""One effective level: what booking, exercises and the desk act on."""

from datetime import timedelta

import pytest

from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_patient
from tests.factories_triage import make_assessment, make_review
from triage import services
from triage.models import Assessment

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def effective(patient, now=NOW):
    found = services.effective_level(patient, now)
    return (found.level, found.reviewed) if found else None


def test_nothing_answered_gives_no_level():
    assert effective(make_patient()) is None


def test_one_assessment_counts_before_anybody_looked():
    assessment = make_assessment(level=Level.ROUTINE)

    assert effective(assessment.patient) == (Level.ROUTINE, False)


def test_answering_again_never_lowers_it():
    patient = make_patient()
    make_assessment(patient=patient, level=Level.URGENT, created_at=NOW - 2 * DAY)
    make_assessment(patient=patient, level=Level.SELF_CARE, created_at=NOW - DAY)

    assert effective(patient) == (Level.URGENT, False)


def test_a_review_lowers_it():
    patient = make_patient()
    urgent = make_assessment(patient=patient, level=Level.URGENT, created_at=NOW - 2 * DAY)
    make_review(assessment=urgent, level=Level.ROUTINE, reason="Examined on the phone", created_at=NOW - DAY)

    assert effective(patient) == (Level.ROUTINE, True)


def test_the_latest_review_counts():
    assessment = make_assessment(level=Level.ROUTINE, created_at=NOW - 3 * DAY)
    make_review(assessment=assessment, level=Level.URGENT, reason="Leg gives way", created_at=NOW - 2 * DAY)
    make_review(
        assessment=assessment, from_level=Level.URGENT, level=Level.PRIORITY, reason="Seen", created_at=NOW - DAY
    )

    assert effective(assessment.patient) == (Level.PRIORITY, True)


def test_answers_after_a_review_raise_it():
    patient = make_patient()
    first = make_assessment(patient=patient, level=Level.ROUTINE, created_at=NOW - 3 * DAY)
    make_review(assessment=first, created_at=NOW - 2 * DAY)
    make_assessment(patient=patient, level=Level.EMERGENCY, created_at=NOW - DAY)

    assert effective(patient) == (Level.EMERGENCY, False)


def test_answers_after_a_review_do_not_lower_it():
    patient = make_patient()
    first = make_assessment(patient=patient, level=Level.PRIORITY, created_at=NOW - 3 * DAY)
    make_review(assessment=first, created_at=NOW - 2 * DAY)
    make_assessment(patient=patient, level=Level.SELF_CARE, created_at=NOW - DAY)

    assert effective(patient) == (Level.PRIORITY, True)


def test_what_a_review_covers_is_decided_by_it():
    patient = make_patient()
    urgent = make_assessment(patient=patient, level=Level.URGENT, created_at=NOW - 2 * DAY)
    calm = make_assessment(patient=patient, level=Level.SELF_CARE, created_at=NOW - DAY)

    make_review(assessment=calm, covers=[urgent.pk, calm.pk], created_at=NOW)

    assert effective(patient) == (Level.SELF_CARE, True)


@pytest.mark.parametrize("kind", [Assessment.Kind.STOP, Assessment.Kind.INTAKE])
def test_what_a_review_does_not_cover_counts_whatever_the_clocks_said(kind):
    patient = make_patient()
    calm = make_assessment(patient=patient, level=Level.SELF_CARE, created_at=NOW - DAY)
    make_assessment(patient=patient, level=Level.EMERGENCY, kind=kind, created_at=NOW - HOUR)

    make_review(assessment=calm, covers=[calm.pk], created_at=NOW)

    assert effective(patient) == (Level.EMERGENCY, False)


def test_the_review_written_last_counts_whatever_the_clocks_said():
    assessment = make_assessment(level=Level.ROUTINE, created_at=NOW - DAY)
    make_review(assessment=assessment, created_at=NOW)
    make_review(assessment=assessment, level=Level.URGENT, reason="Leg gives way", created_at=NOW - HOUR)

    assert effective(assessment.patient) == (Level.URGENT, True)


@pytest.mark.parametrize(("age", "expected"), [(30 * DAY, (Level.URGENT, False)), (30 * DAY + HOUR, None)])
def test_an_unreviewed_assessment_counts_for_thirty_days(age, expected):
    assessment = make_assessment(level=Level.URGENT, created_at=NOW - age)

    assert effective(assessment.patient) == expected


def test_a_stop_counts_until_the_same_intake_is_finished():
    stop = make_assessment(level=Level.EMERGENCY, kind=Assessment.Kind.STOP, created_at=NOW - HOUR)

    assert effective(stop.patient) == (Level.EMERGENCY, False)

    make_assessment(intake=stop.intake, level=Level.URGENT)

    assert effective(stop.patient) == (Level.URGENT, False)


def test_a_stop_is_not_lowered_by_another_intake():
    stop = make_assessment(level=Level.EMERGENCY, kind=Assessment.Kind.STOP, created_at=NOW - HOUR)
    make_assessment(patient=stop.patient, level=Level.URGENT)

    assert effective(stop.patient) == (Level.EMERGENCY, False)


def test_four_times_no_opens_booking_at_routine():
    check = make_assessment(level=Level.ROUTINE, kind=Assessment.Kind.QUICK)

    found = services.effective_level(check.patient, NOW)

    assert (found.level, found.quick_only) == (Level.ROUTINE, True)


def test_four_times_no_says_nothing_about_a_known_level():
    patient = make_patient()
    make_assessment(patient=patient, level=Level.SELF_CARE, created_at=NOW - 20 * DAY)
    make_assessment(patient=patient, level=Level.ROUTINE, kind=Assessment.Kind.QUICK)

    found = services.effective_level(patient, NOW)

    assert (found.level, found.quick_only, found.answered_at) == (Level.SELF_CARE, False, NOW)


def test_a_quick_check_with_a_sign_counts_until_the_intake_is_answered():
    patient = make_patient()
    make_assessment(patient=patient, level=Level.URGENT, kind=Assessment.Kind.QUICK, created_at=NOW - HOUR)

    assert effective(patient) == (Level.URGENT, False)

    make_assessment(patient=patient, level=Level.ROUTINE)

    assert effective(patient) == (Level.ROUTINE, False)


@pytest.mark.parametrize(("age", "is_open"), [(14 * DAY - HOUR, True), (14 * DAY, False)])
def test_answers_open_booking_for_fourteen_days(age, is_open):
    assessment = make_assessment(created_at=NOW - age)

    assert services.effective_level(assessment.patient, NOW).booking_open(NOW) is is_open


def test_answering_again_opens_booking_again():
    patient = make_patient()
    old = make_assessment(patient=patient, created_at=NOW - 60 * DAY)
    make_review(assessment=old, created_at=NOW - 59 * DAY)

    assert services.effective_level(patient, NOW).booking_open(NOW) is False

    make_assessment(patient=patient, level=Level.ROUTINE, kind=Assessment.Kind.QUICK)

    assert services.effective_level(patient, NOW).booking_open(NOW) is True


def test_many_patients_cost_no_more_queries_than_one(django_assert_num_queries):
    patients = [make_assessment(level=level).patient for level in Level]
    make_review(assessment=patients[0].assessments.get())

    with django_assert_num_queries(2):
        assert {found.level for found in services.effective_levels(patients, NOW).values()} == set(Level)

    with django_assert_num_queries(2):
        services.effective_levels(patients[:1], NOW)


def test_the_latest_result_is_the_newest_whole_intake():
    patient = make_patient()
    make_assessment(patient=patient, level=Level.URGENT, created_at=NOW - 2 * DAY)
    newest = make_assessment(patient=patient, level=Level.ROUTINE, created_at=NOW - DAY)
    make_assessment(patient=patient, kind=Assessment.Kind.QUICK)

    assert services.latest_result(patient) == newest
