"""Postgres has the last word: each rule once."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from clinic.rules.levels import Level
from tests.factories_clinic import NOW, make_user
from tests.factories_triage import (
    make_answer,
    make_approval,
    make_assessment,
    make_intake,
    make_questionnaire,
    make_review,
)
from triage.models import Answer, Assessment, Intake, Questionnaire, Review, RulesetApproval

pytestmark = pytest.mark.django_db

DRAFT, PUBLISHED, RETIRED = Questionnaire.Status.DRAFT, Questionnaire.Status.PUBLISHED, Questionnaire.Status.RETIRED


def refused_by(name):
    return pytest.raises(IntegrityError, match=name)


def refused_by_trigger():
    return pytest.raises(ProgrammingError, match="pgtrigger: Cannot")


# ---- questionnaires -----------------------------------------------------------------------------------------------


def test_a_version_is_there_once():
    first = make_questionnaire()

    with refused_by("triage_questionnaire_version_once"):
        make_questionnaire(url=first.url, version=first.version)


def test_one_version_of_a_pathway_is_published():
    make_questionnaire(pathway="back")
    make_questionnaire(pathway="back", status=RETIRED)

    with refused_by("triage_one_published_questionnaire_per_pathway"):
        make_questionnaire(pathway="back")


def test_a_questionnaire_has_a_known_status():
    with refused_by("triage_questionnaire_has_a_known_status"):
        make_questionnaire(status="nearly")


def test_a_publication_says_who_and_when():
    with refused_by("triage_questionnaire_publication_says_who_and_when"):
        make_questionnaire(published_by=None)


@pytest.mark.parametrize(
    "change", [{"definition": {}}, {"title": "Other"}, {"hash": "0" * 64}, {"pathway": "other"}, {"version": "2"}]
)
@pytest.mark.parametrize("status", [PUBLISHED, RETIRED])
def test_a_published_version_never_changes(status, change):
    questionnaire = make_questionnaire(status=status)

    with refused_by_trigger():
        Questionnaire.objects.filter(pk=questionnaire.pk).update(**change)


def test_a_published_version_is_never_a_draft_again():
    questionnaire = make_questionnaire()

    with refused_by_trigger():
        Questionnaire.objects.filter(pk=questionnaire.pk).update(status=DRAFT, published_at=None, published_by=None)


def test_a_published_version_can_be_retired():
    questionnaire = make_questionnaire()

    assert Questionnaire.objects.filter(pk=questionnaire.pk).update(status=RETIRED) == 1


def test_a_published_version_is_never_deleted():
    questionnaire = make_questionnaire()

    with refused_by_trigger():
        Questionnaire.objects.filter(pk=questionnaire.pk).delete()


def test_a_draft_may_change_and_go():
    questionnaire = make_questionnaire(status=DRAFT)

    Questionnaire.objects.filter(pk=questionnaire.pk).update(title="Other")

    assert Questionnaire.objects.filter(pk=questionnaire.pk).delete()[0] == 1


# ---- intakes and answers ------------------------------------------------------------------------------------------


def test_one_open_draft_for_a_patient_and_a_questionnaire():
    first = make_intake()

    with refused_by("triage_one_open_intake_per_patient_and_questionnaire"):
        make_intake(patient=first.patient, questionnaire=first.questionnaire)


def test_an_intake_has_a_known_status():
    with refused_by("triage_intake_has_a_known_status"):
        make_intake(status="asleep")


def test_a_finished_intake_says_when():
    with refused_by("triage_finished_intake_says_when"):
        make_intake(status=Intake.Status.FINISHED)


def test_a_stopped_intake_says_when():
    with refused_by("triage_stopped_intake_says_when"):
        make_intake(status=Intake.Status.STOPPED)


def test_there_is_no_intake_without_consent():
    with refused_by("triage_intake_has_consent"):
        make_intake(consent_version="")


def test_the_desk_says_who_typed():
    with refused_by("triage_intake_at_the_desk_says_who_typed"):
        make_intake(channel=Intake.Channel.DESK)


def test_nobody_at_the_clinic_types_on_the_web():
    with refused_by("triage_intake_at_the_desk_says_who_typed"):
        make_intake(entered_by=make_user())


def test_the_floor_is_a_known_level():
    with refused_by("triage_intake_floor_is_a_known_level"):
        make_intake(floor_level=41)


def test_a_question_has_one_current_answer():
    first = make_answer()

    with refused_by("triage_one_current_answer_per_question"):
        make_answer(intake=first.intake)


def test_an_earlier_answer_stays_beside_the_current_one():
    first = make_answer(superseded_at=NOW)
    second = make_answer(intake=first.intake, value="new")

    assert list(first.intake.answers.current()) == [second]


def test_what_could_not_be_read_is_no_answer():
    with refused_by("triage_unreadable_answer_has_no_value"):
        make_answer(valid=False)


def test_an_answer_is_superseded_and_otherwise_never_edited():
    answer = make_answer()

    with transaction.atomic(), refused_by_trigger():
        Answer.objects.filter(pk=answer.pk).update(value="new")


def test_an_answer_is_superseded_once():
    answer = make_answer()
    Answer.objects.filter(pk=answer.pk).update(superseded_at=NOW)

    with refused_by_trigger():
        Answer.objects.filter(pk=answer.pk).update(superseded_at=None)


def test_an_answer_is_never_deleted():
    answer = make_answer()

    with refused_by_trigger():
        answer.delete()


# ---- conclusions --------------------------------------------------------------------------------------------------


def test_an_assessment_has_a_known_level():
    with refused_by("triage_assessment_has_a_known_level"):
        make_assessment(level=45)


def test_an_assessment_has_a_known_kind():
    with refused_by("triage_assessment_has_a_known_kind"):
        make_assessment(kind="guess")


def test_an_intake_has_one_result():
    first = make_assessment()

    with refused_by("triage_one_result_per_intake"):
        make_assessment(intake=first.intake)


def test_a_stop_is_an_emergency():
    with refused_by("triage_a_stop_is_an_emergency"):
        make_assessment(kind=Assessment.Kind.STOP, level=Level.URGENT)


@pytest.mark.parametrize("level", [Level.EMERGENCY, Level.URGENT])
def test_no_factor_stands_beside_an_emergency(level):
    with refused_by("triage_no_factors_beside_an_emergency"):
        make_assessment(level=level, factors=[{"code": "shoes"}])


def test_a_changed_level_has_a_reason():
    with refused_by("triage_changed_level_has_a_reason"):
        make_review(assessment=make_assessment(level=Level.URGENT), level=Level.ROUTINE)


def test_a_review_has_a_known_level():
    with refused_by("triage_review_has_a_known_level"):
        make_review(level=7, reason="Lucky")


def test_rules_are_signed_once():
    first = make_approval()

    with refused_by("triage_ruleset_signed_once"):
        make_approval(pathway=first.pathway, ruleset=first.ruleset)


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (make_assessment, {"level": Level.SELF_CARE}),
        (make_review, {"reason": "Other"}),
        (make_approval, {"ruleset": "1" * 64}),
    ],
)
def test_what_was_concluded_is_added_to_and_never_edited(make, change):
    row = make()

    with transaction.atomic(), refused_by_trigger():
        type(row).objects.filter(pk=row.pk).update(**change)
    with transaction.atomic(), refused_by_trigger():
        type(row).objects.filter(pk=row.pk).delete()

    assert {Assessment, Review, RulesetApproval} >= {type(row)}
    assert type(row).objects.filter(pk=row.pk).exists()
