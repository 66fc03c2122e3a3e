"""What is true of every template: it compiles, brings no style or script of its own, asks no other host, and minds its words."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from clinic.rules import consent
from triage.forms import StartForm

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
FOR_STAFF = ("admin/", "account/", "mfa/", "allauth/", "desk/", "dev/")

INLINE = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:""",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)
WORDS = re.compile(
    r"""{%\s*translate\s+(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')|{%\s*blocktranslate[^%]*%}(?P<c>.*?){%\s*endblocktranslate""",
    re.DOTALL,
)
NEVER = re.compile(r"\b(safe|safely|normal|ruled out|invalid|submit|click|error \d+|please wait)\b", re.IGNORECASE)


def source(name):
    return (FOLDER / name).read_text()


def without_comments(text):
    return re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", text, flags=re.DOTALL)


def test_there_are_templates():
    assert {"base.html", "home.html", "forms/field.html"} <= set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_brings_no_style_and_no_script_of_its_own(name):
    """The content policy allows none; a page that breaks it would look broken only in production."""
    assert INLINE.findall(without_comments(source(name))) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_asks_no_other_host(name):
    assert ELSEWHERE.findall(source(name)) == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith(FOR_STAFF)])
def test_patients_are_never_told_what_we_cannot_know(name):
    """Nor in the words of a computer: see "Words on the screen"."""
    texts = ["".join(filter(None, match.groups())) for match in WORDS.finditer(without_comments(source(name)))]

    assert [text for text in texts if NEVER.search(text)] == []


def test_what_the_words_are_searched_with_finds_them():
    assert [bool(INLINE.search(text)) for text in ('<p style="x">', "<script>", "<a onclick='x'>")] == [
        True,
        True,
        True,
    ]
    assert not INLINE.search('<script src="x" type="module"></script>')
    assert NEVER.search("It is safe to run")
    assert not NEVER.search("Safety questions")
    (match,) = WORDS.finditer('{% translate "Nothing is normal" %}')
    assert match["a"] == "Nothing is normal"


def test_nothing_that_somebody_typed_is_ever_trusted_as_markup():
    """``|safe`` and ``autoescape off`` have no place in a template: markup comes from Python that escapes it."""
    found = [name for name in TEMPLATES if re.search(r"\|\s*safe\b|autoescape\s+off", source(name))]

    assert found == []


def test_a_level_is_word_shape_and_colour_together():
    html = engines["django"].from_string("{% load ui %}{% level_tag 10 %}{% level_tag 50 %}").render()

    assert 'class="tag level--selfcare"' in html
    assert "#selfcare" in html
    assert "Self-care" in html
    assert 'class="tag level--emergency"' in html
    assert "#emergency" in html


def test_every_drawing_that_a_template_asks_for_exists():
    drawings = set(re.findall(r'<symbol id="([^"]+)"', (Path(settings.BASE_DIR) / "static/icons.svg").read_text()))
    asked = {name for file in TEMPLATES for name in re.findall(r'{%\s*icon\s+["\']([^"\']+)["\']', source(file))}

    assert asked
    assert asked <= drawings


def test_the_privacy_page_quotes_what_patients_agree_to():
    html = get_template("privacy.html").render({"consent_words": consent.WORDS, "consent_version": consent.VERSION})

    assert f"<p>{consent.WORDS}</p>" in html
    assert consent.VERSION in html
    assert StartForm.base_fields["consent"].label == consent.WORDS
