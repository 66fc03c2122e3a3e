"""What tests of the patient's pages share: a chosen time, the words and the times on a page, a filled-in form."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.rules.choice import Choice
from bookings.rules.states import Mode
from tests.bookings.conftest import ELEVEN
from tests.factories_bookings import make_triaged
from tests.factories_clinic import NOW, make_patient

MINUTE = timedelta(minutes=1)
TWO = NOW.replace(hour=14)


def choice(clinic, starts_at=ELEVEN, **fields):
    return str(
        Choice(
            **{
                "service": clinic.service.slug,
                "mode": Mode.IN_PERSON,
                "practitioner": clinic.therapist.pk,
                "location": clinic.location.pk,
                "starts_at": starts_at,
                **fields,
            }
        )
    )


def words(response):
    """What a person reads on the page, tags and repeated spaces left out."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def times_on(response):
    """Every time that can be pressed."""
    return re.findall(r'name="time" value="([^"]+)"', response.content.decode())


def start(client):
    return client.get(reverse("bookings:start"))


def make_new_patient():
    """Triaged, and known by first name and date of birth only, as after an intake without a phone number."""
    return make_triaged(patient=make_patient(last_name="", email="", phone=""))


def form_for(clinic, **fields):
    return {
        "choice": choice(clinic),
        "last_name": "Ashdown",
        "email": "robin@example.org",
        "phone": "555-0177",
        "key": "key-of-this-form",
        **fields,
    }


def send_details(client, clinic, **fields):
    return client.post(reverse("bookings:details"), form_for(clinic, **fields))


FORGED = {
    "nothing": "",
    "no choice at all": "x" * 50,
    "a service that is not there": {"service": "made-up"},
    "a therapist who is not there": {"practitioner": 999_999},
    "a place that is not there": {"location": 999_999},
    "outside hours": {"starts_at": NOW.replace(hour=22)},
    "in the past": {"starts_at": NOW - timedelta(days=7)},
    "off the grid": {"starts_at": ELEVEN + MINUTE},
    "in a far year": {"starts_at": NOW.replace(year=9999)},
    "in a year long gone": {"starts_at": NOW.replace(year=1)},
}


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
