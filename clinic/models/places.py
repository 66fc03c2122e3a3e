"""Places: locations with their hours and closures, and the rooms in them."""

import zoneinfo
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.rules.opening import Span, Week

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


def known_time_zone(value):
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone such as Europe/London."), code="unknown_time_zone")


class LocationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True).order_by("position", "pk")

    def main(self):
        """The location whose numbers a page shows when none was chosen, or None before any is set up."""
        return self.active().prefetch_related("opening_hours", "closures").first()


class Location(models.Model):
    """One site of the clinic, with its own wall clock, opening hours and emergency number."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    address = models.CharField(_("address"), max_length=240)
    directions = models.CharField(_("how to find us"), max_length=240, blank=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, such as GB."))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[known_time_zone])
    phone = models.CharField(_("phone"), max_length=40)
    email = models.EmailField(_("e-mail"))
    emergency_number = models.CharField(_("emergency number"), max_length=20)
    urgent_advice_number = models.CharField(
        _("out-of-hours advice"),
        max_length=20,
        blank=True,
        help_text=_("Whom to ring when the clinic is closed and it cannot wait, such as 111."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(emergency_number="") & ~Q(phone=""),
                name="clinic_location_has_numbers_to_ring",
                violation_error_code="numbers_missing",
                violation_error_message=_("Enter the clinic's phone number and the emergency number."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @cached_property
    def week(self) -> Week:
        """The opening hours as the rules read them: two queries, none when prefetched."""
        return Week(
            spans=tuple(Span(row.weekday, row.opens, row.closes) for row in self.opening_hours.all()),
            zone=self.zone,
            closed_on=frozenset(row.day for row in self.closures.all()),
        )

    @cached_property
    def hours_lines(self) -> list[str]:
        """The week in words, days with equal hours together: "Monday to Friday, 08:00 to 18:30"."""
        by_day = {}
        for row in sorted(self.opening_hours.all(), key=lambda row: (row.weekday, row.opens)):
            by_day.setdefault(row.weekday, []).append(f"{row.opens:%H:%M} {_('to')} {row.closes:%H:%M}")
        runs = []
        for day, spans in by_day.items():
            words = ", ".join(spans)
            if runs and runs[-1][2] == words and runs[-1][1] == day - 1:
                runs[-1][1] = day
            else:
                runs.append([day, day, words])
        names = dict(WEEKDAYS)
        return [
            f"{names[first]}, {words}" if first == last else f"{names[first]} {_('to')} {names[last]}, {words}"
            for first, last, words in runs
        ]


class OpeningHours(models.Model):
    """One span of a weekday in which the location is open and its phone is answered."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="clinic_hours_close_after_they_open",
                violation_error_code="backwards",
                violation_error_message=_("The closing time must be after the opening time."),
            ),
            models.UniqueConstraint(
                fields=["location", "weekday", "opens"],
                name="clinic_hours_once",
                violation_error_code="twice",
                violation_error_message=_("These hours are there already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M} {self.closes:%H:%M}"


class Closure(models.Model):
    """A day on which a location is closed: a public holiday, a training day."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="closures")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "day"],
                name="clinic_closure_once_a_day",
                violation_error_code="twice",
                violation_error_message=_("This day is closed already."),
            )
        ]

    def __str__(self):
        return f"{self.day} {self.reason}".strip()


class Room(models.Model):
    """A room that a visit can need. Its kind says what can be done in it."""

    class Kind(models.TextChoices):
        TREATMENT = "treatment", _("Treatment room")
        TREADMILL = "treadmill", _("Treadmill room")
        GYM = "gym", _("Gym")

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TREATMENT)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="clinic_room_name_once_per_location",
                violation_error_code="twice",
                violation_error_message=_("A room of that name is there already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["treatment", "treadmill", "gym"]),
                name="clinic_room_has_a_known_kind",
                violation_error_code="unknown_kind",
                violation_error_message=_("Choose one of the kinds of room."),
            ),
        ]

    def __str__(self):
        return self.name
