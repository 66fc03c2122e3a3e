"""Conditions over the whole record: what has fired so far, what is doubtful, what is missing."""

from dataclasses import dataclass

from triage.rules.conditions import Condition
from triage.rules.facts import AGE, Facts, Hit, merged
from triage.rules.items import UNSURE


@dataclass(frozen=True)
class SafetyUnanswered(Condition):
    """A safety question that is asked has no answer, or the age is not known where it must be."""

    age_required: bool = True

    def open_ones(self, facts: Facts) -> tuple[str, ...]:
        """``AGE`` and the linkIds that still need an answer."""
        questions = [
            item.link_id for item in facts.questionnaire.questions if item.safety and facts.unanswered(item.link_id)
        ]
        return tuple(([AGE] if self.age_required and facts.age is None else []) + questions)

    def holds(self, facts):
        return not facts.partial and bool(self.open_ones(facts))

    def told(self, facts):
        return dict.fromkeys(self.open_ones(facts), ())

    def words(self, questionnaire):
        return "a safety question" + (" or the age" if self.age_required else "") + " is not answered"


@dataclass(frozen=True)
class AnyUnsure(Condition):
    """A safety question was answered "I'm not sure"."""

    def _unsure(self, facts):
        return [
            item.link_id
            for item in facts.questionnaire.questions
            if item.safety and UNSURE in facts.codes(item.link_id)
        ]

    def holds(self, facts):
        return bool(self._unsure(facts))

    def told(self, facts):
        return dict.fromkeys(self._unsure(facts), (UNSURE,))

    def words(self, questionnaire):
        return "any safety question is “I’m not sure”"


@dataclass(frozen=True)
class NoneBesideOthers(Condition):
    """ "None of these" was ticked beside another answer, in a list that counts for safety."""

    def _both(self, facts):
        for item in facts.questionnaire.questions:
            chosen = facts.codes(item.link_id)
            exclusive = {option.code for option in item.options if option.exclusive}
            if item.safety and len(chosen) > 1 and exclusive.intersection(chosen):
                yield item.link_id

    def holds(self, facts):
        return bool(list(self._both(facts)))

    def told(self, facts):
        return {link_id: facts.codes(link_id) for link_id in self._both(facts)}

    def words(self, questionnaire):
        return "“None of these” is ticked beside another answer"


@dataclass(frozen=True)
class Fired(Condition):
    """A rule with one of these codes has fired before this one."""

    rule_codes: tuple[str, ...]

    def holds(self, facts):
        return any(hit.rule.code in self.rule_codes for hit in facts.fired)

    def told(self, facts):
        return merged(*(hit.told for hit in facts.fired if hit.rule.code in self.rule_codes))

    def words(self, questionnaire):
        return "rule " + " or ".join(self.rule_codes) + " fired"


def _weak_flags(facts: Facts) -> list[Hit]:
    return [hit for hit in facts.fired if hit.rule.strength == "B" and hit.rule.counts]


@dataclass(frozen=True)
class WeakFlags(Condition):
    """Weak (B) flags from at least ``families`` different families have fired."""

    families: int

    def holds(self, facts):
        return len({hit.rule.family for hit in _weak_flags(facts)}) >= self.families

    def told(self, facts):
        return merged(*(hit.told for hit in _weak_flags(facts))) if self.holds(facts) else {}

    def words(self, questionnaire):
        return f"weak (B) flags from {self.families} different families fired"


@dataclass(frozen=True)
class OtherWeakFlag(Condition):
    """A weak (B) flag has fired, other than these rules."""

    but: tuple[str, ...]

    def _flags(self, facts):
        return [hit for hit in _weak_flags(facts) if hit.rule.code not in self.but]

    def holds(self, facts):
        return bool(self._flags(facts))

    def told(self, facts):
        return merged(*(hit.told for hit in self._flags(facts)))

    def words(self, questionnaire):
        return "another weak (B) flag than " + " or ".join(self.but) + " fired"


def fired(*codes: str) -> Condition:
    return Fired(codes)
