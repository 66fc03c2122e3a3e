"""The front desk's day: who is due and arrives, a caller who wants a visit, moving, cancelling, calls to make."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from bookings.models import Appointment
from bookings.rules.states import OPEN
from clinic.management.demo.signins import DESK
from clinic.models import Patient, Task
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.driving import Keyboard, Pointer, answer_page, go, sign_in
from tests.factories_bookings import make_appointment
from tests.factories_clinic import make_location

DESK_WIDTH = 1440
NO_FOUR_TIMES = {"saddle_genital": "no", "bladder_bowel": "no", "legs": "no", "serious": "no", "consent": True}


CALLER = {"first_name": "Wilma", "last_name": "Sandgate", "born": "12 2 1988"}


@pytest.fixture
def desk(demo, open_page):
    page = open_page(width=DESK_WIDTH)
    sign_in(page, DESK)
    return page


def open_visit():
    """A visit of the demo that can still be moved or cancelled, on a day that is ahead as a whole, whatever the clock says."""
    tomorrow = timezone.now() + timedelta(days=1)
    return Appointment.objects.filter(status__in=OPEN, starts_at__gt=tomorrow).order_by("starts_at").first()


def visit_around_noon(minutes):
    """A visit that begins in so many minutes, at a place where it is about noon now: no board ends in between."""
    now = timezone.now()
    noon = make_location(time_zone=f"Etc/GMT{now.astimezone(UTC).hour - 12:+d}")  # their signs point west
    return make_appointment(location=noon, starts_at=now + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "visitor", [{"width": PHONE}, {"width": DESKTOP, "scheme": "dark"}, {"width": DESK_WIDTH}], ids=str
)
def test_the_desks_pages_can_be_read_by_everybody(demo, open_page, look, visitor):
    page = open_page(**visitor)
    sign_in(page, DESK)

    look(page, "desk-board")
    for name, address in {
        "callbacks": "/desk/callbacks/",
        "new": "/desk/new/",
        "find": "/desk/find/",
        "patient": f"/desk/patients/{open_visit().patient.reference}/",
        "visit": f"/desk/visits/{open_visit().pk}/",
        "move": f"/desk/visits/{open_visit().pk}/move/",
        "cancel": f"/desk/visits/{open_visit().pk}/cancel/",
    }.items():
        page.goto(address)
        look(page, f"desk-{name}")


def test_somebody_arrives_is_seen_and_done(desk, look):
    visit = visit_around_noon(10)

    desk.goto(f"/desk/visits/{visit.pk}/")
    for button, status in [("Arrived", "arrived"), ("Start", "in_session"), ("Done", "fulfilled")]:
        go(desk.locator("#chosen").get_by_role("button", name=button))
        visit.refresh_from_db()
        assert visit.status == status
        look(desk, f"desk-{status}")
    go(desk.locator("#chosen").get_by_role("button", name="Undo"))
    visit.refresh_from_db()
    assert visit.status == "in_session"


def test_somebody_who_did_not_come_is_marked(desk):
    visit = visit_around_noon(-20)

    desk.goto(f"/desk/visits/{visit.pk}/")
    assert desk.locator("#chosen .suggest").count() == 1
    go(desk.locator("#do-noshow"))

    visit.refresh_from_db()
    assert visit.status == "noshow"


def test_a_caller_gets_a_visit(desk, look):
    hand = Pointer(desk)
    taken = set(Patient.objects.values_list("phone", flat=True))
    number = next(number for number in (f"555-01{n}" for n in range(10, 99)) if number not in taken)
    hand.follow("New caller")
    answer_page(desk, {**CALLER, "phone": number})
    hand.press("Continue")
    look(desk, "desk-new-safety")
    answer_page(desk, NO_FOUR_TIMES)
    hand.press("Continue")
    look(desk, "desk-new-times")
    go(desk.locator("a.time"))
    look(desk, "desk-new-confirm")
    hand.press("Book this time")

    patient = Patient.objects.get(last_name="Sandgate")
    visit = Appointment.objects.get(patient=patient)
    assert visit.status in OPEN
    assert "Wilma Sandgate" in desk.locator("main").inner_text()


def test_a_caller_whose_number_is_known_may_be_somebody_else(desk, look):
    known = open_visit().patient
    Pointer(desk).follow("New caller")
    answer_page(desk, {**CALLER, "phone": known.phone})
    Pointer(desk).press("Continue")

    look(desk, "desk-new-alike")
    assert known.last_name in desk.locator("#alike").inner_text()
    desk.locator("[name='match'][value='new']").check()
    Pointer(desk).press("Continue")

    assert Patient.objects.get(last_name="Sandgate").phone == known.phone
    assert "/safety/" in desk.url


@pytest.mark.parametrize("typed", ["the last name", "the phone number"])
def test_a_patient_is_found_by_a_part(desk, look, typed):
    patient = open_visit().patient
    part = patient.last_name[:4] if typed == "the last name" else patient.phone[-4:]

    desk.locator("#q").fill(part)
    with desk.expect_navigation():
        desk.locator("#q").press("Enter")

    look(desk, "desk-found")
    assert f"{patient.first_name} {patient.last_name}" in desk.locator("#found tbody th a").all_inner_texts()


def test_a_visit_is_moved(desk, look):
    visit = open_visit()
    before = visit.starts_at, visit.practitioner_id

    desk.goto(f"/desk/visits/{visit.pk}/move/")
    go(desk.locator(".is-picking a[href*='/move/to/']").last)
    look(desk, "desk-move-to")
    go(desk.locator("main form").first.get_by_role("button"))

    visit.refresh_from_db()
    assert visit.status in OPEN
    assert (visit.starts_at, visit.practitioner_id) != before


def test_a_visit_is_cancelled_with_a_reason(desk, look):
    visit = open_visit()
    desk.goto(f"/desk/visits/{visit.pk}/cancel/")

    Pointer(desk).press("Cancel the visit")
    look(desk, "desk-cancel-error")
    desk.locator("[name='reason']").first.check()
    Pointer(desk).press("Cancel the visit")

    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_a_call_is_claimed_made_and_closed(desk, look):
    waiting = list(Task.objects.filter(kind="call_back", closed_at=None).order_by("-level", "due_at"))
    Pointer(desk).follow("Call-backs")

    shown = desk.locator("table.rows tbody tr")
    assert shown.count() == len(waiting)
    assert [shown.nth(n).locator(".tag").inner_text() for n in range(shown.count())] == sorted(
        (shown.nth(n).locator(".tag").inner_text() for n in range(shown.count())),
        key=["Emergency", "Urgent", "Priority", "Routine", "Self-care"].index,
    )
    go(desk.get_by_role("button", name="Claim"))
    look(desk, "desk-call")
    desk.locator("[name='outcome']").first.check()
    Pointer(desk).press("Close the call")

    assert Task.objects.filter(kind="call_back", closed_at=None).count() == len(waiting) - 1


def test_the_desk_never_shows_an_answer(desk):
    """The desk sees that an intake exists, its level and one line; the answers are for therapists."""
    patient = Task.objects.filter(kind="call_back", closed_at=None).order_by("-level").first().patient

    desk.goto(f"/desk/patients/{patient.reference}/")

    words = desk.locator("main").inner_text()
    for answer in ("between the legs", "Yes, it is new", "numb"):
        assert answer not in words


def test_the_day_sheet_is_for_paper_and_says_that_it_is_a_demo(desk, look):
    Pointer(desk).follow("Day sheet")
    look(desk, "desk-sheet")

    desk.emulate_media(media="print")

    assert desk.locator(".demo").is_visible()
    assert not desk.locator(".top").is_visible()


def test_arrows_go_from_visit_to_visit(desk):
    visit = open_visit()
    day = visit.starts_at.astimezone(visit.location.zone).date()
    desk.goto(f"/desk/at/{visit.location.slug}/{day}/")
    stops = desk.locator(".board .col:has(a)").first.locator("a")
    assert stops.count() > 2
    stops.first.focus()

    desk.keyboard.press("ArrowDown")

    assert desk.evaluate("document.activeElement.id") == stops.nth(1).get_attribute("id")


def test_the_keyboard_alone_marks_an_arrival(desk):
    visit = visit_around_noon(10)
    desk.goto(f"/desk/visits/{visit.pk}/")
    hand = Keyboard(desk)

    hand.tab_until("e.matches('button[value=arrived]')")
    hand.enter()

    visit.refresh_from_db()
    assert visit.status == "arrived"
