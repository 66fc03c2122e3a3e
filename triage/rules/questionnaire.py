"""Which questions of a questionnaire are asked, and on which pages.

``enabled`` is the one function that says so. Pages, validation, progress, check-your-answers, triage, printing and export
all call it, so that a hidden question can neither block a form nor reach a rule.

Everything that reads or cleans questionnaires is imported from here.
"""

from collections.abc import Iterable
from typing import Any

from triage.rules.answers import AnswerError, answer_text, is_blank, required_message, validate_answer
from triage.rules.fhir import QuestionnaireError, canonical_hash, problems, read
from triage.rules.items import (
    CHOICE_TYPES,
    DECLINED,
    DISPLAY,
    GROUP,
    UNSURE,
    Answers,
    EnableWhen,
    Item,
    Option,
    Page,
    Problem,
    Progress,
    Questionnaire,
    Value,
)

__all__ = [
    "CHOICE_TYPES",
    "DECLINED",
    "DISPLAY",
    "GROUP",
    "UNSURE",
    "AnswerError",
    "Answers",
    "EnableWhen",
    "Item",
    "Option",
    "Page",
    "Problem",
    "Progress",
    "Questionnaire",
    "QuestionnaireError",
    "Value",
    "all_pages",
    "answer_text",
    "canonical_hash",
    "enabled",
    "enabled_answers",
    "first_unanswered",
    "ignored",
    "is_blank",
    "missing",
    "page_after",
    "page_before",
    "page_of",
    "pages",
    "problems",
    "progress",
    "read",
    "required_message",
    "validate_answer",
]


def enabled(questionnaire: Questionnaire, answers: Answers) -> frozenset[str]:
    """The linkIds of the items that are asked, given the answers so far.

    An item is enabled when what it lies in is enabled and its own ``enableWhen`` holds. An answer to a question that is
    itself not enabled counts as no answer. A question inside another question waits for an answer to that one.
    """
    found: set[str] = set()

    def look_at(items: Iterable[Item]) -> None:
        for item in items:
            if _holds(item, found, answers):
                found.add(item.link_id)
                if not item.is_question or not is_blank(answers.get(item.link_id)):
                    look_at(item.children)

    look_at(questionnaire.items)
    return frozenset(found)


def _holds(item: Item, found: set[str], answers: Answers) -> bool:
    if not item.enable_when:
        return True
    decide = any if item.enable_behavior == "any" else all
    return decide(_met(rule, _listed(rule.question, found, answers)) for rule in item.enable_when)


def _listed(link_id: str, found: set[str], answers: Answers) -> list[Any]:
    """The answers to an earlier question as a list; empty when it is not enabled or blank."""
    value = answers.get(link_id)
    if link_id not in found or is_blank(value):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _met(rule: EnableWhen, given: list[Any]) -> bool:
    """FHIR R4: apart from ``exists``, true when at least one answer compares so; never true without an answer."""
    if rule.operator == "exists":
        return bool(given) == rule.value
    return any(_compares(value, rule.operator, rule.value) for value in given)


