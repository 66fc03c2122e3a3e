"""The content files: complete, plainly written, and free of what the sources claim without ground."""

import json
import re

import pytest
import textstat

from exercises.rules.cautions import CAUTIONS, CautionCode, Strength
from exercises.rules.document import BadDocument, exercise_text, read_exercise, read_topic, topic_text
from exercises.rules.dosage import Dosage
from exercises.rules.page import ExercisePage
from exercises.rules.reading import HIGHEST_GRADE, grade, words
from exercises.services.content import FOLDER, documents

EXERCISES, TOPICS = documents()
BY_SLUG = {document["slug"]: document for document in EXERCISES}

each_exercise = pytest.mark.parametrize("document", EXERCISES, ids=lambda document: document["slug"])
each_topic = pytest.mark.parametrize("document", TOPICS, ids=lambda document: document["slug"])
each_file = pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.json")), ids=lambda path: path.stem)

FORBIDDEN = [
    r"80 ?%",
    r"80 percent",
    r"decompress",
    r"antalgic",
    r"ultrasound",
    r"electrical stimulation",
    r"acupuncture",
    r"needling",
    r"realign",
    r"chiropract",
    r"ibuprofen",
    r"anti-inflammator",
    r"painkiller",
    r"epidural",
    r"\bMRI\b",
    r"x-ray",
    r"guarantee",
    r"pain-free",
    r"\bcure",
    r"permanent",
    r"dangerous",
    r"fyzical",
    r"pro therapy",
    r"ironhorse",
    r"acibadem",
    r"woodlands",
    r"san ramon",
    r"conroe",
    r"\bsafe\b",
    r"\bnormal\b",
    r"ruled out",
    r"\byou have\b",
    r"\bdiagnos(?!is, and reading)",
]
"""What the sources say and we must not repeat, and the words that no page of ours says about health."""


def spoken(text):
    """Every line as a sentence: textstat takes a heading without a full stop for the beginning of the next line."""
    return " ".join(line if line[-1] in ".!?:" else f"{line}." for line in text.splitlines())


def test_the_nine_exercises_with_steps_are_here():
    assert set(BY_SLUG) == {
        "cat-camel",
        "knee-to-chest",
        "plank",
        "bird-dog",
        "superman",
        "glute-bridge",
        "childs-pose",
        "pigeon-pose",
        "hamstring-stretch",
    }


def test_the_sixteen_factors_and_the_other_pages_are_here():
    kinds = [document["kind"] for document in TOPICS]

    assert {kind: kinds.count(kind) for kind in kinds} == {
        "factor": 16,
        "form": 1,
        "warm_up": 2,
        "self_care": 1,
        "service": 1,
    }


@each_file
def test_nothing_is_repeated_that_the_sources_claim_without_ground(path):
    text = re.sub(r'"uuid": "[^"]*"', "", path.read_text())

    found = [phrase for phrase in FORBIDDEN if re.search(phrase, text, re.IGNORECASE)]

    assert found == []


@each_exercise
def test_an_exercise_reads_at_the_age_of_twelve(document):
    text = exercise_text(document)

    assert grade(text) <= HIGHEST_GRADE
    assert textstat.automated_readability_index(spoken(text)) <= HIGHEST_GRADE
    assert grade(document["purpose"]) <= HIGHEST_GRADE


@each_topic
def test_a_topic_reads_at_the_age_of_twelve(document):
    text = topic_text(document)

    assert grade(text) <= HIGHEST_GRADE
    assert textstat.automated_readability_index(spoken(text)) <= HIGHEST_GRADE


@each_exercise
def test_an_exercise_says_what_it_is_for_in_a_breath(document):
    assert 4 <= len(words(document["purpose"])) <= 25


@each_exercise
def test_an_exercise_has_every_part_a_patient_needs(document):
    page = ExercisePage(document)

    assert len(page.steps) >= 4
    assert page.breathing
    assert page.cues
    assert page.mistakes
    assert len(page.stop_rules) >= 2
    assert any("leg" in rule for rule in page.stop_rules), "pain or numbness in a leg always means stop"
    assert page.dosage.sentence().endswith(".")
    assert page.dosage.frequency != "not_set"
    assert page.set_by_clinic, "the source leaves something open in every exercise"
    assert len(page.pictures) == 2


