"""The fields patients fill in, and how the template pack draws them."""

import re
from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from clinic.forms import (
    MailField,
    PainField,
    PhoneField,
    RadioField,
    Switch,
    ThreeBoxDateField,
    TickListField,
)
from clinic.layout import Actions, Group, Helper, Note, Question, Row

CHOICES = [("no", "No"), ("new", "Yes, it is new"), ("unsure", "I’m not sure")]


class BirthForm(forms.Form):
    born_on = ThreeBoxDateField(
        label="Date of birth", help_text="For example, 27 3 1985", earliest=date(1900, 1, 1), latest=date(2026, 11, 22)
    )


class BackForm(forms.Form):
    """One field of every kind."""

    bladder = RadioField(label="Any change in passing urine?", choices=CHOICES, hints={"unsure": "A fine answer."})
    born_on = ThreeBoxDateField(label="Date of birth", help_text="For example, 27 3 1985", birthday=True)
    pain = PainField(label="How strong is the pain today?")
    worse = TickListField(
        label="What makes it worse?", choices=[("sitting", "Sitting"), ("hills", "Hills"), ("none", "None of these")]
    )
    phone = PhoneField(label="Phone number", required=False, help_text="So that a person can ring you.")
    email = MailField(label="E-mail", required=False)
    how = forms.ChoiceField(
        label="How you meet", choices=[("person", "In person"), ("phone", "By phone")], widget=Switch
    )
    words = forms.CharField(label="Anything else?", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="I agree", error_messages={"required": "Tick the box to go on"})
    step = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Question("bladder", why="The nerves leave the spine low in the back."),
            Group("About you", "born_on", "pain", "worse", Row("phone", "email")),
            "how",
            "words",
            "agreed",
            back="/back/",
        )


def born(day, month, year):
    return BirthForm({"born_on_day": day, "born_on_month": month, "born_on_year": year})


def drawn(form):
    return re.sub(r">\s+<", "><", render_crispy_form(form))


def tag_with_id(html, id_):
    return re.search(rf'<[a-z]+[^>]* id="{id_}"[^>]*>', html).group(0)


# ---- dates


@pytest.mark.parametrize("month", ["4", "04", "Apr", "apr.", "April", " april "])
def test_a_month_is_understood_as_people_write_it(month):
    form = born("7", month, "1985")

    assert form.is_valid()
    assert form.cleaned_data["born_on"] == date(1985, 4, 7)


@pytest.mark.parametrize(
    ("word", "number"), [("Sept", 9), ("sep", 9), ("June", 6), ("Jul", 7), ("mar", 3), ("may", 5), ("December", 12)]
)
def test_every_short_name_of_a_month_means_one_month(word, number):
    assert born("1", word, "1990").fields["born_on"].clean(["1", word, "1990"]) == date(1990, number, 1)


@pytest.mark.parametrize(
    ("parts", "code", "boxes"),
    [
        (("", "", ""), "required", None),
        (("27", "", "1985"), "incomplete", ("month",)),
        (("", "3", ""), "incomplete", ("day", "year")),
        (("32", "3", "1985"), "not_a_day", ("day",)),
        (("3rd", "3", "1985"), "not_a_day", ("day",)),
        (("27", "13", "1985"), "not_a_month", ("month",)),
        (("27", "Mai", "1985"), "not_a_month", ("month",)),
        (("27", "j", "1985"), "not_a_month", ("month",)),
        (("27", "3", "85"), "short_year", ("year",)),
        (("29", "2", "2025"), "not_a_date", ("day",)),
        (("1", "1", "1899"), "too_early", ("day", "month", "year")),
        (("23", "11", "2026"), "too_late", ("day", "month", "year")),
    ],
)
def test_a_date_that_cannot_be_says_which_box_is_wrong(parts, code, boxes):
    (error,) = born(*parts).errors["born_on"].as_data()

    assert error.code == code
    assert (error.params or {}).get("boxes") == boxes


def test_the_bounds_of_a_date_may_be_functions():
    field = ThreeBoxDateField(latest=lambda: date(2026, 11, 22))

    assert field.clean(["22", "11", "2026"]) == date(2026, 11, 22)
    with pytest.raises(forms.ValidationError):
        field.clean(["23", "11", "2026"])


def test_a_date_may_be_left_out_when_it_is_not_required():
    assert ThreeBoxDateField(required=False).clean(["", "", ""]) is None


# ---- answers


def test_nothing_is_chosen_beforehand():
    html = drawn(BackForm())

    assert " checked" not in html
    assert " selected" not in html


def test_pain_is_a_number_and_zero_is_an_answer():
    assert PainField().clean("0") == 0
    assert PainField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError, match="0 to 10"):
        PainField().clean("11")


def test_none_of_these_excludes_the_others():
    field = TickListField(choices=[("sitting", "Sitting"), ("none", "None of these")])

    assert field.clean(["none"]) == ["none"]
    with pytest.raises(forms.ValidationError, match="not both"):
        field.clean(["sitting", "none"])


def test_ticking_nothing_is_not_an_answer():
    with pytest.raises(forms.ValidationError, match="None of these"):
        TickListField(choices=[("sitting", "Sitting"), ("none", "None of these")]).clean([])


@pytest.mark.parametrize("number", ["555-0142", "+1 (555) 0142", "555 01 42"])
def test_a_phone_number_is_kept_as_it_was_typed(number):
    assert PhoneField().clean(number) == number


