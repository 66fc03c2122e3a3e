"""What the clinic offers, when its therapists work, and the visits that were booked."""

from bookings.models.appointments import Appointment
from bookings.models.offerings import Competence, Service
from bookings.models.shifts import Shift, ShiftException, TimeOff

__all__ = ["Appointment", "Competence", "Service", "Shift", "ShiftException", "TimeOff"]
