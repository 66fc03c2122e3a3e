"""Curating in the admin: drafts are edited, verbs call services, published versions stand, nobody overwrites anybody."""

import json
import re

import pytest
from django.db import connection
from django.urls import reverse

from clinic.rules.access import Role
from exercises.models import Exercise, ExerciseVersion, Status, Topic, TopicVersion
from exercises.services import review
from exercises.services.documents import document_of
from tests.factories_clinic import NOW, make_signed_in
from tests.factories_exercises import (
    FIGURE,
    make_draft,
    make_lead,
    make_live,
    make_live_topic,
    make_therapist,
    make_topic_draft,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def therapist(client):
    return make_signed_in(client, Role.THERAPIST)


def address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def form_of(client, row):
    """What the browser would send if nothing was typed: every field of the change form."""
    from html.parser import HTMLParser

    data, state = {}, {"select": None, "textarea": None}

    class Fields(HTMLParser):
        def handle_starttag(self, tag, pairs):
            attrs = dict(pairs)
            name = attrs.get("name")
            if tag == "input" and name and attrs.get("type") not in {"submit", "checkbox", "radio"}:
                data[name] = attrs.get("value") or ""
            elif tag == "input" and name and attrs.get("type") == "checkbox" and "checked" in attrs:
                data.setdefault(name, []).append(attrs.get("value", "on"))
            elif tag == "select":
                state["select"] = name
                data[name] = ""
            elif tag == "option" and state["select"] and "selected" in attrs:
                data[state["select"]] = attrs.get("value", "")
            elif tag == "textarea":
                state["textarea"] = name
                data[name] = ""

        def handle_endtag(self, tag):
            if tag in state:
                state[tag] = None

        def handle_data(self, text):
            if state["textarea"]:
                data[state["textarea"]] += text

    text = client.get(address(row)).content.decode()
    Fields().feed(text[text.index('id="content-main"') :])
    data.pop("select_across", None)
    return {name: value.removeprefix("\n") if isinstance(value, str) else value for name, value in data.items()}


def press(client, row, verb, **more):
    """Press the button of a verb on the page of a version that is only read."""
    return client.post(
        address(row),
        {"CHANGE_FORM-action": verb, "_selected_action": row.pk, **more},
        follow=True,
    )


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def buttons(client, row):
    return re.findall(r'name="CHANGE_FORM-action" value="(\w+)"', client.get(address(row)).content.decode())


# Editing a draft


def test_a_therapist_edits_words_steps_dose_and_tags_of_a_draft(client, therapist):
    draft = make_draft(by=therapist)
    form = form_of(client, draft)
    assert form["name"] == draft.name
    form |= {
        "purpose": "Makes your hips stronger.",
        "steps-0-text": "Lie down on your back.",
        "steps-3-role": "cue",
        "steps-3-text": "Feel it in your buttocks.",
        "dosage-0-reps_max": "12",
        "tags": ["purpose:build-strength", "region:buttocks", "position:on-back"],
        "cautions-0-code": "balance",
        "cautions-0-strength": "relative",
        "aliases-0-text": "Hip lift",
        "_save": "Save",
    }

    response = client.post(address(draft), form)

    assert response.status_code == 302
    document = document_of(ExerciseVersion.objects.get(pk=draft.pk))
    assert document["purpose"] == "Makes your hips stronger."
    assert [step["text"] for step in document["steps"]] == [
        "Lie down on your back.",
        "Lift your hips.",
        "it hurts",
        "Feel it in your buttocks.",
    ]
    assert document["dosage"] == {"type": "repetitions", "reps_min": 8, "reps_max": 12}
    assert document["tags"]["region"] == ["buttocks"]
    assert [row["code"] for row in document["cautions"]] == ["balance"]
    assert document["aliases"] == ["Hip lift"]


def test_an_unchanged_form_saves_the_same_words(client, therapist):
    draft = make_draft(by=therapist, tags={"purpose": ["build-strength"], "region": ["hip"], "position": ["on-back"]})
    before = document_of(draft)

    response = client.post(address(draft), form_of(client, draft) | {"_save": "Save"})

    assert response.status_code == 302
    assert document_of(ExerciseVersion.objects.get(pk=draft.pk)) == before


def test_steps_change_places_by_their_numbers(client, therapist):
    draft = make_draft(by=therapist)
    form = form_of(client, draft) | {"steps-0-order": "2", "steps-1-order": "1", "_save": "Save"}

    client.post(address(draft), form)

    rows = list(draft.steps.values_list("position", "text"))
    assert rows == [(1, "Lift your hips."), (2, "Lie on your back."), (3, "it hurts")]


def test_a_step_is_taken_out_and_the_rest_is_counted_anew(client, therapist):
    draft = make_draft(by=therapist)

    client.post(address(draft), form_of(client, draft) | {"steps-0-DELETE": "on", "_save": "Save"})

    assert list(draft.steps.values_list("position", "text")) == [(1, "Lift your hips."), (2, "it hurts")]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"dosage-0-duration_s_min": "30"}, "A duration replaces repetitions"),
        ({"dosage-0-reps_max": "3"}, "The largest number must be larger"),
        ({"figure": '{"name": "Tail", "poses": []}'}, "between two and six poses"),
        ({"figure": "<script>"}, "valid JSON"),
        ({"review_months": "99"}, "1 to 36 months"),
        ({"cautions-0-code": "gout", "cautions-0-strength": "relative"}, "gout is not one of the available choices"),
    ],
)
def test_what_cannot_be_is_answered_in_words_and_nothing_is_saved(client, therapist, fields, sentence):
    draft = make_draft(by=therapist)
    before = document_of(draft)

    response = client.post(address(draft), form_of(client, draft) | fields | {"_save": "Save"})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert document_of(ExerciseVersion.objects.get(pk=draft.pk)) == before


