"""Call-backs: the order of the queue, taking a call, and how it ends."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import AccessLog, Task
from clinic.rules.levels import Level
from tests.desk.conftest import MINUTE, said, words
from tests.factories_clinic import NOW, make_patient, make_task

pytestmark = pytest.mark.django_db
PAGE = "/desk/callbacks/"


def call(name="Lena", phone="555-0123", **fields):
    return make_task(patient=make_patient(first_name=name, last_name="", phone=phone), **fields)


def do(client, task, what, **fields):
    return client.post(reverse(f"desk:call_{what}", args=[task.pk]), fields, follow=True)


def test_the_most_urgent_comes_first_then_the_oldest(client):
    call("Routine", level=Level.ROUTINE, created_at=NOW - 9 * MINUTE)
    call("Second", level=Level.URGENT, created_at=NOW - 2 * MINUTE, due_at=NOW - MINUTE)
    call("First", level=Level.URGENT, created_at=NOW - 3 * MINUTE, due_at=NOW + 50 * MINUTE)
    call("Emergency", level=Level.EMERGENCY, created_at=NOW)

    queue = [row["patient"].name for row in client.get(PAGE).context["rows"]]
    strip = [row["patient"].name for row in client.get("/desk/").context["calls"]] if make_place() else []

    assert queue == ["Emergency", "First", "Second", "Routine"]
    assert strip == queue


def make_place():
    from tests.factories_clinic import make_location

    return make_location()


def test_clocks_come_from_the_server(client):
    call("Over", due_at=NOW - 12 * MINUTE)
    call("Soon", due_at=NOW + 6 * MINUTE)
    call("Later", due_at=NOW + timedelta(hours=4, minutes=30))

    rows = {row["patient"].name: (row["clock"], str(row["pace"])) for row in client.get(PAGE).context["rows"]}

    assert rows == {
        "Over": ("Over by 12 min", "over"),
        "Soon": ("Due in 6 min", "soon"),
        "Later": ("Due at 14:30", "calm"),
    }


def test_a_number_can_be_pressed_and_no_number_is_said_plainly(client):
    call("With", phone="555-0117")
    call("Without", phone="")

    response = client.get(PAGE)

    assert 'href="tel:5550117"' in response.content.decode()
    assert "No number" in words(response)


def test_other_tasks_are_not_calls(client):
    make_task(kind=Task.Kind.REVIEW)

    assert client.get(PAGE).context["rows"] == []


def test_claiming_shows_everybody_who_rings(client, colleague):
    task = call()

    do(client, task, "claim")

    assert "Mina Tarrow" in words(colleague.get(PAGE))
    assert AccessLog.objects.get(action="task-claimed").actor == f"user:{client.user.pk}"


def test_the_second_to_claim_is_told_who_was_first(client, colleague):
    task = call()
    do(client, task, "claim")

    response = do(colleague, task, "claim")

    assert said(response) == ["Mina Tarrow has taken this call."]
    task.refresh_from_db()
    assert task.claimed_by == client.user


def test_closing_keeps_outcome_and_note(client):
    task = call()
    do(client, task, "claim")

    response = do(client, task, "close", outcome="reached", note="Rings her doctor today")

    task.refresh_from_db()
    assert (task.outcome, task.note, task.closed_by) == ("reached", "Rings her doctor today", client.user)
    assert response.context["rows"] == []
    assert "Rings her doctor today" in words(response)


def test_closing_without_an_outcome_is_asked_again_and_keeps_the_note(client):
    task = call()

    response = do(client, task, "claim") and do(client, task, "close", note="Half a sentence")

    assert response.status_code == 422
    assert "Choose what happened" in words(response)
    assert "Half a sentence" in response.content.decode()
    task.refresh_from_db()
    assert task.closed_at is None


def test_a_call_is_closed_once(client, colleague):
    task = call()
    do(client, task, "close", outcome="reached")

    response = do(colleague, task, "close", outcome="not_reached")

    task.refresh_from_db()
    assert (task.outcome, said(response)) == ("reached", ["This call is closed already."])


def test_a_try_that_reached_nobody_stays_in_the_queue_for_anybody(client):
    task = call()
    do(client, task, "claim")

    do(client, task, "tried", how="no_answer")
    response = do(client, task, "tried", how="left_message")

    task.refresh_from_db()
    assert task.note == "10:00 No answer · 10:00 Left a message to ring us"
    assert (task.claimed_by, task.closed_at) == (None, None)
    assert [row["task"] for row in response.context["rows"]] == [task]


def test_tries_make_way_for_newer_ones_when_the_note_is_full(client):
    task = call(note=" · ".join(["09:00 No answer"] * 16))

    do(client, task, "tried", how="wrong_number")

    task.refresh_from_db()
    assert len(task.note) <= 300
    assert task.note.endswith("10:00 Wrong number")


def test_a_try_that_says_nothing_is_refused(client):
    task = call()

    assert said(do(client, task, "tried", how="shouted")) == ["Choose what happened when you rang."]


def test_only_who_took_a_call_gives_it_back(client, colleague):
    task = call()
    do(client, task, "claim")

    assert said(do(colleague, task, "release")) == ["This call is not with you any more."]
    assert said(do(client, task, "release")) == ["Given back: the call is in the queue again."]
    task.refresh_from_db()
    assert task.claimed_by is None


def test_a_colleagues_call_cannot_be_noted_by_somebody_else(client, colleague):
    task = call()
    do(client, task, "claim")

    assert said(do(colleague, task, "tried", how="no_answer")) == ["This call is not with you any more."]


def test_a_stranger_claims_nothing():
    task = call()

    response = Client().post(reverse("desk:call_claim", args=[task.pk]))

    task.refresh_from_db()
    assert (response.status_code, task.claimed_by) == (302, None)


def test_the_queue_asks_the_same_number_of_questions_at_1_and_at_30(client):
    def count():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    call()
    one = count()
    for number in range(29):
        call(f"P{number}")

    assert count() == one


def test_the_count_of_calls_is_on_every_page_of_the_desk(client):
    call()
    call("Two")

    assert client.get("/desk/find/").context["calls_waiting"] == 2


def test_the_queue_keeps_itself_up_to_date(client, colleague):
    task = call()
    page = client.get(PAGE)
    tag = page.context["poll_headers"].partition('"If-None-Match": ')[2]
    headers = {"HX-Request": "true", "X-Poll": "1", "If-None-Match": json.loads(tag.rstrip("}"))}

    same = client.get(PAGE, headers=headers)
    do(colleague, task, "claim")
    changed = client.get(PAGE, headers=headers)

    assert same.status_code == 304
    assert changed.status_code == 200
    assert changed.content.decode().lstrip().startswith("<section")
    assert "Jo Kellan" in changed.content.decode()


def test_what_no_email_could_carry_is_told_by_phone_and_ticked_off_once(client, colleague):
    task = make_task(
        kind=Task.Kind.CONTACT, patient=make_patient(first_name="Otto", email=""), reason="Tell the new time"
    )
    address = reverse("desk:told", args=[task.pk])

    page = client.get(PAGE)
    response = client.post(address, follow=True)
    again = colleague.post(address, follow=True)

    assert "Otto Ashdown Tell the new time 555-0123" in words(page)
    assert said(response) == ["Otto Ashdown: told by phone."]
    assert said(again) == ["This call is closed already."]
    task.refresh_from_db()
    assert (task.outcome, task.closed_by) == ("done", client.user)


def test_a_call_back_is_not_ticked_off_like_a_message(client):
    task = call()

    assert client.post(reverse("desk:told", args=[task.pk])).status_code == 404
