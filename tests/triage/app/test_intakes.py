"""Filling in an intake: nothing is lost, nothing is overwritten unseen, an emergency stops the form at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.models import AccessLog, Patient, Task
from clinic.rules.levels import Level
from clinic.services.tasks import close_task
from tests.factories_clinic import NOW, make_location, make_patient, make_user
from tests.factories_triage import CALM, answer, begin, finish, make_review, open_for_intakes
from triage import services
from triage.models import Assessment, Intake

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def clinic():
    open_for_intakes()
    return make_location()


def save(intake, page_id, raw, *, revision=None, now=NOW):
    intake.refresh_from_db()
    return services.save_page(
        intake=intake,
        page_id=page_id,
        raw=raw,
        revision=intake.revision if revision is None else revision,
        by=intake.patient,
        now=now,
    )


def rows(intake, link_id):
    return [
        (row.value, row.raw, row.valid, row.superseded_at)
        for row in intake.answers.filter(link_id=link_id).order_by("pk")
    ]


NUMB = {"saddle_numbness": "new", "sexual_change": "no"}
NOT_NUMB = {"saddle_numbness": "no", "sexual_change": "no"}


# ---- beginning ----------------------------------------------------------------------------------------------------


def test_beginning_makes_a_patient_with_what_the_first_page_asked():
    intake = begin(first_name="Ada", date_of_birth=date(1990, 2, 3), phone="")

    assert (intake.patient.first_name, intake.patient.date_of_birth, intake.patient.phone) == (
        "Ada",
        date(1990, 2, 3),
        "",
    )
    assert (intake.channel, intake.entered_by, intake.consent_version, intake.consented_at) == (
        Intake.Channel.WEB,
        None,
        "2026-11",
        NOW,
    )


def test_beginning_never_matches_a_patient_we_know():
    known = make_patient(first_name="Robin", date_of_birth=date(1985, 3, 27), phone="555-0123")

    intake = begin()

    assert intake.patient != known


def test_beginning_twice_with_one_reference_is_one_intake():
    first = begin(reference="a" * 26)
    second = begin(reference="a" * 26)

    assert (second, Patient.objects.count()) == (first, 1)


def test_a_reference_says_nothing_to_somebody_else():
    first = begin(reference="a" * 26)

    second = begin(reference="a" * 26, first_name="Somebody else")

    assert second != first
    assert second.patient != first.patient
    assert second.reference != first.reference


def test_beginning_again_returns_the_open_draft():
    first = begin()

    assert begin(patient=first.patient) == first


def test_a_phone_number_given_now_is_kept_with_a_patient_who_had_none():
    patient = make_patient(phone="")

    begin(patient=patient, phone="555-0177")

    patient.refresh_from_db()
    assert patient.phone == "555-0177"


def test_the_desk_types_it_in_with_its_own_name():
    desk = make_user()

    intake = begin(by=desk)

    assert (intake.channel, intake.entered_by) == (Intake.Channel.DESK, desk)


def test_leaving_a_draft_makes_room_for_another():
    first = begin()

    services.leave_intake(intake=first, by=first.patient, now=NOW)

    first.refresh_from_db()
    assert first.status == Intake.Status.ABANDONED
    assert begin(patient=first.patient) != first


def test_beginning_writes_one_audit_line():
    intake = begin()

    line = AccessLog.objects.get(target=f"triage.intake:{intake.pk}")
    assert (line.action, line.actor, line.patient_id) == ("intake-started", intake.patient.actor, intake.patient.pk)


# ---- saving a page ------------------------------------------------------------------------------------------------


def test_a_page_is_saved():
    intake = begin()

    saved = save(intake, "feeling", NOT_NUMB)

    assert (saved.answers, saved.errors, saved.stopped) == (NOT_NUMB, {}, False)
    assert (saved.intake.page, saved.intake.revision) == ("feeling", 1)


def test_a_blank_page_is_saved_as_seen_and_not_answered():
    intake = begin()

    saved = save(intake, "feeling", {})

    assert saved.answers == {"saddle_numbness": None, "sexual_change": None}
    assert services.current_answers(intake) == {}


def test_what_cannot_be_read_is_kept_as_typed():
    intake = begin()
    answer(intake, until="strength")

    saved = save(intake, "strength", {"pain_now": "eleven", "pain_worst": "4"})

    assert list(saved.errors) == ["pain_now"]
    assert rows(intake, "pain_now") == [(None, "eleven", False, None)]
    assert rows(intake, "pain_worst") == [(4, None, True, None)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("no\x00", "no"), ("x" * 9000, "x" * 5000), (["no", "new"], ["no", "new"]), ({"day": "3\x00"}, {"day": "3"})],
)
def test_what_nobody_types_is_kept_as_far_as_it_can_be(typed, kept):
    intake = begin()

    save(intake, "feeling", {"saddle_numbness": typed})

    assert rows(intake, "saddle_numbness") == [(None, kept, False, None)]


def test_both_answers_are_kept_when_one_is_changed():
    intake = begin()
    save(intake, "bladder_bowel", {"bladder_leak": "old"})

    save(intake, "bladder_bowel", {"bladder_leak": "no"}, now=LATER)

    assert rows(intake, "bladder_leak") == [("old", None, True, LATER), ("no", None, True, None)]


def test_saving_the_same_again_adds_nothing():
    intake = begin()
    save(intake, "feeling", NOT_NUMB)

    saved = save(intake, "feeling", NOT_NUMB, revision=0, now=LATER)

    assert (intake.answers.count(), saved.intake.revision) == (2, 1)


def test_another_tab_never_overwrites_unseen():
    intake = begin()
    save(intake, "bladder_bowel", {"bladder_leak": "old"})

    with pytest.raises(services.ChangedMeanwhile) as refusal:
        save(intake, "bladder_bowel", {"bladder_leak": "no"}, revision=0)

    assert [(row.link_id, row.value) for row in refusal.value.answers] == [("bladder_leak", "old")]
    assert services.current_answers(intake) == {"bladder_leak": "old"}


def test_after_both_were_seen_the_second_tab_may_save():
    intake = begin()
    save(intake, "bladder_bowel", {"bladder_leak": "old"})
    with pytest.raises(services.ChangedMeanwhile) as refusal:
        save(intake, "bladder_bowel", {"bladder_leak": "no"}, revision=0)

    save(intake, "bladder_bowel", {"bladder_leak": "no"}, revision=refusal.value.revision)

    assert services.current_answers(intake) == {"bladder_leak": "no"}


def test_another_page_saved_meanwhile_is_no_conflict():
    intake = begin()
    save(intake, "bladder_bowel", {"bladder_leak": "old"})

    saved = save(intake, "feeling", NOT_NUMB, revision=0)

    assert saved.answers["bladder_leak"] == "old"


def test_an_emergency_answer_counts_even_from_an_old_tab():
    intake = begin()
    save(intake, "feeling", NOT_NUMB)

    assert save(intake, "feeling", NUMB, revision=0).stopped is True


def test_a_page_that_the_answers_do_not_lead_to_is_refused():
    intake = begin()

    with pytest.raises(services.PageGone):
        save(intake, "weakness", {"weakness_signs": ["worse"]})


def test_saving_says_which_pages_it_opened():
    intake = begin()

    saved = save(intake, "history", {"conditions": ["cancer"]})

    assert saved.opened == ("cancer",)


def test_a_finished_intake_is_not_written_to():
    intake = begin()
    finish(intake)

    with pytest.raises(services.AlreadySent):
        save(intake, "feeling", NUMB)


def test_next_to_do_is_the_first_page_without_an_answer():
    intake = begin()
    assert services.next_to_do(intake).id == "feeling"

    save(intake, "feeling", NOT_NUMB)
    assert services.next_to_do(intake).id == "bladder_bowel"

    answer(intake)
    assert services.next_to_do(intake) is None


# ---- emergency ----------------------------------------------------------------------------------------------------


def test_an_emergency_answer_stops_the_form_at_once(clinic):
    intake = begin()

    saved = save(intake, "feeling", NUMB)

    intake.refresh_from_db()
    assessment = intake.assessments.get()
    assert (saved.stopped, intake.status, intake.stopped_at) == (True, Intake.Status.STOPPED, NOW)
    assert (assessment.level_of, assessment.kind, assessment.factors) == (Level.EMERGENCY, Assessment.Kind.STOP, [])
    assert (assessment.episode.problem, assessment.episode.patient) == ("running_low_back_pain", intake.patient)


def test_an_emergency_answer_asks_a_person_to_ring(clinic):
    intake = begin()

    save(intake, "feeling", NUMB)

    task = Task.objects.get()
    assert (task.kind, task.level_of, task.patient, task.location) == (
        Task.Kind.CALL_BACK,
        Level.EMERGENCY,
        intake.patient,
        clinic,
    )
    assert task.due_at == NOW + timedelta(minutes=30)
    assert task.reason == "Possible nerve emergency screen positive"


def test_out_of_hours_the_call_is_due_when_the_clinic_opens():
    intake = begin()

    save(intake, "feeling", NUMB, now=datetime(2026, 3, 14, 23, 0, tzinfo=UTC))  # a Saturday night

    assert Task.objects.get().due_at == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "page_id", "raw"),
    [
        ("bladder_bowel", "bladder_bowel", {"bladder_trouble": "new"}),
        ("legs", "legs", {"both_legs": "new"}),
        ("now", "now", {"accident": "yes"}),
        ("now", "now", {"sudden_signs": ["collapse"]}),
    ],
)
def test_an_emergency_on_any_page_makes_exactly_one_call_back(until, page_id, raw):
    intake = begin()
    answer(intake, until=until)

    assert save(intake, page_id, raw).stopped is True

    assert [task.kind for task in Task.objects.all()] == [Task.Kind.CALL_BACK]


def test_an_emergency_answer_beside_one_that_is_missing_stops_too():
    intake = begin()

    assert save(intake, "feeling", {"saddle_numbness": "new"}).stopped is True


def test_a_form_that_is_left_after_an_emergency_answer_keeps_its_call_back():
    intake = begin()
    save(intake, "feeling", NUMB)

    services.leave_intake(intake=intake, by=intake.patient, now=LATER)

    intake.refresh_from_db()
    assert intake.status == Intake.Status.STOPPED
    assert Task.objects.open().call_backs().count() == 1


def test_a_stopped_form_takes_no_more_answers():
    intake = begin()
    save(intake, "feeling", NUMB)

    saved = save(intake, "bladder_bowel", {"bladder_leak": "no"}, now=LATER)

    assert (saved.stopped, intake.answers.filter(link_id="bladder_leak").exists()) == (True, False)


def test_a_stopped_form_is_not_simply_begun_anew():
    intake = begin()
    save(intake, "feeling", NUMB)

    assert begin(patient=intake.patient) == intake


def test_after_a_review_a_stopped_form_may_be_begun_anew():
    intake = begin()
    save(intake, "feeling", NUMB)
    make_review(assessment=intake.assessments.get(), level=Level.ROUTINE, reason="Seen at hospital")

    assert begin(patient=intake.patient, now=LATER) != intake


# ---- "I answered by mistake" --------------------------------------------------------------------------------------


def stopped(**fields):
    intake = begin(**fields)
    save(intake, "feeling", NUMB)
    intake.refresh_from_db()
    return intake


def taken_back(intake):
    return services.answered_by_mistake(intake=intake, by=intake.patient, now=LATER)


def test_by_mistake_asks_again_and_keeps_the_answer():
    intake = taken_back(stopped())

    assert (intake.status, intake.floor_level) == (Intake.Status.IN_PROGRESS, Level.URGENT)
    assert services.next_to_do(intake).id == "feeling"
    assert rows(intake, "saddle_numbness") == [("new", None, True, LATER)]
    assert rows(intake, "sexual_change") == [("no", None, True, None)]


def test_by_mistake_asks_every_answer_of_a_combination_again():
    intake = begin()
    answer(intake, {**CALM, "bladder_leak": "unsure", "leg_tingling": "new"})
    intake.refresh_from_db()
    assert intake.is_stopped

    taken_back(intake)

    asked_again = {row.link_id for row in intake.answers.filter(superseded_at=LATER)}
    assert asked_again == {"bladder_leak", "leg_tingling"}


def test_by_mistake_twice_is_once():
    intake = stopped()
    taken_back(intake)
    revision = taken_back(intake).revision

    assert taken_back(intake).revision == revision


def test_after_a_mistake_the_result_is_at_least_urgent():
    intake = taken_back(stopped())

    assessment = finish(intake, now=LATER)

    assert (assessment.level_of, assessment.factors) == (Level.URGENT, [])
    assert services.effective_level(intake.patient, LATER).level == Level.URGENT


def test_after_a_mistake_the_call_back_stays_until_a_person_closes_it():
    intake = stopped()
    task = Task.objects.open().call_backs().get()

    finish(taken_back(intake), now=LATER)

    task.refresh_from_db()
    assert (task.closed_at, task.level_of) == (None, Level.EMERGENCY)
    assert Task.objects.call_backs().count() == 1


def test_until_the_form_is_finished_the_emergency_counts():
    intake = taken_back(stopped())

    assert services.effective_level(intake.patient, LATER).level == Level.EMERGENCY


def test_the_same_emergency_again_stops_again_with_the_same_call_back():
    intake = taken_back(stopped())

    assert save(intake, "feeling", NUMB, now=LATER).stopped is True

    assert intake.assessments.count() == 2
    assert Task.objects.call_backs().count() == 1


def test_an_emergency_after_the_call_was_closed_asks_for_another():
    intake = stopped()
    close_task(task=Task.objects.get(), outcome=Task.Outcome.REACHED, by=make_user(), now=LATER)

    save(taken_back(intake), "feeling", NUMB, now=LATER)

    assert Task.objects.open().call_backs().count() == 1


# ---- a phone number after all -------------------------------------------------------------------------------------


def test_a_phone_number_is_added():
    intake = stopped(phone="")

    services.add_phone(intake=intake, phone="555-0188", by=intake.patient, now=LATER)

    intake.patient.refresh_from_db()
    assert intake.patient.phone == "555-0188"


# ---- answering again ----------------------------------------------------------------------------------------------


def test_answering_again_begins_with_the_answers_that_were_sent():
    intake = begin()
    finish(intake)

    fresh = services.answer_again(intake=intake, by=intake.patient, now=LATER)

    assert fresh != intake
    assert services.current_answers(fresh) == services.current_answers(intake)
    assert services.next_to_do(fresh) is None


def test_answering_again_twice_is_one_draft():
    intake = begin()
    finish(intake)

    first = services.answer_again(intake=intake, by=intake.patient, now=LATER)

    assert services.answer_again(intake=intake, by=intake.patient, now=LATER) == first


def test_what_a_patient_types_never_goes_into_a_draft_of_the_desk():
    patient = make_patient()
    at_the_desk = begin(patient=patient, by=make_user())

    own = begin(patient=patient, by=patient)

    at_the_desk.refresh_from_db()
    assert own != at_the_desk
    assert (own.channel, at_the_desk.status) == (Intake.Channel.WEB, Intake.Status.ABANDONED)
