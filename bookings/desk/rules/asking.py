"""Whether a caller is asked the safety questions before anything is offered."""

from bookings.rules.capability import Outcome


def must_ask(allowed, known, now) -> bool:
    """Whether the safety questions come before any time. With a guardian on the line they are asked like everybody's."""
    if allowed.outcome is Outcome.WITH_GUARDIAN:
        return known is None or not known.booking_open(now)
    return allowed.outcome in {Outcome.ASK_FIRST, Outcome.ASK_AGAIN, Outcome.ASK_ALL}
