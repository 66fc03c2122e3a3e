"""The alternative text of a figure, from the same poses that draw it."""

import re

from django.utils.translation import gettext as _

from exercises.rules.figures.pose import Movement, Pose

SWAP = {"right": "left", "left": "right", "Right": "Left", "Left": "Right"}


def says(pose: Pose, mirrored: bool = False) -> str:
    """The words of a pose; for the other side, left and right change places."""
    if not mirrored:
        return pose.says
    return re.sub(r"\b([Rr]ight|[Ll]eft)\b", lambda match: SWAP[match[0]], pose.says)


def still_text(movement: Movement, pose: Pose, mirrored: bool = False) -> str:
    return _("%(name)s: %(pose)s.") % {"name": movement.name, "pose": says(pose, mirrored)}


def motion_text(movement: Movement, mirrored: bool = False) -> str:
    words = {"name": movement.name, "start": says(movement.start, mirrored), "end": says(movement.end, mirrored)}
    return _("%(name)s: from %(start)s, to %(end)s, and back.") % words