def test_a_new_figure_is_kept_with_every_value_written_out(client, therapist):
    draft = make_draft(by=therapist, figure=None)

    client.post(address(draft), form_of(client, draft) | {"figure": json.dumps(FIGURE), "_save": "Save"})

    figure = ExerciseVersion.objects.get(pk=draft.pk).figure
    assert "like" not in json.dumps(figure)
    assert "<svg" in client.get(address(draft)).content.decode()


def test_a_therapist_edits_the_sections_of_a_topic(client, therapist):
    draft = make_topic_draft(by=therapist)
    form = form_of(client, draft) | {
        "summary": "Shoes may play a small part.",
        "sections-0-text": "They may rub.\n- Try another pair.",
        "sections-1-heading": "What helps",
        "sections-1-text": "A pair that fits.",
        "sections-1-source": '[{"note": "set by the clinic"}]',
        "_save": "Save",
    }

    response = client.post(address(draft), form)

    assert response.status_code == 302
    document = document_of(TopicVersion.objects.get(pk=draft.pk))
    assert document["summary"] == "Shoes may play a small part."
    assert [section["text"] for section in document["sections"]] == [
        ["They may rub.", "- Try another pair."],
        ["A pair that fits."],
    ]


@pytest.mark.parametrize("source", ['"a word"', '[{"url": "x"}]', '[{"note": 5}]'])
def test_a_source_that_is_no_list_of_files_lines_and_notes_is_refused(client, therapist, source):
    draft = make_topic_draft(by=therapist)

    response = client.post(address(draft), form_of(client, draft) | {"sections-0-source": source, "_save": "Save"})

    assert "Write the source as a list" in response.content.decode()


# Two editors


@pytest.mark.parametrize(("make", "field"), [(make_draft, "purpose"), (make_topic_draft, "summary")])
def test_whoever_saves_second_is_told_and_overwrites_nothing(client, therapist, make, field):
    draft = make(by=therapist)
    mine = form_of(client, draft) | {field: "My words."}
    theirs = form_of(client, draft) | {field: "Their words."}
    client.post(address(draft), theirs | {"_save": "Save"})

    response = client.post(address(draft), mine | {"_save": "Save"})

    assert "A colleague has saved this draft since you opened it" in response.content.decode()
    assert "My words." in response.content.decode(), "what was typed is still there"
    draft.refresh_from_db()
    assert getattr(draft, field) == "Their words."
    again = client.post(address(draft), mine | {"_save": "Save"})
    assert "A colleague has saved this draft" in again.content.decode(), "pressing twice does not force it"


def test_what_went_to_review_meanwhile_is_not_edited(client, therapist):
    draft = make_draft(by=therapist)
    form = form_of(client, draft) | {"purpose": "My words.", "_save": "Save"}
    review.submit_for_review(version=draft, by=therapist, now=NOW)

    response = client.post(address(draft), form)

    assert response.status_code == 403
    draft.refresh_from_db()
    assert draft.purpose == "Makes your hips strong."


# From draft to page


