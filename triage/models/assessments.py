"""What was concluded, who confirmed or changed it, and who signed the rules that concluded it."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinic.rules.levels import Level
from triage.models.intakes import Intake

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
A_KNOWN_LEVEL = Q(level__in=[level.value for level in Level])


class AssessmentQuerySet(models.QuerySet):
    def standing(self):
        """Those that nothing newer stands in for.

        Within one intake the last conclusion speaks: an emergency stop gives way to the result of the same intake, which is
        then at least urgent. A quick check gives way to any later intake of the same person.
        """
        later = Assessment.objects.filter(intake=OuterRef("intake"), pk__gt=OuterRef("pk"))
        fuller = Assessment.objects.filter(patient=OuterRef("patient"), pk__gt=OuterRef("pk")).exclude(
            kind=Assessment.Kind.QUICK
        )
        return self.filter(~Exists(later)).exclude(Q(kind=Assessment.Kind.QUICK) & Q(Exists(fuller)))

    def with_reviewed(self):
        """Each with ``reviewed``: whether a therapist has looked at it."""
        return self.annotate(reviewed=Exists(Review.objects.filter(assessment=OuterRef("pk"))))

    def awaiting_review(self):
        """What a therapist still has to look at, the most urgent first. A quick check of four times "no" needs no look."""
        return (
            self.standing()
            .filter(reviews=None)
            .exclude(kind=Assessment.Kind.QUICK, level__lte=Level.ROUTINE)
            .select_related("patient", "intake")
            .order_by("-level", "created_at", "pk")  # Level is an ordered integer
        )


class Assessment(models.Model):
    """One triage conclusion. It is added, never edited: what a therapist thinks of it is a ``Review`` beside it.

    ``details`` holds the rest of what the rules returned (see ``triage.rules.engine.Result.as_json``), so that a stored
    assessment can be replayed and compared.
    """

    class Kind(models.TextChoices):
        INTAKE = "intake", _("Intake")
        STOP = "stop", _("Stopped on an emergency answer")
        QUICK = "quick", _("Four safety questions")

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="assessments")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="assessments")
    episode = models.ForeignKey(
        "clinic.Episode", on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.INTAKE)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices())
    findings = models.JSONField(_("findings"), default=list)
    factors = models.JSONField(_("contributing factors"), default=list)
    cautions = models.JSONField(_("cautions"), default=list)
    contradictions = models.JSONField(_("contradictions"), default=list)
    unanswered = models.JSONField(_("safety questions without an answer"), default=list)
    details = models.JSONField(default=dict)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    ruleset = models.CharField(_("rule set"), max_length=64)
    reason_line = models.CharField(_("reason"), max_length=200, help_text=_("One line for the desk. Never an answer."))
    shown_hash = models.CharField(_("hash of the text shown"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("concluded"))

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = [
            models.Index("patient", F("created_at").desc(), name="triage_assessment_of_patient"),
            models.Index(F("level").desc(), "created_at", name="triage_assessment_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=A_KNOWN_LEVEL,
                name="triage_assessment_has_a_known_level",
                violation_error_code="unknown_level",
                violation_error_message=_("Choose one of the levels."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["intake", "stop", "quick"]),
                name="triage_assessment_has_a_known_kind",
                violation_error_code="unknown_kind",
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.UniqueConstraint(
                fields=["intake"],
                condition=~Q(kind="stop"),
                name="triage_one_result_per_intake",
                violation_error_code="already_concluded",
                violation_error_message=_("These answers were sent already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="stop") | Q(level=Level.EMERGENCY.value),
                name="triage_a_stop_is_an_emergency",
                violation_error_code="stop_level",
                violation_error_message=_("A form stops only on an emergency answer."),
            ),
            models.CheckConstraint(
                condition=Q(level__lt=Level.URGENT.value) | Q(factors=[]),
                name="triage_no_factors_beside_an_emergency",
                violation_error_code="factors_beside_emergency",
                violation_error_message=_("Contributing factors are never shown beside an emergency or urgent level."),
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self):
        return f"{self.level_of.label} ({self.created_at:%Y-%m-%d %H:%M})"

    @property
    def level_of(self) -> Level:
        return Level(self.level)

    @property
    def was_raised(self) -> bool:
        """Above what the rules said: something was taken back, or answered differently just before."""
        return self.level > Level.from_key(self.details["level"]) if "level" in self.details else False

    @property
    def because(self) -> list[str]:
        """The patient's own words behind the level."""
        return self.details.get("because", [])

    @property
    def guardian(self) -> bool:
        """Under 16: a phone call with a guardian, no booking on the web."""
        return bool(self.details.get("guardian"))

    @property
    def same_day(self) -> bool:
        """At urgent: a doctor today, not within two days."""
        return bool(self.details.get("same_day"))

    @property
    def crisis(self) -> bool:
        """Thoughts of self-harm: the words for that come first."""
        return bool(self.details.get("crisis"))

    @property
    def maternity(self) -> bool:
        """An emergency for a maternity unit."""
        return bool(self.details.get("maternity"))

    @property
    def doctor_note(self) -> bool:
        """A letter to the patient's doctor is suggested."""
        return bool(self.details.get("doctor_note"))


class Review(models.Model):
    """A therapist's word on an assessment: confirmed, or changed with a reason. The latest one counts.

    ``covers`` are the assessments of the patient that it decides about: those that the therapist could read. An emergency
    answer that was being written at the same moment is not among them, whatever the clocks said, and counts beside it.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reviews")
    from_level = models.PositiveSmallIntegerField(_("level before"), choices=Level.choices())
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices())
    reason = models.TextField(_("reason"), blank=True)
    covers = ArrayField(models.BigIntegerField(), verbose_name=_("assessments it covers"))
    by = models.ForeignKey("clinic.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("reviewed"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=A_KNOWN_LEVEL,
                name="triage_review_has_a_known_level",
                violation_error_code="unknown_level",
                violation_error_message=_("Choose one of the levels."),
            ),
            models.CheckConstraint(
                condition=Q(level=F("from_level")) | ~Q(reason=""),
                name="triage_changed_level_has_a_reason",
                violation_error_code="reason_missing",
                violation_error_message=_("Say why you change the level."),
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self):
        return f"{self.level_of.label} ({self.created_at:%Y-%m-%d %H:%M})"

    @property
    def level_of(self) -> Level:
        return Level(self.level)

    @property
    def changed(self) -> bool:
        return self.level != self.from_level


class RulesetApproval(models.Model):
    """A clinical lead's signature under one version of the rules of one pathway. Rules without one take no intakes."""

    pathway = models.SlugField(_("pathway"))
    ruleset = models.CharField(_("rule set"), max_length=64)
    signed_by = models.ForeignKey("clinic.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed"))

    class Meta:
        verbose_name = _("rule set signature")
        verbose_name_plural = _("rule set signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "ruleset"],
                name="triage_ruleset_signed_once",
                violation_error_code="already_signed",
                violation_error_message=_("These rules are signed already."),
            )
        ]
        triggers = [APPEND_ONLY]

    def __str__(self):
        return f"{self.pathway} {self.ruleset[:12]}"
