"""Loading the content files: repeatable, never over a therapist's edit, and never onto the page."""

import json
import shutil

import pytest

from exercises.models import Exercise, ExerciseVersion, Status, Topic, TopicVersion
from exercises.rules.document import BadDocument
from exercises.services import review
from exercises.services.content import FOLDER, Counts, load
from exercises.services.documents import document_of
from tests.factories_clinic import NOW
from tests.factories_exercises import make_lead, make_therapist

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the content that a test may change: two exercises that need no other, and one topic."""
    for name, slugs in (("exercises", ["hamstring-stretch", "cat-camel"]), ("topics", ["footwear"])):
        (tmp_path / name).mkdir()
        for slug in slugs:
            shutil.copy(FOLDER / name / f"{slug}.json", tmp_path / name)
    shutil.copytree(FOLDER / "figures", tmp_path / "figures")
    edit(tmp_path, "exercises/cat-camel", progressions=[])
    return tmp_path


def edit(folder, name, **changes):
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def latest(slug):
    return ExerciseVersion.objects.filter(exercise__slug=slug).order_by("-number").first()


def approve_everything():
    return review.approve_all_in_review(by=make_lead(), now=NOW)


def test_everything_lands_in_review_and_nothing_on_the_page():
    counts = load(now=NOW)

    assert counts == Counts(created=30)
    assert set(ExerciseVersion.objects.values_list("status", flat=True)) == {Status.IN_REVIEW}
    assert set(TopicVersion.objects.values_list("status", flat=True)) == {Status.IN_REVIEW}
    assert not Exercise.objects.shown(NOW.date()).exists()
    assert not Topic.objects.shown(NOW.date()).exists()


def test_what_was_loaded_says_what_the_file_says(folder):
    load(now=NOW, folder=folder)

    document = document_of(latest("hamstring-stretch"))
    file = json.loads((folder / "exercises/hamstring-stretch.json").read_text())
    assert document["steps"] == file["steps"]
    assert document["uuid"] == file["uuid"] == str(Exercise.objects.get(slug="hamstring-stretch").uuid)


def test_a_second_load_changes_nothing():
    load(now=NOW)
    before = list(ExerciseVersion.objects.order_by("pk").values())

    assert load(now=NOW) == Counts(unchanged=30)

    assert list(ExerciseVersion.objects.order_by("pk").values()) == before


def test_a_load_after_publication_changes_nothing():
    load(now=NOW)
    assert approve_everything() == 30

    assert load(now=NOW) == Counts(unchanged=30)
    assert Exercise.objects.shown(NOW.date()).count() == 9


def test_a_changed_file_replaces_what_nobody_has_read_yet(folder):
    load(now=NOW, folder=folder)
    edit(folder, "exercises/cat-camel", purpose="Loosens your back.")

    assert load(now=NOW, folder=folder) == Counts(updated=1, unchanged=2)

    version = latest("cat-camel")
    assert (version.number, version.status, version.purpose) == (1, Status.IN_REVIEW, "Loosens your back.")


def test_a_changed_file_becomes_a_new_version_beside_the_page(folder):
    load(now=NOW, folder=folder)
    approve_everything()
    edit(folder, "exercises/cat-camel", purpose="Loosens your back.")
    edit(folder, "topics/footwear", summary="Shoes may play a part.")

    assert load(now=NOW, folder=folder) == Counts(updated=2, unchanged=1)

    version = latest("cat-camel")
    assert (version.number, version.status) == (2, Status.IN_REVIEW)
    live = Exercise.objects.get(slug="cat-camel").live_version
    assert (live.number, live.purpose == version.purpose) == (1, False)


def test_a_therapists_draft_is_never_overwritten(folder):
    load(now=NOW, folder=folder)
    version = review.send_back(version=latest("cat-camel"), by=make_therapist(), now=NOW)
    version.purpose = "My own words."
    version.save()
    edit(folder, "exercises/cat-camel", purpose="Loosens your back.")

    assert load(now=NOW, folder=folder) == Counts(unchanged=2, kept=1)

    version.refresh_from_db()
    assert (version.purpose, version.status) == ("My own words.", Status.DRAFT)


def test_what_a_therapist_published_is_never_overwritten(folder):
    load(now=NOW, folder=folder)
    approve_everything()
    author = make_therapist()
    draft = review.start_draft(identity=Exercise.objects.get(slug="cat-camel"), by=author, now=NOW)
    draft.steps.create(position=99, role="cue", text="Feel it loosen.")
    review.submit_for_review(version=draft, by=author, now=NOW)
    review.approve(version=draft, by=make_lead(), now=NOW)
    edit(folder, "exercises/cat-camel", purpose="Loosens your back.")

    assert load(now=NOW, folder=folder) == Counts(unchanged=2, kept=1)

    assert latest("cat-camel") == draft


def test_a_file_that_comes_back_to_what_it_was_changes_nothing(folder):
    load(now=NOW, folder=folder)
    approve_everything()
    before = (folder / "exercises/cat-camel.json").read_text()
    edit(folder, "exercises/cat-camel", purpose="Loosens your back.")
    load(now=NOW, folder=folder)
    (folder / "exercises/cat-camel.json").write_text(before)

    assert load(now=NOW, folder=folder) == Counts(unchanged=3)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("exercises/cat-camel", {"slug": "cat-cow"}),
        ("exercises/cat-camel", {"steps": []}),
        ("exercises/cat-camel", {"dosage": {"type": "hold"}}),
        ("exercises/cat-camel", {"kind": "magic"}),
        ("topics/footwear", {"sections": []}),
    ],
)
def test_a_file_that_is_wrong_stops_the_load_with_its_name_and_changes_nothing(folder, name, changes):
    edit(folder, name, **changes)

    with pytest.raises(BadDocument, match=name.partition("/")[2]):
        load(now=NOW, folder=folder)

    assert not Exercise.objects.exists()


def test_a_progression_to_nowhere_stops_the_load_and_changes_nothing(folder):
    edit(folder, "exercises/cat-camel", progressions=[{"direction": "harder", "to": "handstand", "how": "Up."}])

    with pytest.raises(Exercise.DoesNotExist, match="handstand"):
        load(now=NOW, folder=folder)

    assert not Exercise.objects.exists()
