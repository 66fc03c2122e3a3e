"""The whole content, loaded and approved once for a module: every test that asks for it begins with it and leaves it so."""

import pytest
from django.db import transaction
from django.utils import timezone

from exercises.services import review
from exercises.services.content import load
from tests.factories_clinic import make_location
from tests.factories_exercises import make_lead


class _TakeBack(Exception):
    pass


@pytest.fixture(scope="module")
def _content(django_db_setup, django_db_blocker):
    """One transaction around all tests of the module; each test is a savepoint in it."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                load(now=timezone.now())
                lead = make_lead(first_name="Ada", last_name="Lind")
                review.approve_all_in_review(by=lead, now=timezone.now())
                make_location()
                yield
                raise _TakeBack
        except _TakeBack:
            pass


@pytest.fixture
def content(_content, db):
    """The nine exercises and the topic pages, approved, and a location."""
