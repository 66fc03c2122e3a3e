"""Who may open which page, and who may do what in the admin: one table, read by the middleware and by the tests.

A page that is not listed is refused. Patients are not users: what belongs to a patient is found through
``request.patient``, so ``PUBLIC`` only means that no staff sign-in is needed.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    FRONT_DESK = "front_desk"
    THERAPIST = "therapist"
    CLINICAL_LEAD = "clinical_lead"
    MANAGER = "manager"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.FRONT_DESK: _("Front desk"),
    Role.THERAPIST: _("Therapist"),
    Role.CLINICAL_LEAD: _("Clinical lead"),
    Role.MANAGER: _("Manager"),
}

PUBLIC = "public"
"""Anybody, without signing in."""
PATIENT = "patient"
"""A browser in which ``request.patient`` is known; anybody else gets 404."""

CLINICIANS = frozenset({Role.THERAPIST, Role.CLINICAL_LEAD})
DESK = frozenset({Role.FRONT_DESK, Role.THERAPIST, Role.CLINICAL_LEAD, Role.MANAGER})
ADMIN = frozenset({Role.THERAPIST, Role.CLINICAL_LEAD, Role.MANAGER})

URL_ACCESS: dict[str, str | frozenset[Role]] = {
    # clinic (front door)
    "home": PUBLIC,
    "emergency": PUBLIC,
    "privacy": PUBLIC,
    "health": PUBLIC,
    "ready": PUBLIC,
    "robots": PUBLIC,
    "dev_mail": PUBLIC,
    "dev_mail_message": PUBLIC,
    "dev_code": PUBLIC,
    "staff": DESK,
    "admin_login": PUBLIC,
    # triage
    "triage:start": PUBLIC,
    "triage:quick": PUBLIC,
    "triage:not_me": PUBLIC,
    "triage:page": PATIENT,
    "triage:answers": PATIENT,
    "triage:again": PATIENT,
    "triage:leave": PATIENT,
    "triage:stop": PATIENT,
    "triage:phone": PATIENT,
    "triage:mistake": PATIENT,
    "triage:result": PATIENT,
    # exercises
    "exercises:library": PUBLIC,
    "exercises:detail": PUBLIC,
    "exercises:preview": CLINICIANS,
    "exercises:topics": PUBLIC,
    "exercises:topic": PUBLIC,
    "exercises:preview_topic": CLINICIANS,
    # bookings
    "bookings:start": PUBLIC,
    "bookings:call_me": PATIENT,
    "bookings:times": PUBLIC,
    "bookings:details": PUBLIC,
    "bookings:done": PATIENT,
    "bookings:calendar": PATIENT,
    "bookings:own_link": PATIENT,
    "bookings:manage": PUBLIC,
    "bookings:move": PUBLIC,
    "bookings:switch": PUBLIC,
    "bookings:cancel": PUBLIC,
    "bookings:visit_calendar": PUBLIC,
    # desk
    "desk:board": DESK,
    "desk:board_at": DESK,
    "desk:board_on": DESK,
    "desk:sheet": DESK,
    "desk:visit": DESK,
    "desk:visit_state": DESK,
    "desk:visit_undo": DESK,
    "desk:visit_move": DESK,
    "desk:visit_move_to": DESK,
    "desk:visit_switch": DESK,
    "desk:visit_cancel": DESK,
    "desk:callbacks": DESK,
    "desk:call_claim": DESK,
    "desk:call_release": DESK,
    "desk:call_tried": DESK,
    "desk:call_close": DESK,
    "desk:told": DESK,
    "desk:find": DESK,
    "desk:patient": DESK,
    "desk:contact": DESK,
    "desk:new": DESK,
    "desk:new_safety": DESK,
    "desk:new_times": DESK,
    "desk:new_confirm": DESK,
    "desk:check": DESK,
    "desk:check_stop": DESK,
    "desk:check_mistake": DESK,
    "desk:check_end": DESK,
    "desk:check_page": DESK,
}

NAMESPACE_ACCESS: dict[str, str | frozenset[Role]] = {
    "admin": ADMIN,
}

ALLAUTH_NAMES_OPEN_TO_ALL = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "account_reauthenticate",
        "mfa_reauthenticate",
    }
)
"""Pages of django-allauth that somebody who is not signed in must reach."""

ALLAUTH_NAMES_FOR_STAFF = frozenset(
    {
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
"""Pages of django-allauth for whoever is signed in, also before the second factor is set up. Its other pages are refused."""


def _may(model: str, *verbs: str) -> frozenset[str]:
    app, name = model.split(".")
    return frozenset(f"{app}.{verb}_{name}" for verb in verbs)


ALL = ("view", "add", "change", "delete")
EDIT = ("view", "add", "change")

CLINICAL_READ = _may("triage.intake", "view") | _may("triage.assessment", "view") | _may("triage.review", "view")
RULES_READ = _may("triage.questionnaire", "view") | _may("triage.rulesetapproval", "view")
LIBRARY_EDIT = (
    _may("exercises.exercise", *EDIT)
    | _may("exercises.exerciseversion", *EDIT)
    | _may("exercises.topic", *EDIT)
    | _may("exercises.topicversion", *EDIT)
)
PEOPLE_READ = (
    _may("clinic.patient", "view")
    | _may("clinic.practitioner", "view")
    | _may("clinic.location", "view")
    | _may("clinic.room", "view")
    | _may("clinic.task", "view")
    | _may("clinic.episode", "view")
)
BOOKING_READ = _may("bookings.service", "view") | _may("bookings.shift", "view") | _may("bookings.appointment", "view")
BOOKING_SETUP = (
    _may("bookings.service", *EDIT)
    | _may("bookings.competence", *ALL)
    | _may("bookings.shift", *ALL)
    | _may("bookings.shiftexception", *ALL)
    | _may("bookings.timeoff", *ALL)
)
PLACES_SETUP = (
    _may("clinic.location", *EDIT)
    | _may("clinic.openinghours", *ALL)
    | _may("clinic.closure", *ALL)
    | _may("clinic.room", *EDIT)
    | _may("clinic.practitioner", *EDIT)
    | _may("clinic.user", *EDIT)
)

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.FRONT_DESK: frozenset(),
    Role.THERAPIST: CLINICAL_READ
    | RULES_READ
    | LIBRARY_EDIT
    | PEOPLE_READ
    | BOOKING_READ
    | frozenset({"triage.review_assessment", "exercises.approve_exerciseversion"}),
    Role.CLINICAL_LEAD: CLINICAL_READ
    | RULES_READ
    | LIBRARY_EDIT
    | PEOPLE_READ
    | BOOKING_READ
    | _may("clinic.accesslog", "view")
    | frozenset(
        {
            "triage.review_assessment",
            "triage.sign_ruleset",
            "triage.publish_questionnaire",
            "exercises.approve_exerciseversion",
            "exercises.withdraw_exerciseversion",
        }
    ),
    Role.MANAGER: PEOPLE_READ | BOOKING_READ | BOOKING_SETUP | PLACES_SETUP | _may("clinic.accesslog", "view"),
}
"""What each role may do in the admin. The front desk has its own pages and no admin at all."""
