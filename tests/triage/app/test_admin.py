"""Therapists review, clinical leads sign and publish: in the admin, through services, every look written down."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.models import AccessLog, Task
from clinic.rules.access import Role
from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_location, make_signed_in
from tests.factories_triage import (
    CALM,
    answer,
    begin,
    finish,
    make_assessment,
    make_questionnaire,
    make_review,
    open_for_intakes,
)
from triage import services
from triage.models import Questionnaire, Review, RulesetApproval
from triage.pathways import PATHWAYS, get_pathway
from triage.services import content

pytestmark = pytest.mark.django_db

QUEUE = "admin:triage_assessment_changelist"
RUNNING = "running_low_back_pain"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def rules_page(pathway=RUNNING):
    return reverse("admin:triage_rulesetapproval_rules", args=[pathway])


@pytest.fixture
def therapist(client):
    make_location()
    return make_signed_in(client, Role.THERAPIST, first_name="Mara", last_name="Vale")


@pytest.fixture
def lead(client):
    make_location()
    return make_signed_in(client, Role.CLINICAL_LEAD)


def all_shown(assessment):
    return ",".join(str(pk) for pk in assessment.patient.assessments.values_list("pk", flat=True))


def confirm(client, assessment, **data):
    return client.post(page_of(assessment), {"verb": "confirm", "confirm-shown": all_shown(assessment), **data})


def change(client, assessment, level, reason, **data):
    return client.post(
        page_of(assessment),
        {
            "verb": "change",
            "change-level": int(level),
            "change-reason": reason,
            "change-shown": all_shown(assessment),
            **data,
        },
    )


# ---- the queue ----------------------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_the_most_urgent_first(client, therapist):
    make_assessment(level=Level.ROUTINE, reason_line="third")
    make_assessment(level=Level.URGENT, reason_line="second")
    make_assessment(level=Level.EMERGENCY, reason_line="first")
    make_review(assessment=make_assessment(level=Level.EMERGENCY, reason_line="reviewed"))

    page = text(client.get(reverse(QUEUE)))

    assert page.index("first") < page.index("second") < page.index("third")
    assert " reviewed " not in page.replace("Not reviewed", "")


def test_the_queue_can_show_everything(client, therapist):
    make_review(assessment=make_assessment(reason_line="seen before"))

    assert "seen before" in text(client.get(reverse(QUEUE), {"review": "all"}))
    assert "seen before" in text(client.get(reverse(QUEUE), {"review": "done"}))


def test_the_queue_costs_the_same_at_one_and_at_three_rows(client, therapist, django_assert_num_queries):
    make_assessment()
    client.get(reverse(QUEUE))  # the first page of a session asks for the second factor
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(QUEUE))
    make_assessment()
    make_assessment()

    with django_assert_num_queries(len(one)):
        client.get(reverse(QUEUE))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FRONT_DESK])
def test_who_is_no_clinician_sees_no_assessment(client, role):
    assessment = make_assessment()
    make_signed_in(client, role)

    assert client.get(reverse(QUEUE)).status_code == 403
    assert client.get(page_of(assessment)).status_code == 403
    assert confirm(client, assessment).status_code == 403
    assert Review.objects.count() == 0


# ---- one assessment -----------------------------------------------------------------------------------------------


def test_an_assessment_shows_findings_and_the_answers_behind_them(client, therapist):
    open_for_intakes()
    assessment = finish(begin(), {**CALM, "ill_signs": ["fever"]})

    page = text(client.get(page_of(assessment)))

    assert assessment.findings[0]["text"] in page
    assert assessment.findings[0]["code"] in page
    assert assessment.findings[0]["source"] in page
    assert "Do you feel ill?" in page
    assert f"version {assessment.ruleset[:12]}" in page
    assert "signed by" in page


def test_earlier_answers_stay_beside_the_one_that_counts(client, therapist):
    open_for_intakes()
    intake = begin()
    answer(intake, {**CALM, "saddle_numbness": "new"})
    intake = services.answered_by_mistake(intake=intake, by=intake.patient, now=NOW + timedelta(minutes=2))
    assessment = finish(intake, now=NOW + timedelta(minutes=3))

    page = text(client.get(page_of(assessment)))

    assert "An emergency answer was taken back as a mistake." in page
    assert re.search(r"Before, [^:]+:\d\d: Yes, it is new or has changed", page)


def test_looking_at_an_assessment_is_written_down(client, therapist):
    assessment = make_assessment()

    client.get(page_of(assessment))

    line = AccessLog.objects.get()
    assert (line.actor, line.target, line.patient_id) == (
        therapist.actor,
        f"triage.assessment:{assessment.pk}",
        assessment.patient_id,
    )


def test_looking_at_an_intake_is_written_down(client, therapist):
    assessment = make_assessment()

    assert client.get(page_of(assessment.intake)).status_code == 200

    assert AccessLog.objects.get().target == f"triage.intake:{assessment.intake_id}"


def test_an_assessment_page_has_nothing_to_edit_but_the_review(client, therapist):
    page = client.get(page_of(make_assessment())).content.decode()

    names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', page))
    assert names <= {
        "csrfmiddlewaretoken",
        *(f"{part}-{name}" for part in ("confirm", "change") for name in ("level", "reason", "seen", "shown", "sure")),
    }


# ---- the verbs ----------------------------------------------------------------------------------------------------


def test_confirming_returns_to_the_queue(client, therapist):
    assessment = make_assessment(level=Level.URGENT)

    response = confirm(client, assessment)

    assert response.url == reverse(QUEUE)
    review = Review.objects.get()
    assert (review.assessment, review.level_of, review.by) == (assessment, Level.URGENT, therapist)


def test_changing_without_a_reason_is_asked_again(client, therapist):
    response = change(client, make_assessment(level=Level.ROUTINE), Level.PRIORITY, "")

    assert response.status_code == 422
    assert "Say why you change the level" in text(response)


def test_raising_a_level_needs_no_second_thought(client, therapist):
    assessment = make_assessment(level=Level.ROUTINE)

    assert change(client, assessment, Level.URGENT, "Weak foot in the comment").url == reverse(QUEUE)

    assert services.level_now(assessment) == Level.URGENT
    assert Task.objects.open().call_backs().count() == 1


@pytest.mark.parametrize("level", [Level.EMERGENCY, Level.URGENT])
def test_lowering_an_emergency_or_urgent_one_is_asked_once_more(client, therapist, level):
    assessment = make_assessment(level=level, details={"because": ["Feeling ill: A temperature"]})

    asked = change(client, assessment, Level.ROUTINE, "Spoken on the phone")

    assert asked.status_code == 200
    assert "You are about to take back a level" in text(asked)
    assert "Feeling ill: A temperature" in text(asked)
    assert Review.objects.count() == 0

    hidden = dict(re.findall(r'<input type="hidden" name="(change-[^"]+)" value="([^"]*)"', asked.content.decode()))
    assert client.post(page_of(assessment), {"verb": "change", **hidden}).url == reverse(QUEUE)
    review = Review.objects.get()
    assert (review.level_of, review.reason) == (Level.ROUTINE, "Spoken on the phone")


def test_confirming_beside_a_more_urgent_one_needs_a_reason_and_a_second_thought(client, therapist):
    now = timezone.now()
    urgent = make_assessment(level=Level.URGENT, created_at=now - timedelta(hours=2))
    routine = make_assessment(patient=urgent.patient, level=Level.ROUTINE, created_at=now - timedelta(hours=1))

    refused = confirm(client, routine)
    assert refused.status_code == 422
    assert "Earlier answers of this patient are more urgent" in text(refused)

    reason = {"confirm-reason": "Both read"}
    assert "You are about to take back a level" in text(confirm(client, routine, **reason))
    assert confirm(client, routine, **reason, **{"confirm-sure": "on"}).url == reverse(QUEUE)


def test_a_colleagues_review_meanwhile_is_not_overruled(client, therapist):
    assessment = make_assessment(level=Level.ROUTINE)
    make_review(assessment=assessment, level=Level.URGENT, reason="Weak foot")

    response = confirm(client, assessment)

    assert response.url == page_of(assessment)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("verb", ["confirm", "change"])
@pytest.mark.parametrize("more", [{}, {"sure": "on"}])
def test_an_emergency_after_the_page_was_opened_is_read_first(client, therapist, verb, more):
    calm = make_assessment(level=Level.SELF_CARE, created_at=timezone.now() - timedelta(days=1))
    page = client.get(page_of(calm)).content.decode()
    shown = re.search(rf'name="{verb}-shown" value="([^"]*)"', page)[1]
    make_assessment(patient=calm.patient, level=Level.EMERGENCY, kind="stop", created_at=timezone.now())
    form = {"shown": shown, "reason": "Spoken on the phone", "level": int(Level.ROUTINE), **more}

    response = client.post(page_of(calm), {"verb": verb, **{f"{verb}-{name}": value for name, value in form.items()}})

    assert response.url == page_of(calm)
    assert Review.objects.count() == 0
    again = text(client.get(response.url))
    assert "This patient has given new answers that may be urgent" in again
    assert "What counts for this patient now is another assessment" in again


def test_a_second_look_can_review_again(client, therapist):
    assessment = make_assessment(level=Level.ROUTINE)
    first = make_review(assessment=assessment, level=Level.PRIORITY, reason="Night pain")
    page = client.get(page_of(assessment)).content.decode()
    assert f'name="confirm-seen" value="{first.pk}"' in page

    assert confirm(client, assessment, **{"confirm-seen": first.pk}).url == reverse(QUEUE)

    assert Review.objects.count() == 2


# ---- rules --------------------------------------------------------------------------------------------------------


def test_the_rule_table_is_made_from_the_rules(client, lead):
    page = text(client.get(rules_page()))

    for rule in get_pathway(RUNNING).all_rules:
        assert rule.code in page
    assert get_pathway(RUNNING).ruleset[:12] in page


def test_a_lead_signs_what_was_read(client, lead):
    client.post(rules_page(), {"ruleset": get_pathway(RUNNING).ruleset})

    approval = RulesetApproval.objects.get()
    assert (approval.pathway, approval.ruleset, approval.signed_by) == (RUNNING, get_pathway(RUNNING).ruleset, lead)
    assert "Signed by" in text(client.get(rules_page()))


def test_rules_that_changed_meanwhile_are_not_signed(client, lead):
    client.post(rules_page(), {"ruleset": "0" * 64})

    assert RulesetApproval.objects.count() == 0


def test_a_therapist_reads_the_rules_and_does_not_sign(client, therapist):
    assert "Sign these rules" not in text(client.get(rules_page()))

    assert client.post(rules_page(), {"ruleset": get_pathway(RUNNING).ruleset}).status_code == 403


def test_a_manager_sees_no_rules(client):
    make_signed_in(client, Role.MANAGER)

    assert client.get(rules_page()).status_code == 403


def test_the_list_of_signatures_names_what_is_not_signed(client, lead):
    page = text(client.get(reverse("admin:triage_rulesetapproval_changelist")))

    assert page.count("Not signed: takes no intakes") == len(PATHWAYS)


def test_an_unknown_pathway_is_not_found(client, lead):
    assert client.get(rules_page("nonsense")).status_code == 404


# ---- questionnaires -----------------------------------------------------------------------------------------------


def test_a_draft_is_read_page_by_page_and_published(client, lead):
    content.load(NOW)
    draft = Questionnaire.objects.get(pathway=RUNNING)
    page = text(client.get(page_of(draft)))
    assert "Does the skin between your legs feel numb" in page
    assert "Asked only if: “Weak leg or foot” = “Yes, it is new or has changed”" in page

    client.post(page_of(draft))

    draft.refresh_from_db()
    assert (draft.status, draft.published_by) == (Questionnaire.Status.PUBLISHED, lead)


def test_a_draft_that_its_rules_cannot_read_says_why(client, lead):
    draft = make_questionnaire(status=Questionnaire.Status.DRAFT, pathway=RUNNING)

    page = text(client.get(page_of(draft)))
    assert "saddle_numbness The rules read this question, and it is not there." in page
    assert "Publish this version" not in page

    client.post(page_of(draft))
    draft.refresh_from_db()
    assert draft.status == Questionnaire.Status.DRAFT


def test_a_therapist_does_not_publish(client, therapist):
    content.load(NOW)
    draft = Questionnaire.objects.get(pathway=RUNNING)

    assert "Publish this version" not in text(client.get(page_of(draft)))
    assert client.post(page_of(draft)).status_code == 403


@pytest.mark.parametrize("model", ["assessment", "intake", "questionnaire", "rulesetapproval"])
def test_nothing_is_added_or_deleted_by_hand(client, lead, model):
    assert client.get(reverse(f"admin:triage_{model}_add")).status_code == 403
    row = {
        "assessment": make_assessment,
        "intake": lambda: make_assessment().intake,
        "questionnaire": make_questionnaire,
        "rulesetapproval": lambda: RulesetApproval.objects.create(
            pathway=RUNNING, ruleset="1" * 64, signed_by=lead, signed_at=NOW
        ),
    }[model]()

    assert client.post(reverse(f"admin:triage_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
