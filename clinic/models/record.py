"""What leaves the clinic, who comes in by a link, and who looked at what."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet):
    def waiting(self, now):
        """What the worker may send now, the oldest first."""
        return self.filter(sent_at=None, cancelled_at=None, failed_at=None, send_after__lte=now).order_by(
            "send_after", "pk"
        )


class Message(models.Model):
    """One message to a patient, written in the same transaction as the fact it tells, and sent by the worker.

    The bodies are emptied once it is sent: they carry personal links that nobody at the clinic needs to read.
    """

    kind = models.SlugField(_("kind"))
    fact_key = models.CharField(max_length=120)
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="messages")
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list, help_text=_("A list of name, type and text."))
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(_("written"))
    send_after = models.DateTimeField(_("send after"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                "send_after",
                name="clinic_message_waiting",
                condition=Q(sent_at=None, cancelled_at=None, failed_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "fact_key"],
                name="clinic_message_once_per_fact",
                violation_error_code="already_written",
                violation_error_message=_("This message is written already."),
            )
        ]

    def __str__(self):
        return f"{self.kind} ({self.fact_key})"


class Link(models.Model):
    """A secret address that opens one thing for one purpose. Only its hash is kept."""

    purpose = models.SlugField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    target = models.CharField(max_length=80, help_text=_("What it opens: a model and its key."))
    patient = models.ForeignKey("clinic.Patient", on_delete=models.CASCADE, related_name="links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        indexes = [models.Index("target", name="clinic_link_target")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="clinic_link_expires_after_it_is_made",
                violation_error_code="backwards",
                violation_error_message=_("A link must expire after it is made."),
            )
        ]

    def __str__(self):
        return f"{self.purpose} {self.target}"


class AccessLog(models.Model):
    """Who looked at or did what: codes and ids only, without foreign keys, so that it outlives what it names."""

    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=40)
    action = models.SlugField(_("action"))
    target = models.CharField(_("what"), max_length=80)
    patient_id = models.BigIntegerField(_("patient"), null=True, blank=True)

    class Meta:
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log")
        indexes = [
            models.Index("patient_id", "at", name="clinic_accesslog_patient"),
            models.Index("actor", "at", name="clinic_accesslog_actor"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.target}"
