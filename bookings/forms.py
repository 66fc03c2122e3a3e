"""What patients fill in while booking. A form cleans and lays out; it decides nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.rules.states import PATIENT_REASONS, Mode
from clinic.forms import MailField, NameField, PhoneField, RadioField
from clinic.layout import Helper


class DetailsForm(forms.Form):
    """Who comes, how we reach them, and on which number we call.

    What the clinic has already is not asked again, not shown and not changed here: two people may share a browser.
    """

    last_name = NameField(
        part="family", label=_("Last name"), error_messages={"required": _("Enter your last name")}, max_length=80
    )
    email = MailField(
        label=_("E-mail"),
        required=False,
        help_text=_("We send your visit, a calendar file and a link to move or cancel it. Without e-mail we ring you."),
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    choice = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, mode, patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.patient = patient
        phone = self.fields["phone"]
        if patient.last_name:
            del self.fields["last_name"]
        if patient.email:
            del self.fields["email"]
        if mode == Mode.PHONE and patient.phone:
            phone.label = _("Another number to call")
            phone.help_text = _("Leave this empty and your physiotherapist rings the number ending in %(end)s.") % {
                "end": patient.phone_digits[-2:]
            }
        elif patient.phone:
            del self.fields["phone"]
        elif mode == Mode.PHONE:
            phone.required = True
            phone.label = _("Which number should we call?")
            phone.help_text = _("Your physiotherapist rings you at the time you chose. You pay nothing for the call.")
            phone.error_messages["required"] = _("Enter the phone number that we should call")
        else:
            phone.help_text = _("Only to reach you about this visit.")
        self.helper = Helper(button="", summary=False)
        self.helper.form_tag = False

    def clean(self):
        cleaned = super().clean()
        known = self.patient.email or self.patient.phone
        blank = not known and not cleaned.get("email") and not cleaned.get("phone")
        if blank and not self.errors.get("email") and not self.errors.get("phone"):
            self.add_error("email", _("Enter an e-mail address or a phone number, so that we can reach you"))
        return cleaned


class CancelForm(forms.Form):
    """Why a patient cancels."""

    reason = RadioField(
        label=_("Why are you cancelling?"),
        choices=[(reason.value, reason.label) for reason in PATIENT_REASONS],
        error_messages={"required": _("Choose the reason that fits best")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = Helper(button="", summary=False)
        self.helper.form_tag = False


class PhoneForm(forms.Form):
    """The number to call when a visit becomes a phone visit."""

    phone = PhoneField(
        label=_("Which number should we call?"),
        error_messages={"required": _("Enter the phone number that we should call")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = Helper(button="", summary=False)
        self.helper.form_tag = False
