"""Fields that patients fill in, in the forms that tested best: rows, three date boxes, eleven pain radios.

A field cleans what was typed and carries the exact sentence for what is wrong with it; ``templates/forms/`` draws it.
No answer is ever chosen beforehand, and blank is never read as "no".
"""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext_lazy as _

ENGLISH_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)


# ---- dates --------------------------------------------------------------------------------------------------------


class ThreeBoxDate(forms.MultiWidget):
    """Day, month and year as three boxes: nobody has to find 1985 in a calendar."""

    use_fieldset = True
    LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    BOXES = tuple(LABELS)

    def __init__(self, attrs=None, *, birthday=False):
        tokens = {key: f"bday-{key}" if birthday else "off" for key in self.BOXES}
        lengths = {"day": 2, "month": 12, "year": 4}
        super().__init__(
            {key: forms.TextInput({"maxlength": lengths[key], "autocomplete": tokens[key]}) for key in self.BOXES},
            attrs,
        )

    def decompress(self, value):
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else [None, None, None]


def month_number(text):
    """The month that "4", "04", "Apr" or "April" means, in English or the page's language; None for anything else."""
    if text.isdecimal():
        return int(text) if len(text) <= 2 else None
    word = text.rstrip(".").lower()
    if len(word) < 3:
        return None
    for number in range(1, 13):
        names = {ENGLISH_MONTHS[number - 1], str(MONTHS[number]).lower(), str(MONTHS_3[number]).rstrip(".").lower()}
        if any(name == word or (len(word) <= 4 and name.startswith(word)) for name in names):
            return number
    return None


class ThreeBoxDateField(forms.Field):
    """A day in three boxes, as a ``date``. ``earliest`` and ``latest`` are days or functions that return one.

    The error says which box is meant (``params["boxes"]``), so that the summary links to it and it alone turns red.
    """

    widget = ThreeBoxDate
    default_error_messages = {
        "required": _("Enter the date, like 27 3 2026"),
        "incomplete": _("Enter the day, the month and the year"),
        "not_a_day": _("Enter a day from 1 to 31"),
        "not_a_month": _("Enter a month from 1 to 12, or its name"),
        "short_year": _("Enter the year with four numbers, like 1985"),
        "not_a_date": _("Enter a day that exists: that month is shorter"),
        "too_early": _("Enter a later date: that one is too long ago"),
        "too_late": _("Enter an earlier date: that one is still to come"),
    }

    def __init__(self, *, earliest=None, latest=None, birthday=False, **kwargs):
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", ThreeBoxDate(birthday=birthday))
        super().__init__(**kwargs)

    def refuse(self, code, *boxes):
        raise ValidationError(self.error_messages[code], code=code, params={"boxes": boxes or ThreeBoxDate.BOXES})

    def to_python(self, value):
        if value is None or isinstance(value, date):
            return value
        parts = [(part or "").strip() for part in value]
        if not any(parts):
            return None
        if blank := [box for box, part in zip(ThreeBoxDate.BOXES, parts, strict=True) if not part]:
            self.refuse("incomplete", *blank)
        day, month, year = parts
        if not day.isdecimal() or len(day) > 2 or not 1 <= int(day) <= 31:
            self.refuse("not_a_day", "day")
        number = month_number(month)
        if number is None or not 1 <= number <= 12:
            self.refuse("not_a_month", "month")
        if not year.isdecimal() or len(year) != 4 or int(year) < 1:
            self.refuse("short_year", "year")
        try:
            return date(int(year), number, int(day))
        except ValueError:
            self.refuse("not_a_date", "day")

    def validate(self, value):
        super().validate(value)
        earliest, latest = (bound() if callable(bound) else bound for bound in (self.earliest, self.latest))
        if value and earliest and value < earliest:
            self.refuse("too_early")
        if value and latest and value > latest:
            self.refuse("too_late")


# ---- one answer out of several ------------------------------------------------------------------------------------


class RadioRows(forms.RadioSelect):
    """Answers as large rows, none of them chosen. ``hints`` adds a small line to an answer: ``{"unsure": "…"}``."""

    def __init__(self, attrs=None, choices=(), *, hints=None):
        super().__init__(attrs, choices)
        self.hints = hints or {}


