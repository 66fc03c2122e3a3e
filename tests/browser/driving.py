"""How a person goes through our pages: answers what a page asks, with the pointer or with the keyboard alone.

Nothing here knows the order of the pages: it reads what is asked from the page itself, and takes the answers from a table.
"""

from datetime import date

from clinic.management.demo.signins import PASSWORD, current_code

WHO = {"first_name": "Robin", "date_of_birth": date(1985, 3, 27), "phone": "555-0123", "consent": True}
FIELDS = """
    [...document.querySelectorAll("main form:has(.field) [name]")]
    .filter(e => e.type !== "hidden" && e.tagName !== "BUTTON")
    .map(e => ({name: e.name, id: e.id, type: e.type, value: e.value, checked: e.checked}))
"""
BOXES = ("day", "month", "year")


def go(control):
    """Press a link or a button that leads to another page, and wait until it is there."""
    with control.page.expect_navigation():
        control.first.click()


class Pointer:
    """Presses and types as somebody with a mouse or a finger."""

    def __init__(self, page):
        self.page = page

    def tick(self, input_id):
        # By force, because in the pain scale the radio itself lies invisibly over its label: whatever is there is pressed.
        self.page.locator(f"label[for='{input_id}'], label:has([id='{input_id}'])").first.click(force=True)

    def write(self, input_id, text):
        self.page.locator(f"[id='{input_id}']").fill(text)

    def press(self, name):
        go(self.page.get_by_role("button", name=name, exact=True))

    def press_first(self, selector):
        go(self.page.locator(selector))

    def follow(self, name):
        go(self.page.get_by_role("link", name=name))


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
        name, type_ = self.page.evaluate(
            "id => { const e = document.getElementById(id); return [e.name, e.type] }", input_id
        )
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
        self.tab_until(f"e.matches('button') && e.textContent.trim() === {name!r}")
        self.enter()

    def press_first(self, selector):
        self.tab_until(f"e.matches({selector!r})")
        self.enter()

    def follow(self, name):
        self.tab_until(f"e.matches('a') && e.textContent.trim().startsWith({name!r})")
        self.enter()

    def enter(self):
        with self.page.expect_navigation():
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
        if type_ in {"radio", "checkbox"}:
            chosen = wanted is True or field["value"] in (wanted if isinstance(wanted, list) else [str(wanted)])
            if chosen and not field["checked"]:
                hand.tick(field["id"])
        elif type_ in {"text", "tel", "email", "textarea", "search"}:
            hand.write(field["id"], wanted)


def begin_check(page, hand=None, **who):
    """From the first page of the check, which is open, to the first question."""
    hand = hand or Pointer(page)
    answer_page(page, {**WHO, **who}, hand)
    hand.press("Agree and continue")


def answer_questions(page, answers, hand=None, on_page=lambda name: None):
    """Page after page of questions, until there are no more. ``on_page`` is called on each with its name."""
    hand = hand or Pointer(page)
    seen = []
    while "/q/" in page.url:
        seen.append(page.url.split("/q/")[1].strip("/"))
        assert len(seen) < 40, f"the questions do not end: {seen}"
        on_page(seen[-1])
        answer_page(page, answers, hand)
        before = page.url
        hand.press("Continue")
        assert page.url != before, f"{before} comes back: {page.locator('.error-summary').all_inner_texts()}"
    return seen


def sign_in(page, member):
    """A member of the demo's staff signs in, password and second step."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    go(page.get_by_role("button", name="Sign in"))
    page.fill("[name=code]", current_code(member))
    go(page.get_by_role("button", name="Sign in"))
    page.wait_for_url("**/desk/**" if member.role == "front_desk" else "**/admin/**")
