"""The desk's forms. A form reads what was typed; what may happen is the services' business."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from bookings.desk.rules.board import FIRST_DAY, LAST_DAY
from bookings.desk.rules.search import read_day
from bookings.rules.states import CancelReason
from clinic.forms import MailField, NameField, PhoneField, RadioField
from clinic.models import Patient, Task
from triage.forms import QuickForm, today


class BornField(forms.CharField):
    """A date of birth in one box, typed as it is said: 12 02 1988, 12/2/88, 12 feb 1988."""

    default_error_messages = {
        "required": _("Enter the date of birth, like 27 3 1985"),
        "not_a_day": _("Enter the date of birth as day, month, year, like 27 3 1985"),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault(
            "widget",
            forms.TextInput({"autocomplete": "off", "placeholder": _("day month year"), "spellcheck": "false"}),
        )
        super().__init__(**kwargs)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        born = read_day(typed, today())
        if born is None:
            raise ValidationError(self.error_messages["not_a_day"], code="not_a_day")
        return born


def without_autofill(field):
    """Whose data this is changes with every caller: the browser is not to fill in the last one's."""
    field.widget.attrs["autocomplete"] = "off"
    return field


class CallerForm(forms.Form):
    """Who is calling: enough to find somebody or to add them."""

    phone = without_autofill(PhoneField(label=_("Phone"), required=False))
    first_name = without_autofill(
        NameField(
            part="given", max_length=80, label=_("First name"), error_messages={"required": _("Enter the first name")}
        )
    )
    last_name = without_autofill(NameField(part="family", max_length=80, label=_("Last name"), required=False))
    born = BornField(label=_("Date of birth"))
    email = without_autofill(
        MailField(label=_("E-mail"), required=False, help_text=_("Without one, messages become calls."))
    )
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    access_needs = forms.CharField(
        label=_("Access needs"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Such as step-free, hearing loop, somebody who speaks for them."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["phone"].widget.attrs["autofocus"] = True

    def patient_fields(self) -> dict:
        """What was typed, as the fields of a patient."""
        data = dict(self.cleaned_data)
        data["date_of_birth"] = data.pop("born")
        return data


class ContactForm(forms.ModelForm):
    """The contact facts that the desk may change. A name or date of birth is a matter for two people and the admin."""

    phone = without_autofill(PhoneField(label=_("Phone"), required=False))
    email = without_autofill(MailField(label=_("E-mail"), required=False))

    class Meta:
        model = Patient
        fields = ["phone", "email", "last_name", "needs_interpreter", "access_needs"]
        labels = {"needs_interpreter": _("Needs an interpreter")}


class SafetyForm(QuickForm):
    """The four safety questions, read out to a caller whom we know by now."""

    button = _("Continue")

    def __init__(self, *args, patient, **kwargs):
        super().__init__(*args, patient=patient, **kwargs)
        self.fields.pop("phone", None)
        self.fields["consent"].label = _("They agree that we keep these answers and that a physiotherapist reads them")
        self.fields["consent"].error_messages["required"] = _("Ask for their consent and tick the box")

    @property
    def asked(self):
        """The questions as bound fields, in order."""
        return [self[item.link_id] for item in self.questions]


class CallOutcomeForm(forms.Form):
    """How a call ended."""

    outcome = RadioField(
        label=_("What happened"),
        choices=[(choice.value, choice.label) for choice in Task.Outcome if choice != Task.Outcome.NONE],
        error_messages={"required": _("Choose what happened")},
    )
    note = forms.CharField(
        label=_("Note for the log"),
        required=False,
        max_length=Task._meta.get_field("note").max_length,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
        help_text=_("What was agreed. No symptoms."),
    )


TRIES = {
    "no_answer": _("No answer"),
    "left_message": _("Left a message to ring us"),
    "wrong_number": _("Wrong number"),
}
"""What a try that reached nobody leaves in the log."""


class CancelForm(forms.Form):
    """Why a visit is cancelled, and whether the patient is told."""

    reason = RadioField(
        label=_("Why is it cancelled?"),
        choices=[(reason.value, reason.label) for reason in CancelReason],
        error_messages={"required": _("Choose why it is cancelled")},
    )
    tell = forms.BooleanField(required=False)


class OverlapForm(forms.Form):
    """A time set by hand, on purpose over another visit: who, when, and why."""

    practitioner = forms.TypedChoiceField(
        label=_("Therapist"), coerce=int, error_messages={"required": _("Choose a therapist")}
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}),
        validators=[
            MinValueValidator(FIRST_DAY, message=_("Choose a day")),
            MaxValueValidator(LAST_DAY, message=_("Choose a day")),
        ],
        error_messages={"required": _("Choose a day"), "invalid": _("Choose a day")},
    )
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput({"type": "time", "step": "300"}, format="%H:%M"),
        error_messages={"required": _("Enter a time, like 14:30"), "invalid": _("Enter a time, like 14:30")},
    )
    reason = forms.CharField(
        label=_("Why it may overlap"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Say why it may overlap. The board shows it.")},
    )

    def __init__(self, *args, practitioners=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].choices = [("", _("Choose")), *((who.pk, who.name) for who in practitioners)]
