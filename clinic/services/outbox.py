"""The outbox: a message is written with the fact it tells, and sent later by the worker.

None is lost: the row is written in the fact's own transaction. None goes twice: one row per (kind, fact), claimed with
``SKIP LOCKED`` and marked in the transaction that sent it. The only possible repeat, a worker killed between the mail
server's yes and our commit, carries the same Message-ID.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Message, Task
from clinic.references import new_reference
from clinic.rules.levels import Level
from clinic.services.tasks import open_task

logger = logging.getLogger(__name__)

TRIES = 5
TRY_AGAIN_AFTER = timedelta(minutes=5)


def queue_message(
    *, kind, fact_key, patient, subject, text, html="", attachments=(), send_after=None, by, now
) -> Message | None:
    """Write a message to ``patient`` in the caller's transaction.

    One message per (kind, fact). A patient without an e-mail address is rung instead: a contact Task is opened and None
    is returned. ``attachments`` are dicts of ``name``, ``type`` and ``text``.
    """
    if not patient.email:
        open_task(
            kind=Task.Kind.CONTACT,
            key=f"contact:{kind}:{fact_key}",
            level=Level.ROUTINE,
            patient=patient,
            reason=_("No e-mail: tell the patient by phone (%(kind)s).") % {"kind": kind},
            due_at=send_after or now,
            by=by,
            now=now,
        )
        return None
    message, _created = Message.objects.get_or_create(
        kind=kind,
        fact_key=fact_key,
        defaults={
            "patient": patient,
            "to": patient.email,
            "subject": " ".join(subject.split()),
            "text": text,
            "html": html,
            "attachments": list(attachments),
            "message_id": f"<{new_reference()}@{settings.ALLOWED_HOSTS[0].strip('[].').replace(':', '-') or 'clinic'}>",
            "created_at": now,
            "send_after": send_after or now,
        },
    )
    return message


def cancel_messages(*, fact_key, kinds=None, now) -> int:
    """Stop what was written about a fact and has not gone out. Returns how many."""
    waiting = Message.objects.filter(fact_key=fact_key, sent_at=None, cancelled_at=None, failed_at=None)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(cancelled_at=now, text="", html="", attachments=[])


def send_next(*, now: datetime) -> Message | None:
    """Send one waiting message and return it, or None when nothing waits (or other workers hold all of it)."""
    with transaction.atomic():
        message = Message.objects.waiting(now).select_for_update(skip_locked=True).first()
        if message is None:
            return None
        message.attempts += 1
        try:
            _send(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            _try_again(message, error, now)
        else:
            message.sent_at = now
            message.text = message.html = ""
            message.attachments = []
        message.save()
    return message


def _send(message: Message) -> None:
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    for part in message.attachments:
        email.attach(part["name"], part["text"], part["type"])
    mailers.default.send_messages([email])


def _try_again(message: Message, error: Exception, now: datetime) -> None:
    """Park a message that could not be sent; after the last try a person is asked to reach the patient."""
    logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
    message.last_error = type(error).__name__
    message.send_after = now + TRY_AGAIN_AFTER * 2 ** (message.attempts - 1)
    if message.attempts >= TRIES or isinstance(error, (ValueError, smtplib.SMTPRecipientsRefused)):
        message.failed_at = now
        open_task(
            kind=Task.Kind.RESEND,
            key=f"resend:{message.kind}:{message.fact_key}",
            level=Level.ROUTINE,
            patient=message.patient,
            reason=_("A message could not be delivered: tell the patient by phone (%(kind)s).")
            % {"kind": message.kind},
            due_at=now,
            by="system",
            now=now,
        )
