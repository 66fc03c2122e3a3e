"""What a patient's page shows of an exercise or a topic, made from its document: the same for the live page and a preview."""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from exercises.rules import figures
from exercises.rules.cautions import CAUTIONS, CautionCode, Strength, caution
from exercises.rules.document import canonical
from exercises.rules.dosage import Dosage
from exercises.rules.vocabulary import NUMBERED_ROLES, Difficulty, Kind, Role, TagKind, TopicKind, tag_label

START, END, MOTION = "start", "end", "motion"


@lru_cache(maxsize=512)
def _drawn(figure: str, which: str, mirrored: bool, shared: bool, tempo: figures.Tempo | None) -> SafeString:
    """A figure as SVG. Drawing takes a millisecond or two; a published page asks for the same one again and again."""
    movement = figures.from_data(json.loads(figure))
    if which == MOTION:
        return mark_safe(figures.moving(movement, tempo, mirrored, shared))  # noqa: S308  numbers and escaped words
    return mark_safe(figures.still(movement, 0 if which == START else -1, mirrored, shared))  # noqa: S308


@lru_cache(maxsize=1)
def shared_parts() -> SafeString:
    """The shapes that the figures of a page share, once, before the first of them."""
    return mark_safe(figures.shared_parts())  # noqa: S308  numbers only


@dataclass(frozen=True)
class Picture:
    """One still with the words that stand below it."""

    svg: SafeString
    says: str


@dataclass(frozen=True)
class ExercisePage:
    """An exercise as a patient reads it. ``mirrored`` draws the other side."""

    document: dict
    mirrored: bool = False

    @property
    def name(self) -> str:
        return self.document["name"]

    @property
    def purpose(self) -> str:
        return self.document["purpose"]

    @property
    def language(self) -> str:
        return self.document["language"]

    @property
    def aliases(self) -> list[str]:
        return self.document["aliases"]

    @cached_property
    def kind(self):
        return Kind(self.document["kind"]).label

    @cached_property
    def difficulty(self):
        return Difficulty(self.document["difficulty"]).label

    def _tags(self, kind: str) -> list:
        return [tag_label(kind, code) for code in self.document["tags"][kind]]

    @property
    def positions(self) -> list:
        return self._tags(TagKind.POSITION)

    @property
    def equipment(self) -> list:
        return self._tags(TagKind.EQUIPMENT)

    @property
    def regions(self) -> list:
        return self._tags(TagKind.REGION)

    # What to do

    def _texts(self, *roles: str) -> list[str]:
        return [step["text"] for step in self.document["steps"] if step["role"] in roles]

    @property
    def steps(self) -> list[str]:
        """The numbered list, from getting ready to coming back."""
        return self._texts(*NUMBERED_ROLES)

    @property
    def breathing(self) -> list[str]:
        return self._texts(Role.BREATHE)

    @property
    def cues(self) -> list[str]:
        return self._texts(Role.CUE)

    @property
    def mistakes(self) -> list[str]:
        return self._texts(Role.MISTAKE)

    @property
    def stop_rules(self) -> list[str]:
        return self._texts(Role.STOP_IF)

    # How much

    @cached_property
    def dosage(self) -> Dosage | None:
        return Dosage(**self.document["dosage"]) if self.document["dosage"] else None

    @property
    def set_by_clinic(self) -> str:
        return ", ".join(self.document["set_by_clinic"])

    # Who should ask first

    def _asks(self, strength: str) -> list:
        rows = [row for row in self.document["cautions"] if row["strength"] == strength]
        return [row["say"] or caution(row["code"]).ask_if for row in rows]

    @property
    def not_for(self) -> list:
        """Finishes "Not this one until we have seen you, if ..."."""
        return self._asks(Strength.ABSOLUTE)

    @property
    def ask_first(self) -> list:
        """Finishes "Ask us first if ..."."""
        return self._asks(Strength.RELATIVE)

    @property
    def always_ask(self) -> list:
        """What holds back every exercise and is not listed for this one already."""
        left_out = {row["code"] for row in self.document["cautions"]} | {CautionCode.INCOMPLETE_ANSWERS}
        return [row.ask_if for code, row in CAUTIONS.items() if row.holds_everything and code not in left_out]

    # The figure

    @cached_property
    def _movement(self) -> figures.Movement | None:
        return figures.from_data(self.document["figure"]) if self.document["figure"] else None

    @property
    def two_sided(self) -> bool:
        return bool(self._movement and self._movement.two_sided)

    def _svg(self, which: str, tempo: figures.Tempo | None = None) -> SafeString:
        return _drawn(canonical(self.document["figure"]), which, self.mirrored and self.two_sided, True, tempo)

    @property
    def pictures(self) -> list[Picture]:
        """Start and end, side by side."""
        if not self._movement:
            return []
        mirrored = self.mirrored and self.two_sided
        poses = ((START, self._movement.start), (END, self._movement.end))
        return [Picture(self._svg(which), _sentence(figures.says(pose, mirrored))) for which, pose in poses]

    @property
    def motion(self) -> SafeString | str:
        """The animation, with the tempo and the hold of the dose."""
        if not self._movement:
            return ""
        tempo = figures.tempo_of(self.dosage, self._movement.tempo) if self.dosage else None
        return self._svg(MOTION, tempo)

    @property
    def source(self) -> dict:
        return self.document["source"]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def still_of(figure: dict | None, shared: bool = True) -> SafeString | str:
    """The end position, for a card in a list."""
    return _drawn(canonical(figure), END, False, shared, None) if figure else ""


@dataclass(frozen=True)
class TopicPage:
    """A topic page as a patient reads it."""

    document: dict

    @property
    def title(self) -> str:
        return self.document["title"]

    @property
    def summary(self) -> str:
        return self.document["summary"]

    @property
    def language(self) -> str:
        return self.document["language"]

    @cached_property
    def kind(self):
        return TopicKind(self.document["kind"]).label

    @property
    def is_factor(self) -> bool:
        return self.document["kind"] == TopicKind.FACTOR

    @property
    def sections(self) -> list[dict]:
        """Heading, blocks (paragraphs and lists, in order) and what is contested."""
        return [
            {"heading": section["heading"], "blocks": _blocks(section["text"]), "contested": section["contested"]}
            for section in self.document["sections"]
        ]

    @property
    def sources(self) -> list[str]:
        """Each source once: the file with all its lines, or the note."""
        files, notes = {}, []
        for section in self.document["sections"]:
            for source in section["source"]:
                if source["file"]:
                    lines = files.setdefault(source["file"], [])
                    lines += [line for line in source["lines"].split(", ") if line not in lines]
                elif source["note"] not in notes:
                    notes.append(source["note"])
        return [f"{file}, lines {', '.join(sorted(lines, key=_first_number))}" for file, lines in files.items()] + notes


def _first_number(lines: str) -> int:
    digits = lines.partition("-")[0]
    return int(digits) if digits.isdigit() else 0


def _blocks(lines: list[str]) -> list[dict]:
    blocks = []
    for is_point, group in groupby(lines, lambda line: line.startswith("- ")):
        if is_point:
            blocks.append({"points": [line.removeprefix("- ") for line in group]})
        else:
            blocks += [{"text": line} for line in group]
    return blocks
