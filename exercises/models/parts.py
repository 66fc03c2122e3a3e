"""The parts of an exercise version beside its dose. They change only while it is a draft."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from exercises.models.dosage import plain
from exercises.models.library import VERSIONS, Exercise, ExerciseVersion
from exercises.models.versions import part_trigger, track_part
from exercises.rules.cautions import CautionCode, Strength, caution, choices
from exercises.rules.vocabulary import TAGS, Direction, Role, TagKind, tag_label


@track_part()
class Step(models.Model):
    """One line of the instructions. Its role says where it stands: in the numbered list, beside it, or under "stop if"."""

    version = models.ForeignKey(ExerciseVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("what it is"), max_length=10, choices=Role.choices())
    text = models.CharField(_("text"), max_length=500)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        triggers = [part_trigger(VERSIONS)]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="exercises_one_step_per_place",
                deferrable=Deferrable.DEFERRED,
                violation_error_code="place_taken",
                violation_error_message=_("Two steps have the same place in the order."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="exercises_step_has_a_known_role",
                violation_error_code="unknown_role",
                violation_error_message=_("Choose what this step is."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="exercises_step_says_something",
                violation_error_code="empty",
                violation_error_message=_("Write the step."),
            ),
        ]

    def __str__(self):
        return self.text


@track_part()
class Caution(models.Model):
    """A reason to ask first, from the shared vocabulary, and how far it goes for this exercise."""

    version = models.ForeignKey(ExerciseVersion, on_delete=models.CASCADE, related_name="cautions")
    code = models.CharField(_("caution"), max_length=40, choices=choices)
    strength = models.CharField(
        _("how strict"),
        max_length=10,
        choices=[
            (Strength.ABSOLUTE.value, _("Not this exercise")),
            (Strength.RELATIVE.value, _("A therapist decides")),
        ],
    )
    reason = models.CharField(_("why, for staff"), max_length=200, blank=True)
    say = models.CharField(
        _("words for the patient"),
        max_length=200,
        blank=True,
        help_text=_("Finishes “Ask us first if …”. Empty: the usual words of this caution."),
    )

    class Meta:
        verbose_name = _("caution")
        verbose_name_plural = _("cautions")
        ordering = ["pk"]
        triggers = [part_trigger(VERSIONS)]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="exercises_one_caution_per_code",
                violation_error_code="listed_twice",
                violation_error_message=_("This caution is listed already."),
            ),
            models.CheckConstraint(
                condition=Q(code__in=plain(CautionCode)),
                name="exercises_caution_is_in_the_vocabulary",
                violation_error_code="unknown_caution",
                violation_error_message=_("Choose one of the cautions."),
            ),
            models.CheckConstraint(
                condition=Q(strength__in=plain(Strength)),
                name="exercises_caution_has_a_known_strength",
                violation_error_code="unknown_strength",
                violation_error_message=_("Choose how strict it is."),
            ),
        ]

    def __str__(self):
        return str(caution(self.code).label)


@track_part()
class Progression(models.Model):
    """An easier or harder exercise to go to from here."""

    version = models.ForeignKey(ExerciseVersion, on_delete=models.CASCADE, related_name="progressions")
    direction = models.CharField(_("direction"), max_length=12, choices=Direction.choices())
    to = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+", verbose_name=_("exercise"))
    how = models.CharField(_("what changes"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("progression")
        verbose_name_plural = _("progressions")
        ordering = ["pk"]
        triggers = [part_trigger(VERSIONS)]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "to"],
                name="exercises_one_progression_per_exercise",
                violation_error_code="listed_twice",
                violation_error_message=_("This exercise is listed already."),
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[direction.value for direction in Direction]),
                name="exercises_progression_has_a_known_direction",
                violation_error_code="unknown_direction",
                violation_error_message=_("Choose easier, harder or instead."),
            ),
        ]

    def __str__(self):
        return f"{self.get_direction_display()}: {self.to}"


@track_part()
class Alias(models.Model):
    """Another name under which people look for the exercise."""

    version = models.ForeignKey(ExerciseVersion, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("also called"), max_length=120)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["pk"]
        triggers = [part_trigger(VERSIONS)]
        indexes = [GinIndex(OpClass("text", name="gin_trgm_ops"), name="exercises_alias_trgm")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "text"],
                name="exercises_one_alias_per_text",
                violation_error_code="listed_twice",
                violation_error_message=_("This name is listed already."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="exercises_alias_says_something",
                violation_error_code="empty",
                violation_error_message=_("Write the name."),
            ),
        ]

    def __str__(self):
        return self.text


@track_part()
class Tag(models.Model):
    """What the exercise is for, where, with what and in which position: one tag of the vocabulary."""

    version = models.ForeignKey(ExerciseVersion, on_delete=models.CASCADE, related_name="tags")
    kind = models.CharField(_("kind"), max_length=10, choices=TagKind.choices())
    code = models.CharField(_("tag"), max_length=40)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["pk"]
        triggers = [part_trigger(VERSIONS)]
        indexes = [models.Index("kind", "code", "version", name="exercises_tag_lookup")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "code"],
                name="exercises_one_tag_per_code",
                violation_error_code="listed_twice",
                violation_error_message=_("This tag is listed already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in TagKind]),
                name="exercises_tag_has_a_known_kind",
                violation_error_code="unknown_kind",
                violation_error_message=_("Choose one of the tags."),
            ),
        ]

    def __str__(self):
        return str(tag_label(self.kind, self.code))

    @staticmethod
    def of(**kinds):
        """Unsaved tags from ``kind=[codes]``, in the order of the vocabulary."""
        return [Tag(kind=kind, code=code) for kind in TAGS for code in TAGS[kind] if code in kinds.get(kind, [])]
