"""A conclusion from a JSON file, for ``manage.py assess``: the rules without a browser or a database.

    {"pathway": "running_low_back_pain", "age": 34, "answers": {"saddle_numbness": "no", "sudden_signs": ["none"]}}

Codes are strings, several are lists, numbers are numbers. Whatever is wrong with the file is one sentence that names the
linkId. ``docs/questionnaires.md`` lists every linkId with its allowed answers.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from triage.rules.answers import AnswerError, is_blank, validate_answer
from triage.rules.engine import Explained, assess, explain
from triage.rules.items import CHOICE_TYPES, Item
from triage.rules.pathway import Pathway

DEFAULT_PATHWAY = "running_low_back_pain"
KEYS = {"pathway", "age", "answers"}
OLDEST = 120


class BadInput(ValueError):
    """The file cannot be assessed. Its message is one line."""


@dataclass(frozen=True)
class Case:
    """A checked file."""

    pathway: Pathway
    age: int | None
    answers: dict[str, Any]


def read_case(text: str, pathways: Mapping[str, Pathway]) -> Case:
    """The case in ``text``. Raises ``BadInput`` with one line that names what is wrong.

    An empty object is a patient who has answered nothing of the back pain pathway.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as reason:
        raise BadInput(f"not JSON: {reason.msg} at line {reason.lineno}, column {reason.colno}") from reason
    if not isinstance(data, dict):
        raise BadInput("not an object: expected pathway, age and answers")
    for key in data:
        if key not in KEYS:
            raise BadInput(f"{key}: not known; the keys are pathway, age and answers")
    slug = data.get("pathway", DEFAULT_PATHWAY)
    if not isinstance(slug, str) or slug not in pathways:
        raise BadInput(f"pathway: there is no {slug!r}; there are {', '.join(sorted(pathways))}")
    answers = data.get("answers", {})
    if not isinstance(answers, dict):
        raise BadInput("answers: expected an object of linkId and value")
    pathway = pathways[slug]
    return Case(pathway, _age(data.get("age")), {key: _answer(pathway, key, value) for key, value in answers.items()})


def _age(age: Any) -> int | None:
    if age is None:
        return None
    if isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= OLDEST:
        raise BadInput(f"age: {json.dumps(age)} is not a whole number of years from 0 to {OLDEST}")
    return age


def _answer(pathway: Pathway, link_id: str, value: Any) -> Any:
    item = pathway.questionnaire.by_link_id.get(link_id)
    if item is None or not item.is_question:
        raise BadInput(f"{link_id}: there is no such question in {pathway.slug}")
    if is_blank(value):
        return None
    if not _has_type(item, value):
        raise BadInput(f"{link_id}: {json.dumps(value, ensure_ascii=False)} is not {_expected(item)}")
    try:
        return validate_answer(item, value, check_exclusive=False)
    except AnswerError as reason:
        raise BadInput(f"{link_id}: {json.dumps(value, ensure_ascii=False)} is not {_expected(item)}") from reason


def _has_type(item: Item, value: Any) -> bool:
    """Whether the JSON type fits, before the value itself is looked at."""
    if item.repeats:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if item.type == "boolean":
        return isinstance(value, bool)
    if item.type in ("integer", "decimal"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _expected(item: Item) -> str:
    """What the question takes, in a few words."""
    if item.type in CHOICE_TYPES:
        codes = ", ".join(option.code for option in item.options)
        return f"a list of: {codes}" if item.repeats else f"one of: {codes}"
    if item.type in ("integer", "decimal"):
        kind = "a whole number" if item.type == "integer" else "a number"
        limits = (
            f" from {item.minimum} to {item.maximum}" if item.minimum is not None and item.maximum is not None else ""
        )
        return kind + limits
    if item.type == "date":
        return "a date like 2026-03-27"
    if item.type == "boolean":
        return "true or false"
    return f"text of at most {item.max_length} characters" if item.max_length else "text"


def conclude(case: Case) -> dict[str, Any]:
    """The conclusion as JSON types. Findings, factors and contradictions carry their code as ``id``."""
    conclusion = assess(case.pathway, case.answers, case.age).as_json()
    for name in ("findings", "factors", "contradictions", "unmet_gates"):
        conclusion[name] = [_with_id(row) for row in conclusion[name]]
    return conclusion


def _with_id(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["code"], **{key: value for key, value in row.items() if key != "code"}}


def explained(case: Case) -> list[dict[str, Any]]:
    """Every rule with why it did or did not fire, as JSON types."""
    return [_row(rule) for rule in explain(case.pathway, case.answers, case.age)]


def _row(rule: Explained) -> dict[str, Any]:
    return _with_id({**asdict(rule), "level": rule.level.key, "because": list(rule.because)})
