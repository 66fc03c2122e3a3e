"""Loading the content files of the repository into the library.

A second load changes nothing. A file that changed becomes a version in review, unless a therapist has edited that
exercise or page since: then it is left alone and counted as kept. Nothing that is loaded is published.
"""

import json
from pathlib import Path

from django.db import transaction

from clinic.rules.content import Counts
from exercises.models import Exercise, Status, Topic
from exercises.rules.document import (
    BadDocument,
    content_hash,
    exercise_problems,
    read_exercise,
    read_topic,
    topic_problems,
)
from exercises.services.documents import document_of, write_draft

FOLDER = Path(__file__).resolve().parent.parent / "content"


def documents(folder: Path = FOLDER) -> tuple[list[dict], list[dict]]:
    """The exercises and the topics of a folder, in normal form. Raises ``BadDocument`` with the name of the file."""

    def figure_named(name: str) -> dict:
        return json.loads((folder / "figures" / f"{name}.json").read_text())

    return (
        _read(folder / "exercises", lambda data: read_exercise(data, figure_named), exercise_problems),
        _read(folder / "topics", read_topic, topic_problems),
    )


def _read(folder: Path, read, problems) -> list[dict]:
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            document = read(json.loads(path.read_text()))
        except ValueError as error:
            raise BadDocument(f"{path.name}: {error}") from error
        if document["slug"] != path.stem:
            raise BadDocument(f"{path.name} has the address “{document['slug']}”.")
        if wrong := problems(document):
            raise BadDocument(f"{path.name}: {' '.join(wrong)}")
        found.append(document)
    return found


def load(*, now, folder: Path = FOLDER) -> Counts:
    """Bring the content files into the library. Returns what was done. Raises ``BadDocument``; then nothing was done."""
    exercises, topics = documents(folder)
    counts = Counts()
    with transaction.atomic():
        for model, found in ((Exercise, exercises), (Topic, topics)):
            for document in found:  # every address first: progressions lead from one to another
                model.objects.get_or_create(slug=document["slug"], defaults={"uuid": document["uuid"]})
            for document in found:
                _load_one(model.objects.select_for_update().get(slug=document["slug"]), document, counts, now)
    return counts


def _load_one(identity, document: dict, counts: Counts, now) -> None:
    fingerprint = content_hash(document)
    versions = list(identity.versions.order_by("-number"))
    if any(version.loaded_hash == fingerprint for version in versions):
        counts.unchanged += 1
    elif not versions:
        _write_new(identity, 1, document, fingerprint, now)
        counts.created += 1
    elif _edited(versions[0]):
        counts.kept += 1
    elif versions[0].status in (Status.DRAFT, Status.IN_REVIEW):
        _rewrite(versions[0], document, fingerprint, now)
        counts.updated += 1
    else:
        _write_new(identity, versions[0].number + 1, document, fingerprint, now)
        counts.updated += 1


def _edited(version) -> bool:
    """Whether the latest version says something else than the file it was loaded from."""
    return content_hash(document_of(version)) != version.loaded_hash


def _write_new(identity, number: int, document: dict, fingerprint: str, now) -> None:
    words = (
        {"title": document["title"], "kind": document["kind"]} if "title" in document else {"name": document["name"]}
    )
    version = identity.versions.create(number=number, created_at=now, loaded_hash=fingerprint, **words)
    write_draft(version, document)
    _into_review(version, now)


def _rewrite(version, document: dict, fingerprint: str, now) -> None:
    version.status, version.submitted_at, version.submitted_by = Status.DRAFT, None, None
    version.save(update_fields=["status", "submitted_at", "submitted_by"])
    version.loaded_hash = fingerprint
    version.revision += 1
    write_draft(version, document)
    _into_review(version, now)


def _into_review(version, now) -> None:
    version.status, version.submitted_at = Status.IN_REVIEW, now
    version.save(update_fields=["status", "submitted_at"])
