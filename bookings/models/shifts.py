"""When therapists work, in the wall-clock time of the location. Free times are computed from these rows, never stored."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models.places import WEEKDAYS


class Shift(models.Model):
    """One span of a weekday in which a practitioner works at a location, every week or every second week.

    A shift that ends at or before its start ends on the next day. The first week of a fortnightly shift is the one that
    ``valid_from`` lies in.
    """

    practitioner = models.ForeignKey("clinic.Practitioner", on_delete=models.CASCADE, related_name="shifts")
    location = models.ForeignKey("clinic.Location", on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    every_weeks = models.PositiveSmallIntegerField(
        _("how often"), choices=[(1, _("Every week")), (2, _("Every second week"))], default=1
    )
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"), help_text=_("A time before the start means the next day."))
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["practitioner", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(starts=F("ends")),
                name="bookings_shift_has_a_length",
                violation_error_code="no_length",
                violation_error_message=_("A shift must not end at the minute it starts."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="bookings_shift_last_day_after_first",
                violation_error_code="backwards",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, every_weeks__in=[1, 2]),
                name="bookings_shift_weekly_or_fortnightly",
                violation_error_code="odd_pattern",
                violation_error_message=_("Choose a weekday, and every week or every second week."),
            ),
        ]

    def __str__(self):
        return f"{self.practitioner}, {self.get_weekday_display()} {self.starts:%H:%M}-{self.ends:%H:%M}"


class ShiftException(models.Model):
    """One day on which a practitioner works otherwise than the shifts say: extra hours, or a part of the day off."""

    class Kind(models.TextChoices):
        EXTRA = "extra", _("Works as well")
        OFF = "off", _("Does not work")

    practitioner = models.ForeignKey("clinic.Practitioner", on_delete=models.CASCADE, related_name="shift_exceptions")
    location = models.ForeignKey(
        "clinic.Location", on_delete=models.CASCADE, related_name="shift_exceptions", verbose_name=_("location")
    )
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("change to one day")
        verbose_name_plural = _("changes to single days")
        ordering = ["day", "starts"]
        indexes = [models.Index("day", name="bookings_exception_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None, ends=None)
                | (Q(starts__isnull=False, ends__isnull=False) & ~Q(starts=F("ends"))),
                name="bookings_exception_has_both_times_or_none",
                violation_error_code="half_a_span",
                violation_error_message=_("Enter both times, or none for the whole day."),
            ),
            models.CheckConstraint(
                condition=Q(kind="off") | Q(kind="extra", starts__isnull=False),
                name="bookings_exception_extra_hours_have_times",
                violation_error_code="no_times",
                violation_error_message=_("Enter from when to when the extra hours are."),
            ),
        ]

    def __str__(self):
        return f"{self.practitioner}, {self.day}: {self.get_kind_display()}"


class TimeOff(models.Model):
    """Whole days on which a practitioner does not work anywhere: a holiday, an illness."""

    practitioner = models.ForeignKey("clinic.Practitioner", on_delete=models.CASCADE, related_name="time_off")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("time off")
        verbose_name_plural = _("time off")
        ordering = ["starts_on"]
        indexes = [models.Index("ends_on", name="bookings_timeoff_ends")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="bookings_timeoff_last_day_after_first",
                violation_error_code="backwards",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]

    def __str__(self):
        return f"{self.practitioner}, {self.starts_on} to {self.ends_on}"

    def clean(self):
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            backwards = ValidationError(_("The last day must not be before the first."), code="backwards")
            raise ValidationError({"ends_on": backwards})
