"""The triage engine: answers in; level, findings, factors, cautions and contradictions out.

Pure and deterministic: no clock, no database, no request. The principles, and where they are kept:

- The highest level wins and nothing lowers it (``_level`` takes a maximum; no rule can subtract).
- Self-care is earned: it needs every gate of the pathway to be positively true and no finding at all.
- Blank and "not sure" are never "no": no condition reads them so, and both raise by themselves.
- Age is an input. Under 16 the clinic speaks with a guardian; under 18 there is no self-care.
- Benign factors are never named beside an emergency or an urgent result.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from clinic.rules.levels import Level
from triage.rules.conditions import Condition, Named
from triage.rules.facts import Facts, Hit, said_in_words
from triage.rules.flags import SafetyUnanswered
from triage.rules.items import CHOICE_TYPES, Answers, Item, Problem, Questionnaire
from triage.rules.pathway import Factor, Pathway, Rule
from triage.rules.questionnaire import ignored

MOST_FACTORS = 4
MOST_REASONS = 2
"""Kinds of concern in the one line for the desk."""
GUARDIAN_AGE = 16


@dataclass(frozen=True)
class Finding:
    """A rule that fired, with the patient's own words that made it fire."""

    code: str
    text: str
    because: tuple[str, ...]
    links: tuple[str, ...]
    """The questions whose answers made it fire."""
    level: Level
    strength: str
    evidence: str
    source: str
    family: str
    reason: str
    staff_line: str
    same_day: bool = False
    doctor_note: bool = False


@dataclass(frozen=True)
class FactorShown:
    code: str
    name: str
    why_for: tuple[str, ...]
    why_against: tuple[str, ...]
    examine: str
    confidence: str
    topic: str = ""


@dataclass(frozen=True)
class Note:
    """A contradiction or an unmet gate: a code and a sentence."""

    code: str
    text: str


