"""The six services of the repository: loaded once, never over somebody's edit, and known to the capability table."""

import json

import pytest

from bookings.models import Service
from bookings.rules.capability import TABLE
from bookings.services.content import FILE, load, publish, withdraw
from clinic.models import AccessLog
from clinic.rules.access import Role
from tests.factories_clinic import NOW, make_user

ENTRIES = json.loads(FILE.read_text())


def test_the_table_and_the_file_name_the_same_services():
    assert {row.service for row in TABLE} == {entry["slug"] for entry in ENTRIES}


def test_every_service_has_a_source_and_says_how_to_prepare():
    for entry in ENTRIES:
        assert entry["source"].endswith("durations are ours")
        assert entry["preparation"]


def test_what_the_table_allows_the_service_is_given_that_way():
    services = {entry["slug"]: entry for entry in ENTRIES}
    for row in TABLE:
        given = {"phone": services[row.service]["by_phone"], "in_person": services[row.service]["in_person"]}
        assert all(given[mode] for mode in row.modes), row


def test_running_form_analysis_is_as_the_clinic_gives_it():
    [entry] = [entry for entry in ENTRIES if entry["slug"] == "running-form"]

    assert (entry["minutes"], entry["room_kind"]) == (45, "treadmill")
    assert "Bring your current and your old running shoes." in entry["preparation"]


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    first = load(now=NOW)
    rows = list(Service.objects.values())

    second = load(now=NOW)

    assert (first.created, first.updated, first.unchanged) == (6, 0, 0)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 6)
    assert list(Service.objects.values()) == rows


@pytest.mark.django_db
def test_what_is_loaded_is_hidden_until_somebody_shows_it():
    load(now=NOW)
    service, lead = Service.objects.first(), make_user(role=Role.CLINICAL_LEAD)

    assert not Service.objects.public().exists()
    publish(service=service, by=lead, now=NOW)
    assert list(Service.objects.public()) == [service]
    withdraw(service=service, by=lead, now=NOW)
    assert not Service.objects.public().exists()
    assert list(AccessLog.objects.values_list("action", flat=True)) == ["service-published", "service-withdrawn"]


def changed_file(tmp_path, **change):
    file = tmp_path / "services.json"
    file.write_text(json.dumps([{**ENTRIES[0], **change}, *ENTRIES[1:]]))
    return file


@pytest.mark.django_db
def test_a_new_file_updates_what_nobody_edited(tmp_path):
    load(now=NOW)

    counts = load(now=NOW, file=changed_file(tmp_path, minutes=25))

    assert (counts.updated, counts.unchanged, counts.kept) == (1, 5, 0)
    assert Service.objects.get(slug=ENTRIES[0]["slug"]).minutes == 25


@pytest.mark.django_db
def test_a_managers_edit_is_never_overwritten(tmp_path):
    load(now=NOW)
    Service.objects.filter(slug=ENTRIES[0]["slug"]).update(minutes=15)

    counts = load(now=NOW, file=changed_file(tmp_path, minutes=25))

    assert (counts.updated, counts.unchanged, counts.kept) == (0, 5, 1)
    assert Service.objects.get(slug=ENTRIES[0]["slug"]).minutes == 15
