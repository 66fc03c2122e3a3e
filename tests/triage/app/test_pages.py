"""The pages of the check, as a browser without JavaScript uses them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import Patient, Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_clinic import make_location, make_signed_in, make_user
from tests.factories_triage import (
    CALM,
    CALM_QUICK,
    answer,
    begin,
    finish,
    make_assessment,
    make_review,
    open_for_intakes,
)
from triage import services
from triage.models import Assessment, Intake
from triage.rules.questionnaire import pages

pytestmark = pytest.mark.django_db

NUMB = {"saddle_numbness": "new", "sexual_change": "no"}
NOT_NUMB = {"saddle_numbness": "no", "sexual_change": "no"}
WHO = {
    "first_name": "Robin",
    "date_of_birth_day": "27",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1985",
    "phone": "555-0123",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def clinic():
    open_for_intakes()
    return make_location()


def text(response):
    """The words of the page, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def start(client, **fields):
    """Begin on the web and return the intake."""
    response = client.post(reverse("triage:start"), {**WHO, **fields})
    assert response.status_code == 302, text(response)
    return Intake.objects.latest("pk")


def url(intake, name="page", *args):
    return reverse(f"triage:{name}", args=[intake.reference, *args])


def post(client, intake, page_id, data, query="", **extra):
    intake.refresh_from_db()
    return client.post(url(intake, "page", page_id) + query, {"revision": intake.revision, **data, **extra})


def done(client, answers=CALM):
    """Begin, answer everything and send. Returns the intake."""
    intake = start(client)
    answer(intake, answers, now=timezone.now())
    client.post(url(intake, "answers"))
    intake.refresh_from_db()
    return intake


# ---- the first page -----------------------------------------------------------------------------------------------


def test_the_first_page_says_first_what_cannot_wait(client):
    page = text(client.get(reverse("triage:start")))

    assert "Call 555-0199 now for any of these" in page
    assert page.index("Call 555-0199 now") < page.index("First name")


def test_looking_at_the_first_page_changes_nothing(client):
    client.get(reverse("triage:start"))

    assert (Intake.objects.count(), Patient.objects.count(), client.session.keys()) == (0, 0, set())


def test_beginning_leads_to_the_first_question(client):
    intake = start(client)

    assert intake.patient.first_name == "Robin"
    assert client.get(url(intake, "page", "feeling")).status_code == 200


def test_the_phone_number_may_be_left_out(client):
    assert start(client, phone="").patient.phone == ""


def test_without_consent_nothing_is_kept(client):
    response = client.post(reverse("triage:start"), {**WHO, "consent": ""})

    assert response.status_code == 422
    assert "<title>Error:" in response.content.decode()
    assert 'value="Robin"' in response.content.decode()
    assert Patient.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_name": ""}, "Enter your first name"),
        ({"date_of_birth_year": "2093"}, "Your date of birth must be in the past"),
        ({"date_of_birth_year": "1801"}, "Check the year of your date of birth"),
        ({"phone": "ring me"}, "Enter a phone number, like 555-0142"),
    ],
)
def test_what_is_wrong_is_said_in_words(client, fields, sentence):
    response = client.post(reverse("triage:start"), {**WHO, **fields})

    assert response.status_code == 422
    assert sentence in text(response)


def test_a_double_click_on_the_first_page_makes_one_intake(client):
    token = re.search(r'name="token" value="([^"]+)"', client.get(reverse("triage:start")).content.decode())[1]

    client.post(reverse("triage:start"), {**WHO, "token": token})
    Client().post(reverse("triage:start"), {**WHO, "token": token})

    assert (Intake.objects.count(), Patient.objects.count()) == (1, 1)


def test_somebody_who_has_begun_is_offered_to_carry_on(client):
    intake = start(client)
    post(client, intake, "feeling", NOT_NUMB)

    page = client.get(reverse("triage:start"))

    assert "Carry on, Robin?" in text(page)
    assert url(intake, "page", "bladder_bowel") in page.content.decode()


def test_begin_again_leaves_the_draft_behind(client):
    intake = start(client)

    client.post(url(intake, "leave"))

    intake.refresh_from_db()
    assert intake.status == Intake.Status.ABANDONED
    assert "Carry on as Robin" in text(client.get(reverse("triage:start")))


