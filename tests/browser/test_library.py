"""The exercise library and the topic pages, as a patient browses them."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.driving import Pointer, answer_page, begin_check, go
from tests.factories_triage import CALM


@pytest.mark.parametrize(
    "visitor",
    [{"width": PHONE}, {"width": 320, "scheme": "dark"}, {"width": DESKTOP}, {"width": PHONE, "javascript": False}],
    ids=str,
)
def test_a_patient_browses_and_searches(demo, open_page, look, visitor):
    page = open_page(**visitor)
    page.goto("/")
    Pointer(page).follow("See all exercises")
    look(page, "library")
    everything = page.locator(".grid-cards .ex").count()
    assert everything == 9

    go(page.locator(".facet"))
    look(page, "library-filtered")
    assert 0 < page.locator(".grid-cards .ex").count() < everything

    page.goto("/exercises/")
    page.locator("#q").fill("bridge")
    go(page.get_by_role("button", name="Search"))
    look(page, "library-search")
    Pointer(page).follow("Glute bridge")
    look(page, "exercise")
    for heading in ("How much", "Step by step", "Stop if", "Ask us first"):
        assert page.get_by_role("heading", name=heading).count() == 1
    assert "Source:" in page.locator("main").inner_text()


def test_a_search_without_a_match_says_so(demo, page, look):
    page.goto("/exercises/?q=xylophone")

    look(page, "library-nothing")
    assert page.locator(".ex").count() == 0


def test_the_topic_pages(demo, page, look):
    page.goto("/running/")
    look(page, "topics")
    addresses = [link.get_attribute("href") for link in page.locator("main .topics a").all()]
    assert len(addresses) > 10
    page.goto(addresses[0])
    look(page, "topic")


def test_who_holds_an_emergency_result_reads_that_first(demo, page, look):
    page.goto("/check/")
    begin_check(page)
    answer_page(page, {**CALM, "saddle_numbness": "new"})
    Pointer(page).press("Continue")

    page.goto("/exercises/glute-bridge/")

    look(page, "exercise-held")
    assert page.locator(".held h2").inner_text().startswith("Before you read on")
    assert page.locator(".held").bounding_box()["y"] < page.locator("h1").bounding_box()["y"]
    assert "hospital" in page.locator(".held").inner_text()
