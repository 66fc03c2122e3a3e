"""``manage.py check --deploy``: rules that nobody signed as they run now."""

from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connection, transaction

from triage.models import RulesetApproval
from triage.services import unsigned_pathways


def unsigned_rules(app_configs, **kwargs):
    """One warning for each pathway whose rules await a signature. Silent where there is no database to ask yet."""
    try:
        with transaction.atomic():
            if RulesetApproval._meta.db_table not in connection.introspection.table_names():
                return []
            unsigned = unsigned_pathways()
    except DatabaseError:
        return []
    return [
        CheckWarning(
            f"The rules of the pathway {pathway} are not signed as they run now (version {ruleset[:12]}): "
            "it takes no intakes.",
            hint="A clinical lead reads the rule table in the admin and signs it.",
            id="triage.W001",
        )
        for pathway, ruleset in unsigned
    ]
