"""Work in hand: the episode a visit belongs to, and the tasks that a person must do by a time."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.rules.levels import Level


@pghistory.track()
class Episode(models.Model):
    """One problem of one patient: opened by an assessment, closed by discharge."""

    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="episodes")
    problem = models.SlugField(_("problem"), help_text=_("The pathway, such as running_low_back_pain."))
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "problem"],
                condition=Q(closed_at=None),
                name="clinic_one_open_episode_per_problem",
                violation_error_code="already_open",
                violation_error_message=_("This problem is open already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="clinic_episode_closes_after_it_opens",
                violation_error_code="backwards",
                violation_error_message=_("An episode cannot close before it opened."),
            ),
        ]

    def __str__(self):
        return f"{self.problem} ({self.patient})"


class TaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def most_urgent_first(self):
        """The most urgent, then the oldest."""
        return self.order_by("-level", "created_at", "pk")

    def call_backs(self):
        """Whom the desk must ring."""
        return self.filter(kind=Task.Kind.CALL_BACK)


@pghistory.track()
class Task(models.Model):
    """Something a person must do by a time. It stays until a person closes it and says how it ended."""

    class Kind(models.TextChoices):
        CALL_BACK = "call_back", _("Ring back")
        REVIEW = "review", _("Review an assessment")
        CONTACT = "contact", _("Reach a patient without e-mail")
        RESEND = "resend", _("Send a message again")

    class Outcome(models.TextChoices):
        NONE = "", "-"
        REACHED = "reached", _("Reached, advice given")
        BOOKED = "booked", _("Reached and booked")
        EMERGENCY = "emergency", _("Went to emergency care")
        NOT_REACHED = "not_reached", _("Not reached after repeated tries")
        DONE = "done", _("Done")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    key = models.CharField(
        max_length=120, unique=True, help_text=_("The fact that made this task: one fact makes one task of a kind.")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices())
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    location = models.ForeignKey(
        "clinic.Location", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    reason = models.CharField(_("reason"), max_length=200, help_text=_("One line for the desk. Never an answer."))
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    claimed_by = models.ForeignKey("clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey("clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index("kind", F("level").desc(), "created_at", name="clinic_task_queue", condition=Q(closed_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]),
                name="clinic_task_has_a_known_level",
                violation_error_code="unknown_level",
                violation_error_message=_("Choose one of the levels."),
            ),
            models.CheckConstraint(
                condition=(Q(claimed_at=None) & Q(claimed_by=None))
                | (Q(claimed_at__isnull=False) & Q(claimed_by__isnull=False)),
                name="clinic_task_claim_says_who_and_when",
                violation_error_code="half_claimed",
                violation_error_message=_("A claim says who and when."),
            ),
            models.CheckConstraint(
                condition=(Q(closed_at=None) & Q(closed_by=None) & Q(outcome=""))
                | (Q(closed_at__isnull=False) & Q(closed_by__isnull=False) & ~Q(outcome="")),
                name="clinic_task_is_closed_by_a_person_with_an_outcome",
                violation_error_code="half_closed",
                violation_error_message=_("Say how it ended."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reason}"

    @property
    def level_of(self) -> Level:
        return Level(self.level)
