"""The library: exercises and topic pages, their versions, and the parts of a version."""

from exercises.models.dosage import Dosage, DosageFields
from exercises.models.library import Exercise, ExerciseVersion
from exercises.models.parts import Alias, Caution, Progression, Step, Tag
from exercises.models.topics import Topic, TopicSection, TopicVersion
from exercises.models.versions import APPROVE, WITHDRAW, Status

__all__ = [
    "APPROVE",
    "WITHDRAW",
    "Alias",
    "Caution",
    "Dosage",
    "DosageFields",
    "Exercise",
    "ExerciseVersion",
    "Progression",
    "Status",
    "Step",
    "Tag",
    "Topic",
    "TopicSection",
    "TopicVersion",
]