class Switch(forms.RadioSelect):
    """Two or three short answers side by side, for settings such as "In person / By phone"."""


class PainScale(forms.RadioSelect):
    """Eleven radios, 0 to 10. ``low`` and ``high`` name the ends; no colours, no faces, no slider."""

    LOW, HIGH = _("no pain"), _("the worst pain you can imagine")

    def __init__(self, attrs=None, choices=(), *, low=LOW, high=HIGH):
        super().__init__(attrs, choices)
        self.low, self.high = low, high


class PainField(forms.TypedChoiceField):
    """A number from 0 to 10 as an ``int``, or None when it may be left out."""

    default_error_messages = {
        "required": _("Choose a number from 0 to 10"),
        "invalid_choice": _("Choose a number from 0 to 10"),
    }

    def __init__(self, *, low=PainScale.LOW, high=PainScale.HIGH, **kwargs):
        kwargs.setdefault("widget", PainScale(low=low, high=high))
        super().__init__(choices=[(n, str(n)) for n in range(11)], coerce=int, empty_value=None, **kwargs)


class RadioField(forms.ChoiceField):
    """One answer out of ``choices``, none chosen beforehand."""

    default_error_messages = {
        "required": _("Choose the answer that fits best"),
        "invalid_choice": _("Choose one of the answers"),
    }

    def __init__(self, *, choices, hints=None, **kwargs):
        kwargs.setdefault("widget", RadioRows(hints=hints))
        super().__init__(choices=choices, **kwargs)


# ---- any number of answers ----------------------------------------------------------------------------------------


class TickList(forms.CheckboxSelectMultiple):
    """Boxes to tick. The answer ``none_value`` ("None of these") stands apart and excludes all others."""

    def __init__(self, attrs=None, choices=(), *, none_value="none", hints=None):
        super().__init__(attrs, choices)
        self.none_value = none_value
        self.hints = hints or {}


class TickListField(forms.MultipleChoiceField):
    """Answers that fit, or "None of these" and nothing else. Ticking nothing at all is not an answer."""

    default_error_messages = {
        "required": _("Tick the ones that fit, or “None of these”"),
        "invalid_choice": _("Tick one of the answers"),
        "invalid_list": _("Tick one of the answers"),
        "none_and_others": _("Tick either the ones that fit, or “None of these”, not both"),
    }

    def __init__(self, *, choices, none_value="none", hints=None, **kwargs):
        self.none_value = none_value
        kwargs.setdefault("widget", TickList(none_value=none_value, hints=hints))
        super().__init__(choices=choices, **kwargs)

    def validate(self, value):
        super().validate(value)
        if self.none_value in value and len(value) > 1:
            raise ValidationError(self.error_messages["none_and_others"], code="none_and_others")


# ---- who you are --------------------------------------------------------------------------------------------------


class NameField(forms.CharField):
    """A name as its owner writes it. ``part`` is given, family or name, for the browser to fill in."""

    TOKENS = {"given": "given-name", "family": "family-name", "name": "name"}

    def __init__(self, *, part="name", **kwargs):
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault(
            "widget", forms.TextInput({"class": "input--l", "autocomplete": self.TOKENS[part], "spellcheck": "false"})
        )
        super().__init__(**kwargs)


class PhoneField(forms.CharField):
    """A telephone number, kept as it was typed; it must hold 5 to 15 digits (E.164 allows no more) and nothing odd."""

    default_error_messages = {"not_a_phone": _("Enter a phone number, like 555-0142")}

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault(
            "widget", forms.TextInput({"type": "tel", "class": "input--m", "autocomplete": "tel", "inputmode": "tel"})
        )
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        digits = sum(c.isdecimal() for c in value)
        if value and (not 5 <= digits <= 15 or any(not (c.isdecimal() or c in "+-–() ./x") for c in value)):
            raise ValidationError(self.error_messages["not_a_phone"], code="not_a_phone")


class MailField(forms.EmailField):
    """An e-mail address, with the sentence a patient understands."""

    default_error_messages = {"invalid": _("Enter an e-mail address, like name@example.org")}

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.EmailInput({"class": "input--l", "autocomplete": "email", "spellcheck": "false"})
        )
        kwargs.setdefault("max_length", 254)
        super().__init__(**kwargs)
