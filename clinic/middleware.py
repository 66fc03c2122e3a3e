"""What every request passes: who this is, whether the page is theirs, and what happens when the database is busy."""

import logging
import time
from datetime import UTC, datetime

import pghistory.middleware
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from clinic import patient_session
from clinic.models import Patient
from clinic.rules.access import (
    ALLAUTH_NAMES_FOR_STAFF,
    ALLAUTH_NAMES_OPEN_TO_ALL,
    NAMESPACE_ACCESS,
    PATIENT,
    PUBLIC,
    URL_ACCESS,
    Role,
)

logger = logging.getLogger(__name__)


class DatabaseTroubleMiddleware:
    """A database that is away or too busy is a page with the clinic's number and 503, never a traceback."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError):
            return None
        logger.error("database trouble: %s", type(exception).__name__)
        response = HttpResponse(
            render_to_string("503.html"), status=503
        )  # no request: its frame would ask the database
        response["Retry-After"] = "5"
        return response


class StaffSessionMiddleware:
    """Signs staff out after a while without a click, and in any case after a shift. Polling does not count as a click."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = time.time()
            began = request.session.setdefault("staff_since", now)
            seen = request.session.get("staff_seen", now)
            if now - began > settings.STAFF_SESSION_SECONDS or now - seen > settings.STAFF_IDLE_SECONDS:
                logout(request)
            elif (now - seen > 60 or "staff_seen" not in request.session) and request.headers.get("X-Poll") != "1":
                request.session["staff_seen"] = now
        response = self.get_response(request)
        if request.user.is_authenticated or request.session.get(patient_session.KEY):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class PatientMiddleware:
    """Sets ``request.patient``: the patient of this browser session, or None. Looked up when first asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        patient_id = patient_session.remembered_id(request)
        request.patient = (
            SimpleLazyObject(lambda: Patient.objects.filter(pk=patient_id).first()) if patient_id is not None else None
        )
        return self.get_response(request)


class AccessMiddleware:
    """Opens a page only to those whom the table in ``clinic/rules/access.py`` names. A page without a row is refused."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        match = request.resolver_match
        who = NAMESPACE_ACCESS.get(match.namespace) or URL_ACCESS.get(match.view_name)
        if who is None and match.view_name in ALLAUTH_NAMES_OPEN_TO_ALL:
            return None
        if who is None and match.view_name in ALLAUTH_NAMES_FOR_STAFF:
            return None if request.user.is_authenticated else self.sign_in(request)
        if who == PUBLIC:
            return None
        if who == PATIENT:
            if not request.patient:
                raise Http404
            return None
        if not request.user.is_authenticated:
            return self.sign_in(request)
        if not self.has_second_factor(request):
            if not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            logout(request)  # a session that did not come through the one sign-in
            return self.sign_in(request)
        if who is None or Role(request.user.role) not in who:
            raise PermissionDenied
        return None

    @staticmethod
    def has_second_factor(request):
        """Whether this session, not merely this account, passed the second factor, or has just set one up."""
        key = f"second_factor_{request.user.pk}"
        if request.session.get(key):
            return True
        records = get_authentication_records(request, request.user)
        passed = any(record["method"] == "mfa" for record in records)
        if records and not passed:
            signed_in_at = datetime.fromtimestamp(min(record["at"] for record in records), UTC)
            passed = Authenticator.objects.filter(
                user=request.user, type=Authenticator.Type.TOTP, created_at__gte=signed_in_at
            ).exists()
        if passed:
            request.session[key] = True
        return passed

    @staticmethod
    def sign_in(request):
        return redirect_to_login(request.get_full_path(), reverse("account_login"))


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Writes the person's id beside each change. The address is left out: addresses can carry personal links."""

    def get_context(self, request):
        return {"user": request.user.pk, "patient": request.session.get(patient_session.KEY)}
