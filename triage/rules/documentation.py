"""``docs/questionnaires.md``: every linkId with its allowed answers, written from the questionnaires.

    .venv/bin/python -m triage.rules.documentation > docs/questionnaires.md

A test compares the file with what this module writes.
"""

import sys
from collections.abc import Iterable, Iterator

from triage.rules.items import CHOICE_TYPES, EnableWhen, Item
from triage.rules.pathway import Pathway
from triage.rules.questionnaire import all_pages

HEAD = """# Questionnaires

Every question with its linkId and its allowed answers. Written from the questionnaires by
`python -m triage.rules.documentation > docs/questionnaires.md`; a test keeps it true.

`python manage.py assess FILE` (`-` for standard input) reads answers by these linkIds:

    {"pathway": "running_low_back_pain", "age": 34,
     "answers": {"saddle_numbness": "no", "sudden_signs": ["none"], "pain_worst": 4}}

- A single answer is a code as a string. Where several may be given, they are a list of codes.
- A number is a number, text is text. Age is in whole years and stands beside the answers.
- Left out, `null`, `""` or `[]` is "not answered", which is never "no".
- Answers to questions that are not asked (see "asked when") are ignored, and listed as `ignored`.
- Durations are relative to the day on which the questions are answered.
- `declined` ("I would rather not say") counts as not answered in the triage.
- **safety** marks the questions that must be answered before self-care; unanswered or "not sure", they raise the level.
"""


def as_markdown(pathways: Iterable[Pathway]) -> str:
    """The whole document."""
    return "\n".join([HEAD, *(line for pathway in pathways for line in _pathway(pathway))])


def _pathway(pathway: Pathway) -> Iterator[str]:
    questionnaire = pathway.questionnaire
    yield f"## {questionnaire.title} (`{pathway.slug}`)\n"
    yield f"Version {questionnaire.version}, {questionnaire.url}\n"
    for page in all_pages(questionnaire):
        yield f"### {page.title}\n"
        condition = _asked_when(questionnaire.item(page.id))
        if condition:
            yield f"Asked when {condition}.\n"
        for item in page.questions:
            yield from _question(item)


def _question(item: Item) -> Iterator[str]:
    notes = [_kind(item)]
    if item.safety:
        notes.append("**safety**")
    if not item.required:
        notes.append("may be left blank")
    condition = _asked_when(item)
    if condition:
        notes.append(f"asked when {condition}")
    yield f"- `{item.link_id}`: {item.text} ({'; '.join(notes)})"
    for option in item.options:
        yield f"  - `{option.code}`: {option.text}" + (" (on its own)" if option.exclusive else "")
    yield ""


def _kind(item: Item) -> str:
    if item.type in CHOICE_TYPES:
        return "a list of codes" if item.repeats else "one code"
    if item.type in ("integer", "decimal"):
        limits = (
            f" from {item.minimum} to {item.maximum}" if item.minimum is not None and item.maximum is not None else ""
        )
        return ("a whole number" if item.type == "integer" else "a number") + limits
    if item.max_length:
        return f"text, at most {item.max_length} characters"
    return item.type


def _asked_when(item: Item) -> str:
    joiner = " or " if item.enable_behavior == "any" else " and "
    return joiner.join(_condition(rule) for rule in item.enable_when)


def _condition(rule: EnableWhen) -> str:
    if rule.operator == "exists":
        return f"`{rule.question}` is {'answered' if rule.value else 'blank'}"
    return f"`{rule.question}` {rule.operator} `{rule.value}`"


if __name__ == "__main__":
    from triage.pathways import PATHWAYS

    sys.stdout.write(as_markdown(PATHWAYS.values()))
