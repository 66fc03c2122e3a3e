"""The forms of the library's admin: what an editor types, brought into shape. They decide nothing about publication."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exercises.models import (
    Caution,
    Dosage,
    DosageFields,
    Exercise,
    ExerciseVersion,
    Status,
    Step,
    Tag,
    Topic,
    TopicSection,
    TopicVersion,
)
from exercises.rules import figures
from exercises.rules.document import LONGEST, BadDocument, read_source
from exercises.rules.dosage import WEEKDAY_NAMES
from exercises.rules.vocabulary import TopicKind, tag_choices
from exercises.services.library import similar_names


class DraftForm(forms.ModelForm):
    """A draft, and which save of it the editor began from: whoever saves second is told instead of overwriting the first."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "seen_revision" in self.fields:
            self.fields["seen_revision"].initial = self.instance.revision

    def clean(self):
        cleaned = super().clean()
        current = type(self.instance).objects.select_for_update(of=("self",)).get(pk=self.instance.pk)
        if current.status != Status.DRAFT:
            raise ValidationError(
                _("It is no longer a draft, so nothing was saved. What you typed is still here."), code="no_draft"
            )
        if current.revision != cleaned.get("seen_revision"):
            raise ValidationError(
                _(
                    "A colleague has saved this draft since you opened it, so nothing was saved. What you typed is still "
                    "here: open the draft in a second window, and bring the two together there."
                ),
                code="changed_meanwhile",
            )
        self.instance.revision = current.revision + 1
        return cleaned


class JSONTextarea(forms.Textarea):
    """Data to read and to edit, one value a line."""

    def __init__(self):
        super().__init__(attrs={"rows": 16, "cols": 90, "spellcheck": "false", "class": "vLargeTextField figure-data"})

    def format_value(self, value):
        try:
            return json.dumps(json.loads(value), indent=1, ensure_ascii=False)
        except (TypeError, ValueError):
            return value


class ExerciseVersionForm(DraftForm):
    tags = forms.MultipleChoiceField(
        label=_("Tags"), choices=tag_choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ExerciseVersion
        fields = [
            *("name", "purpose", "kind", "difficulty", "set_by_clinic", "figure"),
            *("source_file", "source_lines", "source_note", "language", "review_months"),
        ]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2, "cols": 90}),
            "set_by_clinic": forms.Textarea(attrs={"rows": 2, "cols": 90}),
            "figure": JSONTextarea(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "tags" in self.fields:
            self.fields["tags"].initial = [f"{tag.kind}:{tag.code}" for tag in self.instance.tags.all()]

    def clean_figure(self):
        data = self.cleaned_data["figure"]
        if not data:
            return None
        try:
            return figures.as_data(figures.from_data(data))
        except figures.BadFigure as error:
            raise ValidationError(str(error), code="figure") from error

    def save_tags(self):
        """Make the draft's tags those that are ticked."""
        wanted = {tuple(value.split(":", 1)) for value in self.cleaned_data["tags"]}
        for tag in self.instance.tags.all():
            if (tag.kind, tag.code) in wanted:
                wanted.remove((tag.kind, tag.code))
            else:
                tag.delete()
        for kind, code in sorted(wanted):
            Tag.objects.create(version=self.instance, kind=kind, code=code)


class TopicVersionForm(DraftForm):
    class Meta:
        model = TopicVersion
        fields = ["title", "summary", "kind", "position", "language", "review_months"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 2, "cols": 90})}


class OrderedForm(forms.ModelForm):
    """A part with a place in an order. The editor gives any numbers; saving counts them from one, so that rows may swap."""

    order = forms.IntegerField(
        label=_("Order"), required=False, widget=forms.NumberInput(attrs={"class": "vIntegerField"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].initial = self.instance.position


class StepForm(OrderedForm):
    class Meta:
        model = Step
        fields = ["role", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "cols": 80})}


class SectionForm(OrderedForm):
    class Meta:
        model = TopicSection
        fields = ["heading", "text", "contested", "source"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6, "cols": 90}),
            "contested": forms.Textarea(attrs={"rows": 2, "cols": 90}),
            "source": forms.Textarea(attrs={"rows": 3, "cols": 90, "spellcheck": "false"}),
        }

    def clean_text(self):
        lines = [line.strip() for line in self.cleaned_data["text"].splitlines()]
        if any(len(line) > LONGEST["text"] for line in lines):
            raise ValidationError(_("A paragraph is too long: please break it up."), code="long")
        return "\n".join(line for line in lines if line)

    def clean_source(self):
        try:
            return [read_source(source) for source in self.cleaned_data["source"] or []]
        except (BadDocument, AttributeError, TypeError) as error:
            raise ValidationError(_("Write the source as a list of file, lines and note."), code="source") from error


class CautionForm(forms.ModelForm):
    class Meta:
        model = Caution
        fields = ["code", "strength", "reason", "say"]
        widgets = {name: forms.Textarea(attrs={"rows": 2, "cols": 40}) for name in ("reason", "say")}


class DosageForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=list(enumerate(WEEKDAY_NAMES)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Dosage
        fields = [field.name for field in DosageFields._meta.get_fields()]

    def clean_weekdays(self):
        return sorted(set(self.cleaned_data["weekdays"]))


class NewExerciseForm(forms.ModelForm):
    """A new exercise: its address and its name. One that sounds like another is asked about first."""

    name = forms.CharField(label=_("Name"), max_length=120)
    is_new = forms.BooleanField(
        label=_("It is a new one"), required=False, help_text=_("Tick this when you were asked about one like it.")
    )

    class Meta:
        model = Exercise
        fields = ["slug"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("name") and not cleaned.get("is_new") and (names := similar_names(name=cleaned["name"])):
            raise ValidationError(
                _("Perhaps it is here already: %(names)s. If not, tick “It is a new one”."),
                params={"names": ", ".join(names)},
                code="similar",
            )
        return cleaned


class NewTopicForm(forms.ModelForm):
    """A new topic page: its address, title and kind."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=TopicKind.choices)

    class Meta:
        model = Topic
        fields = ["slug"]
