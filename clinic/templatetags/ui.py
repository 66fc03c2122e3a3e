"""Small pieces of a page that many templates need: icons, levels, and what a form field knows about itself.

Nothing here decides anything; a tag turns a value into markup and no more.
"""

from django import forms, template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html

from clinic.forms import PainScale, Switch, ThreeBoxDate
from clinic.rules.levels import Level

register = template.Library()


@register.simple_tag
def icon(name, extra_class=""):
    """A drawing from ``static/icons.svg``, silent for screen readers: the word beside it says the same."""
    css = f"icon {extra_class}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', css, static("icons.svg"), name
    )


@register.simple_tag
def level_tag(level):
    """Word, shape and colour of a level (a ``Level`` or its number), together as always."""
    return render_to_string("components/level_tag.html", {"level": Level(level)})


@register.simple_tag(takes_context=True)
def current(context, address):
    """``aria-current`` for a link of the header: "page" on that very page, "true" on a page below it."""
    request = context.get("request")
    if not request or not address or not request.path.startswith(address):
        return ""
    return format_html(' aria-current="{}"', "page" if request.path == address else "true")


# ---- form fields: what templates/forms/ asks a bound field --------------------------------------------------------


KINDS = (
    (PainScale, "pain"),
    (Switch, "switch"),
    (ThreeBoxDate, "date"),
    (forms.CheckboxSelectMultiple, "ticks"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "tick"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
)


@register.filter
def kind(field):
    """The name of the template in ``templates/forms/fields/`` that draws this field."""
    if field.is_hidden:
        return "hidden"
    return next((name for widget, name in KINDS if isinstance(field.field.widget, widget)), "text")


@register.filter
def styled(field, css_class):
    """The field's own input with the design's class, beside any class that the form gave it. The widget stays untouched."""
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{css_class} {own}".strip()})


@register.filter
def first_input(field):
    """The id that a link in the error summary jumps to: the first input of the field, or the first box that is wrong."""
    which = kind(field)
    if which == "date":
        return next((part["id"] for part in date_parts(field) if part["invalid"]), f"{field.auto_id}_0")
    if which in {"radios", "ticks", "pain", "switch"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def date_parts(field):
    """The three boxes of a ``ThreeBoxDate``: name, id, value, label, and whether the box is part of what is wrong."""
    wrong = {box for error in field.errors.as_data() for box in (error.params or {}).get("boxes", ThreeBoxDate.BOXES)}
    data = field.subwidgets[0].data
    return [
        {
            "key": key,
            "label": label,
            "name": sub["name"],
            "id": sub["attrs"]["id"],
            "value": sub["value"] or "",
            "autocomplete": sub["attrs"].get("autocomplete", "off"),
            "maxlength": sub["attrs"]["maxlength"],
            "invalid": key in wrong,
        }
        for (key, label), sub in zip(ThreeBoxDate.LABELS.items(), data["subwidgets"], strict=True)
    ]


@register.filter
def rows(field):
    """The answers of a radio or tick field in order: value, label, hint, id, whether chosen, and whether it stands apart.

    An answer that excludes the others ("None of these") stands apart, below a divider.
    """
    hints = getattr(field.field.widget, "hints", {})
    none_value = getattr(field.field.widget, "none_value", None)
    return [
        {
            "value": sub.data["value"],
            "label": sub.data["label"],
            "hint": hints.get(sub.data["value"], ""),
            "id": sub.data["attrs"].get("id", ""),
            "checked": sub.data["selected"],
            "apart": none_value is not None and str(sub.data["value"]) == str(none_value),
        }
        for sub in field.subwidgets
    ]


@register.filter
def error_links(form):
    """What the error summary lists, in the order of the page: (id of the first input or "", sentence)."""
    links = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        links += [("" if field.is_hidden else first_input(field), str(error)) for error in field.errors]
    return links
