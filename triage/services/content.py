"""Bringing the pathways' questionnaires from the repository into the database."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.rules.content import Counts
from clinic.services import Refused, audit
from triage.models import Questionnaire
from triage.pathways import PATHWAYS
from triage.rules.questionnaire import canonical_hash


class VersionTaken(Refused):
    """A published version cannot change: the edited file needs a new version number."""


def load(now) -> Counts:
    """Load the questionnaire of every pathway as a draft for a clinical lead to publish.

    A second load changes nothing. A draft follows its file. Raises ``VersionTaken`` when the file of a published version
    was edited: what patients were asked is never rewritten.
    """
    counts = Counts()
    with transaction.atomic():
        for slug, pathway in PATHWAYS.items():
            outcome = _load_one(slug, dict(pathway.questionnaire_data), now)
            setattr(counts, outcome, getattr(counts, outcome) + 1)
    return counts


def _load_one(slug: str, definition: dict, now) -> str:
    row = Questionnaire.objects.select_for_update().filter(url=definition["url"], version=definition["version"]).first()
    if row and row.hash == canonical_hash(definition) and row.pathway == slug:
        return "unchanged"
    if row and row.status != Questionnaire.Status.DRAFT:
        raise VersionTaken(
            _("Version %(version)s of “%(title)s” is published and cannot change. Give the edited file a new version.")
            % {"version": row.version, "title": row.title}
        )
    outcome = "updated" if row else "created"
    row = row or Questionnaire(url=definition["url"], version=definition["version"], created_at=now)
    row.title, row.pathway, row.definition = definition["title"], slug, definition
    row.language = definition.get("language", "en")
    row.save()
    audit.record(actor="system", action=f"questionnaire-{outcome}", target=row, now=now)
    return outcome
