"""The words of a visit: how it is held, what state it is in, which state may follow, why it was cancelled."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Mode(StrEnum):
    """How patient and therapist meet."""

    PHONE = "phone"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        return MODE_LABELS[self]

    @property
    def other(self) -> "Mode":
        return Mode.IN_PERSON if self is Mode.PHONE else Mode.PHONE


MODE_LABELS = {Mode.PHONE: _("By phone"), Mode.IN_PERSON: _("In person")}


class Status(StrEnum):
    """Where a visit stands."""

    HELD = "held"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_SESSION = "in_session"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"

    @property
    def label(self) -> str:
        return STATUS_LABELS[self]


STATUS_LABELS = {
    Status.HELD: _("Held"),
    Status.BOOKED: _("Booked"),
    Status.CONFIRMED: _("Confirmed"),
    Status.ARRIVED: _("Arrived"),
    Status.IN_SESSION: _("In session"),
    Status.FULFILLED: _("Done"),
    Status.CANCELLED: _("Cancelled"),
    Status.NOSHOW: _("Did not come"),
}

ACTIVE = (
    Status.HELD,
    Status.BOOKED,
    Status.CONFIRMED,
    Status.ARRIVED,
    Status.IN_SESSION,
    Status.FULFILLED,
)
"""States in which a visit takes up its therapist, its room and its patient. The exclusion constraints read this."""

OPEN = (Status.BOOKED, Status.CONFIRMED)
"""States in which a visit is still ahead and may be moved or cancelled."""

MOMENT_OF = {
    Status.BOOKED: "booked_at",
    Status.CONFIRMED: "confirmed_at",
    Status.ARRIVED: "arrived_at",
    Status.IN_SESSION: "started_at",
    Status.FULFILLED: "fulfilled_at",
    Status.CANCELLED: "cancelled_at",
    Status.NOSHOW: "noshow_at",
}
"""The column that says when a state began."""

NEXT = {
    Status.HELD: (),
    Status.BOOKED: (Status.CONFIRMED, Status.ARRIVED, Status.NOSHOW),
    Status.CONFIRMED: (Status.ARRIVED, Status.NOSHOW),
    Status.ARRIVED: (Status.IN_SESSION,),
    Status.IN_SESSION: (Status.FULFILLED,),
    Status.FULFILLED: (),
    Status.CANCELLED: (),
    Status.NOSHOW: (Status.ARRIVED,),
}
"""Which state the front desk may set next. Booking, cancelling and undoing are use cases of their own."""


def next_states(status: str, mode: str) -> tuple[Status, ...]:
    """The states that may follow. Nobody arrives for a phone visit: it goes from booked to in session."""
    states = NEXT[Status(status)]
    if mode == Mode.PHONE:
        return tuple(Status.IN_SESSION if state is Status.ARRIVED else state for state in states)
    return states


class CancelReason(StrEnum):
    """Why a visit was cancelled, and so by whom."""

    CANNOT_COME = "cannot_come"
    FEELS_BETTER = "feels_better"
    SEEN_ELSEWHERE = "seen_elsewhere"
    OTHER = "other"
    THERAPIST_AWAY = "therapist_away"
    CLINIC_CLOSED = "clinic_closed"
    BY_MISTAKE = "by_mistake"

    @property
    def label(self) -> str:
        return CANCEL_LABELS[self]


CANCEL_LABELS = {
    CancelReason.CANNOT_COME: _("The time does not work any more"),
    CancelReason.FEELS_BETTER: _("Feeling better"),
    CancelReason.SEEN_ELSEWHERE: _("Being seen somewhere else"),
    CancelReason.OTHER: _("Another reason"),
    CancelReason.THERAPIST_AWAY: _("The therapist is away"),
    CancelReason.CLINIC_CLOSED: _("The clinic is closed"),
    CancelReason.BY_MISTAKE: _("Booked by mistake"),
}

PATIENT_REASONS = (
    CancelReason.CANNOT_COME,
    CancelReason.FEELS_BETTER,
    CancelReason.SEEN_ELSEWHERE,
    CancelReason.OTHER,
)
"""What a patient may choose from."""
