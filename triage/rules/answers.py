"""One answer: cleaning what was typed, and saying it back in words."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from triage.rules.items import CHOICE_TYPES, Item, Value

LONGEST_TEXT = 4000
"""Characters of free text when a question sets no limit of its own."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTIAL_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


class AnswerError(ValueError):
    """An answer that does not fit its question. ``message`` may be shown to the patient."""

    def __init__(self, link_id: str, message: str):
        self.link_id = link_id
        self.message = message
        super().__init__(message)


def is_blank(value: Any) -> bool:
    """Nothing was answered. Zero and ``False`` are answers."""
    return value is None or value == "" or value == [] or (isinstance(value, str) and not value.strip())


def required_message(item: Item) -> str:
    """What to say when a question that needs an answer has none."""
    if item.type in CHOICE_TYPES or item.type == "boolean":
        if item.repeats:
            return _("Tick at least one answer for “%(question)s”.") % {"question": item.label}
        return _("Choose an answer for “%(question)s”.") % {"question": item.label}
    return _("Fill in “%(question)s”.") % {"question": item.label}


def validate_answer(item: Item, raw: Any, *, check_exclusive: bool = True) -> Value | None:
    """The clean value of ``raw``, or ``None`` when it is blank. Raises ``AnswerError``.

    ``raw`` may come from a form (text, or a list of text) or from JSON (already typed). With ``check_exclusive`` off,
    "None of these" beside another tick passes: the triage reads that as a contradiction.
    """
    if item.type in CHOICE_TYPES and item.repeats:
        return _tick_list(item, raw, check_exclusive)
    if isinstance(raw, list | tuple):
        if len(raw) > 1:
            raise AnswerError(item.link_id, _("Choose one answer for “%(question)s”.") % {"question": item.label})
        raw = raw[0] if raw else None
    if is_blank(raw):
        return None
    return READERS[item.type](item, raw)


def _tick_list(item: Item, raw: Any, check_exclusive: bool) -> list[str] | None:
    listed = [raw] if isinstance(raw, str) else list(raw) if isinstance(raw, list | tuple) else raw
    if listed is None:
        return None
    if not isinstance(listed, list):
        raise AnswerError(item.link_id, _("Tick the answers that fit for “%(question)s”.") % {"question": item.label})
    chosen = [_one_of(item, each) for each in listed if not is_blank(each)]
    order = [option.code for option in item.options]
    chosen = [code for code in order if code in chosen] + [text for text in dict.fromkeys(chosen) if text not in order]
    alone = [option for option in item.options if option.exclusive and option.code in chosen]
    if check_exclusive and alone and len(chosen) > 1:
        raise AnswerError(
            item.link_id,
            _("Choose “%(none)s” on its own, or untick it, for “%(question)s”.")
            % {"none": alone[0].text, "question": item.label},
        )
    return chosen or None


def _one_of(item: Item, raw: Any) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = f"{raw:g}"
    if isinstance(raw, str) and item.option(raw):
        return raw
    if item.type == "open-choice" and isinstance(raw, str):
        return _text(item, raw)
    raise AnswerError(item.link_id, _("Choose one of the answers shown for “%(question)s”.") % {"question": item.label})


def _boolean(item: Item, raw: Any) -> bool:
    words = {True: True, False: False, "true": True, "false": False, "yes": True, "no": False}
    if isinstance(raw, bool | str) and raw in words:
        return words[raw]
    raise AnswerError(item.link_id, _("Choose yes or no for “%(question)s”.") % {"question": item.label})


def _number(item: Item, raw: Any) -> int | float:
    text = str(raw).strip().replace(",", ".") if not isinstance(raw, bool) else ""
    pattern = r"-?\d{1,9}" if item.type == "integer" else r"-?\d{1,9}(\.\d{1,9})?"
    if not re.fullmatch(pattern, text, re.ASCII):
        raise AnswerError(item.link_id, _number_message(item))
    number = int(text) if item.type == "integer" else float(text)
    if (item.minimum is not None and number < item.minimum) or (item.maximum is not None and number > item.maximum):
        raise AnswerError(item.link_id, _number_message(item))
    return number


def _number_message(item: Item) -> str:
    facts = {"question": item.label, "low": item.minimum, "high": item.maximum}
    if item.minimum is not None and item.maximum is not None:
        return _("Enter a number from %(low)s to %(high)s for “%(question)s”.") % facts
    if item.type == "integer":
        return _("Enter a whole number for “%(question)s”, like 4.") % facts
    return _("Enter a number for “%(question)s”, like 4.5.") % facts


def _text(item: Item, raw: Any) -> str:
    if not isinstance(raw, str) or "\x00" in raw:
        raise AnswerError(item.link_id, _("Type “%(question)s” in words.") % {"question": item.label})
    text = raw.replace("\r\n", "\n").strip()
    longest = item.max_length or LONGEST_TEXT
    if len(text) > longest:
        raise AnswerError(
            item.link_id,
            _("Keep “%(question)s” to %(longest)s characters or fewer.") % {"question": item.label, "longest": longest},
        )
    return text


def _date(item: Item, raw: Any) -> str | None:
    """A day as ISO text; the day, or day and month, may be unknown (``2026-03``), as FHIR allows."""
    if isinstance(raw, Mapping):
        parts = [str(raw.get(name) or "").strip() for name in ("year", "month", "day")]
        if not any(parts):
            return None
        if not parts[0]:
            raise AnswerError(item.link_id, _("“%(question)s” must include a year.") % {"question": item.label})
        if parts[2] and not parts[1]:
            raise AnswerError(item.link_id, _("“%(question)s” must include a month.") % {"question": item.label})
        raw = "-".join(
            [parts[0], *([_month(parts[1])] if parts[1] else []), *([parts[2].zfill(2)] if parts[2] else [])]
        )
    match = PARTIAL_DATE.match(str(raw).strip())
    try:
        if not match:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError as reason:
        message = _("Enter a real date for “%(question)s”, like 27 3 2026.") % {"question": item.label}
        raise AnswerError(item.link_id, message) from reason
    text = match[0]
    if (item.minimum and text < str(item.minimum)[: len(text)]) or (item.maximum and text > str(item.maximum)):
        raise AnswerError(
            item.link_id,
            _("Check the date for “%(question)s”: it is too early or too late.") % {"question": item.label},
        )
    return text


def _month(text: str) -> str:
    """``4``, ``04``, ``Apr`` or ``april`` as ``04``; anything else unchanged, to be refused as no date."""
    short = text.casefold()[:3]
    if text.isalpha() and short in MONTHS:
        return f"{MONTHS.index(short) + 1:02}"
    return text.zfill(2)


READERS = {
    "boolean": _boolean,
    "choice": _one_of,
    "open-choice": _one_of,
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "string": _text,
    "text": _text,
}


def answer_text(item: Item, value: Any) -> str:
    """The answer in words, as the form put it: "Yes, it is new or has changed", "8 out of 10", "Not provided"."""
    if is_blank(value):
        return _("Not provided")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value_words(item, value)


def value_words(item: Item, value: Any) -> str:
    """The same for an answer that is there, in the questionnaire's own language whatever the page speaks.

    The record uses it: what is stored must not depend on who was looking.
    """
    if isinstance(value, list | tuple):
        return "; ".join(value_words(item, each) for each in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if item.type in CHOICE_TYPES:
        option = item.option(str(value))
        return option.text if option else str(value)
    return f"{value} {item.unit}".strip()
