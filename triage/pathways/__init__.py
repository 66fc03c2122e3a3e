"""The pathways: one folder for each complaint of one kind of patient, and the quick screen.

To add one: a folder with ``questionnaire.json`` and a ``PATHWAY``, listed here.
"""

from triage.pathways import quick_screen, running_low_back_pain
from triage.rules.pathway import Pathway

RUNNING_LOW_BACK_PAIN = running_low_back_pain.PATHWAY
QUICK_SCREEN = quick_screen.PATHWAY
PATHWAYS: dict[str, Pathway] = {pathway.slug: pathway for pathway in (RUNNING_LOW_BACK_PAIN, QUICK_SCREEN)}


def get_pathway(slug: str) -> Pathway:
    """The pathway of that name. Raises ``KeyError``."""
    return PATHWAYS[slug]
