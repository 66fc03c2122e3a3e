"""The front door: the home page and what belongs to no single app."""

from django.db import OperationalError, connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Service
from clinic.rules import consent
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
    return render(request, "privacy.html", {"consent_version": consent.VERSION, "consent_words": consent.WORDS})


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


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)
