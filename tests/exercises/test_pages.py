"""The public pages: what is shown, found and said, and what is not shown."""

import re
import time

import pytest
from django.utils import timezone

from clinic import patient_session
from clinic.rules.levels import Level
from exercises.models import Exercise
from exercises.rules.page import _drawn
from exercises.services.library import home_exercises, similar_names
from tests.exercises.visiting import LIBRARY, found, page, queries
from tests.factories_clinic import make_patient
from tests.factories_exercises import make_draft
from tests.factories_triage import make_assessment

pytestmark = pytest.mark.django_db


# What is shown


def test_the_library_shows_what_is_published(client, content):
    make_draft(name="Handstand")

    response, text = page(client, LIBRARY)

    assert response.status_code == 200
    assert "9 exercises" in text
    assert len(found(client)) == 9
    assert "Handstand" not in text


# What a page says


def test_an_exercise_page_says_all_a_patient_needs(client, content):
    response, text = page(client, "/exercises/knee-to-chest/")

    assert response.status_code == 200
    assert "Hold 20 to 30 seconds, 2 times each leg, once a day." in text
    assert "About 3 minutes" in text
    assert '<ol class="steps"><li>Lie on your back.' in text
    for title in ("How much", "Step by step", "How it should feel", "Stop if", "Ask us first", "Common slips"):
        assert re.search(rf"<h2[^>]*>(?:<svg.*?</svg>)?{title}</h2>", text), title
    assert "003_eca53b3e93a520ae.txt</span>, lines 73-77, 193; reworded." in text
    assert "Set by the clinic: repetitions, frequency, stop rules, breathing." in text
    assert "Checked by Ada Lind, physiotherapist," in text
    assert "Next check by" in text
    assert '<a href="/exercises/pigeon-pose/">Pigeon pose</a>' in text


def test_figures_stand_side_by_side_and_move_only_when_asked(client, content):
    text = page(client, "/exercises/knee-to-chest/")[1]
    stills, motion = text.split('<details class="why motion')

    assert stills.count('role="img"') == 2
    assert "<animate" not in stills
    assert "<animate" in motion
    assert "<details open" not in text
    assert 'aria-label="Knee to chest: right knee drawn to the chest with both hands."' in stills


def test_the_other_side_is_a_link_away_and_stays_out_of_search_engines(client, content):
    plain, other = (
        page(client, "/exercises/knee-to-chest/")[1],
        page(client, "/exercises/knee-to-chest/", side="other")[1],
    )

    assert "?side=other" in plain
    assert "left knee drawn to the chest" in other
    assert "noindex" in other
    assert "noindex" not in plain
    assert "side=other" not in page(client, "/exercises/plank/")[1]


def test_what_holds_every_exercise_is_said_on_every_page(client, content):
    for slug in Exercise.objects.values_list("slug", flat=True):
        text = page(client, f"/exercises/{slug}/")[1]
        for words in ("under 18", "pregnant", "one spot of bone hurts", "a leg or foot is weak or numb"):
            assert words in text, f"{slug}: {words}"
        assert "safety questions" not in text


@pytest.mark.parametrize("address", [LIBRARY, "/exercises/plank/", "/running/", "/running/self-care/"])
def test_no_page_says_what_somebody_has_or_promises_anything(client, content, address):
    text = re.sub(r"<(svg|head).*?</\1>", "", page(client, address)[1], flags=re.DOTALL).lower()

    assert re.findall(r"\b(?:you have|safe|normal|ruled out|guarantee\w*|cures?)\b", text) == []


@pytest.mark.parametrize("address", [LIBRARY, "/exercises/plank/", "/running/", "/running/self-care/"])
def test_no_page_has_inline_style_or_script(client, content, address):
    text = page(client, address)[1]

    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []


HELD = [(Level.EMERGENCY, "need hospital care now"), (Level.URGENT, "need to be checked today")]


@pytest.mark.parametrize(("level", "words"), HELD, ids=["emergency", "urgent"])
@pytest.mark.parametrize("address", [LIBRARY, "/exercises/plank/", "/running/", "/running/footwear/"])
def test_advice_that_a_visitor_holds_stands_before_everything_else(client, content, address, level, words):
    visit_with(client, level)

    text = page(client, address)[1]

    assert 0 < text.index(words) < text.index("<h1")


def test_a_visitor_who_holds_no_such_advice_just_reads(client, content):
    visit_with(client, Level.ROUTINE)

    assert "Before you read on" not in page(client, LIBRARY)[1]


def visit_with(client, level):
    """This browser is that of a patient whose answers gave ``level`` today."""
    patient = make_patient()
    make_assessment(patient=patient, level=level, created_at=timezone.now())
    session = client.session
    session[patient_session.KEY], session[patient_session.SINCE] = patient.pk, int(time.time())
    session.save()


# Finding


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("cat cow", "cat-camel"),
        ("cat-camel", "cat-camel"),
        ("CAT-CAMEL", "cat-camel"),
        ("CAT CAMEL", "cat-camel"),
        ("glut brige", "glute-bridge"),
        ("bridge", "glute-bridge"),
        ("hamstrng", "hamstring-stretch"),
        ("heel on a step", "hamstring-stretch"),
        ("childs pose", "childs-pose"),
        ("prayer", "childs-pose"),
        ("supermans", "superman"),
        ("pidgeon", "pigeon-pose"),
        ("bird dog", "bird-dog"),
        ("birddog", "bird-dog"),
    ],
)
def test_a_search_finds_the_one_spelling_mistakes_forgiven(client, content, words, slug):
    assert found(client, q=words)[:1] == [slug]


