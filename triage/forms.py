"""The forms of the check: who you are, a page of questions, a phone number after all, a therapist's review.

A question page is made from the questionnaire: one field for each question, which asks the rules to read what was typed.
So that the form, the service that saves it and the triage can never disagree about what an answer is.
"""

import re

from crispy_forms.layout import Div
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.forms import NameField, PainScale, PhoneField, RadioRows, ThreeBoxDate, ThreeBoxDateField, TickList
from clinic.layout import BACK, CONTINUE, Group, Helper, Part, Question, Text
from clinic.rules import consent
from clinic.rules.levels import Level
from triage.models import Assessment
from triage.rules.questionnaire import (
    AnswerError,
    Item,
    Page,
    answer_text,
    is_blank,
    required_message,
    validate_answer,
)
from triage.services import latest_review, level_now

OLDEST = 120
"""Years. Nobody who asks us for help is older."""

SCALE_ENDS = re.compile(r"0 is (?P<low>.+?)\. 10 is (?P<high>.+?)\.")


def today():
    return timezone.localdate()


def long_ago():
    return today().replace(day=1, month=1, year=today().year - OLDEST)


class ContinueAndBack(Part):
    """Continue first in the source, then a quiet Back that posts as well, so that it keeps even half-typed answers."""

    def __init__(self, *, revision):
        super().__init__()
        self.button, self.back, self.revision = CONTINUE, BACK, revision

    def render(self, form, context, template_pack="forms", **kwargs):
        return render_to_string("triage/continue_and_back.html", {"part": self})


# ---- who you are --------------------------------------------------------------------------------------------------


class StartForm(forms.Form):
    """The first page: consent, first name, date of birth, and a phone number if the person wants to be rung.

    ``token`` is random and belongs to this page: sent twice, it begins one intake. Somebody whose name and date of birth
    we have is asked for what is missing only.
    """

    button = _("Agree and continue")
    token = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    first_name = NameField(
        part="given",
        max_length=80,
        label=_("First name"),
        help_text=_("What should we call you?"),
        error_messages={"required": _("Enter your first name")},
    )
    date_of_birth = ThreeBoxDateField(
        label=_("Date of birth"),
        help_text=_("For example, 27 3 1985. Some questions depend on your age."),
        birthday=True,
        earliest=long_ago,
        latest=today,
        error_messages={
            "required": _("Enter your date of birth, like 27 3 1985"),
            "too_early": _("Check the year of your date of birth"),
            "too_late": _("Your date of birth must be in the past"),
        },
    )
    phone = PhoneField(
        required=False,
        label=_("Phone number"),
        help_text=_("We ring you if an answer cannot wait, and for nothing else. Without it we cannot ring you."),
    )
    consent = forms.BooleanField(
        label=consent.WORDS,
        error_messages={"required": _("Tick the box if you agree. Without it we cannot ask you about your health.")},
    )

    def __init__(self, *args, patient=None, **kwargs):
        super().__init__(*args, **kwargs)
        if patient:
            del self.fields["first_name"], self.fields["date_of_birth"]
        if patient and patient.phone:
            del self.fields["phone"]
        self.helper = Helper(*self.parts(), button=self.button, summary=False)

    def parts(self):
        """The fields in the order of the page."""
        names = ["token", "first_name", "date_of_birth", "phone", "consent"]
        return [name for name in names if name in self.fields]


