"""What a pathway is made of: rules, gates, contributing factors, cautions.

A pathway is one complaint of one kind of patient ("lower back pain in runners"): its questionnaire and everything that is
concluded from the answers. It lives in a folder of ``triage/pathways`` as plain values that a physiotherapist can read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from clinic.rules.levels import Level
from triage.rules.conditions import Condition
from triage.rules.fhir import canonical_hash, read
from triage.rules.items import Questionnaire

ENGINE_VERSION = 1
"""Raise it when the engine itself concludes differently: it is part of the hash that a clinical lead signs."""


def for_translation(text: str) -> str:
    """Imported as ``_``: marks words for the translators and leaves them as they are. Needs no settings."""
    return text


@dataclass(frozen=True)
class Family:
    """Flags that point to one kind of cause. ``name`` and ``line`` are what the desk may read: they give no answer away."""

    key: str
    name: str
    line: str = ""
    """The one line for staff at every level; empty: made from the name and the level."""


@dataclass(frozen=True)
class Rule:
    """One row of the rule table.

    ``strength``: A fires alone, B is weak and counts in combination, C is context. ``evidence``: V read in a retrieved
    source, K well-established knowledge, D a design decision on the careful side. ``reason`` is for clinicians.
    """

    code: str
    family: Family
    level: Level
    finding: str
    question: str
    when: Condition
    reason: str
    source: str
    evidence: str = "V"
    strength: str = "A"
    same_day: bool = False
    """At urgent: a doctor today. Otherwise within two days."""
    doctor_note: bool = False
    """A letter to the patient's doctor is suggested."""
    counts: bool = True
    """Whether a weak flag counts towards "two weak flags from different families"."""


@dataclass(frozen=True)
class Gate:
    """One thing that must be positively true before self-care. ``unmet`` is what the patient reads when it is not."""

    code: str
    text: str
    unmet: str
    when: Condition
    source: str = "section 2.5 of the evidence"


@dataclass(frozen=True)
class Sign:
    """An answer that speaks for or against a contributing factor, in words for the patient ("it began with …")."""

    words: str
    when: Condition


@dataclass(frozen=True)
class Factor:
    """Something that may be adding to the pain. Never a cause, never a diagnosis: a therapist will examine it."""

    code: str
    name: str
    speaks_for: tuple[Sign, ...]
    speaks_against: tuple[Sign, ...]
    examine: str
    source: str
    evidence: str = "V"
    little: bool = False
    """The evidence is so thin that the confidence stays at "little" whatever the answers."""
    needs: int = 1
    """How many signs must speak for it."""
    topic: str = ""
    """The page of the library that says more about it (its slug); empty where there is none."""
    not_beside: Condition | None = None
    """Answers beside which this factor is not named at all, whatever speaks for it."""


@dataclass(frozen=True)
class CautionRule:
    """Answers that hold an exercise back. ``code`` is of the vocabulary in ``exercises.rules.cautions``."""

    code: str
    when: Condition


@dataclass(frozen=True)
class Pathway:
    slug: str
    title: str
    questionnaire_data: Mapping[str, Any] = field(repr=False)
    rules: tuple[Rule, ...]
    combinations: tuple[Rule, ...] = ()
    """Rules that look at what has fired. They are tried after ``rules``, in order."""
    contradictions: tuple[Rule, ...] = ()
    gates: tuple[Gate, ...] = ()
    """Empty: this pathway never concludes self-care."""
    factors: tuple[Factor, ...] = ()
    cautions: tuple[CautionRule, ...] = ()
    age_required: bool = True

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return read(self.questionnaire_data)

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        return self.rules + self.contradictions + self.combinations

    @cached_property
    def ruleset(self) -> str:
        """The hash that a clinical lead signs: it changes with every rule, gate, factor and caution, and with the engine."""
        parts = (self.rules, self.combinations, self.contradictions, self.gates, self.factors, self.cautions)
        return canonical_hash([ENGINE_VERSION, self.slug, self.age_required, *(repr(part) for part in parts)])
