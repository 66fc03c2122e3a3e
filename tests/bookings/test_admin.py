"""The admin of booking: managers set up, visits are looked at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import Appointment, Service
from clinic.models import AccessLog
from clinic.rules.access import Role
from tests.factories_bookings import make_appointment, make_service, make_shift
from tests.factories_clinic import make_location, make_practitioner, make_signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    return make_signed_in(client, Role.MANAGER)


def test_a_manager_shows_and_hides_services(client, manager):
    service = make_service(is_public=False)
    address = reverse("admin:bookings_service_changelist")

    for action, shown in [("show", True), ("hide", False)]:
        client.post(address, {"action": action, "_selected_action": [service.pk]})
        assert Service.objects.get().is_public is shown
    assert AccessLog.objects.filter(action__startswith="service-").count() == 2


def test_a_manager_adds_a_shift(client, manager):
    practitioner, location = make_practitioner(), make_location()
    form = {
        "practitioner": practitioner.pk,
        "location": location.pk,
        "weekday": 1,
        "every_weeks": 1,
        "starts": "09:00",
        "ends": "17:00",
        "valid_from": "2026-03-02",
    }

    client.post(reverse("admin:bookings_shift_add"), form)

    assert practitioner.shifts.get().location == location


def test_a_shift_without_a_length_is_refused_with_a_sentence(client, manager):
    form = {
        "practitioner": make_practitioner().pk,
        "location": make_location().pk,
        "weekday": 1,
        "every_weeks": 1,
        "starts": "09:00",
        "ends": "09:00",
        "valid_from": "2026-03-02",
    }

    page = client.post(reverse("admin:bookings_shift_add"), form)

    assert "A shift must not end at the minute it starts." in page.content.decode()


def test_a_managers_forms_open(client, manager):
    service, shift = make_service(), make_shift(make_practitioner(), make_location())

    for address in (
        reverse("admin:bookings_service_add"),
        reverse("admin:bookings_service_change", args=[service.pk]),
        reverse("admin:bookings_shift_change", args=[shift.pk]),
        reverse("admin:bookings_shiftexception_add"),
        reverse("admin:bookings_timeoff_add"),
    ):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.THERAPIST, Role.CLINICAL_LEAD])
def test_visits_are_looked_at_and_not_changed(client, role):
    make_signed_in(client, role)
    visit = make_appointment()
    address = reverse("admin:bookings_appointment_change", args=[visit.pk])

    page = client.get(address)

    assert page.status_code == 200
    assert "Booked" in page.content.decode()
    assert client.post(address, {"status": "cancelled"}).status_code == 403
    assert client.get(reverse("admin:bookings_appointment_add")).status_code == 403
    assert client.post(reverse("admin:bookings_appointment_delete", args=[visit.pk])).status_code == 403
    assert Appointment.objects.get().status == "booked"


def test_looking_at_a_visit_is_written_down(client):
    user = make_signed_in(client, Role.THERAPIST)
    visit = make_appointment()

    client.get(reverse("admin:bookings_appointment_change", args=[visit.pk]))

    line = AccessLog.objects.get(action="looked")
    assert (line.actor, line.patient_id) == (user.actor, visit.patient_id)


@pytest.mark.parametrize("page", ["appointment", "shift", "service"])
def test_a_list_asks_the_same_number_of_questions_at_one_and_at_thirty(client, manager, page):
    address = reverse(f"admin:bookings_{page}_changelist")

    def one_more():
        visit = make_appointment()
        make_shift(visit.practitioner, visit.location)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    one_more()
    asked()  # the first look of a session also asks for the second factor
    once = asked()
    for _ in range(29):
        one_more()

    assert asked() == once
