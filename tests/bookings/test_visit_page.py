"""A booked visit: the page after booking, and the page behind its link. A look changes nothing."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from bookings.services.messages import visit_path
from clinic.models import AccessLog, Message, Patient, Task
from clinic.rules.levels import Level
from tests.bookings.conftest import ELEVEN, visitor
from tests.bookings.pages import (
    FORGED,
    MINUTE,
    TWO,
    choice,
    start,
    times_on,
    words,
)
from tests.factories_bookings import make_appointment, make_service, make_triaged
from tests.factories_clinic import NOW, make_patient, make_practitioner
from tests.factories_triage import CALM, begin, finish, open_for_intakes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def visit(clinic):
    return clinic.book(make_triaged())


def test_the_done_page_shows_the_card_and_what_comes_next(clinic, visit):
    page = words(visitor(visit.patient).get(reverse("bookings:done", args=[visit.reference])))

    for said in (
        "You are booked in. See you on Tuesday.",
        "We send this to r…@example.org",
        "11:00 to 11:40",
        "Comprehensive assessment",
        "Mara Ellisande",
        clinic.location.address,
        "London time",
    ):
        assert said in page


@pytest.mark.parametrize("page", ["done", "calendar", "own_link"])
def test_t18_nobody_else_sees_a_visit_by_its_reference(visit, page):
    address = reverse(f"bookings:{page}", args=[visit.reference])

    for client in (visitor(), visitor(make_triaged())):
        method = client.post if page == "own_link" else client.get
        assert method(address).status_code == 404


def test_a_hold_has_no_done_page(clinic):
    patient = make_triaged()
    hold = clinic.hold(patient)

    assert visitor(patient).get(reverse("bookings:done", args=[hold.reference])).status_code == 404


def test_the_calendar_file_can_be_kept(visit):
    answer = visitor(visit.patient).get(reverse("bookings:calendar", args=[visit.reference]))

    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(event["uid"]).startswith(visit.reference)
    assert event.decoded("dtstart") == visit.starts_at


def test_without_e_mail_the_done_page_leads_to_the_visit_page(clinic):
    patient = make_triaged(patient=make_patient(email=""))
    visit, client = clinic.book(patient), visitor(patient)

    assert "so we ring you to confirm" in words(client.get(reverse("bookings:done", args=[visit.reference])))
    answer = client.post(reverse("bookings:own_link", args=[visit.reference]), follow=True)
    assert "Move to another time" in words(answer)


# The visit behind its link


@pytest.fixture
def link(visit):
    return visit_path(visit, now=NOW)


def test_the_link_shows_the_visit_and_what_can_be_done(clinic, visit, link):
    page = words(Client().get(link))

    for said in ("Your visit", "Tuesday 10 March, 11:00", "Move to another time", "Talk by phone instead", "Cancel"):
        assert said in page
    assert visit.patient.last_name not in page
    assert visit.patient.email not in page


@pytest.mark.parametrize("token", ["x", "0" * 32])
@pytest.mark.parametrize("page", ["manage", "move", "switch", "cancel", "visit_calendar"])
def test_t18_a_wrong_link_opens_nothing(visit, token, page):
    address = reverse(f"bookings:{page}", args=[token])

    assert Client().get(address).status_code == 404
    if page not in {"manage", "visit_calendar"}:
        assert Client().post(address, {"time": "x", "reason": "other"}).status_code == 404


def snapshot():
    return [list(model.objects.order_by("pk").values()) for model in (Appointment, Message, Task, Patient)]


@pytest.mark.parametrize(("agent", "looks"), [("Mozilla/5.0", 20), ("Barracuda Sentinel (EE)", 1), ("bingbot/2.0", 1)])
def test_t19_t20_twenty_looks_at_every_link_change_nothing(clinic, visit, link, agent, looks):
    before, told = snapshot(), AccessLog.objects.count()
    check = f"{link}move/?time={choice(clinic, TWO)}"
    client = Client(headers={"user-agent": agent})

    for address in [link, f"{link}move/", check, f"{link}how/", f"{link}cancel/", f"{link}visit.ics"] * looks:
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200

    assert (snapshot(), AccessLog.objects.count()) == (before, told)


def test_t20_a_change_needs_the_token_of_the_page(visit, link):
    client = Client(enforce_csrf_checks=True)

    for page in ("move", "how", "cancel"):
        assert client.post(f"{link}{page}/", {"reason": "other"}).status_code == 403
    visit.refresh_from_db()
    assert visit.status == Status.BOOKED


def test_cancelling_asks_why_and_frees_the_time(visit, link):
    client = Client()

    assert client.post(f"{link}cancel/").status_code == 422
    answer = client.post(f"{link}cancel/", {"reason": "cannot_come"}, follow=True)

    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == (Status.CANCELLED, "cannot_come")
    assert "This visit is cancelled" in words(answer)
    assert "Book again" in words(answer)


@pytest.mark.parametrize("reason", ["therapist_away", "x"])
def test_a_reason_that_is_not_the_patients_is_not_taken(visit, link, reason):
    assert Client().post(f"{link}cancel/", {"reason": reason}).status_code == 422


def test_cancelling_twice_is_said_kindly(visit, link):
    for _ in range(2):
        answer = Client().post(f"{link}cancel/", {"reason": "other"}, follow=True)

    assert answer.status_code == 200
    assert Message.objects.filter(kind="cancelled").count() == 1


def test_moving_asks_before_it_moves(clinic, visit, link):
    client = Client()
    times = client.get(f"{link}move/")

    check = client.get(f"{link}move/", {"time": choice(clinic, TWO)})
    visit.refresh_from_db()
    assert (choice(clinic, TWO) in times_on(times), visit.starts_at) == (True, ELEVEN)
    assert "New time Tuesday 10 March, 14:00, London time" in words(check)

    answer = client.post(f"{link}move/", {"time": choice(clinic, TWO)}, follow=True)
    visit.refresh_from_db()
    assert visit.starts_at == TWO
    assert "Tuesday 10 March, 14:00" in words(answer)


@pytest.mark.parametrize(
    ("level", "quick", "said"),
    [
        (Level.EMERGENCY, False, "Before anything else: your latest answers need help now."),
        (Level.URGENT, False, "Your latest answers need to be checked first"),
        (Level.URGENT, True, "Your latest answers need to be checked first"),
    ],
)
def test_what_is_urgent_now_comes_first_on_the_page_of_a_visit(clinic, visit, link, level, quick, said):
    if quick:  # it stands only where nothing fuller is known
        visit = make_appointment(patient=make_triaged(quick=True), location=clinic.location)
        link = visit_path(visit, now=NOW)
    make_triaged(level, patient=visit.patient, quick=quick, created_at=NOW)
    client = Client()

    page = words(client.get(link))

    assert page.index(said) < page.index("What Comprehensive assessment")
    assert "Move to another time" not in page
    assert "Cancel this visit" in page
    for address in (f"{link}move/", f"{link}how/"):
        assert client.get(address)["Location"] == link


def answer_urgently(**fields):
    """Somebody whom the check itself found urgent, with the call-back that it opened."""
    open_for_intakes()
    return finish(begin(**fields), {**CALM, "ill_signs": ["fever"]}).patient


def test_the_page_of_a_visit_says_by_when_we_ring(clinic):
    patient = answer_urgently()
    visit = make_appointment(patient=patient, location=clinic.location)

    page = words(Client().get(visit_path(visit, now=NOW)))

    assert "We will ring you today before 12:00, London time." in page


def test_the_page_of_a_visit_promises_no_call_without_a_number(clinic):
    patient = answer_urgently(phone="")
    visit = make_appointment(patient=patient, location=clinic.location)

    page = words(Client().get(visit_path(visit, now=NOW)))

    assert Task.objects.open().call_backs().filter(patient=patient).exists()
    assert f"Please ring us now on {clinic.location.phone}." in page
    assert "ring you" not in page.replace("We cannot ring you", "")


def test_the_present_time_is_shown_and_cannot_be_pressed(clinic, visit, link):
    page = Client().get(f"{link}move/")

    assert choice(clinic) not in times_on(page)
    assert "11:00 now" in words(page)
    assert choice(clinic, ELEVEN + 10 * MINUTE) in times_on(page)


def test_the_page_of_times_to_move_to_says_whose_they_are(clinic, visit, link):
    colleague = clinic.colleague("Anna Zeltner")
    somewhere_else = make_practitioner(name="Berta Overthere")
    clinic.service.practitioners.add(somewhere_else)

    def chosen(query):
        page = Client().get(f"{link}move/", query).content.decode()
        return re.findall(r'<option value="([^"]*)" selected>', page), page

    same, page = chosen({})
    assert same == [str(clinic.therapist.pk)]
    assert "Berta Overthere" not in page
    assert chosen({"who": colleague.pk})[0] == [str(colleague.pk)]
    anyone, page = chosen({"who": "anyone"})
    assert anyone == ["anyone"]
    assert f"{link}move/?who=anyone&amp;from=2026-03-1" in page


def test_a_move_to_a_time_that_is_gone_offers_others(clinic, visit, link):
    clinic.book(make_triaged(), TWO)

    answer = Client().post(f"{link}move/", {"time": choice(clinic, TWO)})

    visit.refresh_from_db()
    assert (answer.status_code, visit.starts_at) == (409, ELEVEN)
    assert "That time has just been taken." in words(answer)


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_t2_a_forged_move_is_refused(clinic, visit, link, forged):
    text = forged if isinstance(forged, str) else choice(clinic, **forged)

    answer = Client().post(f"{link}move/", {"time": text})

    visit.refresh_from_db()
    assert (answer.status_code, visit.starts_at) == (409, ELEVEN)


def test_a_move_changes_neither_service_nor_mode(clinic, visit, link):
    other = make_service(slug="running-form", practitioners=[clinic.therapist])

    for forged in ({"service": other.slug}, {"mode": Mode.PHONE}):
        for method in (Client().get, Client().post):
            assert method(f"{link}move/", {"time": choice(clinic, TWO, **forged)}).status_code == 409


def test_by_phone_instead_and_back(clinic, visit, link):
    client = Client()

    client.post(f"{link}how/", {"phone": "555-0177"})
    visit.refresh_from_db()
    assert (visit.mode, visit.phone, visit.room) == (Mode.PHONE, "555-0177", None)

    client.post(f"{link}how/")
    visit.refresh_from_db()
    assert (visit.mode, visit.phone, visit.room) == (Mode.IN_PERSON, "", clinic.room)


def test_by_phone_instead_asks_for_the_number(visit, link):
    answer = Client().post(f"{link}how/", {"phone": ""})

    assert answer.status_code == 422
    assert "Enter the phone number that we should call" in words(answer)


def test_back_in_person_without_a_room_is_said(clinic, visit, link):
    client = Client()
    client.post(f"{link}how/", {"phone": "555-0177"})
    make_appointment(location=clinic.location, room=clinic.room, starts_at=ELEVEN)

    answer = client.post(f"{link}how/")

    assert answer.status_code == 409
    assert "just been taken" in words(answer)


def test_a_service_by_one_way_offers_no_other(clinic, visit, link):
    clinic.service.by_phone = False
    clinic.service.save()

    assert "Talk by phone instead" not in words(Client().get(link))
    assert Client().get(f"{link}how/").status_code == 302


@pytest.mark.parametrize("page", ["move", "how", "cancel"])
def test_what_is_over_is_not_changed_by_its_link(visit, link, now, page):
    now(ELEVEN)

    answer = Client().post(f"{link}{page}/", {"reason": "other", "phone": "555-0177", "time": "x"})

    visit.refresh_from_db()
    assert (answer.status_code, visit.status, visit.sequence) == (302, Status.BOOKED, 0)
    assert "can no longer be changed here" in words(Client().get(link))


def test_t36_the_link_of_the_confirmation_shows_the_visit_as_it_is(clinic, visit):
    message = Message.objects.get(kind="booked")
    link = re.search(rf"{re.escape(settings.SITE_URL)}(/visit/\S+)", message.text)[1]
    for hour in (14, 15):
        Client().post(f"{link}move/", {"time": choice(clinic, NOW.replace(hour=hour))})

    assert "Tuesday 10 March, 15:00" in words(Client().get(link))


def test_pages_of_a_visit_are_kept_by_nobody(visit, link):
    for address in (link, f"{link}move/", f"{link}cancel/"):
        page = Client().get(address)
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "same-origin"
        assert 'name="robots" content="noindex"' in page.content.decode()


def test_a_link_does_not_sign_anybody_in(visit, link):
    client = Client()
    client.get(link)

    assert client.get(reverse("bookings:done", args=[visit.reference])).status_code == 404
    assert "Check my back pain" in words(start(client))
