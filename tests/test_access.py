"""Every address and every role, from the resolver: who gets in is what the table says, and nothing is missing from it."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.models import User
from clinic.rules.access import (
    ALLAUTH_NAMES_OPEN_TO_ALL,
    NAMESPACE_ACCESS,
    PATIENT,
    PUBLIC,
    ROLE_PERMISSIONS,
    URL_ACCESS,
    Role,
)
from tests.factories_clinic import make_location, make_signed_in, make_user

SAMPLES = {
    "StringConverter": "zzzz",
    "SlugConverter": "zzzz",
    "IntConverter": 999_999,
    "UUIDConverter": uuid.UUID(int=7),
    "PathConverter": "zzzz/zzzz",
}


def addresses(patterns=None, namespaces=()):
    """(name, sample address) of every page in the resolver."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inside = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from addresses(pattern.url_patterns, inside)
        elif isinstance(pattern, URLPattern):
            name = ":".join([*namespaces, pattern.name or ""])
            converters = getattr(pattern.pattern, "converters", {})
            kwargs = {key: SAMPLES[type(converter).__name__] for key, converter in converters.items()}
            if pattern.pattern.regex.groupindex and not kwargs:
                kwargs = dict.fromkeys(pattern.pattern.regex.groupindex, "zzzz")
            yield name, kwargs


ALL = sorted(dict(addresses()).items())
OURS = [
    (name, kwargs)
    for name, kwargs in ALL
    if not name.startswith(("account_", "mfa_")) and name.partition(":")[0] != "admin" and name != "admin_login"
]


def row(name):
    return NAMESPACE_ACCESS.get(name.rpartition(":")[0]) or URL_ACCESS.get(name)


def test_there_are_pages():
    assert len(OURS) > 30


def test_every_page_has_a_row_in_the_table():
    assert [name for name, _ in OURS if row(name) is None] == []


def test_the_table_has_no_row_without_a_page():
    pages = {name for name, _ in ALL} | {"dev_mail", "dev_mail_message", "dev_code"}

    assert [name for name in URL_ACCESS if name not in pages] == []


def is_sign_in(response):
    return response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


def who_may(name):
    who = row(name)
    return set(who) if isinstance(who, frozenset) else who


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "kwargs"), OURS, ids=[name for name, _ in OURS])
def test_a_stranger_opens_only_what_is_public(client, name, kwargs, method):
    make_location()

    response = getattr(client, method)(reverse(name, kwargs=kwargs))

    if who_may(name) == PUBLIC:
        assert response.status_code != 403
        assert response.status_code < 500
        assert not is_sign_in(response)
    elif who_may(name) == PATIENT:
        assert response.status_code == 404
    else:
        assert is_sign_in(response)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_its_rows_say(role, method):
    make_location()
    client = Client()
    make_signed_in(client, role)
    wrong = []
    for name, kwargs in OURS:
        who = who_may(name)
        if who in (PUBLIC, PATIENT):
            continue
        response = getattr(client, method)(reverse(name, kwargs=kwargs))
        refused = response.status_code == 403
        if refused is (role in who) or is_sign_in(response) or response.status_code >= 500:
            wrong.append((name, response.status_code))

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_the_admin_shows_each_role_what_its_permissions_say(role):
    client = Client()
    make_signed_in(client, role)
    wrong = []
    for name, kwargs in ALL:
        found = re.fullmatch(r"admin:(\w+?)_(\w+)_changelist", name)
        if not found:
            continue
        allowed = any(f"{found[1]}.{verb}_{found[2]}" in ROLE_PERMISSIONS[role] for verb in ("view", "change"))
        response = client.get(reverse(name, kwargs=kwargs))
        if response.status_code != (200 if allowed else 403):
            wrong.append((name, response.status_code))

    assert wrong == []


@pytest.mark.django_db
def test_the_admin_has_no_sign_in_of_its_own(client):
    assert is_sign_in(client.get("/admin/login/?next=/admin/"))


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_without_a_second_factor_nobody_gets_further_than_setting_it_up(client, role):
    client.force_login(make_user(role=role))

    assert client.get(reverse("staff"))["Location"] == reverse("mfa_activate_totp")


@pytest.mark.django_db
def test_a_session_that_did_not_pass_the_second_factor_is_ended(client):
    user = make_signed_in(client, Role.CLINICAL_LEAD)
    client.logout()
    client.force_login(user)

    assert is_sign_in(client.get(reverse("admin:index")))
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_admin_takes_no_password(client):
    make_signed_in(client, Role.THERAPIST)
    lead = make_user(role=Role.CLINICAL_LEAD, password="correct horse battery")

    client.post("/admin/login/?next=/admin/", {"username": lead.email, "password": "correct horse battery"})

    assert client.session["_auth_user_id"] != str(lead.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_inactive", "mfa_trust", "account_set_password"]
)
def test_pages_of_the_sign_in_that_nobody_needs_are_closed(client, name):
    pages = dict(ALL)
    if name not in pages:
        return
    assert is_sign_in(client.get(reverse(name)))
    make_signed_in(client, Role.MANAGER)
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.django_db
def test_nobody_is_above_the_role_table():
    first = User.objects.create_superuser("first@example.org", "correct horse battery")

    assert (first.role, first.is_superuser) == (Role.MANAGER, False)
    assert not first.has_perm("triage.view_assessment")


@pytest.mark.django_db
def test_a_manager_cannot_change_a_role(client):
    manager = make_signed_in(client, Role.MANAGER)

    client.post(
        reverse("admin:clinic_user_change", args=[manager.pk]),
        {"email": manager.email, "role": Role.CLINICAL_LEAD, "is_active": "on"},
    )

    manager.refresh_from_db()
    assert manager.role == Role.MANAGER


@pytest.mark.django_db
def test_an_account_that_was_closed_is_out_at_the_next_click(client):
    user = make_signed_in(client, Role.THERAPIST)
    user.is_active = False
    user.save()

    assert is_sign_in(client.get(reverse("staff")))


def test_the_names_open_to_all_exist():
    assert ALLAUTH_NAMES_OPEN_TO_ALL <= {name for name, _ in ALL}