def test_sending_to_review_saves_what_was_typed_first(client, therapist):
    draft = make_draft(by=therapist)
    form = form_of(client, draft) | {
        "purpose": "Makes your hips stronger.",
        "CHANGE_FORM-action": "send_to_review",
        "_selected_action": draft.pk,
    }

    response = client.post(address(draft), form, follow=True)

    draft.refresh_from_db()
    assert (draft.status, draft.purpose) == (Status.IN_REVIEW, "Makes your hips stronger.")
    assert any("waits for a colleague now" in message for message in messages_of(response))


def test_an_incomplete_draft_is_saved_and_told_what_is_missing(client, therapist):
    draft = make_draft(by=therapist)
    form = form_of(client, draft) | {
        "purpose": "",
        "CHANGE_FORM-action": "send_to_review",
        "_selected_action": draft.pk,
    }

    response = client.post(address(draft), form, follow=True)

    draft.refresh_from_db()
    assert (draft.status, draft.purpose) == (Status.DRAFT, "")
    assert any("Say what it is for." in message for message in messages_of(response))


def test_save_and_preview_leads_to_the_preview(client, therapist):
    draft = make_draft(by=therapist)

    response = client.post(
        address(draft), form_of(client, draft) | {"purpose": "Makes your hips stronger.", "_preview": "1"}, follow=True
    )

    assert response.redirect_chain == [(reverse("exercises:preview", args=[draft.pk]), 302)]
    assert "Makes your hips stronger." in response.content.decode()


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_a_colleague_approves_with_one_button(client, therapist, make):
    author = make_therapist()
    version = review.submit_for_review(version=make(by=author), by=author, now=NOW)
    seen = re.search(r'name="seen_hash" value="(\w+)"', client.get(address(version)).content.decode())[1]

    response = press(client, version, "approve", seen_hash=seen)

    version.refresh_from_db()
    assert (version.status, version.approved_by) == (Status.PUBLISHED, therapist)
    assert any("is on the page now" in message for message in messages_of(response))


def test_the_author_is_told_that_a_colleague_approves(client, therapist):
    version = review.submit_for_review(version=make_draft(by=therapist), by=make_therapist(), now=NOW)

    response = press(client, version, "approve")

    version.refresh_from_db()
    assert version.status == Status.IN_REVIEW
    assert any("A colleague approves it" in message for message in messages_of(response))


CHANGED = [
    (make_draft, {"purpose": "Makes your hips stronger."}),
    (make_draft, {"tags": ["purpose:build-strength", "region:trunk", "position:on-back"]}),
    (make_draft, {"steps-1-text": "Lift your hips slowly."}),
    (make_draft, {"steps-0-order": "2", "steps-1-order": "1"}),
    (make_draft, {"dosage-0-reps_max": "12"}),
    (make_draft, {"aliases-0-text": "Hip lift"}),
    (make_topic_draft, {"summary": "Shoes may play a small part."}),
    (make_topic_draft, {"sections-0-text": "They may rub a little."}),
]


@pytest.mark.parametrize(("make", "fields"), CHANGED, ids=[next(iter(fields)) for _, fields in CHANGED])
def test_whoever_changed_a_draft_is_told_that_a_colleague_approves(client, therapist, make, fields):
    author = make_therapist()
    draft = make(by=author)
    assert client.post(address(draft), form_of(client, draft) | fields | {"_save": "Save"}).status_code == 302
    draft.refresh_from_db()
    version = review.submit_for_review(version=draft, by=author, now=NOW)

    response = press(client, version, "approve")

    version.refresh_from_db()
    assert (version.status, version.edited_by) == (Status.IN_REVIEW, [therapist.pk])
    assert any("You changed this draft yourself" in message for message in messages_of(response))


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_saving_without_a_change_makes_nobody_an_editor(client, therapist, make):
    draft = make(by=make_therapist())

    client.post(address(draft), form_of(client, draft) | {"_save": "Save"})

    draft.refresh_from_db()
    assert (draft.revision, draft.edited_by) == (1, [])


def test_an_approval_of_what_has_changed_since_is_refused(client, therapist):
    author = make_therapist()
    version = review.submit_for_review(version=make_draft(by=author), by=author, now=NOW)

    response = press(client, version, "approve", seen_hash="0" * 64)

    version.refresh_from_db()
    assert version.status == Status.IN_REVIEW
    assert any("changed while you were reading" in message for message in messages_of(response))


