"""One exercise, or one topic page, as a plain document: the shape of the content files, of snapshots, import and export.

Reading brings a document into one normal form, so that two documents say the same exactly when their hashes are equal.
``problems`` says in words what is missing before patients may see it.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import gettext as _

from exercises.rules import figures, reading
from exercises.rules.cautions import CautionCode, Strength
from exercises.rules.dosage import Dosage, ImpossibleDosage
from exercises.rules.vocabulary import MOVING_ROLES, TAGS, Difficulty, Direction, Kind, Role, TopicKind

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = {"name": 120, "purpose": 300, "text": 500, "reason": 200, "how": 200, "alias": 120, "note": 200}

EXERCISE_PARTS = {
    *("slug", "uuid", "language", "kind", "name", "aliases", "purpose", "difficulty", "tags", "steps", "dosage"),
    *("set_by_clinic", "cautions", "progressions", "figure", "source", "review_months"),
}
TOPIC_PARTS = {"slug", "uuid", "language", "kind", "position", "title", "summary", "sections", "review_months"}


class BadDocument(ValueError):
    """A document that cannot be read. The message names the part."""


def canonical(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(document: dict) -> str:
    """The fingerprint of what a document says. The address and the id are not part of what it says."""
    said = {key: value for key, value in document.items() if key not in {"slug", "uuid"}}
    return hashlib.sha256(canonical(said).encode()).hexdigest()


# Reading


def read_exercise(data: dict, figure_named: Callable[[str], dict] | None = None) -> dict:
    """An exercise in normal form. ``figure_named`` looks up a figure that the document only names.

    Raises ``BadDocument``, ``BadFigure`` or ``ImpossibleDosage``.
    """
    _known(data, EXERCISE_PARTS, "exercise")
    figure = data.get("figure")
    if isinstance(figure, str):
        if figure_named is None:
            raise BadDocument(f"The figure “{figure}” is only named, not drawn.")
        figure = figure_named(figure)
    return {
        **_head(data),
        "kind": _code(data, "kind", Kind),
        "name": _text(data, "name"),
        "aliases": [_short(alias, "alias") for alias in data.get("aliases", [])],
        "purpose": _text(data, "purpose"),
        "difficulty": _code(data, "difficulty", Difficulty),
        "tags": _tags(data.get("tags", {})),
        "steps": [_step(step) for step in data.get("steps", [])],
        "dosage": _dosage(data.get("dosage")),
        "set_by_clinic": [_short(word, "purpose") for word in data.get("set_by_clinic", [])],
        "cautions": _cautions(data.get("cautions", [])),
        "progressions": [_progression(row) for row in data.get("progressions", [])],
        "figure": figures.as_data(figures.from_data(figure)) if figure else None,
        "source": read_source(data.get("source", {})),
    }


def read_topic(data: dict) -> dict:
    """A topic page in normal form. Raises ``BadDocument``."""
    _known(data, TOPIC_PARTS, "topic")
    return {
        **_head(data),
        "kind": _code(data, "kind", TopicKind),
        "position": int(data.get("position", 0)),
        "title": _text(data, "title", "name"),
        "summary": _text(data, "summary", "purpose"),
        "sections": [_section(section) for section in data.get("sections", [])],
    }


def _head(data: dict) -> dict:
    slug = data.get("slug", "")
    if not isinstance(slug, str) or not SLUG.fullmatch(slug) or len(slug) > 60:
        raise BadDocument("The address has small letters, numbers and single hyphens.")
    months = data.get("review_months", 12)
    if not isinstance(months, int) or not 1 <= months <= 36:
        raise BadDocument("The next check is due in 1 to 36 months.")
    return {
        "slug": slug,
        "uuid": str(uuid.UUID(str(data["uuid"]))) if data.get("uuid") else "",
        "language": data.get("language", "en"),
        "review_months": months,
    }


def _known(data: dict, parts: set[str], what: str) -> None:
    if not isinstance(data, dict):
        raise BadDocument(f"This is no {what}.")
    if unknown := set(data) - parts:
        raise BadDocument(f"An {what} has no “{sorted(unknown)[0]}”.")


def _short(value, limit: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST[limit]:
        raise BadDocument(f"“{str(value)[:40]}” is no text of at most {LONGEST[limit]} letters.")
    if not value.isprintable():
        raise BadDocument("A text holds a character that cannot be shown.")
    return value.strip()


def _text(data: dict, name: str, limit: str = "") -> str:
    return _short(data.get(name, ""), limit or name)


def _code(data: dict, name: str, codes) -> str:
    try:
        return codes(data.get(name)).value
    except ValueError:
        raise BadDocument(f"The {name} “{data.get(name)}” is unknown.") from None


def _tags(data: dict) -> dict:
    if unknown := set(data) - set(TAGS):
        raise BadDocument(f"There are no tags of the kind “{sorted(unknown)[0]}”.")
    for kind, codes in data.items():
        if unknown := set(codes) - set(TAGS[kind]):
            raise BadDocument(f"There is no {kind} “{sorted(unknown)[0]}”.")
    return {str(kind): [code for code in known if code in data.get(kind, [])] for kind, known in TAGS.items()}


def _step(data: dict) -> dict:
    _known(data, {"role", "text"}, "step")
    return {"role": _code(data, "role", Role), "text": _text(data, "text")}


def _dosage(data: dict | None) -> dict | None:
    if data is None:
        return None
    try:
        return Dosage(**data).as_data()
    except (TypeError, ValueError) as error:
        if isinstance(error, ImpossibleDosage):
            raise
        raise BadDocument(f"The dose cannot be read: {error}.") from error


def _cautions(data: list) -> list[dict]:
    rows = []
    for row in data:
        _known(row, {"code", "strength", "reason", "say"}, "caution")
        rows.append(
            {
                "code": _code(row, "code", CautionCode),
                "strength": _code(row, "strength", Strength),
                "reason": _text(row, "reason"),
                "say": _text(row, "say", "reason"),
            }
        )
    if len({row["code"] for row in rows}) < len(rows):
        raise BadDocument("A caution is listed twice.")
    return sorted(rows, key=lambda row: list(CautionCode).index(row["code"]))


def _progression(data: dict) -> dict:
    _known(data, {"direction", "to", "how"}, "progression")
    return {
        "direction": _code(data, "direction", Direction),
        "to": _short(data.get("to", ""), "alias"),
        "how": _text(data, "how"),
    }


def read_source(data: dict) -> dict:
    """Where something comes from, in normal form: file, lines and note. Raises ``BadDocument``."""
    _known(data, {"file", "lines", "note"}, "source")
    return {name: _text(data, name, "note") for name in ("file", "lines", "note")}


def _section(data: dict) -> dict:
    _known(data, {"heading", "text", "source", "contested"}, "section")
    return {
        "heading": _text(data, "heading", "name"),
        "text": [_short(line, "text") for line in data.get("text", [])],
        "source": [read_source(source) for source in data.get("source", [])],
        "contested": _text(data, "contested", "text"),
    }


# What is missing before patients may see it


def exercise_problems(document: dict) -> list[str]:
    """Sentences that say what to add or change. Empty for an exercise that may be reviewed."""
    roles = [step["role"] for step in document["steps"]]
    found = []
    if not document["name"]:
        found.append(_("Give it a name."))
    if not document["purpose"]:
        found.append(_("Say what it is for."))
    elif len(reading.words(document["purpose"])) > reading.PURPOSE_WORDS:
        found.append(_("Say what it is for in at most %(count)s words.") % {"count": reading.PURPOSE_WORDS})
    if Role.PREPARE not in roles:
        found.append(_("Add a step that says how to get ready."))
    if not set(MOVING_ROLES) & set(roles):
        found.append(_("Add a step that says what to do."))
    if Role.STOP_IF not in roles:
        found.append(_("Say when to stop."))
    if not document["dosage"]:
        found.append(_("Say how much."))
    if not document["source"]["file"] and not document["source"]["note"]:
        found.append(_("Name the source."))
    for kind, sentence in (
        ("purpose", _("Choose what it is for.")),
        ("region", _("Choose a part of the body.")),
        ("position", _("Choose the position.")),
    ):
        if not document["tags"][kind]:
            found.append(sentence)
    if any(row["to"] == document["slug"] for row in document["progressions"]):
        found.append(_("It cannot be easier or harder than itself."))
    found += _figure_problems(document["figure"])
    return found + _reading_problems(exercise_text(document), document["language"])


def _figure_problems(data: dict | None) -> list[str]:
    return list(_checked(canonical(data))) if data else [_("Add a figure.")]


@lru_cache(maxsize=256)
def _checked(figure: str) -> tuple[str, ...]:
    """Every frame is measured; the same figure is asked about on each look at a draft."""
    return tuple(figures.problems(figures.from_data(json.loads(figure))))


def topic_problems(document: dict) -> list[str]:
    """Sentences that say what to add or change. Empty for a topic page that may be reviewed."""
    found = []
    if not document["title"]:
        found.append(_("Give it a title."))
    if not document["summary"]:
        found.append(_("Sum it up in a sentence or two."))
    if not document["sections"]:
        found.append(_("Add a section."))
    for section in document["sections"]:
        if not section["heading"] or not section["text"]:
            found.append(_("Each section has a heading and a text."))
        if not section["source"]:
            found.append(_("Name the source of “%(heading)s”.") % {"heading": section["heading"]})
    return found + _reading_problems(topic_text(document), document["language"])


def _reading_problems(text: str, language: str) -> list[str]:
    if language != "en":
        return []
    grade = reading.grade(text)
    if grade <= reading.HIGHEST_GRADE:
        return []
    return [_("It reads like grade %(grade).1f. Shorter words and sentences, please: 8 at most.") % {"grade": grade}]


def exercise_text(document: dict) -> str:
    """Everything a patient reads, one line each."""
    lines = [document["purpose"], *(step["text"] for step in document["steps"])]
    lines += [row["say"] for row in document["cautions"]] + [row["how"] for row in document["progressions"]]
    return "\n".join(line for line in lines if line)


def topic_text(document: dict) -> str:
    """Everything a patient reads, one line each."""
    lines = [document["title"], document["summary"]]
    for section in document["sections"]:
        lines += [section["heading"], *(line.removeprefix("- ") for line in section["text"]), section["contested"]]
    return "\n".join(line for line in lines if line)
