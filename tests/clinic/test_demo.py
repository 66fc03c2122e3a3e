"""The content that comes with the program, and the demo clinic made of it."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Appointment, Service
from clinic.management.demo.signins import PASSWORD, STAFF, current_code
from clinic.models import Location, Patient, Practitioner, Room, Task, User
from clinic.rules.levels import Level
from triage.models import Assessment, Review
from triage.services import effective_levels, unsigned_pathways


def run(command):
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(db, settings):
    """The demo clinic as ``make run`` makes it."""
    settings.DEMO = True
    run("load_content")
    return run("seed_demo")


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    run("load_content")

    again = run("load_content")

    assert [line.split(": ")[1].split(" unchanged")[0].split(", ")[:2] for line in again.splitlines()] == [
        ["0 new", "0 updated"]
    ] * 3


@pytest.mark.django_db
def test_loaded_content_is_not_public_before_somebody_approves_it(client):
    run("load_content")

    assert Service.objects.public().count() == 0
    assert client.get("/exercises/cat-camel/").status_code == 404


def test_the_demo_is_what_its_description_says(demo):
    assert (Location.objects.count(), Practitioner.objects.count(), Room.objects.count()) == (2, 5, 3)
    assert unsigned_pathways() == []
    assert Service.objects.public().count() == 6


def test_the_demo_has_an_intake_at_every_level_and_one_waiting_for_review(demo):
    levels = {held.level for held in effective_levels(Patient.objects.all(), timezone.now()).values()}

    assert levels == set(Level)
    assert Assessment.objects.awaiting_review().exists()
    assert Review.objects.exists()


def test_the_demo_has_calls_to_make_the_most_urgent_first(demo):
    calls = list(Task.objects.open().call_backs().most_urgent_first())

    assert calls[0].level == Level.EMERGENCY
    assert len(calls) >= 3


def test_the_demo_has_two_weeks_of_visits_in_every_state(demo):
    days = set(Appointment.objects.values_list("starts_at__date", flat=True))

    assert len(days) == 14
    assert {"booked", "cancelled", "fulfilled"} <= set(Appointment.objects.values_list("status", flat=True))


def test_a_second_seed_leaves_the_demo_alone(demo):
    before = Appointment.objects.count()

    assert "already" in run("seed_demo")
    assert Appointment.objects.count() == before


def test_every_demo_sign_in_works_with_its_printed_code(demo, client):
    printed = run("demo_signins")

    for member in STAFF:
        client.logout()
        code = current_code(member)
        assert f"code {code}" in printed
        client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
        answer = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert answer.status_code == 302, member
        assert client.session["_auth_user_id"] == str(User.objects.get(email=member.email).pk)
        assert client.get("/staff/").status_code == 302


def test_everybody_in_the_demo_is_out_of_reach(demo):
    for patient in Patient.objects.all():
        assert patient.email == "" or patient.email.endswith("@example.org")
        assert patient.phone == "" or patient.phone.startswith("555-01")