class PhoneForm(forms.Form):
    """On the emergency page, once more: a number that we can ring."""

    phone = PhoneField(label=_("Phone number"), error_messages={"required": _("Enter a phone number, like 555-0142")})

    def __init__(self, *args, action="", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = Helper("phone", button=_("Ask for a call"), summary=False, action=action)


# ---- questions ----------------------------------------------------------------------------------------------------


class AnswerField(forms.Field):
    """One question of a questionnaire. What was typed is read by the rules, whose sentence is the error."""

    def __init__(self, item: Item):
        super().__init__(
            required=item.required, label=item.text, help_text=_help(item), widget=_widget(item), initial=None
        )
        self.item = item

    def clean(self, value):
        try:
            cleaned = validate_answer(self.item, as_typed(self.item, value))
        except AnswerError as problem:
            raise ValidationError(problem.message) from problem
        if self.item.required and is_blank(cleaned):
            raise ValidationError(required_message(self.item))
        return cleaned


def as_typed(item: Item, value):
    """What a widget returns, in the shape in which it is stored and read: text, a list of text, or date boxes."""
    if item.type == "date" and isinstance(value, list):
        return dict(zip(ThreeBoxDate.BOXES, (part or "" for part in value), strict=True))
    return value


def as_shown(item: Item, value):
    """A stored answer, or what was typed and could not be read, as the widget shows it again."""
    if item.type != "date":
        return value
    if isinstance(value, dict):
        return [value.get(box, "") for box in ThreeBoxDate.BOXES]
    year, month, day = (str(value).split("-") + ["", ""])[:3] if value else ("", "", "")
    return [day.lstrip("0"), month.lstrip("0"), year]


def _is_scale(item: Item) -> bool:
    return item.type == "integer" and (item.minimum, item.maximum) == (0, 10)


def _help(item: Item) -> str:
    """A scale names its ends beside them; everything else keeps its hint."""
    return SCALE_ENDS.sub("", item.help).strip() if _is_scale(item) else item.help


def _widget(item: Item) -> forms.Widget:
    if item.type == "boolean":
        return RadioRows(choices=[("true", _("Yes")), ("false", _("No"))])
    if item.type in {"choice", "open-choice"}:
        choices = [(option.code, option.text) for option in item.options]
        if item.repeats:
            alone = next((option.code for option in item.options if option.exclusive), None)
            return TickList(choices=choices, none_value=alone)
        if item.control == "drop-down":
            return forms.Select(choices=[("", _("Choose one")), *choices])
        return RadioRows(choices=choices)
    if item.type == "date":
        return ThreeBoxDate()
    if _is_scale(item):
        ends = SCALE_ENDS.search(item.help)
        low, high = (ends["low"], ends["high"]) if ends else (_("lowest"), _("highest"))
        return PainScale(choices=[(number, str(number)) for number in range(11)], low=low, high=high)
    limit = {"maxlength": item.max_length} if item.max_length else {}
    if item.type == "text":
        return forms.Textarea({"rows": 5, **limit})
    if item.type in {"integer", "decimal"}:
        return forms.TextInput({"inputmode": "decimal" if item.type == "decimal" else "numeric", "class": "input--s"})
    return forms.TextInput({"class": "input--l", **limit})


class PageForm(forms.Form):
    """One page of a questionnaire. ``rows`` are the stored answers by linkId: nothing else is ever chosen beforehand.

    ``revision`` is that of the intake as it is shown, and comes back with the answers.
    """

    def __init__(self, *args, page: Page, rows=None, revision=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.page = page
        for item in page.questions:
            self.fields[item.link_id] = AnswerField(item)
            row = (rows or {}).get(item.link_id)
            if row:
                self.initial[item.link_id] = as_shown(item, row.value if row.valid else row.raw)
        self.helper = Helper(*self.parts(), ContinueAndBack(revision=revision), button="")

    @property
    def heading(self) -> str:
        """The question when there is one, the title of the page when there are several."""
        questions = self.page.questions
        return questions[0].text if len(questions) == 1 else self.page.title

    def parts(self):
        alone = len(self.page.questions) == 1
        parts = [
            Div(
                Question(item.link_id, why=item.why, heading=alone),
                css_id=f"q-{item.link_id}",
                css_class="body-places" if item.body_chart else "",
            )
            if item.is_question
            else Text(item.text)
            for item in self.page.items
        ]
        return parts if alone else [Group(self.page.title, *parts, heading=True)]

    def typed(self) -> dict:
        """What was typed, by linkId, whether it can be read or not."""
        return {
            item.link_id: as_typed(
                item,
                self.fields[item.link_id].widget.value_from_datadict(
                    self.data, self.files, self.add_prefix(item.link_id)
                ),
            )
            for item in self.page.questions
        }


class QuickForm(StartForm):
    """Four safety questions on one page, with who you are when we do not know it yet."""

    button = _("Continue")

    def __init__(self, *args, questions: tuple[Item, ...], **kwargs):
        self.questions = questions
        super().__init__(*args, **kwargs)
        for item in questions:
            self.fields[item.link_id] = AnswerField(item)

    def parts(self):
        asked = [Question(item.link_id, why=item.why, heading=False) for item in self.questions]
        who = [name for name in ("first_name", "date_of_birth", "phone") if name in self.fields]
        about = [Group(_("About you"), *who)] if who else []
        return ["token", Group(_("Your answers"), *asked), *about, "consent"]

    def answers(self) -> dict:
        return {item.link_id: self.cleaned_data[item.link_id] for item in self.questions}


# ---- a therapist's review -----------------------------------------------------------------------------------------


class ConfirmForm(forms.Form):
    """Confirm the level as it is. A reason is needed only beside a more urgent one of the same patient."""

    part = "confirm"
    reason = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The latest review that was on the page: a later one by a colleague is not overruled unseen."""
    shown = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    """The patient's assessments when the page was made: answers that came later are not reviewed unread."""
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """Set by the page that asks once more before an emergency or urgent level is lowered."""

    def __init__(self, *args, assessment, **kwargs):
        super().__init__(*args, prefix=self.part, **kwargs)
        self.assessment = assessment
        last = latest_review(assessment)
        self.initial["seen"] = last.pk if last else None
        if not self.is_bound:
            known = Assessment.objects.filter(patient=assessment.patient_id).order_by("pk")
            self.initial["shown"] = ",".join(str(pk) for pk in known.values_list("pk", flat=True))

    def clean_shown(self) -> list[int]:
        """What cannot be read was not shown: then nothing but the assessment itself is covered."""
        return [int(pk) for pk in self.cleaned_data["shown"].split(",") if pk.isdecimal() and len(pk) < 19]

    def seen_review(self):
        """The review that was on the page, or None."""
        return self.assessment.reviews.filter(pk=self.cleaned_data["seen"]).first()


class ChangeLevelForm(ConfirmForm):
    """Another level, and why. Nothing is chosen beforehand."""

    part = "change"
    level = forms.TypedChoiceField(
        label=_("New level"),
        coerce=lambda value: Level(int(value)),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the new level"), "invalid_choice": _("Choose one of the levels")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Kept with your name and the time. The patient does not see it."),
        error_messages={"required": _("Say why you change the level")},
    )
    field_order = ["level", "reason"]

    def __init__(self, *args, assessment, **kwargs):
        super().__init__(*args, assessment=assessment, **kwargs)
        now = level_now(assessment)
        self.fields["level"].choices = [choice for choice in Level.choices() if choice[0] != now]


def in_words(item: Item, row) -> str:
    """A stored answer as words; what could not be read as it was typed."""
    if row is None or row.valid:
        return answer_text(item, row.value if row else None)
    typed = row.raw
    if isinstance(typed, dict):
        typed = " ".join(str(part) for part in typed.values() if part)
    return ", ".join(typed) if isinstance(typed, list) else str(typed)
