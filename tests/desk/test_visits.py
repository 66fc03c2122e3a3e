"""What the desk does with a booked visit, and what it is told when that may not be."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Appointment
from clinic.models import Message, Task
from tests.desk.conftest import ELEVEN, MINUTE, said, status_of, words
from tests.factories_bookings import make_service
from tests.factories_clinic import NOW, make_location, make_patient

pytestmark = pytest.mark.django_db


def press(client, visit, status, shown):
    address = reverse("desk:visit_state", args=[visit.pk])
    return client.post(address, {"status": status, "shown": shown}, follow=True)


def test_a_visit_goes_from_booked_to_done_one_press_at_a_time(client, desk):
    visit = desk.visit(NOW, patient=desk.patient())

    for status, shown in [("arrived", "booked"), ("in_session", "arrived"), ("fulfilled", "in_session")]:
        response = press(client, visit, status, shown)
        assert status_of(visit) == status

    assert said(response) == ["Lena Marsh: Done, 10:00"]
    assert response.context["panel"]["visit"] == visit


def test_the_panel_offers_what_is_legal_now(client, desk):
    visit = desk.visit(NOW)

    def offered():
        panel = client.get(f"/desk/?visit={visit.pk}").context["panel"]
        return [str(action["status"]) for action in panel["actions"]], panel["may_change"], panel["may_undo"]

    assert offered() == (["arrived", "confirmed", "noshow"], True, False)
    press(client, visit, "arrived", "booked")
    assert offered() == (["in_session"], False, True)


def test_nobody_arrives_for_a_phone_visit_and_nobody_has_missed_what_is_to_come(client, desk):
    visit = desk.visit(ELEVEN, mode="phone")

    panel = client.get(f"/desk/?visit={visit.pk}").context["panel"]

    assert [str(action["status"]) for action in panel["actions"]] == ["in_session", "confirmed"]


def test_an_illegal_jump_is_refused_with_a_sentence(client, desk):
    visit = desk.visit(NOW, patient=desk.patient())

    response = press(client, visit, "fulfilled", "booked")

    assert status_of(visit) == "booked"
    assert said(response) == ["Lena Marsh: A visit that is “Booked” cannot become “Done”."]


def test_of_two_colleagues_the_first_wins_and_the_second_is_told(client, colleague, desk):
    visit = desk.visit(NOW, patient=desk.patient())

    press(client, visit, "arrived", "booked")
    response = press(colleague, visit, "noshow", "booked")

    assert status_of(visit) == "arrived"
    assert said(response) == ["Lena Marsh: This visit is “Arrived” by now."]


def test_who_pressed_is_kept(client, desk):
    visit = desk.visit(NOW)

    press(client, visit, "arrived", "booked")

    assert visit.events.order_by("-pgh_id").first().pgh_context.metadata["by"] == f"user:{client.user.pk}"


@pytest.mark.parametrize("fields", [{"status": "gone", "shown": "booked"}, {"status": "arrived"}, {}])
def test_a_form_that_was_tampered_with_changes_nothing(client, desk, fields):
    visit = desk.visit(NOW)

    response = client.post(reverse("desk:visit_state", args=[visit.pk]), fields)

    assert (response.status_code, status_of(visit)) == (404, "booked")


def test_looking_changes_nothing(client, desk):
    visit = desk.visit(NOW)
    before = Appointment.objects.filter(pk=visit.pk).values().get()

    for name in ("visit", "visit_move", "visit_cancel", "visit_switch"):
        client.get(reverse(f"desk:{name}", args=[visit.pk]))
    assert client.get(reverse("desk:visit_state", args=[visit.pk])).status_code == 405
    assert client.get(reverse("desk:visit_undo", args=[visit.pk])).status_code == 405

    assert Appointment.objects.filter(pk=visit.pk).values().get() == before


def test_a_stranger_changes_nothing(desk):
    visit = desk.visit(NOW)

    response = Client().post(reverse("desk:visit_state", args=[visit.pk]), {"status": "arrived", "shown": "booked"})

    assert (response.status_code, status_of(visit)) == (302, "booked")


def test_a_form_leads_back_to_a_page_of_the_desk_only(client, desk):
    visit = desk.visit(NOW)
    address = reverse("desk:visit_state", args=[visit.pk])

    here = client.post(address, {"status": "arrived", "shown": "booked", "next": "/desk/?visit=1"})
    away = client.post(address, {"status": "in_session", "shown": "arrived", "next": "https://example.org/desk/"})

    assert here["Location"] == "/desk/?visit=1"
    assert away["Location"] == f"/desk/at/northgate/2026-03-10/?visit={visit.pk}#v{visit.pk}"


# ---- undo ---------------------------------------------------------------------------------------------------------


def test_undo_goes_back_for_ten_minutes(client, desk, now):
    visit = desk.visit(NOW, patient=desk.patient())
    press(client, visit, "noshow", "booked")

    response = client.post(reverse("desk:visit_undo", args=[visit.pk]), follow=True)

    assert status_of(visit) == "booked"
    assert said(response) == ["Lena Marsh: undone, “Booked” again."]


def test_undo_after_ten_minutes_is_refused_and_not_offered(client, desk, now):
    visit = desk.visit(NOW)
    press(client, visit, "noshow", "booked")
    now(NOW + 11 * MINUTE)

    assert client.get(f"/desk/?visit={visit.pk}").context["panel"]["may_undo"] is False
    client.post(reverse("desk:visit_undo", args=[visit.pk]))
    assert status_of(visit) == "noshow"


# ---- cancelling ---------------------------------------------------------------------------------------------------


def cancel(client, visit, **fields):
    return client.post(reverse("desk:visit_cancel", args=[visit.pk]), fields, follow=True)


def test_cancelling_asks_why_and_frees_the_time(client, desk):
    visit = desk.visit(patient=desk.patient())

    page = client.get(reverse("desk:visit_cancel", args=[visit.pk]))
    response = cancel(client, visit, reason="therapist_away", tell="on")

    assert "Tuesday 10 March, 11:00 to 11:40" in words(page)
    assert status_of(visit) == "cancelled"
    assert said(response) == ["Lena Marsh: cancelled. You can undo it for ten minutes."]
    assert "11:00 <span>" in response.context["columns"][0]["cells"]


def test_cancelling_without_a_reason_is_asked_again(client, desk):
    visit = desk.visit()

    response = cancel(client, visit, tell="on")

    assert (response.status_code, status_of(visit)) == (422, "booked")
    assert "Choose why it is cancelled" in words(response)


@pytest.mark.parametrize(("fields", "messages"), [({"tell": "on"}, 1), ({}, 0)])
def test_the_patient_is_told_when_the_desk_says_so(client, desk, fields, messages):
    visit = desk.visit(patient=desk.patient(email="lena@example.org"))

    cancel(client, visit, reason="cannot_come", **fields)

    assert Message.objects.filter(patient=visit.patient).count() == messages


def test_a_visit_that_has_begun_cannot_be_cancelled(client, desk):
    visit = desk.visit(NOW, status="in_session", patient=desk.patient())

    response = client.get(reverse("desk:visit_cancel", args=[visit.pk]), follow=True)

    assert said(response) == ["Lena Marsh: this visit can no longer be cancelled."]


def test_two_colleagues_cancel_the_second_is_told(client, colleague, desk):
    visit = desk.visit(patient=desk.patient(email="lena@example.org"))

    cancel(client, visit, reason="cannot_come", tell="on")
    response = cancel(colleague, visit, reason="other", tell="on")

    assert said(response) == ["Lena Marsh: this visit can no longer be cancelled."]
    assert Message.objects.filter(patient=visit.patient).count() == 1


# ---- moving -------------------------------------------------------------------------------------------------------


def move(client, visit, to, practitioner, sequence=0, **fields):
    address = reverse("desk:visit_move_to", args=[visit.pk])
    form = {"with": practitioner.pk, "at": int(to.timestamp()), "place": "northgate", "sequence": sequence, **fields}
    return client.post(address, form, follow=True)


def test_move_mode_offers_times_of_everybody_who_gives_the_service(client, desk):
    visit = desk.visit(ELEVEN)
    desk.visit(ELEVEN, practitioner=desk.ben)

    response = client.get(reverse("desk:visit_move", args=[visit.pk]))

    amara, ben = (column["cells"] for column in response.context["columns"])
    at_two = int(NOW.replace(hour=14).timestamp())
    at_eleven = int(ELEVEN.timestamp())
    assert f"id=t{desk.amara.pk}-{at_two} " in amara
    assert f"id=t{desk.ben.pk}-{at_two} " in ben
    assert f"id=t{desk.ben.pk}-{at_eleven} " not in ben
    assert amara.count('class="t best"') == 1
    assert "picked" in amara


def test_move_mode_keeps_to_therapists_who_give_the_service(client, desk):
    only_amara = make_service(slug="gait", practitioners=[desk.amara])
    visit = desk.visit(service=only_amara)

    columns = client.get(reverse("desk:visit_move", args=[visit.pk])).context["columns"]

    assert ["id=t" in column["cells"] for column in columns] == [True, False]


def test_move_mode_reaches_other_days_and_places(client, desk):
    visit = desk.visit()
    make_location(name="Riverside", slug="riverside")

    tomorrow = client.get(reverse("desk:visit_move", args=[visit.pk]), {"day": "2026-03-11"})
    elsewhere = client.get(reverse("desk:visit_move", args=[visit.pk]), {"place": "riverside"})

    assert tomorrow.context["heading"] == "Wednesday 11 March"
    assert (elsewhere.status_code, elsewhere.context["count"]) == (200, 0)


def test_moving_says_it_once_more_and_then_moves(client, desk):
    visit = desk.visit(patient=desk.patient())
    two = NOW.replace(hour=14)

    page = client.get(
        reverse("desk:visit_move_to", args=[visit.pk]),
        {"with": desk.ben.pk, "at": int(two.timestamp()), "place": "northgate"},
    )
    response = move(client, visit, two, desk.ben)

    assert "From Tuesday 10 March, 11:00 to 11:40, Amara Osei, Northgate" in words(page)
    assert "To Tuesday 10 March, 14:00, Ben Castellano, Northgate" in words(page)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.practitioner, visit.sequence) == (two, desk.ben, 1)
    assert said(response) == ["Lena Marsh moved to Tuesday 10 March, 14:00 with Ben Castellano."]


def test_moving_by_a_quarter_of_an_hour_over_its_own_time_works(client, desk):
    visit = desk.visit(ELEVEN)

    move(client, visit, ELEVEN + 10 * MINUTE, desk.amara)

    visit.refresh_from_db()
    assert visit.starts_at == ELEVEN + 10 * MINUTE


def test_a_time_that_has_gone_is_answered_with_the_nearest(client, desk):
    visit = desk.visit(ELEVEN)
    two = NOW.replace(hour=14)
    desk.visit(two, practitioner=desk.ben)

    response = move(client, visit, two, desk.ben)

    assert response.status_code == 409
    assert "That time has just been taken." in words(response)
    assert len(response.context["nearest"]) == 3
    visit.refresh_from_db()
    assert visit.starts_at == ELEVEN


def test_two_colleagues_move_the_first_wins(client, colleague, desk):
    visit = desk.visit(patient=desk.patient())

    move(client, visit, NOW.replace(hour=14), desk.ben)
    response = move(colleague, visit, NOW.replace(hour=15), desk.ben)

    visit.refresh_from_db()
    assert visit.starts_at == NOW.replace(hour=14)
    assert said(response) == ["Lena Marsh: This visit was changed a moment ago. Please look at it again."]


def test_a_visit_that_was_seen_cannot_be_moved(client, desk):
    visit = desk.visit(NOW, status="fulfilled", patient=desk.patient())

    response = client.get(reverse("desk:visit_move", args=[visit.pk]), follow=True)

    assert said(response) == ["Lena Marsh: this visit can no longer be moved."]


def by_hand(client, visit, **fields):
    address = f"{reverse('desk:visit_move_to', args=[visit.pk])}?place=northgate"
    defaults = {"place": "northgate", "practitioner": visit.practitioner_id, "day": "2026-03-10", "time": "14:00"}
    return client.post(address, {**defaults, **fields}, follow=True)


def test_overlapping_on_purpose_needs_a_reason_and_shows_it(client, desk):
    two = NOW.replace(hour=14)
    desk.visit(two, practitioner=desk.amara)
    visit = desk.visit(ELEVEN)

    refused = by_hand(client, visit, reason="")
    page = by_hand(client, visit, reason="Twins, one session")
    visit.refresh_from_db()
    assert visit.starts_at == ELEVEN  # posting the time by hand is not yet the move
    move(client, visit, two, desk.amara, reason="Twins, one session")

    assert said(refused) == ["To overlap on purpose, choose a therapist, a day and a time, and say why."]
    assert "Overlaps on purpose Twins, one session" in words(page)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.overlap_reason) == (two, "Twins, one session")


@pytest.mark.parametrize("fields", [{"at": ""}, {"at": "9" * 30}, {"with": "x"}, {"place": "nowhere"}])
def test_an_address_that_means_no_time_is_404(client, desk, fields):
    visit = desk.visit()
    good = {"with": desk.amara.pk, "at": int(ELEVEN.timestamp()), "place": "northgate"}

    assert client.get(reverse("desk:visit_move_to", args=[visit.pk]), {**good, **fields}).status_code == 404


# ---- by phone or in person ----------------------------------------------------------------------------------------


def test_a_visit_becomes_a_phone_visit_at_the_same_time(client, desk):
    visit = desk.visit(patient=desk.patient(phone="555-0131"))
    address = reverse("desk:visit_switch", args=[visit.pk])

    client.post(address, {"sequence": 0, "phone": "555-0131"})

    visit.refresh_from_db()
    assert (visit.mode, visit.phone, visit.room, visit.starts_at) == ("phone", "555-0131", None, ELEVEN)


def test_a_phone_visit_without_a_number_is_refused(client, desk):
    visit = desk.visit(patient=desk.patient(phone=""))

    response = client.post(reverse("desk:visit_switch", args=[visit.pk]), {"sequence": 0, "phone": ""})

    assert response.status_code == 409
    assert "Enter the phone number that we should call." in words(response)


def test_without_an_email_telling_becomes_a_task(client, desk):
    visit = desk.visit(patient=make_patient(email=""))

    move(client, visit, NOW.replace(hour=14), desk.ben, tell="on")

    assert Task.objects.get(patient=visit.patient).kind == Task.Kind.CONTACT


def test_a_move_to_tomorrow_leads_to_tomorrows_board(client, desk):
    visit = desk.visit()

    response = move(client, visit, ELEVEN + timedelta(days=1), desk.ben)

    assert response.redirect_chain[-1][0] == f"/desk/at/northgate/2026-03-11/?visit={visit.pk}#v{visit.pk}"


@pytest.mark.parametrize("name", ["place", "reason", "with", "at", "sequence"])
def test_odd_bytes_in_a_move_are_no_error(client, desk, name):
    visit = desk.visit()

    response = move(client, visit, NOW.replace(hour=14), desk.ben, **{name: "\x00"})

    assert response.status_code in {200, 404}
