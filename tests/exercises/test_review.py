"""From draft to page: every outcome of every use case."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from clinic.models import AccessLog
from clinic.rules.access import Role
from exercises.models import Exercise, ExerciseVersion, Status, Step, Topic
from exercises.services import review
from exercises.services.documents import document_of
from tests.factories_clinic import NOW, make_user
from tests.factories_exercises import (
    make_draft,
    make_lead,
    make_live,
    make_live_topic,
    make_therapist,
    make_topic_draft,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=40)


def submitted(make=make_draft, **fields):
    author = make_therapist()
    return review.submit_for_review(version=make(by=author, **fields), by=author, now=NOW)


# Drafts


@pytest.mark.parametrize("make", [make_live, make_live_topic])
def test_a_draft_begins_as_the_live_version(make):
    identity, by = make(), make_therapist()

    draft = review.start_draft(identity=identity, by=by, now=LATER)

    assert (draft.number, draft.status, draft.author) == (2, Status.DRAFT, by)
    assert document_of(draft) == document_of(identity.live_version)


def test_a_draft_leaves_the_live_version_alone():
    exercise = make_live()

    review.start_draft(identity=exercise, by=make_therapist(), now=LATER)

    exercise.refresh_from_db()
    assert exercise.live_version.number == 1


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_a_second_draft_is_refused(make):
    with pytest.raises(review.OpenVersion):
        review.start_draft(identity=make().identity, by=make_therapist(), now=NOW)


@pytest.mark.parametrize("model", [Exercise, Topic])
def test_a_draft_of_what_has_no_version_begins_empty(model):
    identity = model.objects.create(slug="side-plank", uuid="5b1f6a2e-3c52-4d8e-9a44-0c1d2b7e9f11")

    draft = review.start_draft(identity=identity, by=make_therapist(), now=NOW)

    assert str(draft) == "Side plank, version 1"


def test_a_new_exercise_begins_with_a_draft():
    by = make_therapist()

    draft = review.create_exercise(slug="side-plank", name="Side plank", by=by, now=NOW)

    assert (draft.exercise.slug, draft.number, draft.author, draft.status) == ("side-plank", 1, by, Status.DRAFT)
    with pytest.raises(review.OpenVersion):
        review.create_exercise(slug="side-plank", name="Side plank", by=by, now=NOW)


def test_a_new_topic_begins_with_a_draft():
    draft = review.create_topic(slug="sleep", title="Sleep", kind="factor", by=make_therapist(), now=NOW)

    assert (draft.topic.slug, draft.title, draft.kind) == ("sleep", "Sleep", "factor")


def test_a_draft_can_be_thrown_away_and_another_begun():
    exercise, by = make_live(), make_therapist()
    draft = review.start_draft(identity=exercise, by=by, now=NOW)

    review.discard_draft(version=draft, by=by, now=NOW)

    assert list(exercise.versions.values_list("number", flat=True)) == [1]
    assert review.start_draft(identity=exercise, by=by, now=NOW).number == 2


def test_only_a_draft_can_be_thrown_away():
    with pytest.raises(review.NotADraft):
        review.discard_draft(version=submitted(), by=make_therapist(), now=NOW)


# Sending to review


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_a_complete_draft_goes_to_review(make):
    by = make_therapist()

    version = review.submit_for_review(version=make(by=by), by=by, now=NOW)

    assert (version.status, version.submitted_at, version.submitted_by) == (Status.IN_REVIEW, NOW, by)
    assert list(type(version).objects.awaiting_review()) == [version]


INCOMPLETE = [
    ({"purpose": ""}, "Say what it is for."),
    ({"purpose": "word " * 26}, "Say what it is for in at most 25 words."),
    ({"steps": [{"role": "move", "text": "Lift."}, {"role": "stop_if", "text": "it hurts"}]}, "how to get ready"),
    ({"steps": [{"role": "prepare", "text": "Lie."}, {"role": "stop_if", "text": "it hurts"}]}, "what to do"),
    ({"steps": [{"role": "prepare", "text": "Lie."}, {"role": "move", "text": "Lift."}]}, "Say when to stop."),
    ({"dosage": None}, "Say how much."),
    ({"figure": None}, "Add a figure."),
    ({"source": {}}, "Name the source."),
    ({"tags": {"region": ["hip"], "position": ["on-back"]}}, "Choose what it is for."),
    ({"tags": {"purpose": ["build-strength"], "position": ["on-back"]}}, "Choose a part of the body."),
    ({"tags": {"purpose": ["build-strength"], "region": ["hip"]}}, "Choose the position."),
    (
        {"purpose": "Physiotherapeutically administered lumbopelvic neuromuscular stabilisation facilitation."},
        "It reads like grade",
    ),
]


@pytest.mark.parametrize(("fields", "sentence"), INCOMPLETE, ids=[sentence for _, sentence in INCOMPLETE])
def test_a_draft_that_lacks_something_is_told_what(fields, sentence):
    draft = make_draft(**fields)

    with pytest.raises(review.Incomplete) as refusal:
        review.submit_for_review(version=draft, by=make_therapist(), now=NOW)

    assert sentence in refusal.value.message
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_a_figure_that_floats_is_not_sent_to_review():
    figure = {
        "name": "Float",
        "poses": [{"like": "standing"}, {"like": "standing", "root": [0, 140], "says": "in the air"}],
    }

    with pytest.raises(review.Incomplete, match="misses what it should touch"):
        review.submit_for_review(version=make_draft(figure=figure), by=make_therapist(), now=NOW)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"summary": ""}, "Sum it up"),
        ({"sections": []}, "Add a section."),
        ({"sections": [{"heading": "How", "text": ["It rubs."]}]}, "Name the source"),
    ],
)
def test_a_topic_that_lacks_something_is_told_what(fields, sentence):
    with pytest.raises(review.Incomplete, match=sentence):
        review.submit_for_review(version=make_topic_draft(**fields), by=make_therapist(), now=NOW)


def test_an_exercise_is_never_easier_than_itself():
    draft = make_draft()
    draft.progressions.create(direction="easier", to=draft.exercise)

    with pytest.raises(review.Incomplete, match="than itself"):
        review.submit_for_review(version=draft, by=make_therapist(), now=NOW)


def test_what_is_in_review_cannot_be_sent_again_but_back():
    version, by = submitted(), make_therapist()

    with pytest.raises(review.NotADraft):
        review.submit_for_review(version=version, by=by, now=NOW)

    draft = review.send_back(version=version, by=by, now=NOW)
    assert (draft.status, draft.submitted_at, draft.submitted_by) == (Status.DRAFT, None, None)
    with pytest.raises(review.NotInReview):
        review.send_back(version=draft, by=by, now=NOW)


# Approving


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
@pytest.mark.parametrize("approver", [make_lead, make_therapist])
def test_a_colleague_publishes_it(make, approver):
    version, by = submitted(make), approver()
    said = document_of(version)

    published = review.approve(version=version, by=by, now=NOW)

    published.refresh_from_db()
    assert (published.status, published.approved_by, published.published_at) == (Status.PUBLISHED, by, NOW)
    assert published.review_due_on == date(2027, 3, 10)
    assert published.snapshot == said
    assert len(published.content_hash) == 64
    published.identity.refresh_from_db()
    assert published.identity.live_version == published


def test_the_next_version_takes_the_place_of_the_last():
    exercise, author = make_live(), make_therapist()
    draft = review.start_draft(identity=exercise, by=author, now=LATER)
    Step.objects.create(version=draft, position=9, role="cue", text="Feel it.")
    review.submit_for_review(version=draft, by=author, now=LATER)

    review.approve(version=draft, by=make_lead(), now=LATER)

    exercise.refresh_from_db()
    assert exercise.live_version.number == 2
    assert [version.status for version in exercise.versions.order_by("number")] == [Status.PUBLISHED] * 2


def test_the_author_never_approves():
    author = make_lead()
    version = review.submit_for_review(version=make_draft(by=author), by=make_therapist(), now=NOW)

    with pytest.raises(review.OwnWork):
        review.approve(version=version, by=author, now=NOW)


def test_whoever_sent_it_to_review_never_approves():
    sender = make_lead()
    version = review.submit_for_review(version=make_draft(by=make_therapist()), by=sender, now=NOW)

    with pytest.raises(review.OwnWork):
        review.approve(version=version, by=sender, now=NOW)


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_whoever_changed_a_draft_never_approves_it(make):
    author, editor, reader = make_therapist(), make_lead(), make_therapist()
    draft = make(by=author)
    review.record_edit(version=draft, by=editor)
    version = review.submit_for_review(version=draft, by=author, now=NOW)

    with pytest.raises(review.OwnWork, match="You changed this draft yourself"):
        review.approve(version=version, by=editor, now=NOW)

    assert review.approve(version=version, by=reader, now=NOW).status == Status.PUBLISHED


def test_whoever_changed_what_was_sent_back_never_approves_it():
    version, editor = submitted(), make_lead()
    draft = review.send_back(version=version, by=editor, now=NOW)
    review.record_edit(version=draft, by=editor)
    version = review.submit_for_review(version=draft, by=draft.author, now=NOW)

    with pytest.raises(review.OwnWork):
        review.approve(version=version, by=editor, now=NOW)


@pytest.mark.parametrize("make", [make_live, make_live_topic])
def test_a_new_draft_has_one_who_changed_it(make):
    by = make_therapist()

    assert review.start_draft(identity=make(), by=by, now=LATER).edited_by == [by.pk]


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.MANAGER])
def test_others_do_not_approve(role):
    with pytest.raises(review.NotAllowed):
        review.approve(version=submitted(), by=make_user(role=role), now=NOW)


def test_only_what_is_in_review_can_be_approved():
    for version in (make_draft(), make_live().live_version):
        with pytest.raises(review.NotInReview):
            review.approve(version=version, by=make_lead(), now=NOW)


def test_what_changed_while_it_was_read_is_read_again():
    version = submitted()
    seen = review.content_hash(document_of(version))
    draft = review.send_back(version=version, by=version.author, now=NOW)
    draft.steps.create(position=9, role="cue", text="Feel it.")
    review.submit_for_review(version=draft, by=draft.author, now=NOW)

    with pytest.raises(review.ChangedMeanwhile):
        review.approve(version=draft, by=make_lead(), now=NOW, seen_hash=seen)

    draft = ExerciseVersion.objects.get(pk=draft.pk)
    assert draft.status == Status.IN_REVIEW
    now_seen = review.content_hash(document_of(draft))
    assert review.approve(version=draft, by=make_lead(), now=NOW, seen_hash=now_seen).status == Status.PUBLISHED


def test_the_record_says_who_did_what():
    version, lead = submitted(), make_lead()
    review.approve(version=version, by=lead, now=NOW)

    lines = AccessLog.objects.filter(target=f"exercises.exerciseversion:{version.pk}").order_by("pk")
    assert [(line.action, line.actor) for line in lines] == [
        ("sent-to-review", version.author.actor),
        ("approved", lead.actor),
    ]


def test_everything_that_waits_can_be_approved_at_once_except_ones_own_work():
    lead = make_lead()
    waiting = [submitted(), submitted(make_topic_draft)]
    own = review.submit_for_review(version=make_draft(by=lead), by=lead, now=NOW)
    changed = make_draft(by=make_therapist())
    review.record_edit(version=changed, by=lead)
    review.submit_for_review(version=changed, by=changed.author, now=NOW)

    assert review.approve_all_in_review(by=lead, now=NOW) == 2

    assert set(ExerciseVersion.objects.awaiting_review()) == {own, changed}
    assert {type(version).objects.get(pk=version.pk).status for version in waiting} == {Status.PUBLISHED}


# Withdrawing


@pytest.mark.parametrize("make", [make_live, make_live_topic])
def test_a_lead_takes_it_off_the_page_with_a_reason(make):
    identity, lead = make(), make_lead()

    version = review.withdraw(version=identity.live_version, reason="  Step 2 is  unclear. ", by=lead, now=LATER)

    version.refresh_from_db()
    identity.refresh_from_db()
    assert (version.status, version.withdrawn_by, version.withdrawn_at) == (Status.WITHDRAWN, lead, LATER)
    assert version.withdrawn_reason == "Step 2 is unclear."
    assert identity.live_version is None


def test_withdrawing_needs_a_lead_a_reason_and_something_published():
    live, lead = make_live().live_version, make_lead()

    with pytest.raises(review.NotAllowed):
        review.withdraw(version=live, reason="Unclear.", by=make_therapist(), now=NOW)
    with pytest.raises(review.Incomplete):
        review.withdraw(version=live, reason="  ", by=lead, now=NOW)
    with pytest.raises(review.NotPublished):
        review.withdraw(version=make_draft(), reason="Unclear.", by=lead, now=NOW)


def test_withdrawing_an_older_version_leaves_the_live_one():
    exercise, author = make_live(), make_therapist()
    older = exercise.live_version
    draft = review.start_draft(identity=exercise, by=author, now=NOW)
    review.submit_for_review(version=draft, by=author, now=NOW)
    review.approve(version=draft, by=make_lead(), now=NOW)

    review.withdraw(version=older, reason="Wrong.", by=make_lead(), now=NOW)

    exercise.refresh_from_db()
    assert exercise.live_version == draft


def test_a_draft_after_a_withdrawal_begins_as_the_latest_version():
    exercise = make_live()
    live = exercise.live_version
    review.withdraw(version=live, reason="Unclear.", by=make_lead(), now=NOW)
    exercise.refresh_from_db()

    draft = review.start_draft(identity=exercise, by=make_therapist(), now=NOW)

    assert document_of(draft) == document_of(live)


def test_a_refusal_leaves_nothing_half_done():
    version = make_draft(purpose="")

    with transaction.atomic(), pytest.raises(review.Incomplete):
        review.submit_for_review(version=version, by=make_therapist(), now=NOW)

    assert not AccessLog.objects.filter(action="sent-to-review").exists()


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 3, 10), 12, date(2027, 3, 10)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_the_next_check_is_due_on_the_same_day_of_a_later_month(day, months, due):
    assert review.months_after(day, months) == due
