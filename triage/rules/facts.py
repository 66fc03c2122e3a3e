"""What is known of a patient when the rules look: the answers that count, the age, what has fired so far."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from triage.rules.answers import is_blank, value_words
from triage.rules.items import CHOICE_TYPES, DECLINED, Item, Questionnaire
from triage.rules.questionnaire import enabled, enabled_answers

if TYPE_CHECKING:
    from triage.rules.pathway import Rule

AGE = "age"
"""Stands for the patient's age where linkIds are listed. No question may use it."""
type Told = dict[str, tuple[str, ...]]
"""What made a condition true: linkId to the codes that counted (none: the whole answer)."""


@dataclass(frozen=True)
class Hit:
    """A rule that fired, with the answers that made it fire."""

    rule: "Rule"
    told: Told


@dataclass(frozen=True)
class Facts:
    """What is known of a patient: the answers that count, the age in years, and the rules that have fired so far.

    ``partial`` is a form that is still being filled in: what is blank there was not yet asked.
    """

    questionnaire: Questionnaire
    given: dict[str, Any]
    age: int | None
    fired: tuple[Hit, ...] = ()
    partial: bool = False

    @classmethod
    def of(cls, questionnaire: Questionnaire, answers: Any, age: int | None, *, partial: bool = False) -> "Facts":
        given = {
            link_id: _in_order(questionnaire.item(link_id), value)
            for link_id, value in enabled_answers(questionnaire, answers).items()
        }
        return cls(questionnaire, given, age, partial=partial)

    def after(self, fired: tuple[Hit, ...]) -> "Facts":
        """The same, with what has fired."""
        return replace(self, fired=fired)

    @cached_property
    def asked(self) -> frozenset[str]:
        return enabled(self.questionnaire, self.given)

    def item(self, link_id: str) -> Item | None:
        return self.questionnaire.by_link_id.get(link_id)

    def codes(self, link_id: str) -> tuple[str, ...]:
        """The codes chosen for a question, one or several; empty for a blank."""
        value = self.given.get(link_id)
        if isinstance(value, bool):
            return ("true",) if value else ("false",)
        return tuple(str(each) for each in value) if isinstance(value, list | tuple) else (str(value),) if value else ()

    def number(self, link_id: str) -> float | None:
        value = self.given.get(link_id)
        if isinstance(value, str):
            try:
                return float(value)
            except ValueError:
                return None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    @cached_property
    def typed(self) -> dict[str, str]:
        """Everything the patient typed, made plain for finding words: linkId to text."""
        found = {}
        for item in self.questionnaire.questions:
            value = self.given.get(item.link_id)
            if item.type in ("string", "text") and isinstance(value, str):
                found[item.link_id] = plain(value)
            elif item.type == "open-choice":
                other = [code for code in self.codes(item.link_id) if not item.option(code)]
                if other:
                    found[item.link_id] = plain(" ".join(other))
        return found

    def unanswered(self, link_id: str) -> bool:
        """The question is asked here, and is blank or was declined."""
        item = self.item(link_id)
        if item is None or link_id not in self.asked:
            return False
        return is_blank(self.given.get(link_id)) or DECLINED in self.codes(link_id)


def _in_order(item: Item, value: Any) -> Any:
    """Ticks in the order of the form, each once, so that the order in which they were made plays no part."""
    if not isinstance(value, list | tuple):
        return value
    ticked = [str(each) for each in value]
    order = [option.code for option in item.options]
    return [code for code in order if code in ticked] + sorted({code for code in ticked if code not in order})


def plain(text: str) -> str:
    """Small letters, no apostrophes, single spaces: so that "Can’t  pee" and "cant pee" read alike."""
    text = re.sub(r"['’‘`´]", "", text.casefold())
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


def merged(*parts: Told) -> Told:
    found: Told = {}
    for part in parts:
        for link_id, codes in part.items():
            found[link_id] = tuple(dict.fromkeys((*found.get(link_id, ()), *codes)))
    return found


def said_in_words(told: Told, facts: Facts) -> tuple[str, ...]:
    """The patient's own words: "Numbness between the legs: Yes, it is new or has changed"."""
    order = {item.link_id: place for place, item in enumerate(facts.questionnaire.questions)}
    lines = []
    for link_id in sorted(told, key=lambda each: order.get(each, -1)):
        if link_id == AGE:
            lines.append(f"Age: {'not answered' if facts.age is None else facts.age}")
            continue
        item = facts.item(link_id)
        codes = told[link_id]
        value = list(codes) if codes and item.type in CHOICE_TYPES else facts.given.get(link_id)
        lines.append(f"{item.label}: {'not answered' if is_blank(value) else value_words(item, value)}")
    return tuple(lines)
