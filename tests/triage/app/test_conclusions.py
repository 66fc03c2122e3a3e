"""From answers to a conclusion, and to what a person must do by when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.models import AccessLog, Episode, Task
from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_location, make_patient
from tests.factories_triage import CALM, CALM_QUICK, answer, begin, finish, make_assessment, open_for_intakes
from triage import services
from triage.models import Assessment, Intake, RulesetApproval
from triage.pathways import get_pathway
from triage.rules.engine import assess

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 14, 23, 0, tzinfo=UTC)
"""A Saturday night."""
MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)

URGENT = {**CALM, "ill_signs": ["fever"]}


@pytest.fixture(autouse=True)
def clinic():
    open_for_intakes()
    return make_location()


def tasks(kind):
    return [(task.level_of, task.due_at, task.reason) for task in Task.objects.filter(kind=kind)]


# ---- finishing ----------------------------------------------------------------------------------------------------


def test_finishing_gives_the_level_and_its_reasons():
    intake = begin()

    assessment = finish(intake)

    intake.refresh_from_db()
    assert (intake.status, intake.finished_at) == (Intake.Status.FINISHED, NOW)
    assert (assessment.level_of, assessment.kind, assessment.patient) == (
        Level.SELF_CARE,
        Assessment.Kind.INTAKE,
        intake.patient,
    )
    assert assessment.ruleset == get_pathway("running_low_back_pain").ruleset
    assert assessment.age == 40
    assert 1 <= len(assessment.factors) <= 4


def test_a_stored_assessment_replays_to_the_same_result():
    intake = begin()
    assessment = finish(intake, {**CALM, "leg_tingling": "new", "conditions": ["diabetes"]})

    again = assess(
        get_pathway(intake.pathway),
        services.current_answers(intake),
        assessment.age,
        questionnaire=intake.questionnaire.content,
    ).as_json()

    stored = {
        **assessment.details,
        "findings": assessment.findings,
        "factors": assessment.factors,
        "cautions": assessment.cautions,
        "contradictions": assessment.contradictions,
        "unanswered_safety": assessment.unanswered,
        "ruleset": assessment.ruleset,
    }
    assert stored == again


def test_finishing_opens_an_episode():
    intake = begin()

    assessment = finish(intake)

    assert assessment.episode == Episode.objects.get(patient=intake.patient, problem="running_low_back_pain")


def test_finishing_asks_a_therapist_to_look():
    finish(begin())

    assert tasks(Task.Kind.REVIEW) == [
        (Level.SELF_CARE, datetime(2026, 3, 13, 18, 0, tzinfo=UTC), "No flag: self-care, every gate met")
    ]
    assert tasks(Task.Kind.CALL_BACK) == []


def test_sending_twice_is_one_result():
    intake = begin()
    first = finish(intake)

    second = services.finish_intake(intake=intake, by=intake.patient, now=NOW + timedelta(seconds=1))

    assert (second, Assessment.objects.count(), Task.objects.count()) == (first, 1, 1)


def test_what_was_left_behind_gives_no_result():
    intake = begin()
    answer(intake)
    services.leave_intake(intake=intake, by=intake.patient, now=NOW)

    with pytest.raises(services.AlreadySent):
        services.finish_intake(intake=intake, by=intake.patient, now=NOW)


def test_a_missing_answer_is_named_by_its_page():
    intake = begin()
    answer(intake, until="course")

    with pytest.raises(services.StillOpen) as refusal:
        services.finish_intake(intake=intake, by=intake.patient, now=NOW)

    assert refusal.value.page_id == "course"
    assert Assessment.objects.count() == 0


def test_an_answer_that_could_not_be_read_is_named_by_its_page():
    intake = begin()
    answer(intake)
    intake.refresh_from_db()
    services.save_page(
        intake=intake,
        page_id="goals",
        raw={"goal_1_score": "lots"},
        revision=intake.revision,
        by=intake.patient,
        now=NOW,
    )

    with pytest.raises(services.StillOpen) as refusal:
        services.finish_intake(intake=intake, by=intake.patient, now=NOW)

    assert refusal.value.page_id == "goals"


def test_an_answer_that_is_not_asked_any_more_does_not_count():
    intake = begin()
    answer(intake, {**CALM, "conditions": ["cancer"]}, until="personal")
    intake.refresh_from_db()
    services.save_page(
        intake=intake,
        page_id="history",
        raw={link: CALM[link] for link in ("body_changes", "conditions", "bones", "medicines")},
        revision=intake.revision,
        by=intake.patient,
        now=NOW,
    )
    intake.refresh_from_db()

    assert finish(intake).level_of == Level.SELF_CARE


def test_an_urgent_result_asks_a_person_to_ring_within_two_hours():
    assessment = finish(begin(), URGENT)

    assert (assessment.level_of, assessment.factors) == (Level.URGENT, [])
    assert tasks(Task.Kind.CALL_BACK) == [(Level.URGENT, NOW + timedelta(hours=2), assessment.reason_line)]


def test_an_urgent_result_at_night_is_due_when_the_clinic_opens():
    finish(begin(now=NIGHT), URGENT, now=NIGHT)

    assert [due for _, due, _ in tasks(Task.Kind.CALL_BACK)] == [MONDAY]


def test_a_safety_question_left_open_is_priority_and_a_call():
    assessment = finish(begin(), {**CALM, "sexual_change": "declined"})

    assert assessment.level_of >= Level.PRIORITY
    assert "sexual_change" in assessment.unanswered
    assert len(tasks(Task.Kind.CALL_BACK)) == 1


def test_somebody_under_sixteen_is_rung_with_a_guardian():
    assessment = finish(begin(date_of_birth=date(2012, 1, 1)))

    assert (assessment.level_of >= Level.PRIORITY, assessment.guardian) == (True, True)
    assert len(tasks(Task.Kind.CALL_BACK)) == 1


def test_the_task_never_holds_an_answer():
    finish(begin(), {**URGENT, "goal_1": "Secret plans", "comments": "Between us"})

    told = " ".join(task.reason for task in Task.objects.all())
    assert "Secret" not in told
    assert "Between us" not in told


def test_finishing_writes_one_audit_line():
    intake = begin()
    finish(intake)

    assert AccessLog.objects.filter(action="intake-finished", target=f"triage.intake:{intake.pk}").count() == 1


def test_rules_that_changed_while_somebody_answered_give_no_result_but_a_call(monkeypatch):
    intake = begin()
    answer(intake)
    monkeypatch.setattr("triage.services.rulesets.ruleset_hash", lambda pathway: "f" * 64)

    with pytest.raises(services.NoResultNow):
        services.finish_intake(intake=intake, by=intake.patient, now=NOW)

    assert Assessment.objects.count() == 0
    assert [level for level, _, _ in tasks(Task.Kind.CALL_BACK)] == [Level.PRIORITY]


def test_without_a_location_everything_is_due_at_once(clinic):
    clinic.is_active = False
    clinic.save()

    finish(begin(), URGENT)

    assert {due for kind in Task.Kind.values for _, due, _ in tasks(kind)} == {NOW}


# ---- four safety questions ----------------------------------------------------------------------------------------


def quick(answers=CALM_QUICK, now=NOW, **fields):
    defaults = {"first_name": "Robin", "date_of_birth": date(1985, 3, 27), "consent_version": "2026-11", "by": "public"}
    return services.answer_quick_check(answers=answers, now=now, **{**defaults, **fields})


def test_four_times_no_opens_booking():
    check = quick()

    held = services.effective_level(check.patient, NOW)
    assert (check.intake, held.level, held.quick_only, held.booking_open(NOW)) == (None, Level.ROUTINE, True, True)
    assert Task.objects.count() == 0


def test_four_times_no_needs_no_review():
    quick()

    assert list(Assessment.objects.awaiting_review()) == []


@pytest.mark.parametrize("said", ["yes", "unsure"])
@pytest.mark.parametrize("question", list(CALM_QUICK))
def test_anything_but_no_opens_the_intake(question, said):
    check = quick({**CALM_QUICK, question: said})

    assert (check.intake.pathway, check.intake.patient) == ("running_low_back_pain", check.patient)
    assert services.effective_level(check.patient, NOW).level >= Level.PRIORITY


def test_a_sign_asks_a_person_to_ring_even_if_nothing_follows():
    check = quick({**CALM_QUICK, "saddle_genital": "yes"})

    task = Task.objects.get()
    assert (task.kind, task.patient, task.level_of) == (Task.Kind.CALL_BACK, check.patient, check.assessment.level_of)


def test_the_intake_that_follows_shares_the_call():
    check = quick({**CALM_QUICK, "saddle_genital": "yes"})

    answer(check.intake, {**CALM, "saddle_numbness": "new"})

    task = Task.objects.call_backs().get()
    assert task.level_of == Level.EMERGENCY


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_the_intake_that_follows_decides_and_never_below_priority(said):
    check = quick({**CALM_QUICK, "legs": said})

    finish(check.intake, now=NOW + timedelta(minutes=5))

    assert services.effective_level(check.patient, NOW + timedelta(minutes=5)).level == Level.PRIORITY


def test_beginning_anew_does_not_unsay_a_quick_answer():
    check = quick({**CALM_QUICK, "bladder_bowel": "yes"})
    services.leave_intake(intake=check.intake, by=check.patient, now=NOW)

    result = finish(begin(patient=check.patient))

    assert result.level == Level.PRIORITY


def test_four_times_no_from_somebody_too_young_opens_the_intake():
    assert quick(date_of_birth=date(2012, 1, 1)).intake is not None


def test_a_quick_check_sent_twice_is_one():
    first = quick(reference="b" * 26)
    second = quick(reference="b" * 26)

    assert (second.assessment, Assessment.objects.count()) == (first.assessment, 1)


def test_a_quick_check_of_a_patient_we_know_sent_twice_is_one():
    patient = make_patient()
    first = quick(patient=patient, reference="b" * 26)

    assert quick(patient=patient, reference="b" * 26).assessment == first.assessment


def test_a_patient_we_know_is_not_asked_who_they_are():
    patient = make_patient()
    make_assessment(patient=patient, level=Level.ROUTINE, created_at=NOW - timedelta(days=20))

    check = quick(patient=patient, first_name="", date_of_birth=None)

    assert check.patient == patient
    assert services.effective_level(patient, NOW).booking_open(NOW) is True


def test_a_quick_check_sent_again_with_other_answers_is_another_one_and_its_answers_count():
    first = quick(reference="b" * 26)
    second = quick({**CALM_QUICK, "bladder_bowel": "yes"}, patient=first.patient, reference="b" * 26)

    assert second.intake is not None
    assert services.effective_level(first.patient, NOW).level == Level.URGENT


def test_no_to_every_question_of_the_intake_does_not_unsay_a_quick_yes():
    check = quick({**CALM_QUICK, "bladder_bowel": "yes"})

    result = finish(check.intake)

    assert result.level == Level.PRIORITY
    assert result.reason_line == "A safety question was answered differently shortly before."


def test_the_reference_of_somebody_else_opens_nothing_of_theirs():
    theirs = quick(reference="b" * 26)
    ours = quick(first_name="Somebody", reference="b" * 26)

    assert ours.patient != theirs.patient
    assert ours.assessment != theirs.assessment


def test_unsigned_rules_take_no_quick_check():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triage.services.rulesets.ruleset_hash", lambda pathway: "f" * 64)
        with pytest.raises(services.NotTakingIntakes):
            quick()

    assert RulesetApproval.objects.count() == 2
    assert Intake.objects.count() == 0


# ---- the queue ----------------------------------------------------------------------------------------------------


def test_the_queue_has_the_most_urgent_first_then_the_oldest():
    old, new = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    routine = make_assessment(level=Level.ROUTINE, created_at=old)
    late_urgent = make_assessment(level=Level.URGENT, created_at=new)
    self_care = make_assessment(level=Level.SELF_CARE, created_at=old)
    early_urgent = make_assessment(level=Level.URGENT, created_at=old)
    priority = make_assessment(level=Level.PRIORITY, created_at=new)
    emergency = make_assessment(level=Level.EMERGENCY, created_at=new)

    assert list(Assessment.objects.awaiting_review()) == [
        emergency,
        early_urgent,
        late_urgent,
        priority,
        routine,
        self_care,
    ]
