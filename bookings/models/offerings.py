"""What can be booked: services (visit types) and who may give them."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.rules.states import Mode
from clinic.models import Room

STEPS = [5, 10, 15, 20, 30, 60]


class ServiceQuerySet(models.QuerySet):
    def public(self):
        """What patients are shown, in the clinic's order."""
        return self.filter(is_public=True).order_by("position", "pk")


class Service(models.Model):
    """One visit type: how long it takes, how and where it is given, how soon and how far ahead it may be booked.

    Which level of urgency may book it is not said here but in ``bookings/rules/capability.py``, by slug.
    """

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"))
    preparation = models.TextField(_("how to prepare"), blank=True, help_text=_("One line for each thing."))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    buffer_minutes = models.PositiveSmallIntegerField(
        _("minutes after it"), default=0, help_text=_("Kept free for notes and for the room.")
    )
    step_minutes = models.PositiveSmallIntegerField(
        _("offered every … minutes"),
        default=15,
        choices=[(step, str(step)) for step in STEPS],
        help_text=_("Counted from the start of the shift."),
    )
    by_phone = models.BooleanField(_("by phone"), default=False)
    in_person = models.BooleanField(_("in person"), default=False)
    room_kind = models.CharField(
        _("kind of room"), max_length=20, choices=Room.Kind, blank=True, help_text=_("Needed when it is in person.")
    )
    notice_minutes = models.PositiveIntegerField(
        _("minimum notice in minutes"), default=120, help_text=_("Patients who need a sooner time are asked to call.")
    )
    horizon_days = models.PositiveSmallIntegerField(_("bookable how many days ahead"), default=42)
    is_complimentary = models.BooleanField(_("complimentary"), default=False)
    is_public = models.BooleanField(
        _("shown to patients"), default=False, help_text=_("New content starts hidden, until a colleague has read it.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.CharField(_("source"), max_length=200, blank=True)
    content_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("What load_content last wrote here: a later edit in the admin is never overwritten."),
    )
    practitioners = models.ManyToManyField(
        "clinic.Practitioner", through="bookings.Competence", related_name="services", verbose_name=_("given by")
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_phone=True) | Q(in_person=True),
                name="bookings_service_has_a_mode",
                violation_error_code="no_mode",
                violation_error_message=_("Choose by phone, in person, or both."),
            ),
            models.CheckConstraint(
                condition=Q(in_person=False) | Q(room_kind__in=Room.Kind.values),
                name="bookings_service_in_person_needs_a_kind_of_room",
                violation_error_code="no_room_kind",
                violation_error_message=_("Choose the kind of room that a visit in person needs."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 240), buffer_minutes__lte=120),
                name="bookings_service_takes_between_5_minutes_and_4_hours",
                violation_error_code="odd_duration",
                violation_error_message=_("Enter 5 to 240 minutes, and at most 120 minutes after it."),
            ),
            models.CheckConstraint(
                condition=Q(step_minutes__in=STEPS),
                name="bookings_service_is_offered_on_a_grid",
                violation_error_code="odd_step",
                violation_error_message=_("Choose one of the steps."),
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__range=(1, 365), notice_minutes__lte=28 * 24 * 60),
                name="bookings_service_horizon_within_a_year",
                violation_error_code="odd_horizon",
                violation_error_message=_("Enter 1 to 365 days ahead and at most four weeks' notice."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def buffer(self) -> timedelta:
        return timedelta(minutes=self.buffer_minutes)

    @property
    def modes(self) -> tuple[Mode, ...]:
        return tuple(mode for mode, given in ((Mode.IN_PERSON, self.in_person), (Mode.PHONE, self.by_phone)) if given)

    @property
    def preparation_lines(self) -> list[str]:
        return [line.strip() for line in self.preparation.splitlines() if line.strip()]


class Competence(models.Model):
    """One practitioner may give one service."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="competences")
    practitioner = models.ForeignKey("clinic.Practitioner", on_delete=models.CASCADE, related_name="competences")

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "practitioner"],
                name="bookings_competence_once",
                violation_error_code="twice",
                violation_error_message=_("This therapist gives the service already."),
            )
        ]

    def __str__(self):
        return f"{self.practitioner}: {self.service}"
