"""What a questionnaire is made of, as values that never change.

The shape is HL7 FHIR R4 Questionnaire, reduced to what our pages can show. ``fhir.read`` builds these from JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

type Value = str | int | float | bool | list[str]
type Answers = Mapping[str, Any]

GROUP, DISPLAY = "group", "display"
QUESTION_TYPES = ("boolean", "choice", "open-choice", "integer", "decimal", "date", "string", "text")
CHOICE_TYPES = ("choice", "open-choice")
DECLINED = "declined"
"""The code of "I would rather not say": an answer for the form, no answer for the triage."""
UNSURE = "unsure"
"""The code of "I'm not sure": an answer that is never read as "no"."""


@dataclass(frozen=True)
class Option:
    """One allowed answer of a choice."""

    code: str
    text: str
    system: str = ""
    kind: str = "coding"
    exclusive: bool = False
    ordinal: float | None = None
    initial: bool = False


@dataclass(frozen=True)
class EnableWhen:
    """One condition for showing an item: the answer to ``question`` compared with ``value``."""

    question: str
    operator: str
    value: str | int | float | bool


@dataclass(frozen=True)
class Item:
    """A group, a line of text or a question."""

    link_id: str
    type: str
    text: str = ""
    prefix: str = ""
    required: bool = False
    repeats: bool = False
    max_length: int | None = None
    options: tuple[Option, ...] = ()
    enable_when: tuple[EnableWhen, ...] = ()
    enable_behavior: str = "all"
    initial: Any = None
    children: tuple["Item", ...] = ()
    control: str = ""
    orientation: str = "vertical"
    minimum: float | str | None = None
    maximum: float | str | None = None
    unit: str = ""
    hidden: bool = False
    why: str = ""
    help: str = ""
    short: str = ""
    safety: bool = False
    sensitive: bool = False
    body_chart: bool = False

    @property
    def is_question(self) -> bool:
        return self.type in QUESTION_TYPES

    @property
    def label(self) -> str:
        """The few words that stand for the question in a list of answers."""
        return self.short or self.text

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def walk(self) -> Iterator["Item"]:
        """This item and everything below it, in the order of the form."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire as read from its JSON."""

    url: str
    version: str
    title: str
    status: str
    language: str
    items: tuple[Item, ...]
    hash: str = field(compare=False)

    def walk(self) -> Iterator[Item]:
        for item in self.items:
            yield from item.walk()

    @cached_property
    def by_link_id(self) -> dict[str, Item]:
        return {item.link_id: item for item in self.walk()}

    @cached_property
    def parents(self) -> dict[str, Item | None]:
        """The item that each item lies in; ``None`` at the top."""
        found: dict[str, Item | None] = {item.link_id: None for item in self.items}
        for parent in self.walk():
            found.update({child.link_id: parent for child in parent.children})
        return found

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        return tuple(item for item in self.walk() if item.is_question)

    def item(self, link_id: str) -> Item:
        """The item with that linkId. Raises ``KeyError``."""
        return self.by_link_id[link_id]


@dataclass(frozen=True)
class Page:
    """What a patient sees at once: one question, or a small group that belongs together."""

    id: str
    title: str
    section: str
    items: tuple[Item, ...]

    @property
    def questions(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_question)

    @property
    def intro(self) -> tuple[str, ...]:
        """The lines of text that stand before the first question."""
        lines = []
        for item in self.items:
            if item.is_question:
                break
            if item.text and item.type == DISPLAY:
                lines.append(item.text)
        return tuple(lines)


@dataclass(frozen=True)
class Progress:
    """Where a page stands: part ``number`` of ``total``, and how far along the whole form in per cent."""

    section: str
    number: int
    total: int
    percent: int


@dataclass(frozen=True)
class Problem:
    """Something in a questionnaire that we cannot show as its author meant it."""

    link_id: str
    what: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.link_id or 'questionnaire'}: {self.what}"
