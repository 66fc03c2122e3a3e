"""The words patients read: short, plain, and never a promise about health."""

import re

import pytest
import textstat

from clinic.rules.levels import Level
from exercises.rules.reading import HIGHEST_GRADE, grade
from tests.triage.rules.people import conclude
from triage.pathways import PATHWAYS
from triage.rules import wording

UNAVOIDABLE = {
    *("emergency", "department", "physiotherapist", "therapist", "physiotherapy", "maternity"),
    *("genitals", "erection", "ejaculation", "orgasm", "menopause", "psoriasis", "ibuprofen"),
    *("warfarin", "apixaban", "rivaroxaban", "dabigatran", "heparin"),
}
"""Names that have no plainer word. They count as a word of one syllable."""
FORBIDDEN = re.compile(r"\b(ruled out|safe|safely|normal|normally|unlikely|invalid|diagnosed)\b", re.IGNORECASE)
VERDICT = re.compile(r"(?<!do )\byou have (a|an|no|not)\b", re.IGNORECASE)
"""A statement about the reader's health. Questions ask "do you have", and factors repeat "you have had"."""
LONG = 7
SHORTEST = 4
"""Words. The formula means nothing for less."""


def said_by_questionnaires():
    for pathway in PATHWAYS.values():
        for item in pathway.questionnaire.walk():
            for text in (item.text, item.why, item.help, item.short, *(option.text for option in item.options)):
                if text:
                    yield f"{pathway.slug} {item.link_id}", text
        for gate in pathway.gates:
            yield gate.code, gate.unmet
        for factor in pathway.factors:
            signs = factor.speaks_for + factor.speaks_against
            for text in (factor.name, factor.examine, *(sign.words for sign in signs)):
                yield factor.code, text


def said_by_wording():
    for name, value in vars(wording).items():
        if isinstance(value, wording.LevelWords):
            for text in (value.heading, value.lead, *value.next_steps, *value.meanwhile):
                yield name, str(text)
        elif isinstance(value, wording.Promise):
            yield name, str(value)
        elif name.isupper() and isinstance(value, tuple):
            for text in value:
                yield name, str(text)


SAID = [*said_by_questionnaires(), *said_by_wording()]


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?:])\s+", text) if len(re.findall(r"[^\W\d_]+", part)) >= SHORTEST]


def plainer(text):
    return re.sub(r"[^\W\d_]+", lambda found: "word" if found[0].lower() in UNAVOIDABLE else found[0], text)


def test_there_is_something_to_read():
    assert len(SAID) > 500
    assert {"EMERGENCY", "SAFETY_NET", "NOT_A_DIAGNOSIS"} <= {where for where, _ in SAID}


def test_every_sentence_can_be_read_at_twelve():
    hard = [
        (round(grade(plainer(sentence)), 1), where, sentence)
        for where, text in SAID
        for sentence in sentences(text)
        if grade(plainer(sentence)) > HIGHEST_GRADE
    ]

    assert hard == []


def test_long_sentences_pass_a_second_measure_too():
    """The automated readability index counts letters where the first measure counts syllables."""
    hard = [
        (where, sentence)
        for where, text in SAID
        for sentence in sentences(text)
        if len(sentence.split()) >= LONG
        and textstat.automated_readability_index(plainer(sentence).rstrip(".?!:") + ".") > HIGHEST_GRADE
    ]

    assert hard == []


def test_no_sentence_promises_health():
    assert [(where, text) for where, text in SAID if FORBIDDEN.search(text) or VERDICT.search(text)] == []


def test_no_word_on_the_whitelist_is_idle():
    everything = " ".join(text for _, text in SAID).lower()

    assert [word for word in UNAVOIDABLE if word not in everything] == []


@pytest.mark.parametrize("level", Level)
def test_every_level_has_its_words(level):
    words = wording.for_level(level)

    assert words.heading
    assert words.lead
    assert words.next_steps
    assert words.meanwhile


def test_words_follow_why():
    assert wording.for_level(Level.EMERGENCY, conclude(saddle_numbness="new")) is wording.EMERGENCY
    assert wording.for_level(Level.EMERGENCY, conclude(ill_signs=["self_harm"])) is wording.CRISIS
    maternity = conclude(pregnancy="pregnant", pregnancy_signs=["bleeding"])
    assert wording.for_level(Level.EMERGENCY, maternity) is wording.MATERNITY
    assert wording.for_level(Level.URGENT, conclude(ill_signs=["fever"])) is wording.URGENT_TODAY
    assert wording.for_level(Level.URGENT, conclude(body_changes=["weight_loss"])) is wording.URGENT
    assert wording.for_level(Level.PRIORITY, conclude(age=15)) is wording.GUARDIAN
    assert wording.for_level(Level.PRIORITY, conclude(age=17)) is wording.PRIORITY


def test_an_emergency_of_the_body_is_not_hidden_by_another():
    """Bleeding in pregnancy and numbness between the legs: hospital, not only the maternity unit."""
    both = conclude(pregnancy="pregnant", pregnancy_signs=["bleeding"], saddle_numbness="new")

    assert wording.for_level(Level.EMERGENCY, both) is wording.EMERGENCY
    assert not both.maternity


def test_a_crisis_does_not_hide_an_emergency_of_the_body():
    both = conclude(ill_signs=["self_harm"], saddle_numbness="new")

    assert wording.for_level(Level.EMERGENCY, both) is wording.EMERGENCY_AND_CRISIS
    assert both.crisis


def test_words_read_a_stored_conclusion_alike():
    class Row:
        findings = conclude(ill_signs=["self_harm"]).as_json()["findings"]

    assert wording.for_level(Level.EMERGENCY, Row()) is wording.CRISIS


@pytest.mark.parametrize("words", [wording.EMERGENCY, wording.MATERNITY, wording.CRISIS])
def test_emergency_words_promise_nothing_of_the_clinic(words):
    said = " ".join(str(line) for line in (words.heading, words.lead, *words.next_steps))

    assert "we will ring" not in said.lower()
    assert "call" in said.lower()
