"""What all tests share."""

from importlib import import_module

import pytest
from hypothesis import HealthCheck, settings

# A machine that is shared and slow is no reason to fail: the examples decide, not the clock.
settings.register_profile("clinic", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clinic")


@pytest.fixture(scope="session", autouse=True)
def addresses():
    """The addresses as they are outside the demo, read before any test plays the demo."""
    import_module("clinic.urls")