def _compares(left: Any, operator: str, right: Any) -> bool:
    left, right = _alike(left, right)
    match operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case ">":
            return left > right
        case "<":
            return left < right
        case ">=":
            return left >= right
        case "<=":
            return left <= right
    return False


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as numbers where both are, else both as text: codes, dates (ISO text sorts by time), words."""
    try:
        if not isinstance(left, bool) and not isinstance(right, bool | str):
            return float(left), float(right)
    except (TypeError, ValueError):
        pass
    return str(left), str(right)


def enabled_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, Any]:
    """The answers that count: to enabled questions, and not blank. Hidden questions keep their initial value."""
    asked = enabled(questionnaire, answers)
    counted = {}
    for item in questionnaire.questions:
        value = answers.get(item.link_id)
        if is_blank(value) and item.hidden:
            value = item.initial
        if item.link_id in asked and not is_blank(value):
            counted[item.link_id] = value
    return counted


def ignored(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """The questions that were answered but are not enabled: kept, offered again if asked again, never read."""
    asked = enabled(questionnaire, answers)
    return tuple(
        item.link_id
        for item in questionnaire.questions
        if item.link_id not in asked and not is_blank(answers.get(item.link_id))
    )


def missing(questionnaire: Questionnaire, answers: Answers) -> tuple[Item, ...]:
    """The enabled questions that need an answer and have none."""
    asked = enabled(questionnaire, answers)
    return tuple(
        item
        for item in questionnaire.questions
        if item.required and not item.hidden and item.link_id in asked and is_blank(answers.get(item.link_id))
    )


def all_pages(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Every page there could be, whatever the answers.

    A group marked as a page is one page. Elsewhere each question has a page of its own, with the questions inside it and
    the lines of text before it.
    """
    found: list[Page] = []

    def look_at(items: tuple[Item, ...], section: str) -> None:
        texts: list[Item] = []
        for item in items:
            if item.hidden:
                continue
            if item.type == DISPLAY:
                texts.append(item)
            elif item.type == GROUP and item.control == "page":
                shown = tuple(part for part in item.walk() if part is not item and not part.hidden)
                found.append(Page(item.link_id, item.text or section, section or item.text, (*texts, *shown)))
                texts = []
            elif item.type == GROUP:
                look_at((*texts, *item.children), section or item.text)
                texts = []
            else:
                shown = tuple(part for part in item.walk() if not part.hidden)
                found.append(Page(item.link_id, item.text, section or questionnaire.title, (*texts, *shown)))
                texts = []
        if texts and found:
            last = found.pop()
            found.append(Page(last.id, last.title, last.section, (*last.items, *texts)))

    look_at(questionnaire.items, "")
    return tuple(found)


def pages(questionnaire: Questionnaire, answers: Answers) -> tuple[Page, ...]:
    """The pages to show, in order, each with its enabled items only. A page without a question left is skipped."""
    asked = enabled(questionnaire, answers)
    shown = (
        Page(page.id, page.title, page.section, tuple(item for item in page.items if item.link_id in asked))
        for page in all_pages(questionnaire)
    )
    return tuple(page for page in shown if page.questions)


def _neighbour(questionnaire: Questionnaire, answers: Answers, page_id: str, step: int) -> Page | None:
    order = [page.id for page in all_pages(questionnaire)]
    here = order.index(page_id)
    ahead = [page for page in pages(questionnaire, answers) if (order.index(page.id) - here) * step > 0]
    return (ahead[0] if step > 0 else ahead[-1]) if ahead else None


def page_after(questionnaire: Questionnaire, answers: Answers, page_id: str) -> Page | None:
    """The next page to show, or ``None`` at the end. Raises ``ValueError`` for an unknown page."""
    return _neighbour(questionnaire, answers, page_id, 1)


def page_before(questionnaire: Questionnaire, answers: Answers, page_id: str) -> Page | None:
    """The page before, or ``None`` at the start. Raises ``ValueError`` for an unknown page."""
    return _neighbour(questionnaire, answers, page_id, -1)


def page_of(questionnaire: Questionnaire, link_id: str) -> str:
    """The id of the page that holds a question. Raises ``KeyError`` when none does."""
    for page in all_pages(questionnaire):
        if any(item.link_id == link_id for item in page.items):
            return page.id
    raise KeyError(link_id)


def first_unanswered(questionnaire: Questionnaire, answers: Answers) -> Page | None:
    """The first page on which a required question has no answer: where to resume, ``None`` when all is answered."""
    wanted = {item.link_id for item in missing(questionnaire, answers)}
    for page in pages(questionnaire, answers):
        if any(item.link_id in wanted for item in page.items):
            return page
    return None


def progress(questionnaire: Questionnaire, page_id: str) -> Progress:
    """How far along a page stands.

    Measured on all pages there could be, not on those enabled now: so it never goes backwards on the way forward, however
    the answers open and close pages. Raises ``ValueError`` for an unknown page.
    """
    order = all_pages(questionnaire)
    here = [page.id for page in order].index(page_id)
    sections = list(dict.fromkeys(page.section for page in order))
    section = order[here].section
    return Progress(section, sections.index(section) + 1, len(sections), round(100 * here / len(order)))
