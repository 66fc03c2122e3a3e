"""The first page of booking: what may be booked, or what has to come first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.models import Task
from clinic.rules.levels import Level
from clinic.services.tasks import close_task
from tests.bookings.conftest import visitor
from tests.bookings.pages import queries_of, start, words
from tests.factories_bookings import make_service, make_triaged
from tests.factories_clinic import NOW, make_patient, make_task, make_user
from tests.factories_triage import CALM, begin, finish, open_for_intakes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


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


def urgent_patient(**fields):
    """Somebody with urgent answers, and the call that such answers open."""
    patient = make_triaged(Level.URGENT, patient=make_patient(**fields))
    make_task(patient=patient, level=Level.URGENT, due_at=NOW + timedelta(hours=2))
    return patient


def test_urgent_shows_the_promise_of_a_call_and_no_times(clinic):
    page = start(visitor(urgent_patient()))

    assert "We will ring you today before 12:00, London time." in words(page)
    assert "Ask us to call me" not in words(page)
    assert reverse("bookings:times") not in page.content.decode()


def test_urgent_while_closed_is_promised_a_call_when_we_open(clinic, now):
    now(NOW.replace(hour=20))

    page = words(start(visitor(urgent_patient())))

    assert "We are closed: ring 555-0111 now if it cannot wait." in page
    assert "We will ring you when we open, Wednesday 11 March, 08:00, London time." in page


def test_urgent_without_a_number_is_asked_to_ring_and_promised_nothing(clinic):
    page = words(start(visitor(urgent_patient(phone=""))))

    assert f"Please ring us now on {clinic.location.phone}." in page
    assert "We will ring you" not in page
    assert "Ask us to call me" not in page


def test_the_call_that_the_check_opens_is_not_promised_without_a_number(clinic):
    open_for_intakes()
    patient = finish(begin(phone=""), {**CALM, "ill_signs": ["fever"]}).patient
    [call] = Task.objects.open().call_backs()

    page = words(start(visitor(patient)))

    assert call.patient == patient
    assert f"Please ring us now on {clinic.location.phone}." in page
    assert "We will ring you" not in page


def test_a_call_that_is_overdue_is_not_promised_again(clinic, now):
    patient = urgent_patient()
    now(NOW + timedelta(hours=3))

    assert "We wanted to have rung you by now." in words(start(visitor(patient)))


def test_asking_for_a_call_while_one_is_waited_for_makes_no_second(clinic):
    client = visitor(urgent_patient())

    client.post(reverse("bookings:call_me"))

    assert Task.objects.count() == 1


def test_asking_again_once_the_call_is_closed_is_a_new_call(clinic):
    desk = make_user()
    client = visitor(make_triaged(Level.URGENT))
    for _ in range(3):
        answer = client.post(reverse("bookings:call_me"), follow=True)
        [task] = Task.objects.open()
        assert "We will ring you today before 12:00" in answer.content.decode()
        close_task(task=task, outcome=Task.Outcome.NOT_REACHED, by=desk, now=NOW)

    assert Task.objects.count() == 3


def test_asking_for_a_call_says_by_when(clinic):
    client = visitor(make_triaged(Level.URGENT))

    client.post(reverse("bookings:call_me"))

    task = Task.objects.get()
    assert (task.kind, task.level, task.due_at) == (Task.Kind.CALL_BACK, Level.URGENT, NOW + timedelta(hours=2))


@pytest.mark.parametrize("level", [Level.EMERGENCY, None])
def test_nobody_else_asks_for_a_call(clinic, level):
    client = visitor(make_triaged(level) if level else make_patient())

    assert client.post(reverse("bookings:call_me")).status_code == 302
    assert not Task.objects.exists()


def test_asking_for_a_call_without_a_number_is_answered_with_ours(clinic):
    client = visitor(make_triaged(Level.URGENT, patient=make_patient(phone="")))

    answer = client.post(reverse("bookings:call_me"), follow=True)

    assert not Task.objects.exists()
    assert "We have no number for you." in answer.content.decode()


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


def test_the_first_page_asks_the_same_number_of_questions_for_every_choice(clinic):
    client = visitor(make_triaged())
    once = queries_of(client, reverse("bookings:start"))
    for slug in ("phone-consultation", "in-person-consultation", "running-form", "pelvic-floor"):
        make_service(slug=slug, name=slug)

    assert queries_of(client, reverse("bookings:start")) == once
