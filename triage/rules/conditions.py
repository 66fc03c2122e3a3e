"""Conditions: small values that are true or false of a patient's answers, and that can say themselves in words.

Rules are built from them, so one value is what the engine decides by, what ``--explain`` prints, what the rule table
shows to the clinical lead, and what publication checks against the questionnaire.

A blank, "I'm not sure" and "I would rather not say" make no condition true but those that ask for them. So no condition
may be built on "did not say yes": there is ``Not``, and the emergency rules never use it (a test keeps that).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from triage.rules.facts import AGE, Facts, Told, merged, plain
from triage.rules.items import UNSURE, Questionnaire


class Condition:
    """Base of all conditions."""

    def holds(self, facts: Facts) -> bool:
        raise NotImplementedError

    def told(self, facts: Facts) -> Told:
        """The answers that make it true; empty when it is not."""
        return {}

    def words(self, questionnaire: Questionnaire) -> str:
        raise NotImplementedError

    def parts(self) -> tuple["Condition", ...]:
        return ()

    def reads(self) -> Iterator[tuple[str, str]]:
        """Each (linkId, code) that it looks at; code ``""`` when any answer counts."""
        for part in self.parts():
            yield from part.reads()

    def walk(self) -> Iterator["Condition"]:
        yield self
        for part in self.parts():
            yield from part.walk()


def _label(questionnaire: Questionnaire, link_id: str) -> str:
    item = questionnaire.by_link_id.get(link_id)
    return f"“{item.label if item else link_id}”"


def _option(questionnaire: Questionnaire, link_id: str, code: str) -> str:
    item = questionnaire.by_link_id.get(link_id)
    option = item.option(code) if item else None
    return f"“{option.text if option else code}”"


@dataclass(frozen=True)
class Answered(Condition):
    """One of ``codes`` was chosen for a question."""

    link_id: str
    codes: tuple[str, ...]

    def holds(self, facts):
        return any(code in self.codes for code in facts.codes(self.link_id))

    def told(self, facts):
        chosen = tuple(code for code in facts.codes(self.link_id) if code in self.codes)
        return {self.link_id: chosen} if chosen else {}

    def words(self, questionnaire):
        answers = " or ".join(_option(questionnaire, self.link_id, code) for code in self.codes)
        return f"{_label(questionnaire, self.link_id)} is {answers}"

    def reads(self):
        for code in self.codes:
            yield self.link_id, code


@dataclass(frozen=True)
class Only(Condition):
    """A question is answered, and with nothing but these codes."""

    link_id: str
    codes: tuple[str, ...]

    def holds(self, facts):
        chosen = facts.codes(self.link_id)
        return bool(chosen) and all(code in self.codes for code in chosen)

    def told(self, facts):
        return {self.link_id: facts.codes(self.link_id)} if self.holds(facts) else {}

    def words(self, questionnaire):
        answers = " or ".join(_option(questionnaire, self.link_id, code) for code in self.codes)
        return f"{_label(questionnaire, self.link_id)} is only {answers}"

    def reads(self):
        for code in self.codes:
            yield self.link_id, code


@dataclass(frozen=True)
class NumberFrom(Condition):
    """The number given for a question is ``low`` or more, and ``high`` or less."""

    link_id: str
    low: float | None = None
    high: float | None = None

    def holds(self, facts):
        number = facts.number(self.link_id)
        return (
            number is not None
            and (self.low is None or number >= self.low)
            and (self.high is None or number <= self.high)
        )

    def told(self, facts):
        return {self.link_id: ()} if self.holds(facts) else {}

    def words(self, questionnaire):
        label = _label(questionnaire, self.link_id)
        if self.high is None:
            return f"{label} is {self.low:g} or more"
        if self.low is None:
            return f"{label} is {self.high:g} or less"
        return f"{label} is {self.low:g} to {self.high:g}"

    def reads(self):
        yield self.link_id, ""


@dataclass(frozen=True)
class Above(Condition):
    """One number is larger than another by ``by`` or more. ``AGE`` may stand for the smaller one."""

    link_id: str
    other: str
    by: float

    def holds(self, facts):
        low = facts.age if self.other == AGE else facts.number(self.other)
        number = facts.number(self.link_id)
        return number is not None and low is not None and number - low >= self.by

    def told(self, facts):
        return {self.link_id: (), self.other: ()} if self.holds(facts) else {}

    def words(self, questionnaire):
        other = "the age" if self.other == AGE else _label(questionnaire, self.other)
        return f"{_label(questionnaire, self.link_id)} is above {other} by {self.by:g} or more"

    def reads(self):
        yield self.link_id, ""
        if self.other != AGE:
            yield self.other, ""


@dataclass(frozen=True)
class Aged(Condition):
    """The age is known and ``low`` or more, and below ``below``."""

    low: int = 0
    below: int | None = None

    def holds(self, facts):
        return facts.age is not None and facts.age >= self.low and (self.below is None or facts.age < self.below)

    def told(self, facts):
        return {AGE: ()} if self.holds(facts) else {}

    def words(self, questionnaire):
        if self.below is None:
            return f"aged {self.low} or over"
        return f"aged {self.low} to {self.below - 1}" if self.low else f"aged under {self.below}"


@dataclass(frozen=True)
class Blank(Condition):
    """A question that is asked was left blank or declined. Never true of a form that is still being filled in."""

    link_id: str

    def holds(self, facts):
        return not facts.partial and facts.unanswered(self.link_id)

    def words(self, questionnaire):
        return f"{_label(questionnaire, self.link_id)} is not answered"

    def reads(self):
        yield self.link_id, ""


@dataclass(frozen=True)
class Says(Condition):
    """One of these words stands in something the patient typed. A word ending in ``*`` may go on."""

    phrases: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern:
        said = (re.escape(plain(phrase)) + (r"\w*" if phrase.endswith("*") else "") for phrase in self.phrases)
        return re.compile(r"\b(?:" + "|".join(said) + r")\b")

    def holds(self, facts):
        return any(self.pattern.search(text) for text in facts.typed.values())

    def told(self, facts):
        return {link_id: () for link_id, text in facts.typed.items() if self.pattern.search(text)}

    def words(self, questionnaire):
        return "the patient wrote " + " or ".join(f"“{phrase}”" for phrase in self.phrases)


@dataclass(frozen=True)
class AtLeast(Condition):
    """At least ``count`` of the conditions hold."""

    count: int
    of: tuple[Condition, ...]

    def parts(self):
        return self.of

    def holds(self, facts):
        return sum(part.holds(facts) for part in self.of) >= self.count

    def told(self, facts):
        return merged(*(part.told(facts) for part in self.of if part.holds(facts))) if self.holds(facts) else {}

    def words(self, questionnaire):
        said = [part.words(questionnaire) for part in self.of]
        if len(said) == 1:
            return said[0]
        if self.count == 1:
            return "any of: " + "; ".join(said)
        return f"at least {self.count} of: " + "; ".join(said)


@dataclass(frozen=True)
class AllOf(Condition):
    of: tuple[Condition, ...]

    def parts(self):
        return self.of

    def holds(self, facts):
        return all(part.holds(facts) for part in self.of)

    def told(self, facts):
        return merged(*(part.told(facts) for part in self.of)) if self.holds(facts) else {}

    def words(self, questionnaire):
        said = (part.words(questionnaire) for part in self.of)
        return " and ".join(f"({text})" if "; " in text else text for text in said)


@dataclass(frozen=True)
class Not(Condition):
    part: Condition

    def parts(self):
        return (self.part,)

    def holds(self, facts):
        return not self.part.holds(facts)

    def words(self, questionnaire):
        return f"not ({self.part.words(questionnaire)})"


@dataclass(frozen=True)
class Named(Condition):
    """A condition with a name, defined once in the rule table and used by that name."""

    name: str
    part: Condition

    def parts(self):
        return (self.part,)

    def holds(self, facts):
        return self.part.holds(facts)

    def told(self, facts):
        return self.part.told(facts)

    def words(self, questionnaire):
        return f"[{self.name}]"


# How rules are written


def is_(link_id: str, *codes: str) -> Condition:
    return Answered(link_id, codes)


def is_new(link_id: str) -> Condition:
    """New, or changed."""
    return Answered(link_id, ("new",))


def is_old(link_id: str) -> Condition:
    """Old and unchanged."""
    return Answered(link_id, ("old",))


def is_unsure(link_id: str) -> Condition:
    return Answered(link_id, (UNSURE,))


def is_yes(link_id: str) -> Condition:
    return Answered(link_id, ("yes",))


def is_no(link_id: str) -> Condition:
    return Answered(link_id, ("no",))


def only(link_id: str, *codes: str) -> Condition:
    """Answered, and with nothing but these."""
    return Only(link_id, codes)


def none_of(link_id: str) -> Condition:
    """Says that "None of these" is ticked, and nothing else."""
    return Only(link_id, ("none",))


def at_least(count: int, *conditions: Condition) -> Condition:
    return AtLeast(count, conditions)


def any_of(*conditions: Condition) -> Condition:
    return AtLeast(1, conditions)


def all_of(*conditions: Condition) -> Condition:
    return AllOf(conditions)


def number(link_id: str, low: float | None = None, high: float | None = None) -> Condition:
    return NumberFrom(link_id, low, high)


def aged(low: int = 0, below: int | None = None) -> Condition:
    return Aged(low, below)


def says(*phrases: str) -> Condition:
    return Says(phrases)


def named(name: str, condition: Condition) -> Condition:
    return Named(name, condition)
