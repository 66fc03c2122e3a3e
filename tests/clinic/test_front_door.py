"""The pages that belong to no single app, and what every page answers."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse

from clinic import patient_session, views
from clinic.middleware import DatabaseTroubleMiddleware
from clinic.rules.access import Role
from tests.factories_clinic import make_location, make_patient, make_signed_in

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "emergency", "privacy"])
def test_public_pages_open_before_and_after_the_clinic_is_set_up(client, name):
    assert client.get(reverse(name)).status_code == 200
    make_location()
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.django_db
def test_every_page_carries_the_content_policy(client):
    policy = client.get(reverse("home")).headers["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy


def test_health_asks_no_database(client):
    assert client.get(reverse("health")).content == b"ok\n"


@pytest.mark.django_db
def test_ready_asks_the_database(client):
    assert client.get(reverse("ready")).status_code == 200


def test_a_database_that_is_away_is_a_page_and_not_a_traceback(db):
    request = RequestFactory().get("/")
    request.patient = None

    response = DatabaseTroubleMiddleware(views.home).process_exception(request, OperationalError("away"))

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert DatabaseTroubleMiddleware(views.home).process_exception(request, KeyError()) is None


@pytest.mark.django_db
def test_an_unknown_page_is_a_kind_404(client):
    make_location()

    assert client.get("/no-such-page/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/dev/mail/", "/dev/code/"])
def test_demo_pages_do_not_exist_outside_the_demo(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["seed_demo", "demo_signins"])
def test_demo_commands_refuse_outside_the_demo(command):
    from django.core.management import CommandError, call_command

    with pytest.raises(CommandError):
        call_command(command)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "name"),
    [(Role.FRONT_DESK, "desk:board"), (Role.THERAPIST, "admin:index"), (Role.CLINICAL_LEAD, "admin:index")],
)
def test_each_role_begins_its_day_where_it_works(client, role, name):
    make_signed_in(client, role)

    assert client.get(reverse("staff"))["Location"] == reverse(name)


@pytest.mark.django_db
def test_what_belongs_to_a_person_is_not_kept_by_the_browser(client):
    make_signed_in(client, Role.MANAGER)

    assert client.get(reverse("home"))["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_idle_staff_are_signed_out(client, monkeypatch):
    make_signed_in(client, Role.MANAGER)
    client.get(reverse("admin:index"))
    session = client.session
    session["staff_seen"] -= settings.STAFF_IDLE_SECONDS + 1
    session.save()

    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.django_db
def test_polling_does_not_keep_a_session_alive(client):
    make_signed_in(client, Role.MANAGER)
    client.get(reverse("admin:index"))
    session = client.session
    session["staff_seen"] -= 120
    seen = session["staff_seen"]
    session.save()

    client.get(reverse("admin:index"), headers={"X-Poll": "1"})

    assert client.session["staff_seen"] == seen


@pytest.mark.django_db
def test_a_patient_session_gets_a_new_key(client, rf):
    client.get(reverse("home"))
    request = rf.get("/")
    request.session = client.session
    request.session["anything"] = 1
    request.session.save()
    before = request.session.session_key

    patient_session.remember(request, make_patient())

    assert request.session.session_key != before


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_in_production_a_missing_setting_stops_the_process_with_its_name(missing):
    environment = {
        "PATH": "/usr/bin:/bin",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "clinic.example.org",
        "DATABASE_URL": "postgres://user:word@db.example.org/clinic",
    }
    del environment[missing]

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode != 0
    assert done.stderr.startswith(f"{missing} is not set.")
    assert "Traceback" not in done.stderr


def test_production_is_the_default():
    assert importlib.util.find_spec("clinic.settings")
    done = subprocess.run(
        [sys.executable, "-c", "import clinic.settings as s; print(s.MODE, s.DEMO, s.DEBUG)"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "clinic.example.org",
            "DATABASE_URL": "postgres://user:word@db.example.org/clinic",
        },
        capture_output=True,
        text=True,
    )

    assert done.stdout.split() == ["production", "False", "False"]