@pytest.mark.parametrize("number", ["0142", "call me", "5550142 or 5550199", "1234567890123456"])
def test_what_nobody_can_ring_is_no_phone_number(number):
    with pytest.raises(forms.ValidationError, match="like 555-0142"):
        PhoneField().clean(number)


# ---- how it is drawn


def test_the_question_is_the_heading_of_the_page():
    html = drawn(BackForm())

    assert html.count("<h1>") == 1
    assert "<h1>Any change in passing urine?</h1></legend>" in html
    assert "<h2>About you</h2></legend>" in html


def test_a_text_question_is_the_heading_and_the_label():
    class Form(forms.Form):
        first_name = forms.CharField(label="What is your first name?")
        helper = Helper(Question("first_name"))

    assert '<h1 class="question__title"><label for="id_first_name">What is your first name?</label></h1>' in drawn(
        Form()
    )


def test_hint_and_error_are_read_with_the_field():
    html = drawn(BackForm({"born_on_day": "31", "born_on_month": "2", "born_on_year": "1985", "phone": "?"}))

    assert 'aria-describedby="id_born_on_helptext id_born_on_error"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in tag_with_id(html, "id_phone")
    for id_ in ("id_born_on_helptext", "id_born_on_error", "id_phone_helptext", "id_phone_error"):
        assert html.count(f'id="{id_}"') == 1


def test_only_the_box_that_is_wrong_turns_red():
    html = drawn(BackForm({"born_on_day": "31", "born_on_month": "2", "born_on_year": "1985"}))

    assert 'aria-invalid="true"' in tag_with_id(html, "id_born_on_0")
    assert "aria-invalid" not in tag_with_id(html, "id_born_on_1")
    assert "aria-invalid" not in tag_with_id(html, "id_born_on_2")


def test_what_was_typed_is_kept():
    html = drawn(
        BackForm({"born_on_day": "31", "born_on_month": "Feb", "bladder": "new", "worse": ["hills"], "pain": "0"})
    )

    assert 'value="Feb"' in tag_with_id(html, "id_born_on_1")
    for id_ in ("id_bladder_1", "id_worse_1", "id_pain_0"):
        assert " checked" in tag_with_id(html, id_)


def test_the_summary_links_to_the_first_input_of_each_field_in_order():
    html = drawn(BackForm({"born_on_day": "1", "born_on_month": "13", "born_on_year": "1985", "how": "phone"}))
    summary = html[: html.index("</ul>")]

    assert 'role="alert"' in summary
    assert re.findall(r'href="#([^"]+)"', summary.split("<ul>")[1]) == [
        "id_bladder_0",
        "id_born_on_1",
        "id_pain_0",
        "id_worse_0",
        "id_agreed",
    ]
    for target in re.findall(r'href="#([^"]+)"', summary.split("<ul>")[1]):
        assert html.count(f'id="{target}"') == 1


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in drawn(BackForm())


def test_the_summary_can_be_left_to_the_page():
    class Form(forms.Form):
        name = forms.CharField()
        helper = Helper("name", summary=False)

    assert "error-summary" not in drawn(Form({}))


def test_browsers_keep_their_own_bubbles_to_themselves():
    assert re.match(r'<form class="form" method="post" novalidate>', drawn(BackForm()))


def test_none_of_these_stands_apart():
    html = drawn(BackForm())

    assert re.search(r'<p class="choices__or">or</p><div class="choice"><input[^>]* value="none" data-excludes>', html)
    assert html.count("data-excludes") == 1


def test_every_input_has_a_label():
    html = drawn(BackForm({}))
    inputs = re.findall(r'<(?:input|textarea|select)(?![^>]*type="hidden")[^>]* id="([^"]+)"', html)

    assert len(inputs) > 20
    assert [id_ for id_ in inputs if f'for="{id_}"' not in html] == []


def test_a_browser_can_fill_in_who_you_are():
    html = drawn(BackForm())

    assert 'autocomplete="bday-month"' in tag_with_id(html, "id_born_on_1")
    assert 'autocomplete="tel"' in tag_with_id(html, "id_phone")
    assert 'autocomplete="email"' in tag_with_id(html, "id_email")


def test_what_may_be_left_out_says_so():
    html = drawn(BackForm())

    assert html.count("(optional)") == 3


def test_hidden_fields_are_drawn_without_asking():
    assert '<input type="hidden" name="step"' in drawn(BackForm())


def test_the_button_that_goes_on_comes_before_the_way_back():
    html = drawn(BackForm())

    assert '>Continue</button><a class="btn btn--quiet" href="/back/">Back</a>' in html


def test_a_form_can_end_in_two_ways():
    class Form(forms.Form):
        helper = Helper(
            Note("Mind", "Nobody reads this at once.", kind="urgent"),
            Actions(button="Book this time", name="do", value="book", second=("do", "hold", "Keep it for me")),
            button="",
        )

    html = drawn(Form())

    assert '<button class="btn btn--primary" type="submit" name="do" value="book">Book this time</button>' in html
    assert '<button class="btn btn--secondary" type="submit" name="do" value="hold">Keep it for me</button>' in html
    assert '<div class="note note--urgent' in html


def test_drawing_a_form_leaves_its_widgets_alone():
    form = BackForm({})
    before = dict(form.fields["phone"].widget.attrs)

    assert drawn(form) == drawn(form)
    assert form.fields["phone"].widget.attrs == before
