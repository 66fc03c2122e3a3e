"""Two people, one moment: real threads against Postgres."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ProgrammingError, connection, transaction

from exercises.models import ExerciseVersion, Status, Step
from exercises.services import review
from exercises.services.documents import document_of
from tests.factories_clinic import NOW
from tests.factories_exercises import make_draft, make_lead, make_live, make_therapist

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 10  # seconds: nobody waits so long unless something is stuck


def at_once(*calls):
    """Run the calls in threads that start together. Returns their results, or the exceptions they raised."""
    gate = threading.Barrier(len(calls))

    def run(call):
        try:
            gate.wait(WAIT)
            return call()
        except (review.Refused, ProgrammingError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(WAIT) for future in [pool.submit(run, call) for call in calls]]


def test_two_who_start_a_draft_at_once_get_one_between_them():
    exercise = make_live()
    people = [make_therapist() for _ in range(4)]

    results = at_once(*(lambda by=by: review.start_draft(identity=exercise, by=by, now=NOW) for by in people))

    assert [type(result) for result in results if isinstance(result, Exception)] == [review.OpenVersion] * 3
    assert exercise.versions.filter(status=Status.DRAFT).count() == 1


def test_two_who_approve_at_once_publish_once():
    author = make_therapist()
    version = review.submit_for_review(version=make_draft(by=author), by=author, now=NOW)
    leads = [make_lead(), make_lead()]

    results = at_once(*(lambda by=by: review.approve(version=version, by=by, now=NOW) for by in leads))

    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(result) for result in refused] == [review.NotInReview]
    version.refresh_from_db()
    assert version.approved_by in leads


def test_an_edit_and_an_approval_at_once_never_part_the_page_from_its_rows():
    for _ in range(5):
        author = make_therapist()
        version = make_draft(by=author)
        lead = make_lead()

        def send_and_approve(version=version, author=author, lead=lead):
            review.submit_for_review(version=version, by=author, now=NOW)
            return review.approve(version=version, by=lead, now=NOW)

        def edit(version=version):
            return Step.objects.create(version=version, position=9, role="cue", text="Feel it.")

        at_once(send_and_approve, edit)

        published = ExerciseVersion.objects.get(pk=version.pk)
        assert published.status == Status.PUBLISHED
        snapshot, published.snapshot = published.snapshot, None
        assert document_of(published) == snapshot


def test_an_edit_that_meets_a_review_in_progress_waits_and_is_refused():
    author = make_therapist()
    version = make_draft(by=author)
    sent, edited = threading.Event(), threading.Event()

    def send_slowly():
        with transaction.atomic():
            review.submit_for_review(version=version, by=author, now=NOW)
            sent.set()
            assert not edited.wait(0.3), "the edit went through before the review was decided"

    def edit():
        assert sent.wait(WAIT)
        try:
            Step.objects.create(version=version, position=9, role="cue", text="Feel it.")
        finally:
            edited.set()

    results = at_once(send_slowly, edit)

    assert isinstance(results[1], ProgrammingError)
    assert version.steps.count() == 3