@pytest.mark.parametrize("words", ["cat cow", "CAT-CAMEL", "glut brige"])
def test_a_clear_search_finds_nothing_else(client, content, words):
    assert len(found(client, q=words)) == 1


def test_a_search_by_aim_finds_what_it_is_for(client, content):
    assert found(client, q="stiff") == ["cat-camel"]
    assert set(found(client, q="buttocks")) >= {"glute-bridge", "pigeon-pose"}


def test_a_search_for_nothing_we_have_says_so(client, content):
    text = page(client, LIBRARY, q="trampoline")[1]

    assert "0 exercises" in text
    assert "Nothing here matches" in text


ODD = [
    "'",
    '"',
    "%",
    "_",
    "\\",
    "\x00",
    "a" * 5000,
    "<script>alert(1)</script>",
    "') OR 1=1 --",
    "!! & | ( :*",
    "🙂",
    "   ",
    "-",
    "\u202e",
    "\ud7ff",
]


@pytest.mark.parametrize("words", ODD, ids=[repr(words)[:20] for words in ODD])
def test_odd_words_break_nothing(client, content, words):
    response, text = page(client, LIBRARY, q=words, purpose=words, region=words, page=words)

    assert response.status_code == 200
    assert "<script>alert" not in text


def test_filters_narrow_the_list_together_and_stay_in_the_address(client, content):
    assert found(client, region="hip") == ["glute-bridge", "pigeon-pose"]
    assert found(client, region="hip", purpose="stretch-after-run") == ["pigeon-pose"]
    assert found(client, region="hip", q="bridge") == ["glute-bridge"]
    assert found(client, region="moon") == found(client)

    text = page(client, LIBRARY, region="hip", q="bridge")[1]
    assert 'href="?q=bridge"' in text, "the filter that is on can be taken off"
    assert 'href="?region=hip&amp;q=bridge&amp;purpose=build-strength"' in text.replace(
        "q=bridge&amp;region=hip", "region=hip&amp;q=bridge"
    )
    assert '<input type="hidden" name="region" value="hip">' in text, "a new search keeps the filters"


def test_a_filter_says_how_many_it_leaves(client, content):
    text = page(client, LIBRARY, region="hip")[1]

    links = dict(
        re.findall(r'class="facet" href="[^"]*"[^>]*>(?:<span class="vh">[^<]*</span>)?([^<]+?) <span[^>]*>(\d+)', text)
    )
    assert (links["Hip"], links["Build strength"], links["Stretch after a run"]) == ("2", "1", "1")
    assert "Ease a stiff back" not in links, "a filter that would leave nothing is not offered"


def test_filtered_lists_stay_out_of_search_engines(client, content):
    assert "noindex" not in page(client, LIBRARY)[1]
    assert "noindex" in page(client, LIBRARY, region="hip")[1]
    assert "noindex" in page(client, LIBRARY, q="bridge")[1]


def test_a_name_much_like_a_live_one_is_noticed(content):
    assert similar_names(name="Cat cow") == ["Cat-camel"]
    assert similar_names(name="Gluts bridge") == ["Glute bridge"]
    assert similar_names(name="Handstand") == []


def test_the_home_page_gets_gentle_ones_whose_figure_is_complete_in_itself(content):
    cards = home_exercises(3)

    assert [card.name for card in cards] == ["Cat-camel", "Child’s pose", "Glute bridge"]
    assert all("<use" not in card.figure_still and "<path" in card.figure_still for card in cards)


# Topics


def test_topics_are_listed_by_kind_in_their_order(client, content):
    text = page(client, "/running/")[1]

    kinds = re.findall(r"<h2 id=\"kind-\d+\">([^<]+)</h2>", text)
    assert kinds == [
        "What may play a part",
        "How you run",
        "Before and after a run",
        "Looking after your back",
        "What we offer",
    ]
    assert text.count('<h3><a href="/running/') == 21


def test_a_topic_page_says_what_it_is_and_what_it_is_not(client, content):
    response, text = page(client, "/running/joint-irritation/")

    assert response.status_code == 200
    assert "not a diagnosis" in text
    assert "Where opinions differ." in text
    assert "001_6b64a74138cf2b14.txt, lines 15-17" in text
    assert "<li>Break up long standing.</li>" in text
    assert "/emergency/" in text


# Queries


def test_pages_ask_the_database_seldom(client, content, django_assert_max_num_queries):
    frame = queries(client, django_assert_max_num_queries, "/privacy/")

    def own(address):
        return queries(client, django_assert_max_num_queries, address) - frame

    assert own(LIBRARY) == 3
    assert own(f"{LIBRARY}?q=bridge") == 3
    assert own(f"{LIBRARY}?q=glut+brige") == 4, "nothing is much like it, so once more forgivingly"
    assert own(f"{LIBRARY}?q=trampoline") == 2
    assert own("/exercises/cat-camel/") == 2
    assert own("/running/") == 1
    assert own("/running/footwear/") == 1


def test_a_figure_is_drawn_once_for_many_visits(client, content):
    _drawn.cache_clear()
    for _ in range(3):
        client.get("/exercises/plank/")

    assert _drawn.cache_info().misses == 3  # start, end, motion
