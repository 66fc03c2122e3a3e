"""What can happen to a visit, one function per use case. ``by`` is a User (staff) or a Patient; ``now`` is the moment."""

from bookings.services.booking import Contact, book_appointment, hold_time, release_hold
from bookings.services.calendar import appointment_calendar
from bookings.services.changing import ANYBODY, move_appointment, swap_appointments, switch_mode
from bookings.services.gate import what_may_be_booked, window_end
from bookings.services.refusals import (
    AlreadyUsed,
    BookingRefused,
    Busy,
    NotAllowed,
    NotOffered,
    PatientBusy,
    PhoneMissing,
    TimeTaken,
    TooLate,
    TooManyOpen,
    WrongState,
)
from bookings.services.states import cancel_appointment, change_status, history_of, undo_status
from bookings.services.times import find_times, working_hours

__all__ = [
    "ANYBODY",
    "AlreadyUsed",
    "BookingRefused",
    "Busy",
    "Contact",
    "NotAllowed",
    "NotOffered",
    "PatientBusy",
    "PhoneMissing",
    "TimeTaken",
    "TooLate",
    "TooManyOpen",
    "WrongState",
    "appointment_calendar",
    "book_appointment",
    "cancel_appointment",
    "change_status",
    "find_times",
    "history_of",
    "hold_time",
    "move_appointment",
    "release_hold",
    "swap_appointments",
    "switch_mode",
    "undo_status",
    "what_may_be_booked",
    "window_end",
    "working_hours",
]
