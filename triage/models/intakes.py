"""What somebody told us: one intake, and each answer as it was given."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.references import new_reference
from clinic.rules.levels import Level
from triage.models.questionnaires import Questionnaire


class IntakeQuerySet(models.QuerySet):
    def open(self):
        """Drafts: begun, and neither finished, stopped nor left behind."""
        return self.filter(status=Intake.Status.IN_PROGRESS)

    def draft_of(self, patient, pathway):
        """What ``patient`` has begun on this pathway and not ended, a stopped form included; or None."""
        return (
            self.filter(
                patient=patient,
                questionnaire__pathway=pathway,
                status__in=[Intake.Status.IN_PROGRESS, Intake.Status.STOPPED],
            )
            .order_by("-pk")
            .first()
        )


@pghistory.track()
class Intake(models.Model):
    """One person answering one version of one questionnaire, once.

    ``revision`` counts the saves, so that a page that lay open in another tab cannot overwrite a newer answer unseen.
    ``floor_level`` is set when an emergency answer was called a mistake, or when one of the four quick safety questions was
    answered "yes" just before: the result is then never below it.
    """

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        STOPPED = "stopped", _("Stopped on an emergency answer")
        FINISHED = "finished", _("Finished")
        ABANDONED = "abandoned", _("Left behind")

    class Channel(models.TextChoices):
        WEB = "web", _("On the web")
        DESK = "desk", _("With the front desk")

    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="intakes")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="intakes")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.WEB)
    entered_by = models.ForeignKey("clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.IN_PROGRESS)
    consent_version = models.CharField(_("consent text"), max_length=20)
    consented_at = models.DateTimeField(_("consent given"))
    started_at = models.DateTimeField(_("started"))
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    page = models.CharField(_("page"), max_length=255, blank=True, help_text=_("Where the person is."))
    revision = models.PositiveIntegerField(default=0)
    floor_level = models.PositiveSmallIntegerField(_("never below"), choices=Level.choices(), null=True, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "questionnaire"],
                condition=Q(status="in_progress"),
                name="triage_one_open_intake_per_patient_and_questionnaire",
                violation_error_code="already_begun",
                violation_error_message=_("These questions are begun already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_progress", "stopped", "finished", "abandoned"]),
                name="triage_intake_has_a_known_status",
                violation_error_code="unknown_status",
                violation_error_message=_("Choose one of the states."),
            ),
            models.CheckConstraint(
                condition=(Q(status="finished") & Q(finished_at__isnull=False))
                | (~Q(status="finished") & Q(finished_at=None)),
                name="triage_finished_intake_says_when",
                violation_error_code="half_finished",
                violation_error_message=_("A finished intake says when."),
            ),
            models.CheckConstraint(
                condition=~Q(status="stopped") | Q(stopped_at__isnull=False),
                name="triage_stopped_intake_says_when",
                violation_error_code="half_stopped",
                violation_error_message=_("A stopped intake says when."),
            ),
            models.CheckConstraint(
                condition=~Q(consent_version=""),
                name="triage_intake_has_consent",
                violation_error_code="consent_missing",
                violation_error_message=_("Without consent there is no intake."),
            ),
            models.CheckConstraint(
                condition=(Q(channel="web") & Q(entered_by=None)) | (Q(channel="desk") & Q(entered_by__isnull=False)),
                name="triage_intake_at_the_desk_says_who_typed",
                violation_error_code="who_typed",
                violation_error_message=_("Say who typed the answers in."),
            ),
            models.CheckConstraint(
                condition=Q(floor_level=None) | Q(floor_level__in=[level.value for level in Level]),
                name="triage_intake_floor_is_a_known_level",
                violation_error_code="unknown_level",
                violation_error_message=_("Choose one of the levels."),
            ),
        ]

    def __str__(self):
        return f"{self.questionnaire_id}/{self.reference[:6]}"

    @property
    def is_typed_at_the_desk(self) -> bool:
        """A draft that the front desk fills in with the patient, and therefore reads."""
        return self.channel == self.Channel.DESK and self.status == self.Status.IN_PROGRESS

    @property
    def took_back_an_emergency(self) -> bool:
        return (self.floor_level or 0) >= Level.URGENT

    @property
    def pathway(self) -> str:
        return self.questionnaire.pathway

    @property
    def is_finished(self) -> bool:
        return self.status == self.Status.FINISHED

    @property
    def is_stopped(self) -> bool:
        return self.status == self.Status.STOPPED


class AnswerQuerySet(models.QuerySet):
    def current(self):
        """The answers that count: what a later answer replaced is kept, and left out here."""
        return self.filter(superseded_at=None)


class Answer(models.Model):
    """One answer as it was given. A changed answer is a new row: the earlier one stays, marked as superseded.

    ``value`` is the cleaned answer (None when the question was seen and left blank). What could not be read is kept as
    typed in ``raw`` with ``valid`` false, so that nobody loses half a date by pressing Back.
    """

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="answers")
    link_id = models.CharField(_("question"), max_length=255)
    value = models.JSONField(_("answer"), null=True, blank=True)
    raw = models.JSONField(_("as typed"), null=True, blank=True)
    valid = models.BooleanField(_("could be read"), default=True)
    revision = models.PositiveIntegerField(help_text=_("The save that brought it."))
    answered_at = models.DateTimeField(_("answered"))
    superseded_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "link_id"],
                condition=Q(superseded_at=None),
                name="triage_one_current_answer_per_question",
                violation_error_code="answered_twice",
                violation_error_message=_("This question has just been answered in another window."),
            ),
            models.CheckConstraint(
                condition=Q(valid=True) | Q(value__isnull=True),
                name="triage_unreadable_answer_has_no_value",
                violation_error_code="unreadable",
                violation_error_message=_("What could not be read is kept as typed, never as an answer."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["superseded_at"]),
            ),
            pgtrigger.Protect(
                name="superseded_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__superseded_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.link_id} ({self.intake_id})"