@each_exercise
def test_an_exercise_names_the_article_and_its_lines(document):
    source = document["source"]

    assert source["file"] == "003_eca53b3e93a520ae.txt"
    assert re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", source["lines"])
    assert source["note"].startswith("reworded")


@each_topic
def test_every_section_names_its_source(document):
    for section in document["sections"]:
        for source in section["source"]:
            assert source["note"]
            if source["file"]:
                assert re.fullmatch(r"00[0-4]_[0-9a-f]{16}\.txt", source["file"])
                assert re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", source["lines"])


@pytest.mark.parametrize(
    "document", [document for document in TOPICS if document["kind"] == "factor"], ids=lambda document: document["slug"]
)
def test_a_factor_only_may_play_a_part_and_a_therapist_examines_it(document):
    text = topic_text(document).lower()

    assert re.search(r"\bmay\b|\bnot always\b", document["summary"] + document["sections"][0]["text"][0])
    assert "a therapist will" in text
    assert [section["heading"] for section in document["sections"]][1] == "What a therapist will look at"


def test_what_sources_and_guidance_dispute_is_marked():
    marked = {document["slug"] for document in TOPICS for section in document["sections"] if section["contested"]}

    assert marked == {
        "footwear",
        "how-you-run",
        "joint-irritation",
        "self-care",
        "services",
        "warm-up-and-cool-down",
        "warm-up-habits",
    }


def test_only_publishable_services_are_offered():
    services = next(document for document in TOPICS if document["slug"] == "services")

    assert len(services["sections"]) == 9  # T1 to T8 and T16 of the research table


# Conflicts between the sources, resolved


def test_the_plank_has_a_limit():
    dosage = Dosage(**BY_SLUG["plank"]["dosage"])

    assert (dosage.hold_s_min, dosage.hold_s_max, dosage.sets_min, dosage.sets_max) == (30, 60, 3, 5)


@pytest.mark.parametrize("slug", ["childs-pose", "pigeon-pose", "hamstring-stretch"])
def test_a_held_stretch_belongs_after_a_run_not_before(slug):
    assert BY_SLUG[slug]["dosage"]["frequency"] == "after_run"
    assert any("before a run" in step["text"] for step in BY_SLUG[slug]["steps"] if step["role"] == "mistake")


def test_superman_stands_behind_its_cautions():
    strict = {row["code"] for row in BY_SLUG["superman"]["cautions"] if row["strength"] == Strength.ABSOLUTE}

    assert strict >= {"extension_sensitive", "pars_concern", "under_18", "pregnancy", "acute_severe_pain"}


HOLD_WHEN = {
    "cat-camel": {"leg_symptoms", "osteoporosis", "steroids", "age_65_plus", "bone_stress"},
    "knee-to-chest": {"leg_symptoms", "osteoporosis", "steroids", "age_65_plus", "bone_stress", "pregnancy"},
    "childs-pose": {"leg_symptoms", "hip_groin_pain", "bone_stress"},
    "pigeon-pose": {"leg_symptoms", "hip_groin_pain", "bone_stress", "knee_problem"},
    "hamstring-stretch": {"leg_symptoms", "hip_groin_pain", "bone_stress"},
    "plank": {"acute_severe_pain", "pregnancy", "pelvic_floor"},
    "bird-dog": {"acute_severe_pain", "pelvic_floor"},
    "glute-bridge": {"bone_stress", "acute_severe_pain", "pelvic_floor"},
    "superman": {"extension_sensitive", "pars_concern", "under_18", "pregnancy", "acute_severe_pain"},
}
"""The table "when to hold them" of the triage evidence, section 5."""


