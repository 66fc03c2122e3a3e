"""What Postgres refuses, whoever asks: each constraint and each trigger once."""

import uuid
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from exercises.models import Alias, Caution, Dosage, Exercise, Progression, Status, Step, Tag, Topic, TopicSection
from exercises.services import review
from tests.exercises.test_dosage import IMPOSSIBLE
from tests.factories_clinic import NOW
from tests.factories_exercises import (
    make_draft,
    make_lead,
    make_live,
    make_live_topic,
    make_therapist,
    make_topic_draft,
)

pytestmark = pytest.mark.django_db


def refused(name):
    return pytest.raises(IntegrityError, match=name)


# Doses


DATABASE_SPEAKS = {name: fields for name, fields in IMPOSSIBLE.items() if name != "a day twice"}


@pytest.mark.parametrize("fields", DATABASE_SPEAKS.values(), ids=DATABASE_SPEAKS)
def test_an_impossible_dose_is_refused_by_the_database(fields):
    draft = make_draft(dosage=None)

    with refused("exercises_dosage_"):
        Dosage.objects.create(version=draft, **fields)


@pytest.mark.parametrize(
    "fields", [{"type": "wish"}, {"sides": "three"}, {"side_word": "nose"}, {"frequency": "hourly"}]
)
def test_a_dose_uses_the_vocabulary(fields):
    draft = make_draft(dosage=None)

    with refused("exercises_dosage_"):
        Dosage.objects.create(version=draft, **{"type": "as_able", **fields})


def test_a_possible_dose_is_kept_as_it_was_given():
    draft = make_draft(
        dosage={"type": "repetitions", "reps_min": 10, "reps_max": 15, "frequency": "weekdays", "weekdays": [0, 4]}
    )

    assert Dosage.objects.get(version=draft).value().sentence() == "Repeat 10 to 15 times, on Monday and Friday."


# Versions


def test_two_versions_never_share_a_number():
    exercise = make_live()

    with refused("exercises_one_version_per_number"):
        exercise.versions.create(number=1, created_at=NOW, name="Again")


def test_only_one_version_is_in_work():
    draft = make_draft()

    with refused("exercises_one_open_version_per_exercise"):
        draft.exercise.versions.create(number=2, created_at=NOW, name="Again")


