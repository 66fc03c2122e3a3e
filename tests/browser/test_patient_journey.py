"""A runner with a sore back, on a phone: from the home page to a booked appointment, in every way a person may do it."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from bookings.models import Appointment
from clinic.models import Task
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.driving import WHO, Keyboard, Pointer, answer_page, answer_questions, begin_check, go
from tests.factories_triage import CALM
from triage.models import Assessment, Intake

EMAIL = "robin@example.org"
DETAILS = {"last_name": "Ashdown", "email": EMAIL, "phone": "555-0123"}


def book(page, hand, look, label):
    """From the result to the page that says it is booked."""
    hand.follow("Choose a time")
    look(page, f"{label}-book")
    hand.follow("See times")
    look(page, f"{label}-times")
    hand.press_first("button[name='time']")
    look(page, f"{label}-details")
    answer_page(page, DETAILS, hand)
    hand.press("Book this time")


@pytest.mark.parametrize(
    "visitor",
    [
        pytest.param({"width": PHONE}, id="phone"),
        pytest.param({"width": PHONE, "javascript": False}, id="phone without JavaScript"),
        pytest.param({"width": 320, "scheme": "dark"}, id="small phone by night"),
        pytest.param({"width": DESKTOP}, id="desktop"),
    ],
)
def test_a_runner_is_assessed_and_booked(demo, open_page, look, visitor):
    page = open_page(**visitor)
    hand, label = Pointer(page), "patient" if page.scripted else "patient-no-js"

    page.goto("/")
    look(page, f"{label}-home")
    hand.follow("Check my back pain")
    look(page, f"{label}-start")
    begin_check(page)
    looked_at = page.viewport_size["width"] < DESKTOP  # questions look the same at a desk
    pages = answer_questions(page, CALM, on_page=lambda name: looked_at and look(page, f"{label}-question-{name}"))
    assert len(pages) > 8
    look(page, f"{label}-answers")
    hand.press("See my result")
    look(page, f"{label}-result")

    patient = Intake.objects.latest("pk").patient
    assert patient.first_name == "Robin"
    assert page.locator(".verdict .tag").inner_text() == Assessment.objects.get(patient=patient).get_level_display()

    book(page, hand, look, label)

    look(page, f"{label}-booked")
    visit = Appointment.objects.get(patient=patient)
    assert visit.status == "booked"
    assert "You are booked in" in page.locator("h1").inner_text()
    calendar = page.request.get(page.get_by_role("link", name="Add to calendar").get_attribute("href"))
    assert calendar.text().startswith("BEGIN:VCALENDAR")


def test_the_link_in_the_message_moves_and_cancels(demo, page, look):
    page.goto("/check/")
    begin_check(page)
    answer_questions(page, CALM)
    hand = Pointer(page)
    hand.press("See my result")
    book(page, hand, lambda *_: None, "")
    visit = Appointment.objects.get(patient__email=EMAIL)

    call_command("send_messages", stdout=StringIO())
    (message,) = [message for message in mail.outbox if message.to == [EMAIL]]
    link = re.search(r"https?://\S+?(/visit/\S+)", message.body)[1]

    page.context.clear_cookies()
    page.goto(link)
    look(page, "visit")
    hand.follow("Move to another time")
    look(page, "visit-move")
    hand.press_first("button[name='time']")
    look(page, "visit-move-check")
    hand.press("Move my visit")
    moved = Appointment.objects.get(patient=visit.patient, status="booked")
    assert moved.starts_at != visit.starts_at

    hand.follow("Cancel this visit")
    look(page, "visit-cancel")
    hand.press("Cancel this visit")
    look(page, "visit-cancel-error")
    page.locator(".choice__label").first.click()
    hand.press("Cancel this visit")
    look(page, "visit-cancelled")
    moved.refresh_from_db()
    assert moved.status == "cancelled"


def test_the_keyboard_alone_is_enough(demo, page):
    hand = Keyboard(page)

    page.goto("/")
    hand.follow("Check my back pain")
    begin_check(page, hand)
    answer_questions(page, CALM, hand)
    hand.press("See my result")
    book(page, hand, lambda *_: None, "")

    assert Appointment.objects.get(patient__email=EMAIL).status == "booked"


def test_an_emergency_answer_stops_the_check_at_once(demo, page, look):
    page.goto("/check/")
    begin_check(page, phone=None)
    answer_page(page, {**CALM, "saddle_numbness": "new"})
    Pointer(page).press("Continue")

    look(page, "stop")
    assert page.url.endswith("/stop/")
    assert page.get_by_role("link", name=re.compile("^Call ")).first.get_attribute("href").startswith("tel:")
    assert "We cannot ring you" in page.locator("aside").inner_text()

    patient = Intake.objects.latest("pk").patient
    answer_page(page, {"phone": "555-0188"})
    Pointer(page).press("Ask for a call")
    look(page, "stop-with-a-number")
    assert "555-0188" in page.locator("aside").inner_text()

    Pointer(page).press("I answered by mistake")
    look(page, "stop-mistake")
    answer_questions(page, CALM)
    Pointer(page).press("See my result")
    look(page, "result-after-a-mistake")
    assert page.locator(".verdict .tag").inner_text() in {"Urgent", "Emergency"}
    assert Task.objects.filter(patient=patient, kind="call_back", closed_at=None).count() == 1
    assert page.get_by_role("link", name="Choose a time").count() == 0


def test_back_and_change_lose_nothing(demo, page, look):
    hand = Pointer(page)
    page.goto("/check/")
    begin_check(page)
    answer_page(page, CALM)
    hand.press("Continue")
    answer_page(page, {"bladder_trouble": "old"})

    hand.press("Back")
    assert page.locator("[name='saddle_numbness'][value='no']").is_checked()
    hand.press("Continue")
    assert page.locator("[name='bladder_trouble'][value='old']").is_checked()

    answer_questions(page, CALM)
    look(page, "answers")
    go(page.get_by_role("link", name=re.compile("^Change")))
    assert page.locator("[name='saddle_numbness'][value='no']").is_checked()
    hand.press("Continue")
    assert page.locator("h1").inner_text() == "Check your answers"


def test_a_page_that_is_not_answered_says_which_question(demo, page, look):
    page.goto("/check/")
    begin_check(page)

    Pointer(page).press("Continue")

    look(page, "question-error")
    assert page.title().startswith("Error:")
    links = page.locator(".error-summary a")
    assert links.count() == 2
    links.nth(1).click()
    assert page.evaluate("document.activeElement.name") == "sexual_change"


def test_who_comes_without_a_check_answers_four_questions(demo, page, look):
    page.goto("/book/")
    look(page, "book-first")
    Pointer(page).follow("Answer four questions")
    look(page, "quick")
    answer_page(page, {**WHO, "saddle_genital": "no", "bladder_bowel": "no", "legs": "no", "serious": "no"})
    Pointer(page).press("Continue")

    look(page, "book-after-quick")
    assert page.url.endswith("/book/")
    assert page.get_by_role("link", name=re.compile("See times")).count() > 0


def test_one_yes_among_the_four_opens_the_check(demo, page, look):
    page.goto("/check/quick/")
    answer_page(page, {**WHO, "saddle_genital": "no", "bladder_bowel": "no", "legs": "unsure", "serious": "no"})

    Pointer(page).press("Continue")

    assert "/check/" in page.url
    assert "/book/" not in page.url
