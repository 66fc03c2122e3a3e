"""Signing rules, publishing questionnaires, loading them: without a signature no intakes are taken."""

import pytest

from clinic.rules.access import Role
from tests.factories_clinic import NOW, make_user
from tests.factories_triage import begin, make_intake, make_questionnaire, open_for_intakes
from triage import services
from triage.checks import unsigned_rules
from triage.models import Questionnaire, RulesetApproval
from triage.pathways import PATHWAYS, get_pathway
from triage.services import content

pytestmark = pytest.mark.django_db

RUNNING = "running_low_back_pain"
DRAFT, PUBLISHED, RETIRED = Questionnaire.Status.DRAFT, Questionnaire.Status.PUBLISHED, Questionnaire.Status.RETIRED


@pytest.fixture
def lead():
    return make_user(role=Role.CLINICAL_LEAD)


def sign(lead, pathway=RUNNING, ruleset=None):
    ruleset = ruleset or get_pathway(pathway).ruleset
    return services.approve_ruleset(pathway=pathway, ruleset=ruleset, by=lead, now=NOW)


# ---- loading ------------------------------------------------------------------------------------------------------


def test_loading_brings_every_pathway_as_a_draft():
    loaded = content.load(NOW)

    assert (loaded.created, loaded.updated, loaded.unchanged) == (len(PATHWAYS), 0, 0)
    assert set(Questionnaire.objects.values_list("pathway", "status")) == {(slug, DRAFT) for slug in PATHWAYS}


def test_loading_again_changes_nothing():
    content.load(NOW)

    loaded = content.load(NOW)

    assert (loaded.created, loaded.updated, loaded.unchanged) == (0, 0, len(PATHWAYS))


def test_a_draft_follows_its_file():
    content.load(NOW)
    draft = Questionnaire.objects.get(pathway=RUNNING)
    draft.definition = {**draft.definition, "title": "An older title"}
    draft.save()

    loaded = content.load(NOW)

    draft.refresh_from_db()
    assert (loaded.updated, draft.definition) == (1, get_pathway(RUNNING).questionnaire_data)


def test_the_file_of_a_published_version_may_not_change(lead):
    definition = {**get_pathway(RUNNING).questionnaire_data, "title": "An older title"}
    make_questionnaire(
        url=definition["url"], version=definition["version"], definition=definition, pathway=RUNNING, published_by=lead
    )

    with pytest.raises(content.VersionTaken):
        content.load(NOW)


# ---- publishing ---------------------------------------------------------------------------------------------------


def test_publishing_retires_the_version_before(lead):
    before = make_questionnaire(pathway=RUNNING)
    content.load(NOW)
    draft = Questionnaire.objects.get(status=DRAFT, pathway=RUNNING)

    services.publish_questionnaire(questionnaire=draft, by=lead, now=NOW)

    before.refresh_from_db()
    draft.refresh_from_db()
    assert (before.status, draft.status, draft.published_at, draft.published_by) == (RETIRED, PUBLISHED, NOW, lead)


def test_an_intake_stays_on_its_version(lead):
    open_for_intakes()
    intake = begin()
    old = intake.questionnaire
    definition = {**old.definition, "version": "9.9.9"}
    new = make_questionnaire(status=DRAFT, url=old.url, version="9.9.9", definition=definition, pathway=old.pathway)

    services.publish_questionnaire(questionnaire=new, by=lead, now=NOW)

    intake.refresh_from_db()
    assert intake.questionnaire == old
    assert begin(first_name="Ada").questionnaire == new


def test_what_the_rules_read_must_be_there(lead):
    draft = make_questionnaire(status=DRAFT, pathway=RUNNING)

    with pytest.raises(services.CannotPublish) as refusal:
        services.publish_questionnaire(questionnaire=draft, by=lead, now=NOW)

    assert "saddle_numbness" in {problem.link_id for problem in refusal.value.problems}


def test_a_questionnaire_is_published_once(lead):
    with pytest.raises(services.CannotPublish):
        services.publish_questionnaire(questionnaire=make_questionnaire(), by=lead, now=NOW)


def test_only_a_lead_publishes():
    with pytest.raises(services.OnlyALead):
        services.publish_questionnaire(
            questionnaire=make_questionnaire(status=DRAFT), by=make_user(role=Role.THERAPIST), now=NOW
        )


# ---- signing ------------------------------------------------------------------------------------------------------


def test_signing_opens_the_check(lead):
    content.load(NOW)
    draft = Questionnaire.objects.get(pathway=RUNNING)
    services.publish_questionnaire(questionnaire=draft, by=lead, now=NOW)
    with pytest.raises(services.NotTakingIntakes):
        services.live_questionnaire(RUNNING)

    sign(lead)

    assert services.live_questionnaire(RUNNING) == draft


def test_signed_rules_without_a_published_questionnaire_take_no_intakes(lead):
    sign(lead)

    with pytest.raises(services.NotTakingIntakes):
        services.live_questionnaire(RUNNING)


def test_signing_twice_keeps_the_first_signature(lead):
    first = sign(lead)

    assert sign(make_user(role=Role.CLINICAL_LEAD)) == first


def test_other_rules_than_those_that_run_cannot_be_signed(lead):
    with pytest.raises(services.RulesChanged):
        sign(lead, ruleset="0" * 64)


def test_only_a_lead_signs():
    with pytest.raises(services.OnlyALead):
        sign(make_user(role=Role.MANAGER))

    assert RulesetApproval.objects.count() == 0


def test_a_changed_rule_needs_a_new_signature(monkeypatch):
    open_for_intakes()
    assert services.unsigned_pathways() == []

    monkeypatch.setattr("triage.services.rulesets.ruleset_hash", lambda pathway: "f" * 64)

    assert services.unsigned_pathways() == [(slug, "f" * 64) for slug in PATHWAYS]
    with pytest.raises(services.NotTakingIntakes):
        services.live_questionnaire(RUNNING)


# ---- check --deploy -----------------------------------------------------------------------------------------------


def test_the_deploy_check_names_what_is_not_signed(lead):
    sign(lead)

    warnings = unsigned_rules(None)

    assert [(warning.id, "quick_screen" in warning.msg) for warning in warnings] == [("triage.W001", True)]


def test_the_deploy_check_is_silent_when_all_is_signed():
    open_for_intakes()

    assert unsigned_rules(None) == []


def test_a_definition_is_read_from_its_own_version():
    questionnaire = make_questionnaire()

    assert make_intake(questionnaire=questionnaire).questionnaire.content.title == "Two questions"
