"""What differs between two documents, in words that an approver reads in a minute."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exercises.rules import figures
from exercises.rules.cautions import Strength, caution
from exercises.rules.dosage import Dosage
from exercises.rules.vocabulary import Direction, Role, tag_label

LABELS = {
    "language": gettext_lazy("Language"),
    "review_months": gettext_lazy("Months until the next check"),
    "kind": gettext_lazy("Kind"),
    "name": gettext_lazy("Name"),
    "aliases": gettext_lazy("Other names"),
    "purpose": gettext_lazy("What it is for"),
    "difficulty": gettext_lazy("Effort"),
    "tags": gettext_lazy("Tags"),
    "steps": gettext_lazy("Steps"),
    "dosage": gettext_lazy("How much"),
    "set_by_clinic": gettext_lazy("Set by the clinic"),
    "cautions": gettext_lazy("Cautions"),
    "progressions": gettext_lazy("Progressions"),
    "figure": gettext_lazy("Figure"),
    "source": gettext_lazy("Source"),
    "position": gettext_lazy("Order"),
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("In short"),
    "sections": gettext_lazy("Sections"),
}


def _caution(row) -> str:
    strict = _("not this exercise") if row["strength"] == Strength.ABSOLUTE else _("a therapist decides")
    words = f"{caution(row['code']).label} ({strict})"
    return ": ".join(part for part in (words, row["say"], row["reason"]) if part)


def _section(section) -> str:
    text = " / ".join(section["text"])
    return f"{section['heading']}: {text}" + (f" [{section['contested']}]" if section["contested"] else "")


def _lines(part: str, value) -> list[str]:
    """A part as lines to compare."""
    match part:
        case "steps":
            return [f"{Role(step['role']).label}: {step['text']}" for step in value]
        case "tags":
            return [str(tag_label(kind, code)) for kind, codes in value.items() for code in codes]
        case "cautions":
            return [_caution(row) for row in value]
        case "progressions":
            return [f"{Direction(row['direction']).label}: {row['to']}. {row['how']}" for row in value]
        case "dosage":
            dosage = Dosage(**value) if value else None
            return [dosage.sentence(), *dosage.details()] if dosage else []
        case "sections":
            return [_section(section) for section in value]
        case "source":
            return [" ".join(word for word in value.values() if word)]
        case "figure":
            return [figures.motion_text(figures.from_data(value))] if value else []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def differences(old: dict, new: dict) -> list[tuple[str, list[str], list[str]]]:
    """(part, lines taken out, lines put in) for every part that differs, in the order of the document."""
    found = []
    for part in new:
        if part in {"slug", "uuid"} or old.get(part) == new[part]:
            continue
        before, after = _lines(part, old[part]) if part in old else [], _lines(part, new[part])
        out = [line for line in before if line not in after]
        into = [line for line in after if line not in before]
        if not out and not into:
            into = [_("drawn anew") if part == "figure" else _("in another order, or in its details")]
        found.append((LABELS[part], out, into))
    return found
