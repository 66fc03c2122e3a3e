"""The invented lead signs the rules and approves the content, as a real one would have to."""

from bookings.models import Service
from bookings.services.content import publish as publish_service
from exercises.services.review import approve_all_in_review
from triage.models import Questionnaire
from triage.pathways import PATHWAYS, get_pathway
from triage.rules.engine import ruleset_hash
from triage.services import approve_ruleset, publish_questionnaire


def approve_all(*, lead, now) -> None:
    """Sign every pathway's rules, publish questionnaires and services, approve what is in review in the library."""
    for slug in PATHWAYS:
        approve_ruleset(pathway=slug, ruleset=ruleset_hash(get_pathway(slug)), by=lead, now=now)
    for questionnaire in Questionnaire.objects.filter(status=Questionnaire.Status.DRAFT):
        publish_questionnaire(questionnaire=questionnaire, by=lead, now=now)
    for service in Service.objects.filter(is_public=False):
        publish_service(service=service, by=lead, now=now)
    approve_all_in_review(by=lead, now=now)
