"""The patient's pages: from the level to a booked visit, and back from its link. Typed data survives, GET writes nothing."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from bookings.models import Appointment
from bookings.rules.choice import Choice
from bookings.rules.states import Mode, Status
from bookings.services.messages import visit_path
from clinic.models import AccessLog, Message, Patient, Room, Task
from clinic.rules.levels import Level
from tests.bookings.conftest import ELEVEN, visitor
from tests.factories_bookings import make_appointment, make_hold, make_service, make_triaged, make_week
from tests.factories_clinic import NOW, make_location, make_patient, make_practitioner, make_room

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
TWO = NOW.replace(hour=14)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The clock of the pages. ``now(moment)`` sets it."""

    def stand_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stand_at(NOW)
    return stand_at


def choice(clinic, starts_at=ELEVEN, **fields):
    return str(
        Choice(
            **{
                "service": clinic.service.slug,
                "mode": Mode.IN_PERSON,
                "practitioner": clinic.therapist.pk,
                "location": clinic.location.pk,
                "starts_at": starts_at,
                **fields,
            }
        )
    )


def words(response):
    """What a person reads on the page, tags and repeated spaces left out."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def times_on(response):
    """Every time that can be pressed."""
    return re.findall(r'name="time" value="([^"]+)"', response.content.decode())


def start(client):
    return client.get(reverse("bookings:start"))


# The first page


def test_a_stranger_is_offered_the_check_or_four_questions(clinic):
    page = start(visitor())

    assert page.status_code == 200
    assert reverse("triage:start") in page.content.decode()
    assert reverse("triage:quick") in page.content.decode()


def test_emergency_shows_the_emergency_advice_and_no_times(clinic):
    page = start(visitor(make_triaged(Level.EMERGENCY)))

    assert "Please get help now" in words(page)
    assert clinic.location.emergency_number in words(page)
    assert reverse("bookings:times") not in page.content.decode()


def test_urgent_shows_the_promise_of_a_call_and_no_times(clinic):
    patient = make_triaged(Level.URGENT)
    client = visitor(patient)
    client.post(reverse("bookings:call_me"))

    page = start(client)

    assert "We call you today before 12:00." in words(page)
    assert f"We use the number {patient.phone}." in words(page)
    assert reverse("bookings:times") not in page.content.decode()


def test_urgent_while_closed_is_promised_a_call_when_we_open(clinic, now):
    now(NOW.replace(hour=20))
    client = visitor(make_triaged(Level.URGENT))
    client.post(reverse("bookings:call_me"))

    page = start(client)

    assert "We are closed now. We call you when we open, on Wednesday 11 March, 08:00." in words(page)
    assert clinic.location.urgent_advice_number in words(page)


def test_asking_twice_for_a_call_makes_one(clinic):
    client = visitor(make_triaged(Level.URGENT))
    for _ in range(2):
        client.post(reverse("bookings:call_me"))

    task = Task.objects.get()
    assert (task.kind, task.level, task.due_at) == (Task.Kind.CALL_BACK, Level.URGENT, NOW + timedelta(hours=2))


@pytest.mark.parametrize("level", [Level.EMERGENCY, None])
def test_nobody_else_asks_for_a_call(clinic, level):
    client = visitor(make_triaged(level) if level else make_patient())

    assert client.post(reverse("bookings:call_me")).status_code == 302
    assert not Task.objects.exists()


def test_without_a_number_nobody_is_promised_a_call(clinic):
    client = visitor(make_triaged(Level.URGENT, patient=make_patient(phone="")))

    client.post(reverse("bookings:call_me"))

    assert not Task.objects.exists()
    assert "We have no number" in words(start(client))


def test_under_16_is_asked_to_ring_with_a_guardian(clinic):
    child = make_patient(date_of_birth=NOW.date().replace(year=NOW.year - 15))

    assert "a parent or guardian rings us" in words(start(visitor(make_triaged(patient=child))))


def test_old_answers_lead_to_the_safety_questions(clinic):
    page = start(visitor(make_triaged(created_at=NOW - timedelta(days=15))))

    assert reverse("triage:quick") in page.content.decode()
    assert reverse("bookings:times") not in page.content.decode()


def test_a_quick_check_that_was_not_clear_leads_to_the_whole_check(clinic):
    page = start(visitor(make_triaged(Level.URGENT, quick=True)))

    assert reverse("triage:start") in page.content.decode()
    assert reverse("bookings:times") not in page.content.decode()


def test_the_visits_that_the_level_allows_are_offered_and_no_others(clinic):
    make_service(slug="follow-up", name="Follow-up visit")
    make_service(slug="phone-consultation", name="Phone consultation")
    make_service(slug="running-form", name="Running-form analysis", is_public=False)

    page = words(start(visitor(make_triaged())))

    assert "Comprehensive assessment" in page
    assert "Phone consultation" in page
    assert "Follow-up visit" not in page
    assert "Running-form analysis" not in page


# Times


@pytest.mark.parametrize("level", [None, Level.EMERGENCY, Level.URGENT])
def test_times_are_not_shown_to_those_who_may_not_book(clinic, level):
    client = visitor(make_triaged(level)) if level else visitor()

    for method in ("get", "post"):
        response = getattr(client, method)(reverse("bookings:times"), {"time": choice(clinic)})

        assert response["Location"] == reverse("bookings:start")
    assert not Appointment.objects.exists()


def test_times_are_grouped_by_day_with_place_therapist_mode_and_zone(clinic):
    page = visitor(make_triaged()).get(reverse("bookings:times"))

    text = words(page)
    for said in (
        "Comprehensive assessment, 40 minutes , in person",
        "All times are London time.",
        clinic.location.name,
        "Tuesday 10 March",
        "Today",
        "Wednesday 11 March",
        "Tomorrow",
        "Morning",
        "Afternoon",
        "Mara Ellisande",
        "Earliest Tuesday 10 March, 10:00",
    ):
        assert said in text
    assert times_on(page)[0] == times_on(page)[1] == choice(clinic, NOW)


def test_t23_where_the_server_and_the_browser_stand_changes_nothing(clinic):
    client = visitor(make_triaged())
    here = words(client.get(reverse("bookings:times")))

    with timezone.override("Asia/Tokyo"):
        assert words(client.get(reverse("bookings:times"))) == here


def test_by_phone_shows_the_times_by_phone(clinic):
    clinic.room.delete()
    client = visitor(make_triaged())

    assert times_on(client.get(reverse("bookings:times"))) == []
    page = client.get(reverse("bookings:times"), {"how": "phone"})
    assert times_on(page)[0] == choice(clinic, NOW, mode=Mode.PHONE)


def test_one_therapist_can_be_chosen(clinic):
    colleague = clinic.colleague()
    make_appointment(practitioner=colleague, starts_at=NOW)

    page = visitor(make_triaged()).get(reverse("bookings:times"), {"who": colleague.pk})

    assert all(f"~{colleague.pk}~" in one for one in times_on(page))
    assert "Earliest Tuesday 10 March, 10:50" in words(page)


def test_one_place_can_be_chosen(clinic):
    riverside = make_location(name="Riverside", position=2)
    make_room(riverside)
    make_week(clinic.therapist, riverside)

    page = visitor(make_triaged()).get(reverse("bookings:times"), {"where": riverside.slug})

    assert all(f"~{riverside.pk}~" in one for one in times_on(page))


def test_a_full_week_leads_to_the_first_free_time_after_it(clinic):
    clinic.shifts[1].delete()
    for shift in clinic.shifts[:1] + clinic.shifts[2:]:
        shift.valid_from = NOW.date() + timedelta(days=20)
        shift.save()

    page = visitor(make_triaged()).get(reverse("bookings:times"))

    assert "Earliest Monday 30 March, 09:00" in words(page)


def test_t24_without_any_hours_the_answer_is_short_and_names_the_phone(clinic):
    for shift in clinic.shifts:
        shift.delete()

    page = visitor(make_triaged()).get(reverse("bookings:times"))

    assert "There is nothing free in the next 60 days" in words(page)
    assert clinic.location.phone in words(page)


def test_priority_sees_its_five_working_days(clinic):
    page = visitor(make_triaged(Level.PRIORITY)).get(reverse("bookings:times"))

    assert "Tuesday 17 March" in words(page)
    assert "Wednesday 18 March" not in words(page)


def test_priority_with_nothing_free_sees_the_first_later_time_alone(clinic):
    for shift in clinic.shifts:
        shift.valid_from = NOW.date() + timedelta(days=8)
        shift.save()

    page = visitor(make_triaged(Level.PRIORITY)).get(reverse("bookings:times"))

    assert "Nothing is free within five working days" in words(page)
    assert times_on(page) == [choice(clinic, NOW.replace(day=18, hour=9))]


@pytest.mark.parametrize(
    "asked",
    [
        {"service": "made-up"},
        {"how": "by pigeon"},
        {"who": "nobody"},
        {"who": "9" * 30},
        {"who": "٣"},
        {"where": "the moon"},
        {"from": "soon"},
        {"from": "0001-01-01"},
        {"from": "9999-12-31"},
    ],
)
def test_odd_questions_get_a_page(clinic, asked):
    assert visitor(make_triaged()).get(reverse("bookings:times"), asked).status_code == 200


def test_t7_looking_at_times_writes_nothing(clinic):
    client = visitor(make_triaged())

    with CaptureQueriesContext(connection) as queries:
        for address in (reverse("bookings:start"), reverse("bookings:times"), reverse("bookings:details")):
            client.get(address)

    assert [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "(SELECT", "SAVEPOINT", "RELEASE"))] == []


# Details


def test_pressing_a_time_holds_it_and_books_nothing(clinic):
    client = visitor(make_triaged())

    answer = client.post(reverse("bookings:times"), {"time": choice(clinic)})

    hold = Appointment.objects.get()
    assert answer["Location"] == reverse("bookings:details")
    assert (hold.status, hold.starts_at, hold.held_until) == (Status.HELD, ELEVEN, NOW + 8 * MINUTE)
    assert "We keep this time for you until 10:08." in words(client.get(reverse("bookings:details")))


def test_a_time_that_went_away_meanwhile_is_said_with_the_nearest(clinic):
    client = visitor(make_triaged())
    clinic.book(make_triaged())

    answer = client.post(reverse("bookings:times"), {"time": choice(clinic), "who": clinic.therapist.pk})

    assert answer.status_code == 409
    assert "That time has just been taken." in words(answer)
    assert times_on(answer)[:3] == [choice(clinic, ELEVEN + minutes * MINUTE) for minutes in (-60, -50, 50)]
    assert "<title>Error:" in answer.content.decode()


def test_anyone_means_another_therapist_when_the_first_is_gone(clinic):
    colleague = clinic.colleague()
    make_room(clinic.location)
    client = visitor(make_triaged())
    clinic.book(make_triaged())

    client.post(reverse("bookings:times"), {"time": choice(clinic), "who": ""})

    assert Appointment.objects.get(status=Status.HELD).practitioner == colleague


def test_without_a_time_the_details_lead_back(clinic):
    assert visitor(make_triaged()).get(reverse("bookings:details"))["Location"] == reverse("bookings:times")


def make_new_patient():
    """Triaged, and known by first name and date of birth only, as after an intake without a phone number."""
    return make_triaged(patient=make_patient(last_name="", email="", phone=""))


def form_for(clinic, **fields):
    return {
        "choice": choice(clinic),
        "last_name": "Ashdown",
        "email": "robin@example.org",
        "phone": "555-0177",
        "key": "key-of-this-form",
        **fields,
    }


def send_details(client, clinic, **fields):
    return client.post(reverse("bookings:details"), form_for(clinic, **fields))


def test_the_details_book_the_visit(clinic):
    patient = make_triaged(patient=make_patient(last_name="", email="", phone=""))
    client = visitor(patient)
    client.post(reverse("bookings:times"), {"time": choice(clinic)})

    answer = send_details(client, clinic)

    visit = Appointment.objects.get()
    patient.refresh_from_db()
    assert answer["Location"] == reverse("bookings:done", args=[visit.reference])
    assert (visit.status, visit.patient) == (Status.BOOKED, patient)
    assert (patient.last_name, patient.email, patient.phone) == ("Ashdown", "robin@example.org", "555-0177")


def test_from_the_level_to_a_booked_visit_in_five_requests(clinic):
    client = visitor(make_triaged())
    first = client.get(reverse("bookings:start"))
    address = re.search(rf'href="({reverse("bookings:times")}[^"]*)"', first.content.decode())[1]
    second = client.get(address)
    third = client.post(reverse("bookings:times"), {"time": times_on(second)[0]})
    fourth = client.get(third["Location"])
    hidden = dict(re.findall(r'<input type="hidden" name="(choice|key)" value="([^"]+)"', fourth.content.decode()))
    fifth = client.post(reverse("bookings:details"), {**hidden, "last_name": "Ashdown", "email": "robin@example.org"})

    assert Appointment.objects.get(status=Status.BOOKED).reference in fifth["Location"]


def test_sending_the_details_twice_books_once(clinic):
    client = visitor(make_triaged())

    answers = [send_details(client, clinic) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert (Appointment.objects.count(), Message.objects.count()) == (1, 1)


def test_what_is_missing_is_said_and_what_was_typed_stays(clinic):
    client = visitor(make_new_patient())
    client.post(reverse("bookings:times"), {"time": choice(clinic)})

    answer = send_details(client, clinic, last_name="", email="robin@example", phone="555-0177")

    assert answer.status_code == 422
    assert "Enter your last name" in words(answer)
    assert "Enter an e-mail address, like name@example.org" in words(answer)
    assert 'value="555-0177"' in answer.content.decode()
    assert 'value="robin@example"' in answer.content.decode()
    assert Appointment.objects.get().status == Status.HELD


def test_neither_e_mail_nor_phone_is_asked_for_once(clinic):
    answer = send_details(visitor(make_new_patient()), clinic, email="", phone="")

    assert answer.status_code == 422
    assert "Enter an e-mail address or a phone number" in words(answer)


def test_a_phone_visit_asks_for_the_number(clinic):
    client = visitor(make_new_patient())

    answer = send_details(client, clinic, choice=choice(clinic, mode=Mode.PHONE), phone="")

    assert answer.status_code == 422
    assert "Enter the phone number that we should call" in words(answer)


def test_who_sits_at_the_browser_next_sees_and_changes_nothing_of_the_first(clinic):
    patient = make_triaged(patient=make_patient(last_name="Secretname", email="first@example.org", phone="555-0123"))
    client = visitor(patient)
    client.post(reverse("bookings:times"), {"time": choice(clinic)})

    page = words(client.get(reverse("bookings:details")))
    send_details(client, clinic, last_name="Other", email="other@example.org", phone="555-0177")

    patient.refresh_from_db()
    assert not any(secret in page for secret in ("Secretname", "first@example.org", "555-0123"))
    assert "You are not Robin?" in page
    assert (patient.last_name, patient.email, patient.phone) == ("Secretname", "first@example.org", "555-0123")


def test_t1_a_time_taken_while_typing_keeps_what_was_typed_and_offers_others(clinic, now):
    client = visitor(make_new_patient())
    client.post(reverse("bookings:times"), {"time": choice(clinic)})
    now(NOW + 9 * MINUTE)
    clinic.book(make_triaged(), now=NOW + 9 * MINUTE)

    answer = send_details(client, clinic, email="typed@example.org")

    assert answer.status_code == 409
    assert "That time has just been taken." in words(answer)
    assert 'value="typed@example.org"' in answer.content.decode()
    assert len(times_on(answer)) == 3
    assert Appointment.objects.filter(status=Status.BOOKED).count() == 1


def test_another_time_is_taken_without_typing_again(clinic):
    client = visitor(make_new_patient())
    clinic.book(make_triaged())
    refused = send_details(client, clinic, email="typed@example.org")

    answer = client.post(
        reverse("bookings:details"), form_for(clinic, email="typed@example.org", time=times_on(refused)[0])
    )

    hold = Appointment.objects.get(status=Status.HELD)
    assert answer.status_code == 200
    assert hold.starts_at == ELEVEN - 60 * MINUTE
    assert 'value="typed@example.org"' in answer.content.decode()
    assert f'value="{choice(clinic, hold.starts_at)}"' in answer.content.decode()


def test_a_late_booking_succeeds_while_the_time_is_free(clinic, now):
    client = visitor(make_triaged())
    client.post(reverse("bookings:times"), {"time": choice(clinic)})
    now(NOW + 20 * MINUTE)

    assert "It may still be free" in words(client.get(reverse("bookings:details")))
    assert send_details(client, clinic).status_code == 302


def test_t40_a_shift_that_went_away_is_refused_and_what_was_typed_stays(clinic):
    client = visitor(make_new_patient())
    client.post(reverse("bookings:times"), {"time": choice(clinic)})
    clinic.shifts[1].delete()

    answer = send_details(client, clinic, email="typed@example.org")

    assert answer.status_code == 409
    assert 'value="typed@example.org"' in answer.content.decode()
    assert len(times_on(answer)) == 3


def test_something_urgent_that_came_up_leads_away_from_booking(clinic):
    patient = make_triaged()
    client = visitor(patient)
    client.post(reverse("bookings:times"), {"time": choice(clinic)})
    make_triaged(Level.URGENT, patient=patient, created_at=NOW)

    assert send_details(client, clinic)["Location"] == reverse("bookings:start")
    assert not Appointment.objects.filter(status=Status.BOOKED).exists()


def test_t37_a_fourth_visit_is_refused_with_the_number(clinic):
    patient = make_triaged()
    for day in (1, 2, 3):
        clinic.book(patient, ELEVEN + timedelta(days=day))

    answer = visitor(patient).post(reverse("bookings:times"), {"time": choice(clinic)})

    assert answer.status_code == 409
    assert f"please call us on {clinic.location.phone}" in words(answer)


# Forged and missing fields: never a 500


FORGED = {
    "nothing": "",
    "no choice at all": "x" * 50,
    "a service that is not there": {"service": "made-up"},
    "a therapist who is not there": {"practitioner": 999_999},
    "a place that is not there": {"location": 999_999},
    "outside hours": {"starts_at": NOW.replace(hour=22)},
    "in the past": {"starts_at": NOW - timedelta(days=7)},
    "off the grid": {"starts_at": ELEVEN + MINUTE},
    "in a far year": {"starts_at": NOW.replace(year=9999)},
    "in a year long gone": {"starts_at": NOW.replace(year=1)},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("page", ["times", "details"])
def test_t2_a_forged_time_is_refused(clinic, page, forged):
    text = forged if isinstance(forged, str) else choice(clinic, **forged)
    client = visitor(make_triaged())

    answer = client.post(
        reverse(f"bookings:{page}"),
        form_for(clinic, choice=text, time=text) if page == "times" else form_for(clinic, choice=text),
    )

    assert answer.status_code == 409
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("field", ["service", "mode"])
def test_t39_a_forged_service_or_mode_is_refused(clinic, field):
    make_service(slug="running-form", name="Running-form analysis", practitioners=[clinic.therapist])
    forged = {"service": {"service": "running-form"}, "mode": {"mode": Mode.IN_PERSON}}[field]
    client = visitor(make_triaged(Level.SELF_CARE))
    make_service(slug="phone-consultation", practitioners=[clinic.therapist])

    answer = send_details(client, clinic, choice=choice(clinic, **forged))

    assert answer.status_code == 409
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("field", ["choice", "last_name", "email", "phone", "key"])
@pytest.mark.parametrize("change", ["dropped", "odd"])
@pytest.mark.parametrize("mode", list(Mode))
def test_t38_no_missing_or_odd_field_is_more_than_a_clear_answer(clinic, field, change, mode):
    form = form_for(clinic, choice=choice(clinic, mode=mode))
    if change == "dropped":
        del form[field]
    else:
        form[field] = "\x00\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 60

    answer = visitor(make_triaged()).post(reverse("bookings:details"), form)

    assert answer.status_code in {302, 409, 422}


@pytest.mark.parametrize("name", ["id", "patient", "appointment", "status", "assessment", "room"])
def test_t17_what_a_form_does_not_ask_for_is_not_heard(clinic, name):
    other = clinic.book(make_triaged(patient=make_patient(first_name="Kim")), TWO)
    before = Appointment.objects.filter(pk=other.pk).values().get()
    patient = make_triaged()

    send_details(visitor(patient), clinic, **{name: other.pk})

    assert Appointment.objects.filter(pk=other.pk).values().get() == before
    assert Appointment.objects.exclude(pk=other.pk).get().patient == patient


# Done


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


# The same number of queries, however much there is


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_t35_the_page_of_times_asks_the_same_number_of_questions_at_one_and_at_thirty(clinic):
    client = visitor(make_triaged())
    address = reverse("bookings:times")
    once = queries_of(client, address)
    for number in range(10):
        therapist = clinic.colleague(f"Therapist {number}")
        for hour in (9, 11, 13):
            make_appointment(
                practitioner=therapist,
                location=clinic.location,
                starts_at=NOW.replace(day=11, hour=hour),
                service=clinic.service,
                patient=make_patient(),
            )
        make_room(clinic.location, kind=Room.Kind.TREATMENT)

    assert queries_of(client, address) == once


def test_the_first_page_asks_the_same_number_of_questions_for_every_choice(clinic):
    client = visitor(make_triaged())
    once = queries_of(client, reverse("bookings:start"))
    for slug in ("phone-consultation", "in-person-consultation", "running-form", "pelvic-floor"):
        make_service(slug=slug, name=slug)

    assert queries_of(client, reverse("bookings:start")) == once


def test_a_hold_of_somebody_else_is_no_way_in(clinic):
    hold = make_hold(practitioner=clinic.therapist, location=clinic.location, room=clinic.room, starts_at=ELEVEN)

    answer = send_details(visitor(make_triaged()), clinic, choice=choice(clinic))

    hold.refresh_from_db()
    assert (answer.status_code, hold.status) == (409, Status.HELD)


def test_a_therapist_nobody_knows_shows_no_times(clinic):
    make_practitioner()

    assert times_on(visitor(make_triaged()).get(reverse("bookings:times"), {"who": 999_999})) == []
