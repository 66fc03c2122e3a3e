"""Why something about a visit may not happen. Each says a sentence that the person may read."""

from clinic.services import Refused


class BookingRefused(Refused):
    """Nothing was changed. ``nearest`` are other times that were free a moment ago."""

    def __init__(self, message, nearest=()):
        super().__init__(message)
        self.nearest = list(nearest)


class TimeTaken(BookingRefused):
    """Somebody else was first."""


class NotOffered(BookingRefused):
    """That time was never on offer: outside the hours, too soon, too far ahead, another therapist's, off the grid."""


class NotAllowed(BookingRefused):
    """What the triage concluded does not allow this. ``capability`` says what it does allow."""

    def __init__(self, message, capability):
        super().__init__(message)
        self.capability = capability


class PatientBusy(BookingRefused):
    """The patient has another visit then."""


class TooManyOpen(BookingRefused):
    """The patient has as many visits ahead as may be booked on the web."""


class AlreadyUsed(BookingRefused):
    """The same form was sent twice with different content."""


class Busy(BookingRefused):
    """The database had too much to do. Trying again is the right thing."""


class WrongState(BookingRefused):
    """The visit is not in a state that allows this; somebody else may have been first. ``status`` is what it is now."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


class TooLate(BookingRefused):
    """It can no longer be undone."""


class PhoneMissing(BookingRefused):
    """A phone visit needs a number to call."""
