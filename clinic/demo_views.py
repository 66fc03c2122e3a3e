"""Two pages of the demo: its mailbox and its staff's codes. Outside the demo they have no address and are not imported."""

import email
import email.policy

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.management.demo.signins import PASSWORD, STAFF, current_code


@never_cache
@require_safe
def dev_mail(request, name=None):
    """The demo's mailbox: what was "sent", newest first."""
    messages_sent = _mailbox()
    chosen = next((message for message in messages_sent if message["name"] == name), None)
    if name and chosen is None:
        raise Http404
    return render(request, "dev/mail.html", {"messages_sent": messages_sent, "chosen": chosen})


def _mailbox():
    """Every message in the mail folder as a dict of name, subject, to, text, html and attachments."""
    found = []
    folder = settings.MAIL_FOLDER
    for path in (
        sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True) if folder.is_dir() else []
    ):
        for number, raw in enumerate(path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")):
            if raw.strip():
                found.append(_parsed(f"{path.stem}-{number}", raw))
    return found


def _parsed(name, raw):
    message = email.message_from_bytes(raw.lstrip(), policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "name": name,
        "subject": message["Subject"],
        "to": message["To"],
        "date": message["Date"],
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
        "attachments": [part.get_filename() for part in message.iter_attachments()],
    }


@never_cache
@require_safe
def dev_code(request):
    """The present codes of the demo's staff."""
    staff_codes = [{"member": member, "code": current_code(member)} for member in STAFF]
    return render(request, "dev/code.html", {"staff_codes": staff_codes, "password": PASSWORD})
