"""A real browser against a real server: Debian's chromium, driven by Playwright, on the test Postgres.

Every page a test opens is watched: a word from the content policy, an error in the console, a missing file or a 500 fails
the test. ``look(page, "home")`` is what each journey does on each page it visits: the accessibility check, no sideways
scrolling, one heading of the first order, and, with ``SCREENS=1``, a picture in ``screens/``.
"""

import fcntl
import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests.browser.snapshot import Snapshot

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "No browser was found. Install one: apt-get install chromium (or leave these tests out: make test BROWSER=0)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
PHONE, DESKTOP = 390, 1280
SCREENS = Path(__file__).resolve().parents[2] / "screens"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(INSTALL, pytrace=False)
    # Playwright keeps an event loop in this thread; Django would refuse to be asked anything beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """Collects what a visitor never sees and we must: policy violations, script errors, missing files, answers of 500."""

    def __init__(self, page):
        self.troubles = []
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("response", self.response)
        page.on("requestfailed", self.failed)

    def console(self, message):
        # Chromium reports every answer of 4xx as an "error": those are judged in response().
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")

    def response(self, response):
        wanted = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not wanted):
            self.troubles.append(f"{response.status} for {response.url}")

    def failed(self, request):
        if "ERR_ABORTED" not in (request.failure or ""):
            self.troubles.append(f"{request.failure} for {request.url}")


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory, worker_id):
    """Where the demo clinic's rows lie once somebody has made them: the workers of one run share them."""
    folder = tmp_path_factory.getbasetemp()
    return (folder if worker_id == "master" else folder.parent) / "demo-clinic"


@pytest.fixture
def demo(transactional_db, settings, demo_file):
    """The demo clinic of ``make run``: content approved, staff with a second factor, two weeks of visits."""
    settings.DEMO = True
    with demo_file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if demo_file.exists():
            Snapshot.read(demo_file).restore()
            return
        call_command("load_content", stdout=StringIO())
        call_command("seed_demo", stdout=StringIO())
        Snapshot.take().write(demo_file)


@pytest.fixture
def open_page(chromium, live_server):
    """``open_page(width=…, javascript=…, scheme=…)``: a new visitor with an empty cookie jar."""
    contexts, watches = [], []

    def visitor(*, width=PHONE, javascript=True, scheme="light"):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            java_script_enabled=javascript,
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.scripted = javascript
        contexts.append(context)
        watches.append(Watch(page))
        return page

    yield visitor
    for context in contexts:
        context.close()
    troubles = [trouble for watch in watches for trouble in watch.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def page_no_js(open_page):
    return open_page(javascript=False)


@pytest.fixture
def desktop(open_page):
    return open_page(width=DESKTOP)


def axe(page):
    """Fails with one line for each thing axe finds and where it is."""
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    lines = [
        f"{rule['id']}: {rule['help']}\n      {node['html'][:160]}\n      {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]
    assert not lines, f"axe on {page.url}\n  " + "\n  ".join(lines)


def screen(page, name):
    """A picture of the whole page in ``screens/``, when ``SCREENS=1``."""
    if os.environ.get("SCREENS"):
        SCREENS.mkdir(exist_ok=True)
        scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=SCREENS / f"{name}-{page.viewport_size['width']}-{scheme}.png", full_page=True)


@pytest.fixture
def look():
    """What every page must be, wherever a journey passes: ``look(page, name)``."""

    def inspect(page, name):
        page.wait_for_load_state()
        screen(page, name)
        assert page.title().strip(" -"), f"{page.url} has no title"
        assert page.locator("h1").count() == 1, (
            f"{page.url} has {page.locator('h1').count()} headings of the first order"
        )
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} scrolls sideways by {wider} px at {page.viewport_size['width']} px"
        if page.scripted:  # axe is a script itself; without scripts the markup is the same
            axe(page)

    return inspect