def test_a_lead_withdraws_with_a_reason(client):
    lead = make_signed_in(client, Role.CLINICAL_LEAD)
    live = make_live(lead=make_lead()).live_version
    assert any("Say why" in message for message in messages_of(press(client, live, "withdraw")))

    press(client, live, "withdraw", withdraw_reason="Step 2 is unclear.")

    live.refresh_from_db()
    assert (live.status, live.withdrawn_by, live.withdrawn_reason) == (Status.WITHDRAWN, lead, "Step 2 is unclear.")


def test_a_therapist_does_not_withdraw(client, therapist):
    live = make_live().live_version

    press(client, live, "withdraw", withdraw_reason="Because.")

    live.refresh_from_db()
    assert live.status == Status.PUBLISHED
    assert buttons(client, live) == ["start_draft"]


@pytest.mark.parametrize("make", [make_live, make_live_topic])
def test_a_draft_begins_from_the_live_version_with_one_button(client, therapist, make):
    identity = make()

    for row in (identity, identity.live_version):
        response = press(client, row, "start_draft")
        draft = identity.versions.get(status=Status.DRAFT)
        assert response.redirect_chain[-1][0] == address(draft)
        assert (draft.number, draft.author) == (2, therapist)
        draft.delete()


def test_a_second_draft_is_refused_in_words(client, therapist):
    exercise = make_draft().exercise

    response = press(client, exercise, "start_draft")

    assert any("Somebody is working on this already" in message for message in messages_of(response))


def test_a_draft_is_thrown_away_with_one_button(client, therapist):
    exercise = make_live()
    draft = review.start_draft(identity=exercise, by=therapist, now=NOW)

    response = press(client, draft, "discard")

    assert response.redirect_chain[-1][0] == address(exercise)
    assert not exercise.versions.filter(status=Status.DRAFT).exists()


VERBS = [
    (lambda by: make_draft(by=by), ["send_to_review", "discard"]),
    (lambda by: review.submit_for_review(version=make_draft(by=by), by=by, now=NOW), ["approve", "send_back"]),
    (lambda by: make_live().live_version, ["withdraw", "start_draft"]),
]


@pytest.mark.parametrize(("make", "verbs"), VERBS, ids=["draft", "in review", "published"])
def test_a_version_offers_what_can_be_done_with_it(client, make, verbs):
    lead = make_signed_in(client, Role.CLINICAL_LEAD)

    assert buttons(client, make(lead)) == verbs


@pytest.mark.parametrize("make", [make_live, make_live_topic])
def test_a_published_version_is_only_read(client, therapist, make):
    live = make().live_version
    text = client.get(address(live)).content.decode()
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', text[text.index('id="content-main"') :]))

    assert names <= {"csrfmiddlewaretoken", "seen_hash", "_selected_action"} | {
        name for name in names if name.endswith(("_FORMS", "-id", "-version"))
    }
    assert client.post(address(live), {"purpose": "Changed.", "_save": "Save"}).status_code == 403


def test_verbs_work_on_many_rows_of_the_list(client, therapist):
    drafts = [make_draft(by=therapist), make_draft(by=therapist, purpose="")]

    response = client.post(
        reverse("admin:exercises_exerciseversion_changelist"),
        {"action": "send_to_review", "_selected_action": [draft.pk for draft in drafts]},
        follow=True,
    )

    assert sorted(ExerciseVersion.objects.values_list("status", flat=True)) == [Status.DRAFT, Status.IN_REVIEW]
    assert len(messages_of(response)) == 2


def test_an_approver_reads_what_changes_for_patients(client, therapist):
    exercise, author = make_live(), make_therapist()
    draft = review.start_draft(identity=exercise, by=author, now=NOW)
    draft.purpose = "Makes your hips stronger."
    draft.save()
    draft.steps.filter(position=2).update(text="Lift your hips slowly.")
    draft.cautions.create(code="balance", strength="relative", reason="They may fall.")

    text = client.get(address(draft)).content.decode()

    for line in (
        "Makes your hips strong.",
        "Makes your hips stronger.",
        "Move: Lift your hips.",
        "Move: Lift your hips slowly.",
        "Unsure balance, or falls (a therapist decides): They may fall.",
    ):
        assert f"<td>{line}</td>" in text


# New ones


