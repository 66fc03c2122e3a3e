"""What is shown and what is not: drafts, withdrawn and overdue pages, previews, words that mean harm, and many rows."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.rules.access import Role
from exercises.models import Exercise
from exercises.services import review
from tests.exercises.visiting import LIBRARY, found, page, queries
from tests.factories_clinic import make_location, make_signed_in
from tests.factories_exercises import (
    make_draft,
    make_lead,
    make_live,
    make_live_topic,
    make_therapist,
    make_topic_draft,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


PREVIEWS = [("exercises:preview", make_draft), ("exercises:preview_topic", make_topic_draft)]


def test_an_empty_library_says_so_kindly(client):
    assert "being checked by our therapists" in page(client, LIBRARY)[1]


@pytest.mark.parametrize("days", [0, 1])
def test_what_is_past_its_check_is_not_shown(client, now, days):
    due = now.date() - timedelta(days=days)
    exercise = make_live(now=now.replace(year=now.year - 1) - timedelta(days=days))
    topic = make_live_topic(now=now.replace(year=now.year - 1) - timedelta(days=days))
    assert exercise.live_version.review_due_on == topic.live_version.review_due_on == due

    shown = days == 0
    assert found(client) == ([exercise.slug] if shown else [])
    response, text = page(client, exercise.get_absolute_url())
    assert response.status_code == (200 if shown else 404)
    assert ("being checked again" in text) is not shown
    assert client.get(topic.get_absolute_url()).status_code == (200 if shown else 404)
    assert list(Exercise.objects.due_for_review(now.date())) == ([] if shown else [exercise])


def test_a_draft_a_withdrawn_and_an_archived_exercise_have_no_page(client, now):
    draft, withdrawn, archived = make_draft().exercise, make_live(now=now), make_live(now=now)
    review.withdraw(version=withdrawn.live_version, reason="Unclear.", by=make_lead(), now=now)
    Exercise.objects.filter(pk=archived.pk).update(archived_at=now)

    assert [client.get(exercise.get_absolute_url()).status_code for exercise in (draft, withdrawn, archived)] == [
        404
    ] * 3
    assert found(client) == []


def test_a_replaced_exercise_leads_to_what_took_its_place(client, now):
    old, new = make_live(now=now), make_live(now=now)
    Exercise.objects.filter(pk=old.pk).update(archived_at=now, replaced_by=new)

    response = client.get(old.get_absolute_url())

    assert (response.status_code, response["Location"]) == (301, new.get_absolute_url())


def test_the_page_stays_the_same_to_the_byte_until_a_colleague_approves(client, now):
    exercise, author = make_live(now=now), make_therapist()
    make_location()
    before = client.get(exercise.get_absolute_url()).content
    draft = review.start_draft(identity=exercise, by=author, now=now)
    draft.purpose = "Makes your hips stronger."
    draft.save()
    draft.steps.create(position=9, role="move", text="Lift higher.")
    assert client.get(exercise.get_absolute_url()).content == before
    review.submit_for_review(version=draft, by=author, now=now)
    assert client.get(exercise.get_absolute_url()).content == before

    review.approve(version=draft, by=make_lead(), now=now)

    after = client.get(exercise.get_absolute_url()).content.decode()
    assert "Makes your hips stronger." in after
    assert "Lift higher." in after


def test_notes_for_staff_never_reach_a_patient(client, now):
    exercise = make_live(
        now=now, cautions=[{"code": "balance", "strength": "relative", "reason": "Staff only.", "say": "you sway"}]
    )

    text = page(client, exercise.get_absolute_url())[1]

    assert "you sway" in text
    assert "Staff only." not in text


def test_words_from_the_admin_are_shown_as_words(client, now):
    sly = "<script>alert(1)</script>"
    exercise = make_live(
        now=now,
        name=sly,
        purpose=f"It is {sly}.",
        aliases=[sly],
        steps=[{"role": role, "text": sly} for role in ("prepare", "move", "stop_if", "cue", "mistake", "breathe")],
        source={"file": "javascript:alert(1)", "lines": sly, "note": sly},
        set_by_clinic=[sly],
        cautions=[{"code": "balance", "strength": "relative", "say": sly}],
    )
    topic = make_live_topic(
        now=now,
        title=sly,
        summary=sly,
        sections=[{"heading": sly, "text": [sly, f"- {sly}"], "source": [{"note": sly}], "contested": sly}],
    )

    for address in (LIBRARY, exercise.get_absolute_url(), "/running/", topic.get_absolute_url()):
        text = page(client, address)[1]
        assert "<script>alert" not in text
        assert 'href="javascript:' not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_long_list_has_pages_that_keep_the_filters(client, now):
    for _ in range(25):
        make_live(now=now)

    first, second = found(client, region="hip"), found(client, region="hip", page=2)

    assert (len(first), len(second)) == (24, 1)
    assert not set(first) & set(second)
    assert "region=hip&amp;page=2" in page(client, LIBRARY, region="hip")[1]


def test_a_topic_in_draft_has_no_page(client):
    assert client.get(make_topic_draft().topic.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("name", "make"), PREVIEWS)
def test_a_preview_shows_staff_the_draft_as_the_patient_will_see_it(client, name, make):
    draft = make()
    make_signed_in(client, Role.THERAPIST)

    response, text = page(client, reverse(name, args=[draft.pk]))

    assert response.status_code == 200
    assert "Preview of version 1 (Draft)" in text
    assert "Not checked by a colleague yet." in text
    assert "noindex" in text


@pytest.mark.parametrize(("name", "make"), PREVIEWS)
def test_a_preview_is_for_staff_only(client, name, make):
    address = reverse(name, args=[make().pk])

    assert client.get(address).status_code == 302
    make_signed_in(client, Role.FRONT_DESK)
    assert client.get(address).status_code == 403


def test_a_preview_is_the_page_that_patients_will_get(client, now):
    draft = make_draft(by=make_therapist(), now=now)
    make_signed_in(client, Role.THERAPIST)
    review.submit_for_review(version=draft, by=draft.author, now=now)
    preview = page(client, reverse("exercises:preview", args=[draft.pk]))[1]

    review.approve(version=draft, by=make_lead(), now=now)

    live = page(client, draft.exercise.get_absolute_url())[1]
    main = re.compile(r"<main.*?<p class=\"source\">", re.DOTALL)
    assert main.search(preview)[0] == main.search(live)[0]


def test_a_list_asks_the_database_as_often_at_one_row_as_at_thirty(client, now, django_assert_max_num_queries):
    make_location()
    make_live(now=now, name="Bridge")
    make_live_topic(now=now)
    addresses = [LIBRARY, f"{LIBRARY}?q=bridge", f"{LIBRARY}?region=hip", "/running/"]
    few = [queries(client, django_assert_max_num_queries, address) for address in addresses]
    for _ in range(29):
        make_live(now=now)
        make_live_topic(now=now)

    many = [queries(client, django_assert_max_num_queries, address) for address in addresses]

    assert many == few
