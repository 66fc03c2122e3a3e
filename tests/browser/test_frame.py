"""The pages that belong to no app, and what is true of every page: the frame, forms without a script, keyboard, widths."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, engines

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.driving import go
from tests.factories_clinic import make_location

PAGES = {"home": "/", "emergency": "/emergency/", "privacy": "/privacy/", "sign-in": "/accounts/login/"}


@pytest.fixture
def place(transactional_db):
    return make_location(phone="555-0142", emergency_number="555-0199")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, PHONE, DESKTOP])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_front_door_can_be_read_by_everybody(place, open_page, look, name, width, scheme):
    page = open_page(width=width, scheme=scheme)

    page.goto(PAGES[name])

    look(page, name)


def test_the_emergency_number_can_be_dialled_from_the_page(place, page):
    page.goto("/emergency/")

    assert page.get_by_role("link", name="Call 555-0199").get_attribute("href") == "tel:5550199"


def test_the_emergency_page_needs_no_location(transactional_db, page, look):
    page.goto("/emergency/")

    look(page, "emergency-without-a-location")
    assert "emergency number of the place you are in" in page.locator(".alarm").inner_text()


def test_a_page_that_is_not_there_says_so(place, page, look):
    assert page.goto("/no-such-page/").status == 404

    look(page, "404")


def test_the_first_tab_offers_to_skip_to_the_content(place, page):
    page.goto("/")

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_has_the_focus_can_be_seen(place, page):
    page.goto("/")

    for _ in range(8):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """(() => { const style = getComputedStyle(document.activeElement);
                return [style.outlineStyle, parseFloat(style.outlineWidth)] })()"""
        )
        assert shown == ["solid", 3]


def test_everything_a_patient_presses_is_large_enough(place, page):
    page.goto("/")

    small = page.evaluate(
        """[...document.querySelectorAll('a, button')]
        .filter(e => !e.closest('p') || e.matches('.btn'))
        .filter(e => !e.matches('.skip'))
        .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44)
        .map(([text, box]) => `${text}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
    )

    assert small == []


def test_a_sign_in_that_fails_says_what_to_mend(place, page, look):
    page.goto("/accounts/login/")

    go(page.get_by_role("button", name="Sign in"))

    page.wait_for_selector(".error-summary")
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    look(page, "sign-in-error")


def test_a_link_of_the_summary_puts_the_cursor_into_the_field(place, page):
    page.goto("/accounts/login/")
    go(page.get_by_role("button", name="Sign in"))

    page.locator(".error-summary a").first.click()

    assert page.evaluate("document.activeElement.name") == "login"


def test_print_is_ink_on_white_by_night_too(place, open_page):
    page = open_page(scheme="dark")
    page.goto("/emergency/")

    page.emulate_media(media="print", color_scheme="dark")

    ground, ink = page.evaluate("['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])")
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_stylesheets_take_every_colour_from_the_tokens():
    """A raw colour anywhere but in tokens.css is a colour that the dark theme does not know."""
    for name in ("base", "home", "admin"):
        screen_only = Path(finders.find(f"css/{name}.css")).read_text().split("@media print")[0]
        raw = [c for c in re.findall(r"#[0-9a-fA-F]{3,8}\b", screen_only) if c != "#fff"]
        assert raw == [], f"{name}.css"


@pytest.mark.parametrize(
    "address", ["/", "/check/", "/exercises/", "/book/", "/emergency/", "/accounts/login/", "/nothing/"]
)
def test_the_demo_says_so_on_every_page_and_on_paper(demo, page, address):
    page.goto(address)

    assert "DEMO" in page.locator(".demo").inner_text()
    page.emulate_media(media="print")
    assert page.locator(".demo").is_visible()


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_the_page_for_a_fault_needs_nothing_but_its_stylesheets(transactional_db, page, look, template):
    """It may show when the database is away: no context, no address looked up, and the emergency words all the same."""
    page.goto("/emergency/")
    html = engines["django"].get_template(template).template.render(Context())

    page.set_content(html.replace('href="/static/', f'href="{page.url.removesuffix("/emergency/")}/static/'))

    look(page, template.removesuffix(".html"))
    assert "Call your emergency number now" in page.locator("main").inner_text()


def test_without_a_script_a_form_says_the_same(place, page_no_js):
    page_no_js.goto("/accounts/login/")
    go(page_no_js.get_by_role("button", name="Sign in"))

    assert page_no_js.title().startswith("Error:")
    link = page_no_js.locator(".error-summary a").first
    assert page_no_js.locator(link.get_attribute("href")).count() == 1


def test_twice_the_size_of_text_still_fits(place, open_page):
    """WCAG 1.4.4 and 1.4.10: text at 200 %, in a window of 640 px, without sideways scrolling."""
    page = open_page(width=640)
    for address in PAGES.values():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")

        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, address


def test_who_asks_for_less_motion_gets_none(place, chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")

    moving = page.evaluate(
        """[...document.querySelectorAll('*')].filter(e => {
            const s = getComputedStyle(e);
            return parseFloat(s.transitionDuration) > 0 || (s.animationName !== 'none' && parseFloat(s.animationDuration) > 0) })
            .map(e => e.className)"""
    )
    context.close()

    assert moving == []
