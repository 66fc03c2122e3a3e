"""Questionnaires as data: numbered versions that never change once they are published."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from triage.rules import questionnaire as rules


class QuestionnaireQuerySet(models.QuerySet):
    def live(self, pathway, language="en"):
        """The published version that new intakes of this pathway start on, or None."""
        return self.filter(pathway=pathway, language=language, status=Questionnaire.Status.PUBLISHED).first()


@pghistory.track()
class Questionnaire(models.Model):
    """One version of one questionnaire, in the shape of an HL7 FHIR R4 Questionnaire.

    A draft may change. A published version never does: an intake is pinned to the version it began on, so what a patient
    was asked can be read years later. Without a pathway a questionnaire gives no level.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    url = models.CharField(_("address"), max_length=200, help_text=_("The name that all versions share."))
    version = models.CharField(_("version"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=10, default="en")
    pathway = models.SlugField(_("pathway"), blank=True, help_text=_("The rules that read the answers."))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    definition = models.JSONField(_("definition"))
    hash = models.CharField(_("hash"), max_length=64)
    created_at = models.DateTimeField(_("added"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey("clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.UniqueConstraint(
                fields=["url", "version"],
                name="triage_questionnaire_version_once",
                violation_error_code="version_taken",
                violation_error_message=_(
                    "This version is there already. Give the changed questionnaire a new version."
                ),
            ),
            models.UniqueConstraint(
                fields=["pathway", "language"],
                condition=Q(status="published") & ~Q(pathway=""),
                name="triage_one_published_questionnaire_per_pathway",
                violation_error_code="already_published",
                violation_error_message=_("Another version of this pathway is published."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "retired"]),
                name="triage_questionnaire_has_a_known_status",
                violation_error_code="unknown_status",
                violation_error_message=_("Choose draft, published or retired."),
            ),
            models.CheckConstraint(
                condition=(Q(status="draft") & Q(published_at=None) & Q(published_by=None))
                | (~Q(status="draft") & Q(published_at__isnull=False) & Q(published_by__isnull=False)),
                name="triage_questionnaire_publication_says_who_and_when",
                violation_error_code="half_published",
                violation_error_message=_("A publication says who and when."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'draft' AND (NEW.status = 'draft'"
                    " OR (NEW.url, NEW.version, NEW.title, NEW.language, NEW.pathway, NEW.definition, NEW.hash)"
                    " IS DISTINCT FROM"
                    " (OLD.url, OLD.version, OLD.title, OLD.language, OLD.pathway, OLD.definition, OLD.hash))"
                ),
            ),
            pgtrigger.Protect(
                name="published_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=["published", "retired"]),
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.version}"

    def save(self, *args, **kwargs):
        """The hash follows from the definition, never from somebody's typing."""
        self.hash = rules.canonical_hash(self.definition)
        super().save(*args, **kwargs)

    @property
    def content(self) -> rules.Questionnaire:
        """The definition as the rules read it. Each is read once per process: a definition is known by its hash."""
        if self.hash not in _read_before:
            _read_before[self.hash] = rules.read(self.definition)
        return _read_before[self.hash]


_read_before: dict[str, rules.Questionnaire] = {}
