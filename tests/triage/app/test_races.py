"""Real threads against Postgres: what is sent twice at one moment happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from clinic.models import Patient, Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_location, make_user
from tests.factories_triage import CALM, CALM_QUICK, answer, begin, make_assessment, open_for_intakes
from triage import services
from triage.models import Answer, Assessment, Intake

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4
WAIT = 10  # seconds: nobody waits so long unless something is stuck
REFERENCE = "c" * 26
WHO = {"first_name": "Robin", "date_of_birth": date(1985, 3, 27)}


@pytest.fixture(autouse=True)
def clinic():
    open_for_intakes()
    return make_location()


def at_once(call):
    """Run ``call`` in several threads that start at one moment; return what each returned or raised."""
    gate = Barrier(AT_ONCE)

    def run(number):
        gate.wait()
        try:
            return call(number)
        except services.ChangedMeanwhile as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


def test_a_double_click_on_the_first_page_begins_one_intake():
    began = at_once(lambda _number: begin(reference=REFERENCE))

    assert len({intake.pk for intake in began}) == 1
    assert (Intake.objects.count(), Patient.objects.count()) == (1, 1)


def test_a_double_click_on_send_makes_one_result():
    intake = begin()
    answer(intake, {**CALM, "ill_signs": ["fever"]})

    results = at_once(lambda _number: services.finish_intake(intake=intake, by=intake.patient, now=NOW))

    assert len({assessment.pk for assessment in results}) == 1
    assert sorted(Task.objects.values_list("kind", flat=True)) == [Task.Kind.CALL_BACK, Task.Kind.REVIEW]


def test_an_emergency_answer_sent_twice_makes_one_call_back():
    intake = begin()

    saved = at_once(
        lambda _number: services.save_page(
            intake=intake,
            page_id="feeling",
            raw={"saddle_numbness": "new", "sexual_change": "no"},
            revision=0,
            by=intake.patient,
            now=NOW,
        )
    )

    assert {one.stopped for one in saved} == {True}
    assert (Assessment.objects.count(), Task.objects.count(), Answer.objects.count()) == (1, 1, 2)


def test_different_answers_at_one_moment_leave_one_that_counts():
    intake = begin()
    said = ["no", "old", "unsure", "no"]

    saved = at_once(
        lambda number: services.save_page(
            intake=intake,
            page_id="bladder_bowel",
            raw={"bladder_leak": said[number]},
            revision=0,
            by=intake.patient,
            now=NOW,
        )
    )

    assert Answer.objects.current().filter(link_id="bladder_leak").count() == 1
    assert sum(isinstance(one, services.ChangedMeanwhile) for one in saved) >= 1


def test_a_quick_check_sent_twice_is_one():
    checks = at_once(
        lambda _number: services.answer_quick_check(
            answers=CALM_QUICK, consent_version="2026-11", reference=REFERENCE, by="public", now=NOW, **WHO
        )
    )

    assert len({check.assessment.pk for check in checks}) == 1
    assert (Intake.objects.count(), Patient.objects.count()) == (1, 1)


def test_a_review_at_the_same_moment_never_covers_an_emergency():
    """The stop is written before the review and committed after it, which reads no clock and sees no row of it."""
    intake = begin()
    calm = make_assessment(patient=intake.patient, level=Level.SELF_CARE)
    written, reviewed = Event(), Event()

    def stop():
        try:
            with transaction.atomic():
                services.save_page(
                    intake=intake,
                    page_id="feeling",
                    raw={"saddle_numbness": "new", "sexual_change": "no"},
                    revision=0,
                    by=intake.patient,
                    now=NOW + timedelta(minutes=1),
                )
                written.set()
                assert reviewed.wait(WAIT)
        finally:
            written.set()
            connection.close()

    later = NOW + timedelta(minutes=2)
    with ThreadPoolExecutor(1) as threads:
        stopping = threads.submit(stop)
        assert written.wait(WAIT)
        try:
            review = services.review_assessment(
                assessment=calm, level=Level.SELF_CARE, by=make_user(role=Role.THERAPIST), now=later
            )
        finally:
            reviewed.set()
        stopping.result(WAIT)

    found = services.effective_level(intake.patient, later)
    assert (found.level, found.reviewed, found.assessment.kind) == (Level.EMERGENCY, False, Assessment.Kind.STOP)
    assert review.covers == [calm.pk]
