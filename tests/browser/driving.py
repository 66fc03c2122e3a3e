"""How a person goes through our pages: answers what a page asks, with the pointer or with the keyboard alone.

Nothing here knows the order of the pages: it reads what is asked from the page itself, and takes the answers from a table.
"""

from datetime import date

from clinic.management.demo.signins import PASSWORD, current_code
from tests.factories_triage import CALM

WHO = {"first_name": "Robin", "date_of_birth": date(1985, 3, 27), "phone": "555-0123", "consent": True}
FIELDS = """
    [...document.querySelectorAll("main form:has(.field) [name]")]
    .filter(e => e.type !== "hidden" && e.tagName !== "BUTTON")
    .map(e => ({name: e.name, id: e.id, type: e.type, value: e.value}))
"""
BOXES = ("day", "month", "year")


class Pointer:
    """Presses and types as somebody with a mouse or a finger."""

    def __init__(self, page):
        self.page = page

    def tick(self, input_id):
        self.page.locator(f"label[for='{input_id}']").click()

    def write(self, input_id, text):
        self.page.locator(f"[id='{input_id}']").fill(text)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()


class Keyboard:
    """Tab, arrows, space, Enter and letters; never a pointer. Fails when a control cannot be reached."""

    def __init__(self, page):
        self.page = page

    def here(self, script):
        return self.page.evaluate(f"(() => {{ const e = document.activeElement; return {script} }})()")

    def tab_until(self, script):
        for _ in range(120):
            if self.here(script):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: no Tab leads to {script}")

    def tick(self, input_id):
        name, type_ = self.page.evaluate("id => { const e = document.getElementById(id); return [e.name, e.type] }", input_id)
        if type_ != "radio":
            self.tab_until(f"e.id === '{input_id}'")
            self.page.keyboard.press("Space")
            return
        # A group of radios is one stop of the Tab key; the arrows choose inside it.
        self.tab_until(f"e.name === '{name}'")
        self.page.keyboard.press("Space")
        for _ in range(20):
            if self.here(f"e.id === '{input_id}' && e.checked"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: no arrow leads to {input_id}")

    def write(self, input_id, text):
        self.tab_until(f"e.id === '{input_id}'")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press(self, name):
        self.tab_until(f"e.matches('button, a') && e.textContent.trim() === {name!r}")
        self.page.keyboard.press("Enter")


def answer_page(page, answers, hand=None):
    """Answer everything this page asks from ``answers`` (by field name). What is not in there is left as it is."""
    hand = hand or Pointer(page)
    for field in page.evaluate(FIELDS):
        name, type_ = field["name"], field["type"]
        for box in BOXES:
            if name.endswith(f"_{box}") and isinstance(answers.get(name.removesuffix(f"_{box}")), date):
                hand.write(field["id"], str(getattr(answers[name.removesuffix(f"_{box}")], box)))
        wanted = answers.get(name)
        if wanted is None:
            continue
        if type_ == "radio" and field["value"] == str(wanted):
            hand.tick(field["id"])
        elif type_ == "checkbox" and (wanted is True or (isinstance(wanted, list) and field["value"] in wanted)):
            hand.tick(field["id"])
        elif type_ in {"text", "tel", "email", "textarea", "search"}:
            hand.write(field["id"], wanted)


def begin_check(page, hand=None, **who):
    """From the home page through the first page of the check."""
    hand = hand or Pointer(page)
    page.goto("/")
    hand.press_link("Check my back pain") if hasattr(hand, "press_link") else page.get_by_role(
        "link", name="Check my back pain"
    ).first.click()
    answer_page(page, {**WHO, **who}, hand)
    hand.press("Agree and continue")


def sign_in(page, member):
    """A member of the demo's staff signs in, password and second step."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.fill("[name=code]", current_code(member))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/**" if member.role == "front_desk" else "**/admin/**")
