"""What may be asked and by which rules: publishing a questionnaire, signing a rule set, and whether intakes are taken."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.rules.access import Role
from clinic.services import Refused, audit
from triage.models import Questionnaire, RulesetApproval
from triage.pathways import PATHWAYS, get_pathway
from triage.rules.engine import check_reads, ruleset_hash
from triage.rules.questionnaire import problems


class NotTakingIntakes(Refused):
    """The rules are not signed, or nothing is published: the page shows the emergency text and the clinic's number."""


class OnlyALead(Refused):
    """Signing and publishing belong to a clinical lead."""


class RulesChanged(Refused):
    """The rules that were read are no longer the rules that run."""


class CannotPublish(Refused):
    """``problems`` says, question by question, why."""

    def __init__(self, message, found=()):
        super().__init__(message)
        self.problems = tuple(found)


def is_signed(pathway: str) -> bool:
    """Whether a clinical lead has signed the rules of ``pathway`` exactly as they run now."""
    ruleset = ruleset_hash(get_pathway(pathway))
    return RulesetApproval.objects.filter(pathway=pathway, ruleset=ruleset).exists()


def unsigned_pathways() -> list[tuple[str, str]]:
    """The pathways whose rules nobody signed as they run now, each with the hash that awaits a signature."""
    signed = set(RulesetApproval.objects.values_list("pathway", "ruleset"))
    running = [(slug, ruleset_hash(pathway)) for slug, pathway in PATHWAYS.items()]
    return [row for row in running if row not in signed]


def live_questionnaire(pathway: str) -> Questionnaire:
    """The questionnaire that a new intake starts on. Raises ``NotTakingIntakes``."""
    questionnaire = Questionnaire.objects.live(pathway)
    if questionnaire is None or not is_signed(pathway):
        raise NotTakingIntakes(_("These questions are not open at the moment. Please ring us."))
    return questionnaire


def approve_ruleset(*, pathway: str, ruleset: str, by, now) -> RulesetApproval:
    """Sign the rules of ``pathway`` for a clinical lead who has read the version ``ruleset``.

    Signing twice keeps the first signature. Raises ``OnlyALead``; ``RulesChanged`` when other rules run by now.
    """
    if by.role != Role.CLINICAL_LEAD:
        raise OnlyALead(_("Only a clinical lead can sign the rules."))
    if ruleset != ruleset_hash(get_pathway(pathway)):
        raise RulesChanged(_("The rules have changed since you opened this page. Please read them again."))
    with transaction.atomic():
        approval, created = RulesetApproval.objects.get_or_create(
            pathway=pathway, ruleset=ruleset, defaults={"signed_by": by, "signed_at": now}
        )
        if created:
            audit.record(actor=by, action="ruleset-signed", target=approval, now=now)
    return approval


def publication_problems(questionnaire: Questionnaire) -> tuple:
    """What speaks against publishing, question by question; () when nothing does.

    A part that we cannot show as its author meant it, and whatever the pathway's rules read and would not find.
    """
    found = tuple(problem for problem in problems(questionnaire.definition) if problem.fatal)
    if not found and questionnaire.pathway:
        found = check_reads(get_pathway(questionnaire.pathway), questionnaire.content)
    return found


def publish_questionnaire(*, questionnaire: Questionnaire, by, now) -> Questionnaire:
    """Publish a draft, and retire the version of the same pathway that was published before.

    From here on the database refuses any change to it. Raises ``OnlyALead`` or ``CannotPublish``.
    """
    if by.role != Role.CLINICAL_LEAD:
        raise OnlyALead(_("Only a clinical lead can publish questions."))
    with transaction.atomic():
        questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        if questionnaire.status != Questionnaire.Status.DRAFT:
            raise CannotPublish(_("This version was published before."))
        found = publication_problems(questionnaire)
        if found:
            raise CannotPublish(_("These questions cannot be published yet."), found)
        if questionnaire.pathway:
            Questionnaire.objects.filter(
                pathway=questionnaire.pathway,
                language=questionnaire.language,
                status=Questionnaire.Status.PUBLISHED,
            ).update(status=Questionnaire.Status.RETIRED)
        questionnaire.status = Questionnaire.Status.PUBLISHED
        questionnaire.published_at, questionnaire.published_by = now, by
        questionnaire.save()
        audit.record(actor=by, action="questionnaire-published", target=questionnaire, now=now)
    return questionnaire
