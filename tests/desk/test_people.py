"""Finding a patient, and what the desk sees of one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.desk.services.people import possible_duplicates
from clinic.models import AccessLog, Message, Patient, Task
from clinic.rules.levels import Level
from tests.desk.conftest import ELEVEN, said, words
from tests.factories_bookings import make_triaged
from tests.factories_clinic import NOW, make_patient, make_task
from tests.factories_triage import make_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return {
        "lena": make_patient(first_name="Lena", last_name="Marsh", phone="555-0124", date_of_birth=date(1979, 5, 4)),
        "oskar": make_patient(
            first_name="Oskar", last_name="Linde", phone="555 01 42", date_of_birth=date(1988, 2, 12)
        ),
        "zoe": make_patient(first_name="Zoë", last_name="d'Arc", phone="", date_of_birth=date(1990, 1, 1)),
    }


def search(client, typed):
    response = client.post(reverse("desk:find"), {"q": typed}, follow=True)
    return [patient.first_name for patient in response.context["found"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mars", ["Lena"]),
        ("Lena", ["Lena"]),
        ("lenna marsh", ["Lena"]),
        ("0142", ["Oskar"]),
        ("555-0124", ["Lena"]),
        ("555", ["Oskar", "Lena"]),
        ("12 2 88", ["Oskar"]),
        ("1979-05-04", ["Lena"]),
        ("zoë", ["Zoë"]),
        ("xyz", []),
        ("l", []),
        ("%", []),
    ],
)
def test_a_patient_is_found_by_part_of_a_name_digits_or_date_of_birth(client, people, typed, found):
    assert search(client, typed) == found


def test_a_search_puts_no_name_into_an_address_and_survives_the_way_back(client, people):
    response = client.post(reverse("desk:find"), {"q": "marsh"})

    assert response["Location"] == "/desk/find/"
    assert [patient.first_name for patient in client.get("/desk/find/").context["found"]] == ["Lena"]


def test_typing_brings_results_as_a_fragment(client, people):
    response = client.post(reverse("desk:find"), {"q": "mar"}, headers={"HX-Request": "true"})

    html = response.content.decode()
    assert html.startswith("<section")
    assert "Lena Marsh" in html


def test_too_many_to_list_says_so(client):
    for number in range(30):
        make_patient(first_name=f"Robin{number}", last_name="Ash")

    response = client.post(reverse("desk:find"), {"q": "ash"}, follow=True)

    assert len(response.context["found"]) == 25
    assert "The first 25. Type more to narrow it down." in words(response)


def test_search_asks_the_same_number_of_questions_at_1_and_at_30(client):
    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get("/desk/find/")
        return len(captured)

    make_patient(last_name="Ash")
    client.post(reverse("desk:find"), {"q": "ash"})
    one = count()
    for _ in range(29):
        make_patient(last_name="Ash")

    assert count() == one


def test_a_stranger_finds_nobody(people):
    assert Client().post(reverse("desk:find"), {"q": "marsh"}).status_code == 302


# ---- the page about a patient -------------------------------------------------------------------------------------


def page_of(client, patient):
    return client.get(reverse("desk:patient", args=[patient.reference]))


def test_patient_page_shows_contact_visits_level_tasks_and_messages(client, desk):
    patient = desk.patient(phone="555-0124", email="lena@example.org", needs_interpreter=True, access_needs="Step-free")
    make_triaged(Level.PRIORITY, patient=patient)
    desk.visit(ELEVEN, patient=patient)
    desk.visit(ELEVEN - timedelta(days=7), patient=patient, status="noshow")
    make_task(patient=patient, reason="Ring about the new time")
    Message.objects.create(
        kind="visit-booked",
        fact_key="1",
        patient=patient,
        to="lena@example.org",
        subject="Your appointment",
        message_id="<1@example.org>",
        created_at=NOW,
        send_after=NOW,
        sent_at=NOW,
    )

    text = words(page_of(client, patient))

    assert "Born 27 March 1985 (40)" in text
    assert "Interpreter Step-free" in text
    assert "Tue 10 Mar, 11:00 Comprehensive assessment, Amara Osei In person, Room 1, Northgate Booked" in text
    assert "did not come once" in text
    assert f"Level Priority Reason {patient.assessments.get().reason_line}" in text
    assert "Ring about the new time" in text
    assert "Tue 10 Mar 10:00 Your appointment lena@example.org Sent" in text


def test_patient_page_says_that_an_intake_exists_and_none_of_its_answers(client, desk):
    patient = desk.patient()
    make_triaged(Level.ROUTINE, patient=patient, because=["Pain: 7 out of 10"])
    make_answer(intake=patient.intakes.get(), link_id="second", value="a very private sentence")

    response = page_of(client, patient)

    assert "is with the therapists." in words(response)
    assert "private sentence" not in response.content.decode()
    assert "7 out of 10" not in response.content.decode()


def test_looking_at_a_patient_is_written_down(client, desk):
    patient = desk.patient()

    page_of(client, patient)

    entry = AccessLog.objects.get(action="patient-seen")
    assert (entry.actor, entry.target, entry.patient_id) == (
        f"user:{client.user.pk}",
        f"clinic.patient:{patient.pk}",
        patient.pk,
    )


def test_patient_page_asks_at_most_ten_questions(client, desk):
    patient = desk.patient()
    make_triaged(Level.PRIORITY, patient=patient)

    def count():
        page_of(client, patient)
        with CaptureQueriesContext(connection) as captured:
            page_of(client, patient)
        who_asks = ("django_session", 'FROM "clinic_user"')
        return len([query for query in captured if not any(part in query["sql"] for part in who_asks)])

    desk.visit(patient=patient)
    one = count()
    for number in range(2, 20):
        desk.visit(ELEVEN - timedelta(days=number), patient=patient)
        make_task(patient=patient)

    assert count() == one <= 10


def test_a_patient_who_is_not_there_is_404(client):
    assert client.get(reverse("desk:patient", args=["nobody"])).status_code == 404


def test_a_stranger_sees_no_patient(desk):
    patient = desk.patient()

    assert page_of(Client(), patient).status_code == 302
    assert not AccessLog.objects.filter(action="patient-seen").exists()


def test_somebody_who_could_be_the_same_is_named_and_nothing_is_merged(client, desk):
    patient = desk.patient(date_of_birth=date(1979, 5, 4), phone="555-0124")
    make_patient(first_name="Lena", last_name="Marsch", date_of_birth=date(1979, 5, 4), phone="555-0177")

    assert "Maybe the same person: Lena Marsch , 4 May 1979, 555-0177" in words(page_of(client, patient))
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({"first_name": "Lena", "last_name": "Marsch"}, True),
        ({"first_name": "Lenny", "last_name": "M", "date_of_birth": date(1979, 5, 4)}, True),
        ({"first_name": "Petra", "last_name": "Vance", "date_of_birth": date(1979, 5, 4)}, False),
        ({"first_name": "Otto", "last_name": "Marsh", "phone": "555 0124"}, True),
        ({"first_name": "Petra", "last_name": "Vance", "phone": "555 0124"}, False),
        ({"first_name": "Petra", "last_name": "Vance"}, False),
    ],
)
def test_who_counts_as_alike_to_somebody_we_know(desk, other, alike):
    patient = desk.patient(date_of_birth=date(1979, 5, 4), phone="555-0124")
    make_patient(**{"date_of_birth": date(1960, 1, 1), "phone": "555-0199", **other})

    found = possible_duplicates(
        first_name="Lena", last_name="Marsh", date_of_birth=date(1979, 5, 4), phone="555-0124", without=patient
    )

    assert bool(found) is alike


# ---- contact details ----------------------------------------------------------------------------------------------


def test_contact_details_are_changed_and_the_change_is_kept(client, desk):
    patient = desk.patient(phone="555-0124", email="")

    response = client.post(
        reverse("desk:contact", args=[patient.reference]),
        {"phone": "555-0177", "email": "lena@example.org", "access_needs": "Hearing loop", "needs_interpreter": "on"},
        follow=True,
    )

    patient.refresh_from_db()
    assert (patient.phone, patient.email, patient.access_needs) == ("555-0177", "lena@example.org", "Hearing loop")
    assert patient.needs_interpreter is True
    assert said(response) == ["The contact details are saved."]
    assert AccessLog.objects.filter(action="patient-changed", patient_id=patient.pk).count() == 1


def test_a_name_is_filled_in_and_never_replaced(client):
    nameless, named = make_patient(last_name=""), make_patient(last_name="Marsh")

    for patient in (nameless, named):
        client.post(reverse("desk:contact", args=[patient.reference]), {"phone": "555-0123", "last_name": "Ashe"})
        patient.refresh_from_db()

    assert (nameless.last_name, named.last_name) == ("Ashe", "Marsh")


def test_a_number_that_is_none_is_asked_again(client, desk):
    patient = desk.patient(phone="555-0124")

    response = client.post(reverse("desk:contact", args=[patient.reference]), {"phone": "ring me"})

    assert response.status_code == 422
    assert "Enter a phone number, like 555-0142" in words(response)
    patient.refresh_from_db()
    assert patient.phone == "555-0124"


def test_a_task_that_is_a_call_leads_to_the_queue(client, desk):
    task = make_task(patient=desk.patient())

    assert f"/desk/callbacks/?call={task.pk}" in page_of(client, task.patient).content.decode()
    assert Task.objects.open().count() == 1


def test_odd_bytes_find_nobody(client, people):
    assert search(client, "\x00\x00mars") == ["Lena"]
