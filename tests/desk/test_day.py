"""The board's page: what it shows, how often it asks the database, and how it stays up to date."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings import services
from bookings.models import ShiftException, TimeOff
from clinic.models import Closure
from clinic.rules.access import Role
from clinic.rules.levels import Level
from clinic.services.tasks import claim_task
from tests.desk.conftest import ELEVEN, MINUTE, words
from tests.factories_bookings import make_appointment, make_triaged, make_week
from tests.factories_clinic import (
    NOW,
    make_location,
    make_patient,
    make_practitioner,
    make_room,
    make_signed_in,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db
BOARD = "/desk/"


def poll(client, tag=None, address=BOARD):
    headers = {"HX-Request": "true", "X-Poll": "1"}
    if tag:
        headers["If-None-Match"] = tag
    return client.get(address, headers=headers)


def cell(response, visit):
    """The HTML of one visit on the board."""
    html = response.content.decode()
    start = html.index(f"id=v{visit.pk} ")
    return html[html.rindex("<li", 0, start) : html.index("</a>", start)]


def test_board_shows_therapists_side_by_side_with_their_visits(client, desk):
    first = desk.visit(patient=desk.patient())
    second = desk.visit(practitioner=desk.ben, patient=make_patient(first_name="Kofi", last_name="Lennox"))

    response = client.get(BOARD)

    assert response.status_code == 200
    assert [column["person"].name for column in response.context["columns"]] == ["Amara Osei", "Ben Castellano"]
    assert "<b>Lena Marsh</b>" in response.context["columns"][0]["cells"]
    assert "<b>Kofi Lennox</b>" in response.context["columns"][1]["cells"]
    assert "11:00–11:40" in cell(response, first)
    assert "<em>Room 2</em>" in cell(response, second)


def test_a_stranger_is_sent_to_sign_in(desk):
    response = Client().get(BOARD)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_of_the_clinic_may_look(desk, role):
    client = Client()
    make_signed_in(client, role)

    assert client.get(BOARD).status_code == 200


def test_a_state_is_a_word_and_a_class(client, desk):
    arrived = desk.visit(NOW, status="arrived", arrived_at=NOW - 9 * MINUTE)
    phone = desk.visit(ELEVEN, mode="phone", practitioner=desk.ben, status="confirmed")

    response = client.get(BOARD)

    assert 'class="v arrived"' in cell(response, arrived)
    assert "<span>Arrived 9 min</span>" in cell(response, arrived)
    assert 'class="v confirmed"' in cell(response, phone)
    assert "<em>Phone</em>" in cell(response, phone)


def test_a_late_visit_suggests_no_show_and_stays_as_it_is(client, desk, now):
    visit = desk.visit(NOW)
    now(NOW + 17 * MINUTE)

    response = client.get(f"{BOARD}?visit={visit.pk}")

    assert "<span>Booked, 17 min late</span>" in cell(response, visit)
    assert "17 min late. Ring them" in words(response)
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_the_desk_sees_level_and_reason_and_no_answer(client, desk):
    patient = desk.patient()
    make_triaged(Level.PRIORITY, patient=patient, because=["Numbness between the legs: Yes"])
    visit = desk.visit(patient=patient)

    response = client.get(f"{BOARD}?visit={visit.pk}")

    assert "<mark class=level--priority>Priority</mark>" in cell(response, visit)
    assert patient.assessments.get().reason_line in words(response)
    assert "Numbness" not in response.content.decode()


def test_routine_levels_are_in_the_panel_only(client, desk):
    patient = desk.patient()
    make_triaged(Level.ROUTINE, patient=patient)
    visit = desk.visit(patient=patient)

    response = client.get(f"{BOARD}?visit={visit.pk}")

    assert "<mark" not in cell(response, visit)
    assert "Routine" in words(response)


def test_visits_that_overlap_on_purpose_stand_side_by_side_with_a_badge(client, desk):
    desk.visit(ELEVEN)
    visit = desk.visit(ELEVEN + 20 * MINUTE, room=desk.rooms[1], overlap_reason="Same family")

    response = client.get(f"{BOARD}?visit={visit.pk}")

    assert " l2-2" in cell(response, visit)
    assert "<mark>Overlap</mark>" in cell(response, visit)
    assert "Same family" in words(response)


def test_a_name_is_text_whatever_somebody_typed(client, desk):
    visit = desk.visit(patient=make_patient(first_name="<script>alert(1)</script>", last_name="&"))

    assert "<b>&lt;script&gt;alert(1)&lt;/script&gt; &amp;</b>" in cell(client.get(BOARD), visit)


def test_who_waits_stands_beside_the_board_the_longest_first(client, desk):
    desk.visit(NOW, status="arrived", arrived_at=NOW - 3 * MINUTE, patient=desk.patient())
    desk.visit(
        NOW,
        practitioner=desk.ben,
        status="arrived",
        arrived_at=NOW - 14 * MINUTE,
        patient=make_patient(first_name="Dora", last_name="Quill"),
    )

    waiting = client.get(BOARD).context["waiting"]

    assert [(row["minutes"], row["visit"].patient, row["long"]) for row in waiting] == [
        (14, "Dora Quill", True),
        (3, "Lena Marsh", False),
    ]


def test_free_times_link_to_booking_with_therapist_and_time(client, desk):
    desk.visit(NOW)

    cells = client.get(BOARD).context["columns"][0]["cells"]
    stamp = int((NOW + 50 * MINUTE).timestamp())

    assert f'href="/desk/new/?with={desk.amara.pk}&amp;at={stamp}">10:50' in cells


def test_a_lapsed_hold_is_not_on_the_board(client, desk):
    live = desk.visit(ELEVEN, status="held", held_until=NOW + 4 * MINUTE)
    lapsed = desk.visit(ELEVEN, practitioner=desk.ben, status="held", held_until=NOW - MINUTE)

    response = client.get(BOARD)

    assert "Held, 4 min left" in cell(response, live)
    assert f"id=v{lapsed.pk} " not in response.content.decode()


def test_somebody_elsewhere_has_no_free_time_here(client, desk):
    other = make_location(name="Riverside", slug="riverside")
    make_appointment(location=other, practitioner=desk.amara, service=desk.service, starts_at=NOW)

    cells = client.get(BOARD).context["columns"][0]["cells"]

    assert "Away" in cells
    assert "10:00 <span>" not in cells


def test_time_off_and_closures_leave_no_free_time(client, desk):
    TimeOff.objects.create(practitioner=desk.ben, starts_on=NOW.date(), ends_on=NOW.date())
    ShiftException.objects.create(practitioner=desk.amara, location=desk.location, day=NOW.date(), kind="off")

    columns = client.get(BOARD).context["columns"]

    assert [("Away" in column["cells"], "class=f" in column["cells"]) for column in columns] == [(True, False)] * 2


def test_a_day_on_which_nobody_works_says_so(client, desk):
    Closure.objects.create(location=desk.location, day=date(2026, 3, 14), reason="Training day")

    saturday = client.get(reverse("desk:board_on", args=["northgate", "2026-03-14"]))
    sunday = client.get(reverse("desk:board_on", args=["northgate", "2026-03-15"]))

    assert "Closed on this day. Training day" in words(saturday)
    assert "Nobody works here on this day." in words(sunday)


def test_a_clinic_without_a_location_gets_a_page(client):
    response = client.get(BOARD)

    assert response.status_code == 200
    assert "No location yet" in words(response)


@pytest.mark.parametrize(
    "path", ["/desk/at/nowhere/", "/desk/at/northgate/yesterday/", "/desk/at/northgate/2026-02-30/"]
)
def test_an_address_that_means_nothing_is_404(client, desk, path):
    assert client.get(path).status_code == 404


def test_a_location_without_a_day_is_today_there(client, desk):
    far = make_location(name="Far", slug="far", time_zone="Pacific/Auckland")

    assert client.get(reverse("desk:board_at", args=[far.slug])).context["the_day"].day == date(2026, 3, 10)
    assert client.get(BOARD).context["the_day"].place.slug == "far"  # the last one stays chosen


def test_go_to_date_works_without_script(client, desk):
    response = client.get(reverse("desk:board_at", args=["northgate"]), {"day": "2026-03-12"})

    assert response["Location"] == "/desk/at/northgate/2026-03-12/"


def test_a_visit_of_another_day_is_not_chosen(client, desk):
    visit = desk.visit(ELEVEN + timedelta(days=1))

    assert client.get(f"{BOARD}?visit={visit.pk}").context["panel"] is None
    assert client.get(f"{BOARD}?visit=x").context["panel"] is None


def test_visit_address_leads_to_its_board(client, desk):
    visit = desk.visit(ELEVEN + timedelta(days=1))

    response = client.get(reverse("desk:visit", args=[visit.pk]))

    assert response["Location"] == f"/desk/at/northgate/2026-03-11/?visit={visit.pk}#v{visit.pk}"


# ---- queries ------------------------------------------------------------------------------------------------------


def fill(desk, count):
    """``count`` visits today over twenty therapists, each patient with a level."""
    location = desk.location
    for number in range(count):
        if number % 13 == 0:
            therapist, room = make_practitioner(name=f"T {number:03}"), make_room(location)
            make_week(therapist, location, starts=time(7), ends=time(18))
        patient = make_patient(first_name=f"P{number}")
        if number < 5:
            make_triaged(Level.PRIORITY, patient=patient)
        starts_at = NOW.replace(hour=7) + 50 * MINUTE * (number % 13)
        desk.visit(starts_at, practitioner=therapist, room=room, patient=patient)


def queries(client, address=BOARD, **headers):
    client.get(address)  # the session has settled
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, headers=headers).status_code in {200, 304}
    who_asks = ('FROM "django_session"', 'UPDATE "django_session"', 'FROM "clinic_user"')
    return [query["sql"] for query in captured if not any(part in query["sql"] for part in who_asks)]


@pytest.mark.parametrize("count", [1, 30])
def test_board_asks_five_questions_however_full_the_day_is(client, desk, count):
    fill(desk, count)
    make_task()

    assert len(queries(client)) == 5


def test_a_full_day_of_twenty_therapists_asks_no_more_and_stays_under_60_kilobytes(client, desk):
    fill(desk, 258)
    make_task()

    assert len(queries(client)) == 5
    response = client.get(BOARD)
    assert response.context["visits_count"] == 258
    assert len(response.content) < 60_000


def test_unchanged_costs_one_question(client, desk):
    fill(desk, 3)
    tag = client.get(BOARD)["ETag"]

    asked = queries(client, **{"HX-Request": "true", "X-Poll": "1", "If-None-Match": tag})

    assert len(asked) == 1


# ---- up to date ---------------------------------------------------------------------------------------------------


def test_poll_answers_304_while_nothing_changes(client, desk):
    desk.visit()
    tag = client.get(BOARD)["ETag"]

    response = poll(client, tag)

    assert (response.status_code, response.content) == (304, b"")


def change_a_visit(desk):
    visit = desk.visit(status="confirmed")
    return lambda: services.change_status(appointment=visit, status="arrived", by=make_user(), now=NOW)


def book_a_visit(desk):
    return lambda: desk.visit(practitioner=desk.ben)


def take_a_call(desk):
    task = make_task()
    return lambda: claim_task(task=task, by=make_user(), now=NOW)


def triage_somebody(desk):
    patient = desk.visit().patient
    return lambda: make_triaged(Level.URGENT, patient=patient)


@pytest.mark.parametrize("prepare", [change_a_visit, book_a_visit, take_a_call, triage_somebody])
def test_poll_brings_what_a_colleague_changed(client, desk, prepare):
    change = prepare(desk)
    tag = client.get(BOARD)["ETag"]

    change()
    response = poll(client, tag)

    assert response.status_code == 200
    assert response["ETag"] != tag
    html = response.content.decode()
    assert html.lstrip().startswith('<div class="grid')
    assert [f'id="{name}" ' in html or f'id="{name}"\n' in html for name in ("strip", "rail")] == [True, True]
    assert html.count('hx-swap-oob="true"') == 3


def test_poll_draws_the_board_anew_each_minute(client, desk, now):
    desk.visit(NOW, status="arrived", arrived_at=NOW)
    tag = client.get(BOARD)["ETag"]

    now(NOW + MINUTE)

    assert "Arrived 1 min" in poll(client, tag).content.decode()


def test_polling_does_not_keep_a_session_alive(client, desk):
    client.get(BOARD)
    session = client.session
    session["staff_seen"] -= 120
    seen = session["staff_seen"]
    session.save()

    poll(client)

    assert client.session["staff_seen"] == seen


def test_every_answer_says_that_it_is_the_desks(client, desk):
    assert client.get(BOARD)["X-Desk"] == "page"
    assert poll(client)["X-Desk"] == "page"
    assert "X-Desk" not in Client().get(BOARD)


# ---- paper --------------------------------------------------------------------------------------------------------


def test_day_sheet_lists_each_therapists_visits_with_numbers(client, desk):
    desk.visit(patient=desk.patient(phone="555-0131"))
    desk.visit(ELEVEN, practitioner=desk.ben, status="held")

    response = client.get(reverse("desk:sheet", args=["northgate", "2026-03-10"]))

    assert "Amara Osei 09:00–17:00, 1 visit" in words(response)
    assert "11:00 to 11:40 Lena Marsh Comprehensive assessment Room 1 555-0131 Booked" in words(response)
    assert "Ben Castellano 09:00–17:00 No visits." in words(response)
