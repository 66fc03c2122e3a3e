"""The front door: the home page and what belongs to no single app."""

import email
import email.policy

from django.conf import settings
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Service
from clinic.management.demo.signins import PASSWORD, STAFF, current_code
from clinic.rules.access import Role
from exercises.services.library import home_exercises

HOME_EXERCISES = 3


@require_safe
def home(request):

    return render(
        request,
        "home.html",
        {"exercises": home_exercises(HOME_EXERCISES), "services": Service.objects.public()},
    )


@require_safe
def emergency(request):
    return render(request, "emergency.html")


@require_safe
def privacy(request):
    return render(request, "privacy.html", {"consent_version": settings.CONSENT_VERSION})


@require_safe
def robots(request):
    """Search engines may read the public pages and nothing that belongs to a person."""
    return HttpResponse(
        "User-agent: *\nDisallow: /check/\nDisallow: /book/\nDisallow: /visit/\nDisallow: /desk/\nDisallow: /admin/\n",
        content_type="text/plain",
    )


@never_cache
@require_safe
def health(request):
    """Is this process alive? Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request):
    """Can this process reach its database?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("no database\n", status=503, content_type="text/plain", headers={"Retry-After": "5"})
    return HttpResponse("ready\n", content_type="text/plain")


def staff(request):
    """Where each role begins its day after signing in."""
    return redirect("desk:board" if request.user.role == Role.FRONT_DESK else "admin:index")


@never_cache
@require_safe
def dev_mail(request, name=None):
    """The demo's mailbox: what was "sent", newest first. There is no such page outside the demo."""
    if not settings.DEMO:
        raise Http404
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
    """The present codes of the demo's staff. There is no such page outside the demo."""
    if not settings.DEMO:
        raise Http404
    staff_codes = [{"member": member, "code": current_code(member)} for member in STAFF]
    return render(request, "dev/code.html", {"staff_codes": staff_codes, "password": PASSWORD})


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)