def test_somebody_else_at_the_same_browser_begins_as_themselves(client):
    intake = start(client)

    client.post(reverse("triage:not_me"))

    assert client.get(url(intake, "page", "feeling")).status_code == 404
    assert "Robin" not in text(client.get(reverse("triage:start")))


def test_unsigned_rules_show_the_emergency_text_and_our_number(client, monkeypatch):
    monkeypatch.setattr("triage.services.rulesets.ruleset_hash", lambda pathway: "f" * 64)

    for name in ("start", "quick"):
        page = text(client.get(reverse(f"triage:{name}")))
        assert "Call 555-0199 now for any of these" in page
        assert "Call 555-0142" in page
        assert "First name" not in page


# ---- questions ----------------------------------------------------------------------------------------------------


def test_a_question_page_has_one_heading_and_nothing_chosen(client):
    page = client.get(url(start(client), "page", "feeling")).content.decode()

    assert page.count("<h1") == 1
    assert " checked" not in page


def test_continue_comes_before_back_in_the_source(client):
    page = client.get(url(start(client), "page", "bladder_bowel")).content.decode()

    assert page.index(">Continue<") < page.index(">Back<")


def test_continuing_leads_to_the_next_page(client):
    intake = start(client)

    response = post(client, intake, "feeling", NOT_NUMB)

    assert response.url == url(intake, "page", "bladder_bowel")