@dataclass(frozen=True)
class Result:
    """The conclusion. ``as_json`` is what is stored; the same answers, age and ruleset give the same again."""

    level: Level
    findings: tuple[Finding, ...]
    factors: tuple[FactorShown, ...]
    cautions: tuple[str, ...]
    contradictions: tuple[Note, ...]
    unanswered_safety: tuple[str, ...]
    unmet_gates: tuple[Note, ...]
    ignored: tuple[str, ...]
    because: tuple[str, ...]
    reason_line: str
    stop_running: bool
    same_day: bool
    guardian: bool
    doctor_note: bool
    crisis: bool
    maternity: bool
    pathway: str
    ruleset: str

    @property
    def clear(self) -> bool:
        """Nothing was found and nothing is open: what the quick screen needs before a phone consultation."""
        return not self.findings and not self.unanswered_safety and not self.contradictions

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types only; the level as its key."""
        data = _plain(asdict(self))
        data["level"] = self.level.key
        for finding, row in zip(self.findings, data["findings"], strict=True):
            row["level"] = finding.level.key
        return data


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def assess(
    pathway: Pathway, answers: Answers, age: int | None, *, questionnaire: Questionnaire | None = None
) -> Result:
    """The conclusion from ``answers``. Blank, disabled and unknown answers count as not given.

    ``questionnaire`` is the version that was answered; without it, the one in the pathway's folder.
    """
    asked = questionnaire or pathway.questionnaire
    facts = Facts.of(asked, answers, age)
    hits = _fire(pathway, facts)
    after = facts.after(hits)
    findings = tuple(sorted((_finding(hit, facts) for hit in hits), key=lambda finding: -finding.level))
    unmet = tuple(Note(gate.code, gate.unmet) for gate in pathway.gates if not gate.when.holds(facts))
    level = _level(pathway, findings, unmet)
    benign = level not in (Level.EMERGENCY, Level.URGENT)
    top = [finding for finding in findings if finding.level == level]
    return Result(
        level=level,
        findings=findings,
        factors=_factors(pathway, after) if benign else (),
        cautions=tuple(sorted(rule.code for rule in pathway.cautions if rule.when.holds(after))),
        contradictions=tuple(
            Note(hit.rule.code, hit.rule.finding) for hit in hits if hit.rule in pathway.contradictions
        ),
        unanswered_safety=SafetyUnanswered(pathway.age_required).open_ones(facts),
        unmet_gates=unmet,
        ignored=ignored(asked, answers),
        because=tuple(dict.fromkeys(line for finding in top for line in finding.because)),
        reason_line=_reason_line(level, top),
        stop_running=level >= Level.PRIORITY,
        same_day=level == Level.EMERGENCY or any(finding.same_day for finding in top),
        guardian=age is not None and age < GUARDIAN_AGE,
        doctor_note=any(finding.doctor_note for finding in findings),
        crisis=any(finding.family == "crisis" for finding in findings),
        maternity=level == Level.EMERGENCY and all(finding.family == "maternity" for finding in top),
        pathway=pathway.slug,
        ruleset=ruleset_hash(pathway),
    )


def emergency_now(
    pathway: Pathway, answers: Answers, age: int | None, *, questionnaire: Questionnaire | None = None
) -> tuple[Finding, ...]:
    """The emergency findings in a form that is still being filled in; empty when it may go on.

    Called after every saved page. What was not yet asked counts neither way.
    """
    facts = Facts.of(questionnaire or pathway.questionnaire, answers, age, partial=True)
    return tuple(_finding(hit, facts) for hit in _fire(pathway, facts) if hit.rule.level == Level.EMERGENCY)


def _fire(pathway: Pathway, facts: Facts) -> tuple[Hit, ...]:
    """What fires, in the order of the pathway. A combination sees what fired before it, and never itself."""
    plain_rules = pathway.rules + pathway.contradictions
    hits = tuple(Hit(rule, rule.when.told(facts)) for rule in plain_rules if rule.when.holds(facts))
    for rule in pathway.combinations:
        so_far = facts.after(hits)
        if rule.when.holds(so_far):
            hits += (Hit(rule, rule.when.told(so_far)),)
    return hits


def _finding(hit: Hit, facts: Facts) -> Finding:
    rule, told = hit.rule, hit.told
    return Finding(
        code=rule.code,
        text=rule.finding,
        because=said_in_words(told, facts),
        links=tuple(link_id for link_id in facts.questionnaire.by_link_id if link_id in told),
        level=rule.level,
        strength=rule.strength,
        evidence=rule.evidence,
        source=rule.source,
        family=rule.family.key,
        reason=rule.reason,
        staff_line=_staff_line(rule),
        same_day=rule.same_day,
        doctor_note=rule.doctor_note,
    )


def _level(pathway: Pathway, findings: tuple[Finding, ...], unmet: tuple[Note, ...]) -> Level:
    if findings:
        return max(max(finding.level for finding in findings), Level.ROUTINE)
    return Level.SELF_CARE if pathway.gates and not unmet else Level.ROUTINE


STAFF_LINES = {
    Level.EMERGENCY: "Possible {} emergency screen positive",
    Level.URGENT: "{} screen positive: doctor's check advised",
    Level.PRIORITY: "{} screen positive: to be seen soon",
    Level.ROUTINE: "{}: a note for the therapist",
}


def _staff_line(rule: Rule) -> str:
    """One line for a task or the desk. It names the kind of concern and never an answer."""
    if rule.family.line:
        return rule.family.line
    line = STAFF_LINES[rule.level].format(rule.family.name)
    return line[0].upper() + line[1:]


def _reason_line(level: Level, top: list[Finding]) -> str:
    if top:
        lines = list(dict.fromkeys(finding.staff_line for finding in top))
        return "; ".join(lines[:MOST_REASONS]) + ("; and more" if len(lines) > MOST_REASONS else "")
    return "No flag: self-care, every gate met" if level == Level.SELF_CARE else "No flag: routine assessment"


def _factors(pathway: Pathway, facts: Facts) -> tuple[FactorShown, ...]:
    """What a therapist will look at: the factors with most on their side first, four at the most."""
    weighed: list[tuple[int, int, FactorShown]] = []
    for place, factor in enumerate(pathway.factors):
        if factor.not_beside and factor.not_beside.holds(facts):
            continue
        speaks_for = tuple(sign.words for sign in factor.speaks_for if sign.when.holds(facts))
        against = tuple(sign.words for sign in factor.speaks_against if sign.when.holds(facts))
        balance = len(speaks_for) - len(against)
        if len(speaks_for) >= factor.needs and balance > 0:
            weighed.append((-balance, place, _shown(factor, speaks_for, against)))
    return tuple(shown for _, _, shown in sorted(weighed, key=lambda row: row[:2])[:MOST_FACTORS])


def _shown(factor: Factor, speaks_for: tuple[str, ...], against: tuple[str, ...]) -> FactorShown:
    sure = not factor.little and len(speaks_for) - len(against) >= 2
    return FactorShown(
        factor.code, factor.name, speaks_for, against, factor.examine, "some" if sure else "little", factor.topic
    )


# The rule table


@dataclass(frozen=True)
class RuleRow:
    """One rule as the rule table shows it."""

    code: str
    family: str
    level: Level
    strength: str
    finding: str
    question: str
    when: str
    reason: str
    source: str
    evidence: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """Why a rule did or did not fire."""

    code: str
    level: Level
    fired: bool
    when: str
    because: tuple[str, ...]


def ruleset_hash(pathway: Pathway) -> str:
    """What a clinical lead signs."""
    return pathway.ruleset


def rule_table(pathway: Pathway) -> tuple[RuleRow, ...]:
    """Every rule in words, from the same values that decide."""
    return tuple(
        RuleRow(
            code=rule.code,
            family=rule.family.name,
            level=rule.level,
            strength=rule.strength,
            finding=rule.finding,
            question=rule.question,
            when=rule.when.words(pathway.questionnaire),
            reason=rule.reason,
            source=rule.source,
            evidence=rule.evidence,
            links=tuple(dict.fromkeys(link_id for link_id, _ in rule.when.reads())),
        )
        for rule in pathway.all_rules
    )


def definitions(pathway: Pathway) -> tuple[tuple[str, str], ...]:
    """The named conditions that the rule table uses in [brackets]: name and meaning."""
    conditions = [rule.when for rule in pathway.all_rules] + [gate.when for gate in pathway.gates]
    conditions += [rule.when for rule in pathway.cautions]
    found: dict[str, str] = {}
    for condition in conditions:
        for part in condition.walk():
            if isinstance(part, Named):
                found[part.name] = part.part.words(pathway.questionnaire)
    return tuple(sorted(found.items()))


def explain(
    pathway: Pathway, answers: Answers, age: int | None, *, questionnaire: Questionnaire | None = None
) -> tuple[Explained, ...]:
    """Every rule, with why it did or did not fire."""
    asked = questionnaire or pathway.questionnaire
    facts = Facts.of(asked, answers, age)
    told = {hit.rule.code: hit.told for hit in _fire(pathway, facts)}
    return tuple(
        Explained(
            code=rule.code,
            level=rule.level,
            fired=rule.code in told,
            when=rule.when.words(asked),
            because=said_in_words(told.get(rule.code, {}), facts),
        )
        for rule in pathway.all_rules
    )


# What the rules need of a questionnaire


def conditions_of(pathway: Pathway) -> tuple[Condition, ...]:
    """Every condition of the pathway, of whatever kind."""
    signs = (sign for factor in pathway.factors for sign in factor.speaks_for + factor.speaks_against)
    holders = (*pathway.all_rules, *pathway.gates, *signs, *pathway.cautions)
    beside = (factor.not_beside for factor in pathway.factors if factor.not_beside)
    return (*(holder.when for holder in holders), *beside)


def reads(pathway: Pathway) -> dict[str, frozenset[str]]:
    """The linkIds that the pathway reads, each with the codes it looks for (none: a number or words)."""
    found: dict[str, set[str]] = {}
    for condition in conditions_of(pathway):
        for link_id, code in condition.reads():
            found.setdefault(link_id, set()).update({code} if code else ())
    return {link_id: frozenset(codes) for link_id, codes in found.items()}


def check_reads(pathway: Pathway, questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Why this pathway cannot work on ``questionnaire``; empty when everything its rules read is there.

    Each linkId must exist, be a question of the right type with the codes that are looked for, and be reachable: what it
    waits for must be an answer that can be given.
    """
    found = []
    for link_id, codes in sorted(reads(pathway).items()):
        item = questionnaire.by_link_id.get(link_id)
        if item is None or not item.is_question:
            found.append(Problem(link_id, "The rules read this question, and it is not there.", fatal=True))
            continue
        if codes and item.type not in (*CHOICE_TYPES, "boolean"):
            found.append(Problem(link_id, "The rules look for a code, and this is not a choice.", fatal=True))
        elif item.type in CHOICE_TYPES:
            for code in sorted(code for code in codes if not item.option(code)):
                found.append(
                    Problem(link_id, f"The rules look for the answer “{code}”, which cannot be given.", fatal=True)
                )
        found += [Problem(link_id, what, fatal=True) for what in _unreachable(item, questionnaire)]
    return tuple(found)


def _unreachable(item: Item, questionnaire: Questionnaire) -> list[str]:
    found = []
    part: Item | None = item
    while part is not None:
        for rule in part.enable_when:
            asked = questionnaire.by_link_id.get(rule.question)
            if asked and asked.type in CHOICE_TYPES and rule.operator == "=" and not asked.option(str(rule.value)):
                found.append(f"It waits for the answer “{rule.value}” to “{rule.question}”, which cannot be given.")
        if part.hidden:
            found.append("It is hidden, so that nobody can answer it.")
        part = questionnaire.parents[part.link_id]
    return found
