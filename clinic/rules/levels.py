"""The five levels of urgency, ordered.

A level is what the triage concludes and what booking, exercises and the desk act on. It is stored as an ordered integer,
so that "the most urgent first" is a plain sort; its key is what leaves the system (JSON, addresses, CSS classes).
"""

from enum import IntEnum

from django.utils.translation import gettext_lazy as _


class Level(IntEnum):
    """How soon, and by whom, a person needs to be seen. Higher is more urgent."""

    EMERGENCY = 50
    URGENT = 40
    PRIORITY = 30
    ROUTINE = 20
    SELF_CARE = 10

    @property
    def key(self) -> str:
        """The word for JSON, addresses and the record: ``self_care``."""
        return self.name.lower()

    @property
    def css_class(self) -> str:
        return f"level--{self.key.replace('_', '')}"

    @property
    def label(self) -> str:
        return LABELS[self]

    @classmethod
    def from_key(cls, key: str) -> "Level":
        """The level with that key. Raises ``KeyError`` for any other word."""
        return {level.key: level for level in cls}[key]

    @classmethod
    def choices(cls) -> list[tuple[int, str]]:
        return [(level.value, level.label) for level in cls]


LABELS = {
    Level.EMERGENCY: _("Emergency"),
    Level.URGENT: _("Urgent"),
    Level.PRIORITY: _("Priority"),
    Level.ROUTINE: _("Routine"),
    Level.SELF_CARE: _("Self-care"),
}
