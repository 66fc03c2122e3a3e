"""Visits: one row per appointment, from the moment its time is held. Postgres keeps two of them from meeting."""

from datetime import datetime, time, timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.translation import gettext_lazy as _

from bookings.rules.states import ACTIVE, MOMENT_OF, OPEN, CancelReason, Mode, Status, next_states
from clinic.references import new_reference

LONGEST = timedelta(hours=8)
"""No visit takes longer, its buffer included: so "what overlaps this day" is a short stretch of the index on the start."""

# Plain strings, so that the migration does not change meaning when the rules gain a state.
ACTIVE_STATES = [state.value for state in ACTIVE]
HELD, CANCELLED = Status.HELD.value, Status.CANCELLED.value
PHONE, IN_PERSON = Mode.PHONE.value, Mode.IN_PERSON.value

KEEPS_ITS_TIME = Q(status__in=ACTIVE_STATES) & Q(overlap_reason="")


def span(start, end):
    """``tstzrange(start, end)``: the start is in it, the end is not."""
    return Func(start, end, function="TSTZRANGE", output_field=DateTimeRangeField())


class AppointmentQuerySet(models.QuerySet):
    def active(self):
        """Visits that take up their time. Repeats the predicate of the partial indexes."""
        return self.filter(status__in=ACTIVE_STATES)

    def standing(self, now):
        """Active visits, without holds that have run out."""
        return self.active().exclude(status=Status.HELD, held_until__lte=now)

    def on_the_books(self):
        """Everything that was really booked: all but holds."""
        return self.exclude(status=Status.HELD)

    def open(self):
        """Visits that may still be moved or cancelled."""
        return self.filter(status__in=OPEN)

    def between(self, start, end):
        """Visits whose time, trailing buffer included, meets [start, end)."""
        return self.filter(starts_at__gt=start - LONGEST, starts_at__lt=end, free_again_at__gt=start)

    def on_day(self, day, location):
        """Visits that begin on that day of the location's wall clock."""
        first = datetime.combine(day, time.min, location.zone)
        last = datetime.combine(day + timedelta(days=1), time.min, location.zone)
        return self.filter(location=location, starts_at__gte=first, starts_at__lt=last)

    def lapsed_holds(self, now):
        return self.filter(status=Status.HELD, held_until__lte=now)

    def with_people(self):
        """With what a card or a message about the visit needs, in one query."""
        return self.select_related("service", "practitioner", "patient", "location", "room")


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["occupies"], append_only=True
)
class Appointment(models.Model):
    """One visit of one patient with one practitioner, by phone or in person.

    Every change of a row is kept beside it by a trigger, with who made it (``events``). A hold is a row too: it becomes the
    visit when the patient books, and is deleted when it has run out and somebody else wants the time.
    """

    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    service = models.ForeignKey("bookings.Service", on_delete=models.PROTECT, related_name="appointments")
    practitioner = models.ForeignKey("clinic.Practitioner", on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="appointments")
    location = models.ForeignKey("clinic.Location", on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey(
        "clinic.Room", on_delete=models.PROTECT, related_name="appointments", null=True, blank=True
    )
    mode = models.CharField(_("how"), max_length=10, choices=[(mode.value, mode.label) for mode in Mode])
    phone = models.CharField(_("number to call"), max_length=40, blank=True)

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    free_again_at = models.DateTimeField(_("free again"), help_text=_("The end, and the minutes kept free after it."))
    occupies = models.GeneratedField(
        expression=span("starts_at", "free_again_at"), output_field=DateTimeRangeField(), db_persist=True
    )
    overlap_reason = models.CharField(
        _("why it overlaps"),
        max_length=120,
        blank=True,
        help_text=_("Staff may overlap visits on purpose, with a reason."),
    )

    status = models.CharField(_("state"), max_length=12, choices=[(s.value, s.label) for s in Status])
    held_until = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    started_at = models.DateTimeField(_("began"), null=True, blank=True)
    fulfilled_at = models.DateTimeField(_("done"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    noshow_at = models.DateTimeField(_("marked as not come"), null=True, blank=True)
    cancel_reason = models.CharField(
        _("why cancelled"), max_length=20, blank=True, choices=[(r.value, r.label) for r in CancelReason]
    )
    sequence = models.PositiveSmallIntegerField(
        default=0, help_text=_("Counts the changes a calendar must follow: SEQUENCE of RFC 5545.")
    )

    assessment = models.ForeignKey(
        "triage.Assessment", on_delete=models.PROTECT, related_name="appointments", null=True, blank=True
    )
    episode = models.ForeignKey(
        "clinic.Episode", on_delete=models.PROTECT, related_name="appointments", null=True, blank=True
    )
    booked_by = models.CharField(_("booked by"), max_length=40, help_text=_("A code such as patient:7 or user:3."))
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            models.Index("practitioner", "starts_at", name="bookings_appt_practitioner"),
            models.Index("location", "starts_at", name="bookings_appt_location"),
            models.Index("patient", "starts_at", name="bookings_appt_patient"),
            models.Index("room", "starts_at", name="bookings_appt_room", condition=Q(status__in=ACTIVE_STATES)),
            models.Index("starts_at", name="bookings_appt_busy", condition=Q(status__in=ACTIVE_STATES)),
        ]
        constraints = [
            ExclusionConstraint(
                name="bookings_one_patient_at_a_time_per_practitioner",
                expressions=[("practitioner", RangeOperators.EQUAL), ("occupies", RangeOperators.OVERLAPS)],
                condition=KEEPS_ITS_TIME,
                deferrable=Deferrable.IMMEDIATE,
                violation_error_code="time_taken",
                violation_error_message=_("That time has just been taken."),
            ),
            ExclusionConstraint(
                name="bookings_one_visit_at_a_time_per_room",
                expressions=[("room", RangeOperators.EQUAL), ("occupies", RangeOperators.OVERLAPS)],
                condition=KEEPS_ITS_TIME & Q(room__isnull=False),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_code="room_taken",
                violation_error_message=_("The room is taken at that time."),
            ),
            ExclusionConstraint(
                name="bookings_one_visit_at_a_time_per_patient",
                expressions=[
                    ("patient", RangeOperators.EQUAL),
                    (span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=KEEPS_ITS_TIME,
                deferrable=Deferrable.IMMEDIATE,
                violation_error_code="patient_busy",
                violation_error_message=_("The patient has another visit at that time."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="bookings_visit_ends_after_it_starts",
                violation_error_code="backwards",
                violation_error_message=_("A visit must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(free_again_at__gte=F("ends_at")) & Q(free_again_at__lt=F("starts_at") + LONGEST),
                name="bookings_visit_is_over_within_eight_hours",
                violation_error_code="too_long",
                violation_error_message=_("A visit and the minutes after it must be over within eight hours."),
            ),
            models.CheckConstraint(
                condition=Q(mode=PHONE, room=None) | Q(mode=IN_PERSON, room__isnull=False),
                name="bookings_visit_has_a_room_exactly_in_person",
                violation_error_code="room_and_mode",
                violation_error_message=_("A visit in person needs a room, and a phone visit needs none."),
            ),
            models.CheckConstraint(
                condition=~Q(mode=PHONE) | Q(status=HELD) | ~Q(phone=""),
                name="bookings_phone_visit_has_a_number_to_call",
                violation_error_code="no_phone",
                violation_error_message=_("Enter the phone number that the therapist should call."),
            ),
            models.CheckConstraint(
                condition=Q(status=HELD, held_until__isnull=False)
                | (~Q(status=HELD) & Q(held_until=None, booked_at__isnull=False)),
                name="bookings_hold_runs_out_and_a_visit_does_not",
                violation_error_code="hold_end",
                violation_error_message=_("A held time says until when, a booked visit says since when."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in Status]),
                name="bookings_visit_has_a_known_state",
                violation_error_code="unknown_state",
                violation_error_message=_("Choose one of the states."),
            ),
            models.CheckConstraint(
                condition=Q(status=CANCELLED, cancelled_at__isnull=False) & ~Q(cancel_reason="")
                | (~Q(status=CANCELLED) & Q(cancelled_at=None, cancel_reason="")),
                name="bookings_cancelled_visit_says_why_and_when",
                violation_error_code="half_cancelled",
                violation_error_message=_("Say why the visit is cancelled."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC, {self.practitioner_id}, {self.status}"

    def clean(self):
        """A backwards range is an error of the range type in Postgres, before any constraint is looked at: say it first."""
        wrong = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = ValidationError(_("A visit must end after it starts."), code="backwards")
        if self.ends_at and self.free_again_at and self.free_again_at < self.ends_at:
            wrong["free_again_at"] = ValidationError(
                _("Room and therapist are not free before it ends."), code="backwards"
            )
        if wrong:
            raise ValidationError(wrong)

    def validate_constraints(self, exclude=None):
        """With a backwards range the exclusions cannot even be asked."""
        if self.starts_at and self.free_again_at and self.free_again_at < self.starts_at:
            return
        super().validate_constraints(exclude)

    @property
    def is_open(self) -> bool:
        """Still ahead: may be moved or cancelled."""
        return self.status in OPEN

    @property
    def is_phone(self) -> bool:
        return self.mode == Mode.PHONE

    @property
    def mode_label(self) -> str:
        return Mode(self.mode).label

    @property
    def status_label(self) -> str:
        return Status(self.status).label

    @property
    def next_states(self) -> tuple[Status, ...]:
        """What the front desk may set next."""
        return next_states(self.status, self.mode)

    @property
    def in_state_since(self) -> datetime | None:
        """When the state it is in began; None for a hold."""
        return getattr(self, MOMENT_OF[self.status]) if self.status in MOMENT_OF else None