def test_a_missing_answer_is_named_and_what_was_chosen_is_kept(client):
    intake = start(client)

    response = post(client, intake, "feeling", {"sexual_change": "old"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Feeling between your legs" in page
    assert 'href="#id_saddle_numbness_0"' in page
    assert re.search(r'id="id_sexual_change_\d" value="old" checked', page)
    assert services.current_answers(intake) == {"sexual_change": "old"}


def test_back_keeps_what_was_half_typed(client):
    intake = start(client)
    answer(intake, until="strength", now=timezone.now())

    response = post(client, intake, "goals", {"goal_1": "Run", "goal_1_score": "quite well"}, go="back")

    assert response.url == url(intake, "page", "runs")
    page = client.get(url(intake, "page", "goals")).content.decode()
    assert 'value="Run"' in page
    assert intake.answers.get(link_id="goal_1_score").raw == "quite well"


def test_back_on_the_first_question_leads_to_where_it_began(client):
    intake = start(client)

    assert post(client, intake, "feeling", {}, go="back").url == reverse("triage:start")


def test_back_with_an_emergency_answer_stops_too(client):
    intake = start(client)

    assert post(client, intake, "feeling", NUMB, go="back").url == url(intake, "stop")


def test_a_page_that_the_answers_do_not_lead_to_sends_back(client):
    intake = start(client)

    assert client.get(url(intake, "page", "weakness")).url == url(intake, "page", "feeling")
    assert client.get(url(intake, "page", "nonsense")).url == url(intake, "page", "feeling")


def test_progress_never_goes_backwards(client):
    intake = start(client)
    answers = {**CALM, "leg_weakness": "old", "conditions": ["cancer"], "pregnancy": "maybe", "onset": "minor_load"}
    answers |= {"pregnancy_signs": ["none"], "sex": "declined", "cancer_detail": ""}
    seen = []
    while page := services.next_to_do(intake):
        content = client.get(url(intake, "page", page.id)).content.decode()
        seen.append(int(re.search(r'<progress value="(\d+)"', content)[1]))
        data = {item.link_id: answers.get(item.link_id, "") for item in page.questions}
        assert post(client, intake, page.id, data).status_code == 302

    assert len(seen) > 12
    assert seen == sorted(seen)


def test_two_tabs_never_overwrite_unseen(client):
    intake = start(client)
    post(client, intake, "bladder_bowel", {"bladder_trouble": "no", "bladder_leak": "old", "bowel_change": "no"})

    response = client.post(
        url(intake, "page", "bladder_bowel"),
        {"revision": 0, "bladder_trouble": "no", "bladder_leak": "no", "bowel_change": "no"},
    )

    assert response.status_code == 409
    assert "Leaking pee: Yes, but it is old and unchanged" in text(response)
    assert services.current_answers(intake)["bladder_leak"] == "old"

    shown = re.search(r'name="revision" value="(\d+)"', response.content.decode())[1]
    again = client.post(
        url(intake, "page", "bladder_bowel"),
        {"revision": shown, "bladder_trouble": "no", "bladder_leak": "no", "bowel_change": "no"},
    )
    assert again.status_code == 302
    assert services.current_answers(intake)["bladder_leak"] == "no"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_revision_that_cannot_be_read_is_older_than_anything(client, revision):
    intake = start(client)

    assert client.post(url(intake, "page", "feeling"), {"revision": revision, **NOT_NUMB}).status_code == 302
    changed = {**NOT_NUMB, "sexual_change": "old"}
    assert client.post(url(intake, "page", "feeling"), {"revision": revision, **changed}).status_code == 409


def test_odd_input_is_answered_with_a_sentence(client):
    intake = start(client)
    answer(intake, until="goals", now=timezone.now())

    response = post(client, intake, "goals", {"goal_1": "a\x00b", "goal_1_score": "5"})

    assert response.status_code == 422
    assert "Activity 1" in text(response)


def test_looking_at_a_question_changes_nothing(client):
    intake = start(client)

    client.get(url(intake, "page", "feeling"))

    intake.refresh_from_db()
    assert (intake.revision, intake.answers.count()) == (0, 0)


def test_a_question_page_costs_few_queries(client, django_assert_max_num_queries):
    intake = start(client)

    with django_assert_max_num_queries(8):
        client.get(url(intake, "page", "feeling"))


# ---- check your answers -------------------------------------------------------------------------------------------


def test_answers_are_listed_with_a_way_to_change_each(client):
    intake = start(client)
    answer(intake, now=timezone.now())

    page = client.get(url(intake, "answers"))

    assert "Worst pain 4 out of 10 Change Worst pain" in text(page)
    assert f"{url(intake, 'page', 'strength')}?change=1#q-pain_worst" in page.content.decode()
    asked = sum(len(part.questions) for part in pages(intake.questionnaire.content, services.current_answers(intake)))
    assert page.content.decode().count('class="facts__act"') == asked


def test_a_change_comes_straight_back(client):
    intake = start(client)
    answer(intake, now=timezone.now())
    data = {link: CALM[link] for link in ("pain_now", "daily_life", "walking")} | {"pain_worst": "5"}

    response = post(client, intake, "strength", data, query="?change=1")

    assert response.url == url(intake, "answers")


def test_a_change_that_opens_questions_asks_those_first(client):
    intake = start(client)
    answer(intake, now=timezone.now())
    history = {link: CALM[link] for link in ("body_changes", "bones", "medicines")}

    response = post(client, intake, "history", {**history, "conditions": ["cancer"]}, query="?change=1")
    assert response.url == url(intake, "page", "cancer") + "?change=1"

    assert post(client, intake, "cancer", {"cancer_detail": ""}, query="?change=1").url == url(intake, "answers")


def test_back_from_a_change_returns_to_the_answers(client):
    intake = start(client)
    answer(intake, now=timezone.now())

    assert post(client, intake, "feeling", NOT_NUMB, query="?change=1", go="back").url == url(intake, "answers")


def test_answers_are_not_listed_before_all_are_given(client):
    intake = start(client)

    assert client.get(url(intake, "answers")).url == url(intake, "page", "feeling")


def test_sending_with_a_question_open_leads_to_it(client):
    intake = start(client)
    answer(intake, until="course", now=timezone.now())

    assert client.post(url(intake, "answers")).url == url(intake, "page", "course") + "?change=1"


def test_a_double_click_on_send_makes_one_result(client):
    intake = done(client)

    response = client.post(url(intake, "answers"))

    assert (response.url, Assessment.objects.count()) == (url(intake, "result"), 1)


def test_after_sending_the_answers_can_be_read_and_changed_beside(client):
    intake = done(client)

    page = client.get(url(intake, "answers"))
    assert "This is what you sent us on" in text(page)
    assert "facts__act" not in page.content.decode()

    response = client.post(url(intake, "again"))
    fresh = Intake.objects.latest("pk")
    assert (fresh.patient, response.url) == (intake.patient, url(fresh, "answers"))


def test_the_list_of_answers_costs_few_queries(client, django_assert_max_num_queries):
    intake = start(client)
    answer(intake, now=timezone.now())

    with django_assert_max_num_queries(10):
        client.get(url(intake, "answers"))


# ---- stop ---------------------------------------------------------------------------------------------------------


def test_an_emergency_answer_leads_to_what_to_do_now(client):
    intake = start(client)

    response = post(client, intake, "feeling", NUMB)

    assert response.url == url(intake, "stop")
    page = client.get(response.url).content.decode()
    assert 'class="call" href="tel:5550199"' in page
    assert "We have asked a person" in page


def test_the_stop_page_offers_no_booking_no_exercises_and_no_reasons(client):
    intake = start(client)
    post(client, intake, "feeling", NUMB)

    page = client.get(url(intake, "stop")).content.decode()

    assert reverse("bookings:start") not in page
    assert reverse("exercises:library") not in page
    assert "What a therapist will look at" not in page


def test_every_other_page_of_a_stopped_form_leads_back_to_the_stop(client):
    intake = start(client)
    post(client, intake, "feeling", NUMB)

    for name, *args in (("page", "feeling"), ("page", "bladder_bowel"), ("answers",), ("result",)):
        assert client.get(url(intake, name, *args)).url == url(intake, "stop")
    assert client.post(url(intake, "answers")).url == url(intake, "stop")
    assert client.post(url(intake, "again")).url == url(intake, "stop")
    assert "Some of your answers need hospital care now" in text(client.get(reverse("triage:start")))


def test_without_a_phone_number_the_stop_page_asks_once_more(client):
    intake = start(client, phone="")
    post(client, intake, "feeling", NUMB)
    assert "without a number we cannot ring you" in text(client.get(url(intake, "stop")))

    response = client.post(url(intake, "phone"), {"phone": "555-0177"})

    assert response.url == url(intake, "stop")
    page = text(client.get(url(intake, "stop")))
    assert "We ring you on 555-0177." in page
    assert "cannot ring" not in page


def test_a_phone_number_that_is_none_is_asked_again(client):
    intake = start(client, phone="")
    post(client, intake, "feeling", NUMB)

    response = client.post(url(intake, "phone"), {"phone": "later"})

    assert response.status_code == 422
    assert 'value="later"' in response.content.decode()


def test_answered_by_mistake_asks_again_and_ends_urgent(client):
    intake = start(client)
    post(client, intake, "feeling", NUMB)

    response = client.post(url(intake, "mistake"))
    assert response.url == url(intake, "page", "feeling")
    page = client.get(response.url)
    assert "If what you told us first was right, get help now" in text(page)
    assert not re.search(r'name="saddle_numbness"[^>]*checked', page.content.decode())

    intake.refresh_from_db()
    answer(intake, now=timezone.now())
    assert client.post(url(intake, "answers")).url == url(intake, "result")
    result = client.get(url(intake, "result"))
    assert "You changed an answer that can be a sign of something serious" in text(result)
    assert reverse("bookings:start") not in result.content.decode()
    assert Task.objects.open().call_backs().count() == 1


def test_thoughts_of_self_harm_get_words_of_their_own(client):
    intake = start(client)
    answer(intake, {**CALM, "ill_signs": ["self_harm"]}, now=timezone.now())

    page = text(client.get(url(intake, "stop")))

    assert "Please talk to someone now" in page
    assert "I have back pain" not in page


def test_after_a_review_the_stop_page_gives_way_to_what_the_therapist_said(client):
    intake = start(client)
    post(client, intake, "feeling", NUMB)
    make_review(
        assessment=intake.assessments.get(),
        level=Level.ROUTINE,
        reason="Old numbness, seen at hospital",
        created_at=timezone.now(),
    )

    assert client.get(url(intake, "stop")).url == url(intake, "result")
    page = text(client.get(url(intake, "result")))
    assert "A therapist has looked at your answers." in page
    assert "Old numbness" not in page


def test_a_word_on_other_answers_takes_back_no_stop(client):
    intake = start(client)
    post(client, intake, "feeling", NUMB)
    other = make_assessment(patient=intake.patient, level=Level.SELF_CARE, created_at=timezone.now())
    make_review(assessment=other, reason="All read", created_at=timezone.now())

    assert services.effective_level(intake.patient, timezone.now()).level == Level.SELF_CARE
    assert client.get(url(intake, "stop")).status_code == 200
    assert client.get(url(intake, "result")).url == url(intake, "stop")


# ---- result -------------------------------------------------------------------------------------------------------


def test_the_result_says_how_soon_why_and_what_next(client):
    intake = done(client, {**CALM, "duration": "6_to_12_weeks"})

    response = client.get(url(intake, "result"))

    page = text(response)
    assert 'class="tag level--routine"' in response.content.decode()
    assert "The pain has lasted 6 weeks or more." in page
    assert "What happens next" in page
    assert "What a therapist will look at" in page
    assert reverse("bookings:start") in response.content.decode()


def test_an_urgent_result_promises_a_call_and_shows_no_reasons(client):
    intake = done(client, {**CALM, "ill_signs": ["fever"]})

    response = client.get(url(intake, "result"))

    page = text(response)
    assert "Because you told us Feeling ill: A temperature of 38" in page
    assert re.search(r"We will ring you|We are closed: ring 555-0111 now", page)
    assert "What a therapist will look at" not in page
    assert reverse("bookings:start") not in response.content.decode()
    assert reverse("exercises:library") not in response.content.decode()


def test_an_urgent_result_without_a_number_asks_for_one(client):
    intake = start(client, phone="")
    answer(intake, {**CALM, "ill_signs": ["fever"]}, now=timezone.now())
    client.post(url(intake, "answers"))

    assert "we cannot ring you without a phone number" in text(client.get(url(intake, "result"))).lower()
    assert client.post(url(intake, "phone"), {"phone": "x"}).status_code == 422
    assert client.post(url(intake, "phone"), {"phone": "555-0177"}).url == url(intake, "result")
    assert "Where can we ring you?" not in text(client.get(url(intake, "result")))


def test_somebody_under_sixteen_books_on_the_phone(client):
    intake = start(client, date_of_birth_year=str(timezone.now().year - 14))
    answer(intake, now=timezone.now())
    client.post(url(intake, "answers"))

    response = client.get(url(intake, "result"))

    assert "parent or guardian" in text(response)
    assert reverse("bookings:start") not in response.content.decode()


def test_an_earlier_more_urgent_answer_counts_on_every_result(client):
    intake = start(client)
    make_assessment(
        patient=intake.patient,
        level=Level.URGENT,
        details={"because": ["Feeling ill: A temperature"]},
        created_at=timezone.now() - timedelta(days=2),
    )
    answer(intake, now=timezone.now())
    client.post(url(intake, "answers"))

    response = client.get(url(intake, "result"))

    assert 'class="tag level--urgent"' in response.content.decode()
    assert "These are answers you gave us earlier." in text(response)


def test_a_review_changes_what_the_result_says(client):
    intake = done(client)
    make_review(assessment=intake.assessments.get(), level=Level.PRIORITY, reason="Bone?", created_at=timezone.now())

    page = text(client.get(url(intake, "result")))

    assert "We want a physiotherapist to see you soon" in page
    assert "A therapist has read your answers and decided" in page
    assert "Bone?" not in page


def test_a_result_before_the_answers_are_sent_leads_to_the_question(client):
    intake = start(client)

    for name in ("result", "stop"):
        assert client.get(url(intake, name)).url == url(intake, "page", "feeling")


def test_sending_and_reading_the_result_costs_few_queries(client, django_assert_max_num_queries):
    intake = start(client)
    answer(intake, now=timezone.now())

    with django_assert_max_num_queries(26):
        client.post(url(intake, "answers"))
    with django_assert_max_num_queries(9):
        client.get(url(intake, "result"))


# ---- four questions -----------------------------------------------------------------------------------------------


def test_four_times_no_leads_to_booking(client):
    response = client.post(reverse("triage:quick"), {**WHO, **CALM_QUICK})

    assert response.url == reverse("bookings:start")
    assert client.session["patient_id"] == Patient.objects.get().pk


def test_anything_else_leads_to_the_intake(client):
    response = client.post(reverse("triage:quick"), {**WHO, **CALM_QUICK, "legs": "unsure"})

    intake = Intake.objects.latest("pk")
    assert response.url == url(intake, "page", "feeling") + "?more=1"
    assert "we need to ask a few more questions first" in text(client.get(response.url))


def test_a_yes_is_not_unsaid_by_the_intake_that_follows(client):
    client.post(reverse("triage:quick"), {**WHO, **CALM_QUICK, "legs": "yes"})
    intake = Intake.objects.latest("pk")
    assert "get help now" not in text(client.get(url(intake, "page", "feeling")))

    answer(intake, now=timezone.now())
    client.post(url(intake, "answers"))

    page = text(client.get(url(intake, "result")))
    assert "We want a physiotherapist to see you soon" in page
    assert "Just before, you answered “yes” to one of four safety questions." in page
    assert "You changed an answer" not in page


def test_four_questions_have_no_answer_chosen(client):
    page = client.get(reverse("triage:quick")).content.decode()

    assert page.count('type="radio"') == 12
    assert " checked" not in page


def test_a_blank_is_not_no(client):
    response = client.post(reverse("triage:quick"), {**WHO, **CALM_QUICK, "serious": ""})

    assert response.status_code == 422
    assert Assessment.objects.count() == 0


def test_a_patient_we_know_answers_only_the_questions(client):
    intake = done(client)

    page = client.get(reverse("triage:quick")).content.decode()
    assert 'name="first_name"' not in page

    client.post(reverse("triage:quick"), {"consent": "on", **CALM_QUICK})
    assert Patient.objects.get() == intake.patient


def test_a_stopped_form_cannot_be_left_by_four_times_no(client):
    intake = start(client)
    post(client, intake, "feeling", NUMB)

    client.post(reverse("triage:quick"), {"consent": "on", **CALM_QUICK})

    assert services.effective_level(intake.patient, timezone.now()).level == Level.EMERGENCY


# ---- strangers ----------------------------------------------------------------------------------------------------

OWN = [("page", "feeling"), ("answers",), ("stop",), ("result",)]
OWN_VERBS = [("page", "feeling"), ("answers",), ("again",), ("leave",), ("phone",), ("mistake",)]


@pytest.mark.parametrize("where", OWN)
def test_a_stranger_sees_no_intake(client, where):
    intake = start(client)
    other = Client()
    other.post(reverse("triage:start"), {**WHO, "first_name": "Somebody else"})

    assert Client().get(url(intake, *where)).status_code == 404
    assert other.get(url(intake, *where)).status_code == 404


@pytest.mark.parametrize("where", OWN_VERBS)
def test_a_stranger_changes_no_intake(client, where):
    intake = start(client)
    post(client, intake, "feeling", NUMB)
    intake.refresh_from_db()
    other = Client()
    other.post(reverse("triage:start"), {**WHO, "first_name": "Somebody else"})

    assert other.post(url(intake, *where), {**NOT_NUMB, "phone": "555-0000"}).status_code == 404
    revision = intake.revision
    intake.refresh_from_db()
    assert (intake.revision, intake.patient.phone) == (revision, "555-0123")


def test_a_session_that_grew_old_opens_nothing(client):
    intake = start(client)
    session = client.session
    session["patient_since"] -= 25 * 60 * 60
    session.save()

    assert client.get(url(intake, "page", "feeling")).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_no_patients_page(client, role):
    intake = begin()
    make_signed_in(client, role)

    assert client.get(url(intake, "page", "feeling")).status_code == 404


def test_pages_about_a_person_are_kept_by_no_cache(client):
    intake = start(client)

    assert "no-store" in client.get(url(intake, "page", "feeling"))["Cache-Control"]


def test_the_desk_cannot_review(client):
    assessment = finish(begin(), now=timezone.now())

    with pytest.raises(services.OnlyAClinician):
        services.review_assessment(assessment=assessment, level=Level.ROUTINE, by=make_user(), now=timezone.now())
