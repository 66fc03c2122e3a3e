"""Details and booking: what was typed survives every refusal, and no field can break the page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.models import Appointment
from bookings.rules.states import Mode, Status
from clinic.models import Message
from clinic.rules.levels import Level
from tests.bookings.conftest import ELEVEN, visitor
from tests.bookings.pages import (
    FORGED,
    MINUTE,
    TWO,
    choice,
    form_for,
    make_new_patient,
    send_details,
    times_on,
    words,
)
from tests.factories_bookings import make_hold, make_service, make_triaged
from tests.factories_clinic import NOW, make_patient, make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


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


def test_a_hold_of_somebody_else_is_no_way_in(clinic):
    hold = make_hold(practitioner=clinic.therapist, location=clinic.location, room=clinic.room, starts_at=ELEVEN)

    answer = send_details(visitor(make_triaged()), clinic, choice=choice(clinic))

    hold.refresh_from_db()
    assert (answer.status_code, hold.status) == (409, Status.HELD)


# Forged and missing fields: never a 500


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
