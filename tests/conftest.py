"""What all tests share."""

from hypothesis import HealthCheck, settings

# A machine that is shared and slow is no reason to fail: the examples decide, not the clock.
settings.register_profile("clinic", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clinic")
