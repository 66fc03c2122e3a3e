"""What a patient agrees to before the first question, word for word, and the version that is kept with each intake.

Change the words and the version together: a test holds them to each other.
"""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"
WORDS = _("I agree that the clinic keeps my answers and that a physiotherapist reads them")
