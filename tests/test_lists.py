"""Every list of the admin asks the database as often at thirty rows as at one."""

from datetime import date, time

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import ShiftException, TimeOff
from clinic.rules.access import ROLE_PERMISSIONS
from clinic.services import audit
from clinic.services.episodes import open_episode
from exercises.services.review import start_draft
from tests.factories_bookings import make_appointment, make_service, make_shift
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
from tests.factories_exercises import make_draft, make_live, make_live_topic, make_therapist, make_topic_draft
from tests.factories_triage import make_approval, make_assessment, make_intake, make_questionnaire
from triage.models import Assessment

PROBLEM = "running_low_back_pain"

# Each row with everything that a list could show of it: what is left empty is never asked for.


def make_claimed_task(number):
    patient = make_patient()
    episode = open_episode(patient=patient, problem=PROBLEM, now=NOW)
    made = {"patient": patient, "episode": episode, "location": make_location()}
    return make_task(claimed_by=make_user(), claimed_at=NOW, **made)


def make_looked(number):
    patient = make_patient()
    return audit.record(actor=make_user(), action="looked", target=patient, patient=patient, now=NOW)


def make_exercise_in_work(number):
    return start_draft(identity=make_live(), by=make_therapist(), now=NOW)


def make_topic_in_work(number):
    return start_draft(identity=make_live_topic(), by=make_therapist(), now=NOW)


def make_whole_assessment(number):
    patient = make_patient()
    episode = open_episode(patient=patient, problem=PROBLEM, now=NOW)
    return make_assessment(patient=patient, episode=episode, kind=Assessment.Kind.INTAKE)


def make_extra_hours(number):
    return ShiftException.objects.create(
        practitioner=make_practitioner(),
        location=make_location(),
        day=date(2026, 3, 14),
        kind=ShiftException.Kind.EXTRA,
        starts=time(9),
        ends=time(12),
    )


def make_holiday(number):
    return TimeOff.objects.create(
        practitioner=make_practitioner(), starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 9)
    )


LISTS = {
    "clinic.user": lambda number: make_user(),
    "clinic.patient": lambda number: make_patient(),
    "clinic.practitioner": lambda number: make_practitioner(user=make_user()),
    "clinic.location": lambda number: make_location(closed_on=[date(2026, 12, 25)]),
    "clinic.room": lambda number: make_room(),
    "clinic.episode": lambda number: open_episode(patient=make_patient(), problem=PROBLEM, now=NOW),
    "clinic.task": make_claimed_task,
    "clinic.accesslog": make_looked,
    "exercises.exercise": make_exercise_in_work,
    "exercises.exerciseversion": lambda number: make_draft(by=make_therapist()),
    "exercises.topic": make_topic_in_work,
    "exercises.topicversion": lambda number: make_topic_draft(by=make_therapist()),
    "triage.assessment": make_whole_assessment,
    "triage.intake": lambda number: make_intake(),
    "triage.questionnaire": lambda number: make_questionnaire(),
    "triage.rulesetapproval": lambda number: make_approval(ruleset=f"{number:064x}"),
    "bookings.service": lambda number: make_service(practitioners=[make_practitioner()]),
    "bookings.shift": lambda number: make_shift(make_practitioner(), make_location()),
    "bookings.shiftexception": make_extra_hours,
    "bookings.timeoff": make_holiday,
    "bookings.appointment": lambda number: make_appointment(),
}


def who_sees(label):
    """The roles that may open the list of a model."""
    app, name = label.split(".")
    return [role for role, may in ROLE_PERMISSIONS.items() if f"{app}.view_{name}" in may]


def test_every_list_that_somebody_may_see_is_counted():
    lists = {model._meta.label_lower for model in admin.site._registry}

    assert set(LISTS) == {label for label in lists if who_sees(label)}


@pytest.mark.django_db
@pytest.mark.parametrize("label", LISTS)
def test_a_list_asks_as_often_at_thirty_rows_as_at_one(client, label):
    make_signed_in(client, who_sees(label)[0])
    address = reverse("admin:{}_{}_changelist".format(*label.split(".")))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        return len(page.context["cl"].result_list), len(queries)

    LISTS[label](0)
    asked()  # the first look of a session also asks for the second factor
    rows, once = asked()
    for number in range(1, 30):
        LISTS[label](number)

    assert asked() == (rows + 29, once)
