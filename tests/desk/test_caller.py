"""A new caller: who it is, the safety questions or the whole check, a time, and reading it back."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Appointment
from clinic.models import Message, Patient, Task
from clinic.rules.levels import Level
from clinic.services import audit
from tests.desk.conftest import ELEVEN, MINUTE, said, words
from tests.factories_bookings import make_triaged
from tests.factories_clinic import NOW, make_patient, make_task
from tests.factories_triage import CALM, CALM_QUICK, open_for_intakes
from triage.models import Assessment, Intake
from triage.services import next_to_do, review_assessment, start_intake

pytestmark = pytest.mark.django_db

ROSA = {"first_name": "Rosalind", "last_name": "Ames", "born": "12 02 1988", "phone": "555-0176"}


def address(name, patient, *args):
    return reverse(f"desk:{name}", args=[patient.reference, *args])


def who(client, follow=False, query="", **fields):
    return client.post(f"{reverse('desk:new')}{query}", {**ROSA, **fields}, follow=follow)


# ---- who ----------------------------------------------------------------------------------------------------------


def test_somebody_new_is_added_and_asked_the_safety_questions(client):
    response = who(client, email="rosa@example.org", needs_interpreter="on", access_needs="Step-free")

    patient = Patient.objects.get()
    assert (patient.name, patient.date_of_birth, patient.phone) == ("Rosalind Ames", date(1988, 2, 12), "555-0176")
    assert (patient.email, patient.needs_interpreter, patient.access_needs) == ("rosa@example.org", True, "Step-free")
    assert response["Location"] == address("new_safety", patient)


def test_what_is_missing_is_asked_again_and_what_was_typed_stays(client):
    response = who(client, first_name="", born="31 02 1988")

    assert response.status_code == 422
    assert "Enter the first name" in words(response)
    assert "Enter the date of birth as day, month, year, like 27 3 1985" in words(response)
    assert 'value="31 02 1988"' in response.content.decode()
    assert not Patient.objects.exists()


def test_somebody_alike_is_shown_and_nobody_is_added_yet(client):
    make_patient(first_name="Rosa", last_name="Ames", date_of_birth=date(1988, 2, 12), phone="555-0199")

    response = who(client)

    assert response.status_code == 200
    assert "Is it one of these?" in words(response)
    assert "Rosa Ames 12 Feb 1988, 555-0199" in words(response)
    assert Patient.objects.count() == 1


def test_choosing_somebody_we_know_changes_nothing_about_them(client):
    known = make_patient(first_name="Rosa", last_name="Ames", date_of_birth=date(1988, 2, 12), phone="555-0199")

    response = who(client, match=known.reference)

    assert response["Location"] == address("new_safety", known)
    assert [(p.first_name, p.phone) for p in Patient.objects.all()] == [("Rosa", "555-0199")]


def test_none_of_them_adds_a_second_person_beside_the_first(client):
    make_patient(first_name="Rosa", last_name="Ames", date_of_birth=date(1988, 2, 12))

    who(client, match="new")

    assert sorted(patient.first_name for patient in Patient.objects.all()) == ["Rosa", "Rosalind"]


def test_somebody_who_was_not_shown_cannot_be_chosen(client):
    make_patient(first_name="Rosa", last_name="Ames", date_of_birth=date(1988, 2, 12))
    stranger = make_patient(first_name="Otto", last_name="Quill")

    response = who(client, match=stranger.reference)

    assert (response.status_code, Patient.objects.count()) == (200, 2)


def test_two_people_may_share_a_number(client):
    make_patient(first_name="Otto", last_name="Ames", phone="555-0176", date_of_birth=date(1960, 1, 1))

    assert "Otto Ames" in words(who(client))


def test_the_time_clicked_on_the_board_is_carried_along(client, desk):
    stamp = int(ELEVEN.timestamp())
    query = f"?with={desk.ben.pk}&at={stamp}"

    page = client.get(f"/desk/new/{query}")
    response = who(client, query=query)

    assert "From the board: Tuesday 10 March, 11:00, Ben Castellano." in words(page)
    assert response["Location"].endswith(query)


def test_a_stranger_adds_nobody():
    assert who(Client()).status_code == 302
    assert not Patient.objects.exists()


# ---- the safety questions -----------------------------------------------------------------------------------------


@pytest.fixture
def taking_intakes(db):
    return open_for_intakes()


def safety(client, patient, follow=True, **answers):
    return client.post(address("new_safety", patient), {**CALM_QUICK, "consent": "on", **answers}, follow=follow)


def test_four_times_no_leads_to_the_times(client, desk, taking_intakes):
    patient = desk.patient()

    response = safety(client, patient, follow=False)

    assert response["Location"] == address("new_times", patient)
    check = patient.intakes.get()
    assert (check.channel, check.entered_by) == (Intake.Channel.DESK, client.user)


def test_anything_but_no_opens_the_whole_check_and_asks_for_a_call(client, desk, taking_intakes):
    patient = desk.patient()

    response = safety(client, patient, legs="unsure")

    assert said(response) == ["Not a clear “no”: please go through the whole check with them now."]
    assert response.redirect_chain[-1][0].startswith(address("check", patient))
    assert not Appointment.objects.exists()
    assert client.get(address("new_times", patient)).status_code == 302


def test_a_sign_that_cannot_wait_joins_the_call_backs(client, desk, taking_intakes):
    patient = desk.patient()

    safety(client, patient, saddle_genital="yes")

    task = Task.objects.call_backs().get(patient=patient)
    assert task.level >= Level.URGENT


@pytest.mark.parametrize("missing", ["legs", "consent"])
def test_an_answer_or_consent_that_is_missing_is_asked_again(client, desk, taking_intakes, missing):
    patient = desk.patient()
    form = {**CALM_QUICK, "consent": "on"}
    del form[missing]

    response = client.post(address("new_safety", patient), form)

    assert response.status_code == 422
    assert not Assessment.objects.exists()


def test_fresh_answers_are_not_asked_again(client, desk, taking_intakes):
    patient = make_triaged(Level.ROUTINE, patient=desk.patient())

    assert client.get(address("new_safety", patient))["Location"] == address("new_times", patient)


def test_old_answers_are_asked_again(client, desk, taking_intakes):
    patient = make_triaged(Level.ROUTINE, patient=desk.patient(), created_at=NOW - 15 * 24 * 60 * MINUTE)

    assert client.get(address("new_times", patient))["Location"] == address("new_safety", patient)
    assert "more than two weeks old" in words(client.get(address("new_safety", patient)))


def test_without_signed_rules_nothing_is_asked(client, desk):
    response = client.get(address("new_safety", desk.patient()), follow=True)

    assert response.redirect_chain
    assert len(said(response)) == 1


# ---- the whole check ----------------------------------------------------------------------------------------------


def go_through(client, patient, answers=CALM):
    """Begin the check with consent and answer page after page. Returns the last response."""
    response = client.post(address("check", patient), {"consent": "on"}, follow=True)
    for _ in range(60):
        if response.resolver_match.view_name != "desk:check_page":
            return response
        page = response.context["page"]
        form = {item.link_id: answers.get(item.link_id, "") for item in page.questions}
        response = client.post(response.request["PATH_INFO"], form, follow=True)
        assert response.status_code == 200, words(response)
    raise AssertionError("the check has no end")


def test_the_check_needs_consent(client, desk, taking_intakes):
    patient = desk.patient()

    response = client.post(address("check", patient))

    assert (response.status_code, Intake.objects.count()) == (422, 0)


def test_the_whole_check_typed_in_leads_to_a_level_and_to_times(client, desk, taking_intakes):
    patient = desk.patient()

    end = go_through(client, patient)
    response = client.post(address("check_end", patient), follow=True)

    assert end.resolver_match.view_name == "desk:check_end"
    intake = patient.intakes.get()
    assert (intake.channel, intake.entered_by, intake.status) == ("desk", client.user, "finished")
    assert response.resolver_match.view_name == "desk:new_times"
    assert response.context["known"].level == Level.SELF_CARE


def test_an_emergency_answer_stops_and_says_what_to_say(client, desk, taking_intakes):
    patient = desk.patient()

    response = go_through(client, patient, {**CALM, "saddle_numbness": "new"})

    assert response.resolver_match.view_name == "desk:check_stop"
    assert "Do not book. Say this now:" in words(response)
    assert desk.location.emergency_number in words(response)
    assert Task.objects.call_backs().get(patient=patient).level == Level.EMERGENCY
    assert "Do not book" in words(client.get(address("new_times", patient)))


def test_an_answer_typed_by_mistake_is_asked_again_and_the_call_stays(client, desk, taking_intakes):
    patient = desk.patient()
    go_through(client, patient, {**CALM, "saddle_numbness": "new"})

    response = client.post(address("check_mistake", patient), follow=True)

    assert response.resolver_match.view_name == "desk:check_page"
    assert Task.objects.open().call_backs().filter(patient=patient).count() == 1


def test_going_back_keeps_what_was_typed(client, desk, taking_intakes):
    patient = desk.patient()
    response = client.post(address("check", patient), {"consent": "on"}, follow=True)
    first = response.request["PATH_INFO"]
    form = {item.link_id: CALM.get(item.link_id, "") for item in response.context["page"].questions}
    second = client.post(first, form, follow=True).request["PATH_INFO"]

    response = client.post(second, {"go": "back"}, follow=True)

    assert response.request["PATH_INFO"] == first
    assert response.content.decode().count(" checked") == len(form)


def test_a_question_left_out_is_asked_again(client, desk, taking_intakes):
    patient = desk.patient()
    response = client.post(address("check", patient), {"consent": "on"}, follow=True)

    response = client.post(response.request["PATH_INFO"], {})

    assert response.status_code == 422


def test_what_a_patient_began_on_the_web_is_not_shown_to_the_desk(client, desk, taking_intakes):
    patient = desk.patient()
    draft = start_intake(pathway="running_low_back_pain", consent_version="1", patient=patient, by=patient, now=NOW)

    page = client.get(address("check", patient))
    first = next_to_do(draft).id
    hidden = client.get(address("check_page", patient, first))
    client.post(address("check", patient), {"consent": "on"})

    assert page.status_code == 200
    assert hidden.status_code == 404
    assert sorted((intake.channel, intake.status) for intake in patient.intakes.all()) == [
        ("desk", "in_progress"),
        ("web", "abandoned"),
    ]


# ---- times and reading back ---------------------------------------------------------------------------------------


@pytest.fixture
def lena(desk):
    return make_triaged(Level.ROUTINE, patient=desk.patient(email="lena@example.org"))


def wish(desk, starts_at=ELEVEN, practitioner=None, **fields):
    return {
        "service": "assessment",
        "mode": "in_person",
        "place": "northgate",
        "with": (practitioner or desk.amara).pk,
        "at": int(starts_at.timestamp()),
        **fields,
    }


def test_offered_times_stand_by_therapist_and_day(client, desk, lena):
    desk.visit(ELEVEN)

    response = client.get(address("new_times", lena))

    people = {row["person"].name: [time["time"] for time in row["times"]] for row in response.context["people"]}
    assert "11:00" not in people["Amara Osei"]
    assert "11:00" in people["Ben Castellano"]
    assert response.context["days"][0]["words"] == "Tuesday 10 March"


def test_times_narrow_to_a_therapist_a_day_and_a_mode(client, desk, lena):
    response = client.get(
        address("new_times", lena), {"with": desk.ben.pk, "day": "2026-03-12", "mode": "phone", "service": "assessment"}
    )

    assert [row["person"].name for row in response.context["people"]] == ["Ben Castellano"]
    assert response.context["choice"]["mode"] == "phone"
    assert "Free on Thursday 12 March" in words(response)


def test_the_clicked_time_is_marked(client, desk, lena):
    response = client.get(address("new_times", lena), {"with": desk.ben.pk, "at": int(ELEVEN.timestamp())})

    (row,) = response.context["people"]
    assert [time["time"] for time in row["times"] if time["clicked"]] == ["11:00"]


def test_reading_back_repeats_patient_weekday_date_time_and_therapist(client, desk, lena):
    text = words(client.get(address("new_confirm", lena), wish(desk)))

    assert "Patient Lena Marsh, born 27 March 1985" in text
    assert "When Tuesday 10 March, 11:00 to 11:40" in text
    assert "With Amara Osei" in text
    assert not Appointment.objects.exists()


def book(client, patient, fields):
    return client.post(address("new_confirm", patient), fields, follow=True)


def test_booking_goes_through_the_service_of_the_public_and_leads_to_the_board(client, desk, lena):
    response = book(client, lena, wish(desk, key="abc", tell="on"))

    visit = Appointment.objects.get()
    assert (visit.patient, visit.practitioner, visit.starts_at) == (lena, desk.amara, ELEVEN)
    assert visit.booked_by == audit.name_of(client.user)
    assert said(response) == ["Booked: Lena Marsh, Tuesday 10 March, 11:00, with Amara Osei."]
    assert response.context["panel"]["visit"] == visit
    assert Message.objects.filter(patient=lena).count() == 1


def test_the_patient_is_not_told_when_the_desk_tells_them(client, desk, lena):
    book(client, lena, wish(desk))

    assert (Appointment.objects.count(), Message.objects.count()) == (1, 0)


def test_a_double_click_books_once(client, desk, lena):
    book(client, lena, wish(desk, key="abc"))
    book(client, lena, wish(desk, key="abc"))

    assert Appointment.objects.count() == 1


def test_a_phone_visit_keeps_the_number_to_ring(client, desk, lena):
    refused = book(client, lena, wish(desk, mode="phone", phone=""))
    book(client, lena, wish(desk, mode="phone", phone="555-0131"))

    assert refused.status_code == 409
    assert Appointment.objects.get().phone == "555-0131"


def test_a_time_that_has_gone_is_answered_with_the_nearest(client, desk, lena):
    desk.visit(ELEVEN)

    response = book(client, lena, wish(desk))

    assert response.status_code == 409
    assert "That time has just been taken." in words(response)
    assert len(response.context["nearest"]) == 3
    assert Appointment.objects.filter(patient=lena).count() == 0


def test_nobody_is_booked_past_an_emergency_that_no_therapist_has_looked_at(client, desk):
    patient = make_triaged(Level.EMERGENCY, patient=desk.patient())

    page = client.get(address("new_times", patient))
    response = book(client, patient, wish(desk))

    assert "Do not book" in words(page)
    assert response.status_code == 409
    assert not Appointment.objects.exists()


def test_urgent_warns_and_books_what_a_therapist_asked_for(client, desk, taking_intakes):
    patient = make_triaged(Level.URGENT, patient=desk.patient())

    page = client.get(address("new_times", patient))
    review_assessment(
        assessment=patient.assessments.get(), level=Level.PRIORITY, reason="Seen by me", by=taking_intakes, now=NOW
    )
    book(client, patient, wish(desk))

    assert "a therapist speaks with them first" in words(page)
    assert Appointment.objects.filter(patient=patient).count() == 1


def test_priority_says_by_when(client, desk):
    patient = make_triaged(Level.PRIORITY, patient=desk.patient())

    assert "Their level asks for a time by Tuesday 17 March." in words(client.get(address("new_times", patient)))


def by_hand(client, patient, desk, **fields):
    form = {"service": "assessment", "mode": "in_person", "place": "northgate", "practitioner": desk.amara.pk}
    return book(client, patient, {**form, "day": "2026-03-10", "time": "11:00", "reason": "Same family", **fields})


def test_overlapping_on_purpose_is_read_back_with_its_reason_and_booked(client, desk, lena):
    desk.visit(ELEVEN)

    page = by_hand(client, lena, desk)
    assert Appointment.objects.count() == 1
    book(client, lena, wish(desk, reason="Same family"))

    assert "Overlaps on purpose Same family" in words(page)
    assert Appointment.objects.get(patient=lena).overlap_reason == "Same family"


def test_overlapping_without_a_reason_is_refused(client, desk, lena):
    response = by_hand(client, lena, desk, reason="")

    assert said(response) == ["To overlap on purpose, choose a therapist, a day and a time, and say why."]
    assert response.resolver_match.view_name == "desk:new_times"


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-02", "9999-12-31"])
def test_overlapping_on_a_day_without_a_board_is_refused(client, desk, lena, day):
    response = by_hand(client, lena, desk, day=day)

    assert said(response) == ["To overlap on purpose, choose a therapist, a day and a time, and say why."]


@pytest.mark.parametrize(
    "fields",
    [
        {"service": "none"},
        {"service": "\x00"},
        {"place": "none"},
        {"place": "\x00"},
        {"with": "x"},
        {"with": "\x00"},
        {"at": "soon"},
        {"at": "\x00"},
    ],
)
def test_an_address_that_means_nothing_is_404(client, desk, lena, fields):
    assert client.get(address("new_confirm", lena), {**wish(desk), **fields}).status_code == 404


def test_a_stranger_books_nothing(desk, lena):
    response = Client().post(address("new_confirm", lena), wish(desk))

    assert (response.status_code, Appointment.objects.count()) == (302, 0)


def test_a_call_leads_to_booking(client, desk, lena):
    task = make_task(patient=lena)
    client.post(reverse("desk:call_claim", args=[task.pk]))

    page = client.get(f"/desk/callbacks/?call={task.pk}").content.decode()

    assert f'href="{address("new_safety", lena)}"' in page


# ---- under 16, and what nobody types by hand ----------------------------------------------------------------------


def test_a_child_is_asked_everything_with_a_guardian_on_the_line(client, desk, taking_intakes):
    child = desk.patient(date_of_birth=date(2014, 1, 1))

    before = client.get(address("new_times", child))
    page = client.get(address("new_safety", child))
    after = safety(client, child)

    assert before["Location"] == address("new_safety", child)
    assert "Under 16: speak with a parent or guardian." in words(page)
    assert after.resolver_match.view_name == "desk:check_page"  # four times "no" is not enough under 18


@pytest.mark.parametrize("name", ["service", "mode", "place", "with", "at", "reason", "key", "phone"])
def test_odd_bytes_in_a_form_are_no_error(client, desk, lena, name):
    response = client.post(address("new_confirm", lena), wish(desk, **{name: "\x00"}))

    assert response.status_code in {302, 404, 409}


@pytest.mark.parametrize(
    "query",
    [
        {"service": "\x00", "mode": "\x00", "place": "\x00"},
        {"start": "x", "day": "2026-99-99"},
        {"with": "-1", "every": "1"},
        {"start": "1900-01-01", "day": "1900-01-01"},
        {"start": "9999-12-31"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"start": "2100-01-01", "day": "2100-01-01"},
    ],
)
def test_odd_filters_show_times_all_the_same(client, desk, lena, query):
    assert client.get(address("new_times", lena), query).status_code == 200


def test_a_clinic_without_services_says_so(client, desk, lena):
    desk.service.practitioners.clear()

    assert "There is nothing to book yet" in words(client.get(address("new_times", lena)))