@pytest.mark.parametrize("slug", HOLD_WHEN)
def test_every_reason_to_hold_an_exercise_is_listed_with_it(slug):
    assert HOLD_WHEN[slug] <= {row["code"] for row in BY_SLUG[slug]["cautions"]}


@each_exercise
def test_what_holds_every_exercise_is_never_only_a_matter_of_judgement(document):
    wrong = [
        row["code"]
        for row in document["cautions"]
        if CAUTIONS[CautionCode(row["code"])].holds_everything and row["strength"] != Strength.ABSOLUTE
    ]

    assert wrong == []


@each_exercise
def test_a_caution_says_why(document):
    assert all(row["reason"].endswith(".") for row in document["cautions"])


@each_exercise
def test_an_easier_or_harder_one_is_there(document):
    assert {row["to"] for row in document["progressions"]} <= set(BY_SLUG)


def test_harder_never_leads_round_in_a_circle():
    harder = {
        slug: {row["to"] for row in document["progressions"] if row["direction"] == "harder"}
        for slug, document in BY_SLUG.items()
    }

    def reaches(slug, seen=()):
        for following in harder[slug]:
            assert following not in (*seen, slug), f"{slug} leads back to {following}"
            reaches(following, (*seen, slug))

    for slug in harder:
        reaches(slug)


def test_ids_are_all_different():
    ids = [document["uuid"] for document in [*EXERCISES, *TOPICS]]

    assert len(set(ids)) == len(ids)


# Documents that cannot be read


def raw(folder, slug):
    return json.loads((FOLDER / folder / f"{slug}.json").read_text())


def named(_name):
    return json.loads((FOLDER / "figures" / "plank.json").read_text())


BROKEN_EXERCISES = {
    "a part nobody knows": {"html": "<b>"},
    "an address with capitals": {"slug": "Plank"},
    "a kind nobody knows": {"kind": "magic"},
    "a tag nobody knows": {"tags": {"purpose": ["fly"]}},
    "a kind of tag nobody knows": {"tags": {"colour": ["red"]}},
    "a role nobody knows": {"steps": [{"role": "sing", "text": "La."}]},
    "a caution nobody knows": {"cautions": [{"code": "gout", "strength": "absolute"}]},
    "a caution twice": {"cautions": [{"code": "balance", "strength": "absolute"}] * 2},
    "a strength nobody knows": {"cautions": [{"code": "balance", "strength": "maybe"}]},
    "a dose with a word too many": {"dosage": {"type": "as_able", "mood": "good"}},
    "a review in ten years": {"review_months": 120},
    "a name that is a number": {"name": 5},
    "a text without end": {"steps": [{"role": "move", "text": "x" * 501}]},
    "a character that cannot be shown": {"name": "Pl\x00ank"},
}


@pytest.mark.parametrize("changes", BROKEN_EXERCISES.values(), ids=BROKEN_EXERCISES)
def test_an_exercise_that_cannot_be_read_is_refused(changes):
    with pytest.raises(BadDocument):
        read_exercise({**raw("exercises", "plank"), **changes}, named)


@pytest.mark.parametrize(
    "changes", [{"kind": "gossip"}, {"sections": [{"heading": "x", "text": ["y"], "video": "z"}]}, {"name": "x"}]
)
def test_a_topic_that_cannot_be_read_is_refused(changes):
    with pytest.raises(BadDocument):
        read_topic({**raw("topics", "footwear"), **changes})


def test_a_figure_that_is_only_named_needs_somebody_who_knows_it():
    with pytest.raises(BadDocument):
        read_exercise(raw("exercises", "plank"))


# Reading age


@pytest.mark.parametrize(
    ("text", "at_least", "at_most"),
    [
        ("", 0, 0),
        ("Sit on the mat. Bend your knee.", -3, 2),
        ("The physiotherapist will subsequently evaluate lumbar extensor musculature.", 15, 30),
        ("Somebody watches you run, and tells you what they see. Try one thing at a time.", 1, 6),
    ],
)
def test_the_grade_tells_plain_from_learned(text, at_least, at_most):
    assert at_least <= grade(text) <= at_most
