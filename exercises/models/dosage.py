"""The dose as columns, with a constraint for everything that nobody could do, and the dose of an exercise version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exercises.models.library import VERSIONS, ExerciseVersion
from exercises.models.versions import part_trigger, track_part
from exercises.rules import dosage as rules

COUNTED = [rules.DosageType.REPETITIONS, rules.DosageType.HOLD]


def plain(words) -> list[str]:
    """Plain words: a migration must not depend on today's vocabulary."""
    return [word.value for word in words]


def _only_with(part: str, kinds: list[str], name: str, message) -> models.CheckConstraint:
    """``part`` is there exactly for those types of dose."""
    return models.CheckConstraint(
        condition=(Q(type__in=plain(kinds)) & Q(**{f"{part}__isnull": False}))
        | (~Q(type__in=plain(kinds)) & Q(**{f"{part}__isnull": True})),
        name=f"%(app_label)s_%(class)s_{name}",
        violation_error_code=name,
        violation_error_message=message,
    )


def _range(part: str, smallest: int, required: bool = False) -> models.CheckConstraint:
    """A smallest and perhaps a larger number, both within what anybody could do."""
    low, high, most = f"{part}_min", f"{part}_max", rules.MOST[part]
    condition = Q(**{f"{low}__isnull": False, f"{low}__gte": smallest, f"{low}__lte": most}) & (
        Q(**{f"{high}__isnull": True}) | Q(**{f"{high}__gt": F(low), f"{high}__lte": most})
    )
    if not required:
        condition |= Q(**{f"{low}__isnull": True, f"{high}__isnull": True})
    return models.CheckConstraint(
        condition=condition,
        name=f"%(app_label)s_%(class)s_{part}_is_a_range",
        violation_error_code=f"{part}_range",
        violation_error_message=_("The largest number must be larger than the smallest, and both must be possible."),
    )


