"""The smallest valid rows of the library."""

import copy
import json
import uuid

from clinic.rules.access import Role
from exercises.models import Exercise, Topic
from exercises.rules.document import read_exercise, read_topic
from exercises.services import review
from exercises.services.content import FOLDER
from exercises.services.documents import write_draft
from tests.factories_clinic import NOW, make_user

_numbers = iter(range(1, 1_000_000))


def make_figure(name="glute-bridge"):
    return json.loads((FOLDER / "figures" / f"{name}.json").read_text())


FIGURE = make_figure()


def make_document(**fields):
    """An exercise document, complete enough to be reviewed."""
    number = next(_numbers)
    document = {
        "slug": f"bridge-{number}",
        "uuid": str(uuid.uuid4()),
        "kind": "strength",
        "name": f"Bridge {number}",
        "purpose": "Makes your hips strong.",
        "difficulty": "gentle",
        "tags": {"purpose": ["build-strength"], "region": ["hip"], "position": ["on-back"], "equipment": ["mat"]},
        "steps": [
            {"role": "prepare", "text": "Lie on your back."},
            {"role": "move", "text": "Lift your hips."},
            {"role": "stop_if", "text": "it hurts"},
        ],
        "dosage": {"type": "repetitions", "reps_min": 8},
        "figure": FIGURE,
        "source": {"note": "set by the clinic"},
    }
    return read_exercise(copy.deepcopy({**document, **fields}))


def make_topic_document(**fields):
    """A topic document, complete enough to be reviewed."""
    number = next(_numbers)
    document = {
        "slug": f"shoes-{number}",
        "uuid": str(uuid.uuid4()),
        "kind": "factor",
        "position": number,
        "title": f"Shoes {number}",
        "summary": "Shoes may play a part.",
        "sections": [{"heading": "How", "text": ["They may rub."], "source": [{"note": "set by the clinic"}]}],
    }
    return read_topic({**document, **fields})


def make_therapist(**fields):
    return make_user(role=Role.THERAPIST, **fields)


def make_lead(**fields):
    return make_user(role=Role.CLINICAL_LEAD, **fields)


def make_draft(*, by=None, now=NOW, **fields):
    """A draft of a new exercise, complete enough to be reviewed."""
    document = make_document(**fields)
    exercise = Exercise.objects.create(slug=document["slug"], uuid=document["uuid"])
    draft = exercise.versions.create(number=1, created_at=now, author=by, name=document["name"])
    write_draft(draft, document)
    return draft


def make_live(*, lead=None, now=NOW, **fields):
    """A published exercise."""
    draft = make_draft(by=make_therapist(), now=now, **fields)
    review.submit_for_review(version=draft, by=draft.author, now=now)
    review.approve(version=draft, by=lead or make_lead(), now=now)
    return Exercise.objects.select_related("live_version").get(pk=draft.exercise_id)


def make_topic_draft(*, by=None, now=NOW, **fields):
    document = make_topic_document(**fields)
    topic = Topic.objects.create(slug=document["slug"], uuid=document["uuid"])
    draft = topic.versions.create(number=1, created_at=now, author=by, title=document["title"], kind=document["kind"])
    write_draft(draft, document)
    return draft


def make_live_topic(*, now=NOW, **fields):
    draft = make_topic_draft(by=make_therapist(), now=now, **fields)
    review.submit_for_review(version=draft, by=draft.author, now=now)
    review.approve(version=draft, by=make_lead(), now=now)
    return Topic.objects.select_related("live_version").get(pk=draft.topic_id)
