"""Between rows and documents: a version as one plain document, and a draft written from one."""

from exercises.models import Alias, Caution, Dosage, Exercise, Progression, Step, Tag, TopicSection
from exercises.rules.document import read_exercise, read_topic
from exercises.rules.vocabulary import TAGS


def is_topic(version) -> bool:
    return version._meta.model_name == "topicversion"


def document_of(version) -> dict:
    """All that a version says, in normal form. What was published is read from its snapshot."""
    if version.snapshot is not None:
        return version.snapshot
    return _topic_document(version) if is_topic(version) else _exercise_document(version)


def _head(version) -> dict:
    identity = version.identity
    return {
        "slug": identity.slug,
        "uuid": str(identity.uuid),
        "language": version.language,
        "review_months": version.review_months,
    }


def _exercise_document(version) -> dict:
    tags = {kind: [] for kind in TAGS}
    for tag in version.tags.all():
        if tag.code in TAGS[tag.kind]:
            tags[tag.kind].append(tag.code)
    dosage = getattr(version, "dosage", None)
    return read_exercise(
        {
            **_head(version),
            "kind": version.kind,
            "name": version.name,
            "aliases": [alias.text for alias in version.aliases.all()],
            "purpose": version.purpose,
            "difficulty": version.difficulty,
            "tags": tags,
            "steps": [{"role": step.role, "text": step.text} for step in version.steps.all()],
            "dosage": dosage.value().as_data() if dosage else None,
            "set_by_clinic": [word.strip() for word in version.set_by_clinic.split(",") if word.strip()],
            "cautions": [
                {"code": row.code, "strength": row.strength, "reason": row.reason, "say": row.say}
                for row in version.cautions.all()
            ],
            "progressions": [
                {"direction": row.direction, "to": row.to.slug, "how": row.how}
                for row in version.progressions.select_related("to")
            ],
            "figure": version.figure,
            "source": {"file": version.source_file, "lines": version.source_lines, "note": version.source_note},
        }
    )


def _topic_document(version) -> dict:
    return read_topic(
        {
            **_head(version),
            "kind": version.kind,
            "position": version.position,
            "title": version.title,
            "summary": version.summary,
            "sections": [
                {
                    "heading": section.heading,
                    "text": [line.strip() for line in section.text.splitlines() if line.strip()],
                    "source": section.source,
                    "contested": section.contested,
                }
                for section in version.sections.all()
            ],
        }
    )


def write_draft(version, document: dict) -> None:
    """Make a draft say what the document says, all parts replaced. The caller holds the row and the transaction.

    Raises ``Exercise.DoesNotExist`` for a progression to an exercise that is not there.
    """
    version.language = document["language"]
    version.review_months = document["review_months"]
    if is_topic(version):
        _write_topic(version, document)
    else:
        _write_exercise(version, document)


def _write_exercise(version, document: dict) -> None:
    for name in ("kind", "name", "purpose", "difficulty", "figure"):
        setattr(version, name, document[name])
    version.set_by_clinic = ", ".join(document["set_by_clinic"])
    source = document["source"]
    version.source_file, version.source_lines, version.source_note = source["file"], source["lines"], source["note"]
    version.save()
    for parts in (version.steps, version.cautions, version.progressions, version.aliases, version.tags):
        parts.all().delete()
    Dosage.objects.filter(version=version).delete()
    Step.objects.bulk_create(
        Step(version=version, position=place, **step) for place, step in enumerate(document["steps"], start=1)
    )
    if document["dosage"]:
        Dosage.objects.create(version=version, **document["dosage"])
    Caution.objects.bulk_create(Caution(version=version, **row) for row in document["cautions"])
    Alias.objects.bulk_create(Alias(version=version, text=text) for text in document["aliases"])
    Tag.objects.bulk_create(
        Tag(version=version, kind=kind, code=code) for kind, codes in document["tags"].items() for code in codes
    )
    targets = Exercise.objects.in_bulk([row["to"] for row in document["progressions"]], field_name="slug")
    for row in document["progressions"]:
        if row["to"] not in targets:
            raise Exercise.DoesNotExist(row["to"])
    Progression.objects.bulk_create(
        Progression(version=version, direction=row["direction"], to=targets[row["to"]], how=row["how"])
        for row in document["progressions"]
    )


def _write_topic(version, document: dict) -> None:
    for name in ("kind", "position", "title", "summary"):
        setattr(version, name, document[name])
    version.save()
    version.sections.all().delete()
    TopicSection.objects.bulk_create(
        TopicSection(
            version=version,
            position=place,
            heading=section["heading"],
            text="\n".join(section["text"]),
            source=section["source"],
            contested=section["contested"],
        )
        for place, section in enumerate(document["sections"], start=1)
    )
