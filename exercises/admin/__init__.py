"""The library in the admin: therapists write drafts, colleagues approve them. Facts are read-only, verbs call services."""

from exercises.admin.exercises import ExerciseAdmin, ExerciseVersionAdmin
from exercises.admin.topics import TopicAdmin, TopicVersionAdmin

__all__ = ["ExerciseAdmin", "ExerciseVersionAdmin", "TopicAdmin", "TopicVersionAdmin"]
