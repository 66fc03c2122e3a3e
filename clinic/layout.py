"""How a form lays itself out: the parts that the template pack ``forms`` draws (see ``docs/forms.md``).

A form with one question makes it the page's heading; a form with several groups them. The button that goes on comes first in
the source, the way back is quiet.
"""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

CONTINUE, BACK, WHY = _("Continue"), _("Back"), _("Why we ask this")


class Helper(FormHelper):
    """A form as a page shows it: error summary, parts in order, then the button and the way back.

    ``back`` is an address, or "" for none. ``summary=False`` leaves the error summary to the page
    (``components/error_summary.html``).
    """

    render_hidden_fields = True
    form_action = ""
    """An address. Crispy would look each one up as the name of a page first, even the empty one."""

    def __init__(self, *parts, button=CONTINUE, back="", back_label=BACK, summary=True, method="post", action=""):
        super().__init__()
        self.form_method = method
        self.form_action = action
        self.summary = summary
        actions = [Actions(button=button, back=back, back_label=back_label)] if button else []
        self.layout = Layout(*parts, *actions)


class Part(LayoutObject):
    """A piece of a layout, drawn by ``template``; it may hold fields and other parts."""

    template = ""

    def __init__(self, *fields):
        self.fields = list(fields)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        inside = self.get_rendered_fields(form, context, template_pack, **kwargs) if self.fields else SafeString("")
        page = {**context.flatten(), "form": form, "part": self, "inside": inside}
        return render_to_string(f"{template_pack}/layout/{self.template}", page)


class Question(Part):
    """A field whose label is the page's ``h1``, or with ``heading=False`` one among others. ``why`` unfolds below the hint."""

    def __init__(self, field, *, why="", why_title=WHY, heading=True):
        super().__init__()
        self.field, self.extra = field, {"as_question": heading, "why": why, "why_title": why_title}

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        return render_field(self.field, form, context, template_pack=template_pack, extra_context=self.extra, **kwargs)


class Group(Part):
    """Questions that belong together under one heading: the page's ``h1`` when ``heading=True``, else an ``h2``."""

    template = "group.html"

    def __init__(self, title, *fields, hint="", heading=False, css_id=""):
        super().__init__(*fields)
        self.title, self.hint, self.heading, self.css_id = title, hint, heading, css_id


class Row(Part):
    """Short fields side by side where there is room."""

    template = "row.html"


class Why(Part):
    """A folded explanation between fields."""

    template = "why.html"

    def __init__(self, text, *, title=WHY):
        super().__init__()
        self.text, self.title = text, title


class Note(Part):
    """A few lines that stand apart: kind "", "good", "urgent" or "emergency"."""

    template = "note.html"

    def __init__(self, title, text, *, kind=""):
        super().__init__()
        self.title, self.text, self.kind = title, text, kind


class Text(Part):
    """A paragraph between fields."""

    template = "text.html"

    def __init__(self, text, *, css_class=""):
        super().__init__()
        self.text, self.css_class = text, css_class


class Actions(Part):
    """The button that goes on, a second one if the page has two ends, and the quiet way back."""

    template = "actions.html"

    def __init__(self, *, button=CONTINUE, name="", value="", second=None, back="", back_label=BACK):
        super().__init__()
        self.button, self.name, self.value = button, name, value
        self.second, self.back, self.back_label = second, back, back_label