def test_only_one_topic_version_is_in_work():
    draft = make_topic_draft()

    with refused("exercises_one_open_version_per_topic"):
        draft.topic.versions.create(number=2, created_at=NOW, title="Again", kind="factor")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"status": "perfect"}, "has_a_known_status"),
        ({"number": 0}, "counts_from_one"),
        ({"review_months": 37}, "is_checked_within_three_years"),
        ({"kind": "magic"}, "has_a_known_kind"),
        ({"difficulty": "brutal"}, "has_a_known_effort"),
        ({"name": ""}, "has_a_name"),
        ({"status": "in_review"}, "review_says_since_when"),
        ({"status": "published"}, "publication_says_who_when_and_until"),
        ({"withdrawn_reason": "Because."}, "withdrawal_says_who_when_and_why"),
    ],
)
def test_a_version_is_never_half_of_something(fields, name):
    draft = make_draft()

    with refused(name):
        type(draft).objects.filter(pk=draft.pk).update(**fields)


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_nobody_approves_their_own_work_even_with_raw_sql(make):
    author = make_therapist()
    draft = make(by=author)

    with refused("is_not_approved_by_its_author"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {draft._meta.db_table} SET approved_by_id = author_id WHERE id = %s", [draft.pk])


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_nobody_approves_what_they_changed_even_with_raw_sql(make):
    editor, draft = make_therapist(), make(by=make_therapist())
    review.record_edit(version=draft, by=make_therapist())
    review.record_edit(version=draft, by=editor)

    with refused("is_not_approved_by_an_editor"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {draft._meta.db_table} SET approved_by_id = %s WHERE id = %s", [editor.pk, draft.pk])


def test_a_topic_version_has_a_known_kind_and_a_title():
    draft = make_topic_draft()

    for fields, name in (({"kind": "gossip"}, "has_a_known_kind"), ({"title": ""}, "has_a_title")):
        with refused(name), transaction.atomic():
            type(draft).objects.filter(pk=draft.pk).update(**fields)


# Published means kept


CHANGES = [
    {"name": "Another"},
    {"purpose": "Another."},
    {"figure": {}},
    {"snapshot": {}},
    {"content_hash": "0" * 64},
    {"review_due_on": date(2099, 1, 1)},
    {"published_at": NOW.replace(year=2020)},
    {"status": Status.DRAFT},
    {"status": Status.IN_REVIEW},
]


@pytest.mark.parametrize("fields", CHANGES, ids=lambda fields: next(iter(fields)))
def test_a_published_version_is_kept_as_it_is(fields):
    live = make_live().live_version

    with pytest.raises(ProgrammingError, match=r"kept as it is|Only a draft"):
        type(live).objects.filter(pk=live.pk).update(**fields)


def test_a_published_version_is_never_deleted():
    live = make_live().live_version

    with pytest.raises(ProgrammingError, match="Cannot delete"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM exercises_exerciseversion WHERE id = %s", [live.pk])


def test_a_withdrawn_version_stays_withdrawn():
    lead = make_lead()
    live = make_live(lead=make_lead()).live_version
    review.withdraw(version=live, reason="Unclear.", by=lead, now=NOW)

    with pytest.raises(ProgrammingError, match="kept as it is"):
        type(live).objects.filter(pk=live.pk).update(status=Status.PUBLISHED)


def test_what_is_in_review_stays_as_it_was_sent():
    draft = make_draft()
    review.submit_for_review(version=draft, by=make_therapist(), now=NOW)

    with pytest.raises(ProgrammingError, match="Only a draft can be edited"):
        type(draft).objects.filter(pk=draft.pk).update(name="Another")


@pytest.mark.parametrize(
    "change",
    [
        lambda steps: steps.create(position=9, role="cue", text="New."),
        lambda steps: steps.update(text="Other."),
        lambda steps: steps.all().delete(),
    ],
    ids=["insert", "update", "delete"],
)
def test_the_parts_of_a_published_version_are_kept_too(change):
    steps = make_live().live_version.steps

    with pytest.raises(ProgrammingError, match="Only a draft can be edited"):
        change(steps)


def test_a_part_cannot_move_into_a_published_version():
    live, draft = make_live().live_version, make_draft()

    with pytest.raises(ProgrammingError, match="Only a draft can be edited"):
        draft.steps.filter(position=1).update(version=live, position=9)


def test_the_sections_of_a_published_topic_are_kept_too():
    live = make_live_topic().live_version

    with pytest.raises(ProgrammingError, match="Only a draft can be edited"):
        live.sections.update(text="Other.")


@pytest.mark.parametrize(("make", "make_other"), [(make_live, make_draft), (make_live_topic, make_topic_draft)])
def test_only_a_published_version_of_its_own_is_live(make, make_other):
    identity, other, draft = make(), make(), make_other()

    with pytest.raises(ProgrammingError, match="Only a published version"), transaction.atomic():
        type(draft.identity).objects.filter(pk=draft.identity.pk).update(live_version=draft)
    with pytest.raises(ProgrammingError, match="Only a published version"), transaction.atomic():
        type(identity).objects.filter(pk=identity.pk).update(live_version=other.live_version)


# Identities and parts


def test_addresses_and_ids_are_unique():
    exercise = make_draft().exercise

    for fields in ({"slug": exercise.slug, "uuid": uuid.uuid4()}, {"slug": "other", "uuid": exercise.uuid}):
        with refused("uniq|_key"), transaction.atomic():
            Exercise.objects.create(**fields)


@pytest.mark.parametrize("slug", ["Plank", "side_plank", "-plank", "side--plank"])
@pytest.mark.parametrize("model", [Exercise, Topic])
def test_an_address_is_plain(model, slug):
    with refused("address_is_plain"):
        model.objects.create(slug=slug, uuid=uuid.uuid4())


def test_a_replaced_exercise_is_archived_and_never_replaces_itself():
    exercise, other = make_draft().exercise, make_draft().exercise

    with refused("that_is_replaced_is_archived"), transaction.atomic():
        Exercise.objects.filter(pk=exercise.pk).update(replaced_by=other)
    with refused("does_not_replace_itself"), transaction.atomic():
        Exercise.objects.filter(pk=exercise.pk).update(replaced_by=exercise, archived_at=NOW)


def test_parts_are_listed_once():
    draft, other = make_draft(), make_draft().exercise
    rows = [
        lambda: Caution.objects.create(version=draft, code="balance", strength="relative"),
        lambda: Alias.objects.create(version=draft, text="Hip lift"),
        lambda: Tag.objects.create(version=draft, kind="region", code="trunk"),
        lambda: Progression.objects.create(version=draft, direction="harder", to=other),
    ]
    for make in rows:
        make()
        with refused("exercises_one_"), transaction.atomic():
            make()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Caution, {"code": "gout", "strength": "absolute"}),
        (Caution, {"code": "balance", "strength": "maybe"}),
        (Tag, {"kind": "colour", "code": "red"}),
        (Step, {"position": 9, "role": "sing", "text": "La."}),
        (Step, {"position": 9, "role": "move", "text": ""}),
        (Alias, {"text": ""}),
    ],
)
def test_parts_use_the_vocabulary(model, fields):
    draft = make_draft()

    with refused("exercises_"):
        model.objects.create(version=draft, **fields)


def test_a_progression_leads_somewhere():
    draft, other = make_draft(), make_draft().exercise

    with refused("exercises_progression_has_a_known_direction"):
        Progression.objects.create(version=draft, direction="sideways", to=other)


def test_two_steps_never_end_at_the_same_place_but_may_swap():
    draft = make_draft()
    first, second = draft.steps.all()[:2]

    Step.objects.filter(pk=first.pk).update(position=second.position)
    Step.objects.filter(pk=second.pk).update(position=first.position)
    connection.check_constraints()  # as at the end of a transaction
    assert [step.pk for step in draft.steps.all()[:2]] == [second.pk, first.pk]

    Step.objects.filter(pk=first.pk).update(position=1)
    with refused("exercises_one_step_per_place"):
        connection.check_constraints()


def test_sections_have_a_heading_a_text_and_a_place_of_their_own():
    draft = make_topic_draft()

    with refused("exercises_section_has_heading_and_text"), transaction.atomic():
        TopicSection.objects.create(version=draft, position=2, heading="", text="x")
    TopicSection.objects.create(version=draft, position=1, heading="x", text="x")
    with refused("exercises_one_section_per_place"):
        connection.check_constraints()


def test_history_is_kept_of_what_was_changed_and_of_what_was_taken_out():
    draft = make_draft()
    step = draft.steps.first()
    pk = step.pk
    Step.objects.filter(pk=pk).update(text="Lie down.")
    step.delete()

    events = apps.get_model("exercises", "StepEvent").objects.filter(id=pk).order_by("pgh_id")
    assert [(event.pgh_label, event.text) for event in events] == [
        ("insert", "Lie on your back."),
        ("update", "Lie down."),
        ("delete", "Lie down."),
    ]


def test_a_topic_is_known_by_its_address():
    assert str(Topic(slug="footwear")) == "footwear"