def test_a_new_exercise_begins_as_a_draft(client, therapist):
    response = client.post(
        reverse("admin:exercises_exercise_add"), {"slug": "side-plank", "name": "Side plank", "_save": "Save"}
    )

    draft = Exercise.objects.get(slug="side-plank").versions.get()
    assert (response.status_code, response["Location"]) == (302, address(draft))
    assert (draft.name, draft.author, draft.status) == ("Side plank", therapist, Status.DRAFT)
    assert client.get(address(draft)).status_code == 200


def test_a_name_much_like_another_is_asked_about_first(client, therapist):
    make_live(name="Glute bridge")
    form = {"slug": "glutes-bridge", "name": "Glutes bridge", "_save": "Save"}

    response = client.post(reverse("admin:exercises_exercise_add"), form)

    assert "Perhaps it is here already: Glute bridge." in response.content.decode()
    assert not Exercise.objects.filter(slug="glutes-bridge").exists()
    client.post(reverse("admin:exercises_exercise_add"), form | {"is_new": "on"})
    assert Exercise.objects.filter(slug="glutes-bridge").exists()


def test_an_address_that_is_taken_is_refused(client, therapist):
    exercise = make_live()

    response = client.post(
        reverse("admin:exercises_exercise_add"), {"slug": exercise.slug, "name": "Handstand", "_save": "Save"}
    )

    assert response.status_code == 200
    assert Exercise.objects.count() == 1


def test_a_new_topic_begins_as_a_draft(client, therapist):
    client.post(
        reverse("admin:exercises_topic_add"), {"slug": "sleep", "title": "Sleep", "kind": "factor", "_save": "Save"}
    )

    assert Topic.objects.get(slug="sleep").versions.get().title == "Sleep"


def test_a_new_draft_can_be_filled_in_and_sent(client, therapist):
    draft = review.create_exercise(slug="side-plank", name="Side plank", by=therapist, now=NOW)
    form = form_of(client, draft) | {
        "purpose": "Trains the side of your trunk.",
        "tags": ["purpose:build-strength", "region:trunk", "position:face-down"],
        "figure": json.dumps(FIGURE),
        "source_note": "set by the clinic",
        "steps-0-role": "prepare",
        "steps-0-text": "Lie on your side.",
        "steps-1-role": "move",
        "steps-1-text": "Lift your hips.",
        "dosage-0-type": "repetitions",
        "dosage-0-reps_min": "5",
        "_continue": "1",
    }
    assert client.post(address(draft), form).status_code == 302
    form = form_of(client, draft) | {
        "steps-2-role": "stop_if",
        "steps-2-text": "it hurts",
        "CHANGE_FORM-action": "send_to_review",
        "_selected_action": draft.pk,
    }

    client.post(address(draft), form)

    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW


# Who may


@pytest.mark.parametrize("make", [make_draft, make_topic_draft])
def test_nobody_deletes_in_the_admin(client, make):
    make_signed_in(client, Role.CLINICAL_LEAD)
    draft = make()

    assert client.post(address(draft, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(address(draft.identity, "delete"), {"post": "yes"}).status_code == 403


def test_the_manager_sees_nothing_of_the_library(client):
    make_signed_in(client, Role.MANAGER)
    draft = make_draft()

    assert client.get(address(draft)).status_code == 403
    assert (
        client.post(address(draft), {"CHANGE_FORM-action": "approve", "_selected_action": draft.pk}).status_code == 403
    )


@pytest.mark.parametrize("name", ["exercise", "exerciseversion", "topic", "topicversion"])
def test_a_list_asks_the_database_as_often_at_one_row_as_at_ten(client, therapist, django_assert_max_num_queries, name):
    def queries():
        with django_assert_max_num_queries(40) as captured:
            assert client.get(reverse(f"admin:exercises_{name}_changelist")).status_code == 200
        return len(captured)

    make_live(), make_live_topic()
    queries()  # the first click of a session asks more
    few = queries()
    for _ in range(9):
        make_live(), make_live_topic()

    assert queries() == few


def test_every_save_is_in_the_history_with_the_person(client, therapist):
    draft = make_draft(by=therapist)

    client.post(address(draft), form_of(client, draft) | {"purpose": "Makes your hips stronger.", "_save": "Save"})

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT context.metadata->>'user' FROM exercises_exerciseversionevent AS event"
            " JOIN pghistory_context AS context ON context.id = event.pgh_context_id"
            " WHERE event.id = %s AND event.purpose = 'Makes your hips stronger.'",
            [draft.pk],
        )
        assert cursor.fetchone() == (str(therapist.pk),)