class DosageFields(models.Model):
    """A dose as columns, for whatever carries one. What is impossible is refused by the database."""

    type = models.CharField(
        _("counted as"),
        max_length=12,
        choices=[
            (rules.DosageType.REPETITIONS.value, _("Repetitions")),
            (rules.DosageType.HOLD.value, _("Hold")),
            (rules.DosageType.DURATION.value, _("Duration")),
            (rules.DosageType.DISTANCE.value, _("Distance")),
            (rules.DosageType.AS_ABLE.value, _("As able")),
        ],
    )
    sets_min = models.PositiveSmallIntegerField(_("sets"), default=1)
    sets_max = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    reps_min = models.PositiveSmallIntegerField(_("repetitions"), null=True, blank=True)
    reps_max = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    hold_s_min = models.PositiveSmallIntegerField(_("hold, seconds"), null=True, blank=True)
    hold_s_max = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    duration_s_min = models.PositiveSmallIntegerField(_("duration, seconds"), null=True, blank=True)
    duration_s_max = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    distance_m = models.PositiveIntegerField(_("distance, metres"), null=True, blank=True)
    sides = models.CharField(
        _("sides"),
        max_length=14,
        default=rules.Sides.NONE.value,
        choices=[
            (rules.Sides.NONE.value, _("Has no sides")),
            (rules.Sides.BOTH_TOGETHER.value, _("Both together")),
            (rules.Sides.EACH.value, _("Each side")),
            (rules.Sides.ALTERNATING.value, _("Taking turns")),
        ],
    )
    side_word = models.CharField(
        _("a side is"),
        max_length=4,
        default=rules.SideWord.SIDE.value,
        choices=[
            (rules.SideWord.SIDE.value, _("a side")),
            (rules.SideWord.LEG.value, _("a leg")),
            (rules.SideWord.ARM.value, _("an arm")),
        ],
    )
    tempo_out_s = models.PositiveSmallIntegerField(_("tempo: out, seconds"), null=True, blank=True)
    tempo_hold_s = models.PositiveSmallIntegerField(_("wait"), null=True, blank=True)
    tempo_back_s = models.PositiveSmallIntegerField(_("back"), null=True, blank=True)
    rest_s_min = models.PositiveSmallIntegerField(_("rest between sets, seconds"), null=True, blank=True)
    rest_s_max = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    frequency = models.CharField(
        _("how often"),
        max_length=16,
        default=rules.Frequency.NOT_SET.value,
        choices=[
            (rules.Frequency.NOT_SET.value, _("Not said")),
            (rules.Frequency.PER_DAY.value, _("Times a day")),
            (rules.Frequency.PER_WEEK.value, _("Times a week")),
            (rules.Frequency.EVERY_OTHER_DAY.value, _("Every other day")),
            (rules.Frequency.WEEKDAYS.value, _("On days of the week")),
            (rules.Frequency.BEFORE_RUN.value, _("Before a run")),
            (rules.Frequency.AFTER_RUN.value, _("After a run")),
            (rules.Frequency.AS_NEEDED.value, _("As needed")),
        ],
    )
    times_min = models.PositiveSmallIntegerField(_("times"), null=True, blank=True)
    times_max = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("days of the week"), default=list, blank=True
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=plain(rules.DosageType)),
                name="%(app_label)s_%(class)s_has_a_known_type",
                violation_error_code="unknown_type",
                violation_error_message=_("Choose how it is counted."),
            ),
            models.CheckConstraint(
                condition=Q(sides__in=plain(rules.Sides)) & Q(side_word__in=plain(rules.SideWord)),
                name="%(app_label)s_%(class)s_has_known_sides",
                violation_error_code="unknown_sides",
                violation_error_message=_("Choose the sides."),
            ),
            _only_with(
                "reps_min",
                COUNTED,
                "repetitions_only_where_counted",
                _("Repetitions belong to “repetitions” and “hold”, and only to them."),
            ),
            _only_with(
                "hold_s_min",
                [rules.DosageType.HOLD],
                "seconds_only_with_a_hold",
                _("Seconds of a hold belong to “hold”, and only to it."),
            ),
            _only_with(
                "duration_s_min",
                [rules.DosageType.DURATION],
                "duration_only_with_duration",
                _("A duration replaces repetitions: use it with “duration”, and only with it."),
            ),
            _only_with(
                "distance_m",
                [rules.DosageType.DISTANCE],
                "distance_only_with_distance",
                _("A distance belongs to “distance”, and only to it."),
            ),
            _range("sets", 1, required=True),
            _range("reps", 1),
            _range("hold_s", 1),
            _range("duration_s", 1),
            _range("rest_s", 0),
            _range("times", 1),
            models.CheckConstraint(
                condition=Q(distance_m=None) | Q(distance_m__gte=1, distance_m__lte=rules.MOST["distance_m"]),
                name="%(app_label)s_%(class)s_distance_is_possible",
                violation_error_code="distance_range",
                violation_error_message=_("The distance is too small or too large."),
            ),
            models.CheckConstraint(
                condition=Q(tempo_out_s=None, tempo_hold_s=None, tempo_back_s=None)
                | (
                    Q(type__in=plain(COUNTED))
                    & Q(tempo_out_s__lte=rules.LONGEST_TEMPO_PART, tempo_out_s__isnull=False)
                    & Q(tempo_hold_s__lte=rules.LONGEST_TEMPO_PART, tempo_hold_s__isnull=False)
                    & Q(tempo_back_s__lte=rules.LONGEST_TEMPO_PART, tempo_back_s__isnull=False)
                    & (~Q(type=rules.DosageType.HOLD.value) | Q(tempo_hold_s=0))
                ),
                name="%(app_label)s_%(class)s_tempo_has_three_parts",
                violation_error_code="tempo",
                violation_error_message=_("A tempo has three numbers (out, wait, back) and needs repetitions."),
            ),
            models.CheckConstraint(
                condition=~Q(sides=rules.Sides.ALTERNATING.value)
                | ~Q(type__in=plain([rules.DosageType.DURATION, rules.DosageType.DISTANCE])),
                name="%(app_label)s_%(class)s_taking_turns_needs_repetitions",
                violation_error_code="turns",
                violation_error_message=_("Taking turns needs repetitions."),
            ),
            models.CheckConstraint(
                condition=(Q(frequency__in=sorted(plain(rules.COUNTED))) & Q(times_min__isnull=False))
                | (
                    Q(frequency__in=plain(word for word in rules.Frequency if word not in rules.COUNTED))
                    & Q(times_min__isnull=True)
                ),
                name="%(app_label)s_%(class)s_times_only_a_day_or_a_week",
                violation_error_code="times",
                violation_error_message=_("“How many times” belongs to “a day” and “a week”, and only to them."),
            ),
            models.CheckConstraint(
                condition=(Q(frequency=rules.Frequency.WEEKDAYS.value) & Q(weekdays__len__gte=1, weekdays__len__lte=7))
                | (~Q(frequency=rules.Frequency.WEEKDAYS.value) & Q(weekdays=[])),
                name="%(app_label)s_%(class)s_days_only_where_chosen",
                violation_error_code="weekdays",
                violation_error_message=_("Choose the days of the week, and only with “on days of the week”."),
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="%(app_label)s_%(class)s_days_are_days_of_the_week",
                violation_error_code="unknown_weekday",
                violation_error_message=_("Days of the week are 0 (Monday) to 6 (Sunday)."),
            ),
        ]

    def value(self) -> rules.Dosage:
        """The dose as a value: its sentence, its details, its minutes."""
        return rules.Dosage(**{name: getattr(self, name) for name in rules.Dosage.__dataclass_fields__})


@track_part()
class Dosage(DosageFields):
    """The dose that the library gives with an exercise."""

    version = models.OneToOneField(ExerciseVersion, on_delete=models.CASCADE, related_name="dosage")

    class Meta(DosageFields.Meta):
        verbose_name = _("dose")
        verbose_name_plural = _("doses")
        triggers = [part_trigger(VERSIONS)]

    def __str__(self):
        try:
            return self.value().sentence()
        except rules.ImpossibleDosage:  # typed into a form and refused
            return str(self.get_type_display())
