"""The words of the library: what an exercise can be for, where, in which position, and what a step is."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Worded(StrEnum):
    """A code and its words."""

    def __new__(cls, code, label):
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list:
        """For a model field or a form."""
        return [(member.value, member.label) for member in cls]


class Kind(Worded):
    MOBILITY = "mobility", _("Mobility")
    STRETCH = "stretch", _("Stretch")
    STRENGTH = "strength", _("Strength")
    CONTROL = "control", _("Control")
    WARM_UP = "warm_up", _("Warm-up")
    COOL_DOWN = "cool_down", _("Cool-down")
    AEROBIC = "aerobic", _("Aerobic")


class Difficulty(Worded):
    GENTLE = "gentle", _("Gentle")
    STEADY = "steady", _("Steady")
    STRONG = "strong", _("Strong")


class Role(Worded):
    """What a step is. The first four make the numbered list."""

    PREPARE = "prepare", _("Get ready")
    MOVE = "move", _("Move")
    HOLD = "hold", _("Hold")
    RETURN = "return", _("Come back")
    BREATHE = "breathe", _("Breathing")
    CUE = "cue", _("How it should feel")
    MISTAKE = "mistake", _("Common slip")
    STOP_IF = "stop_if", _("Stop if")


NUMBERED_ROLES = (Role.PREPARE, Role.MOVE, Role.HOLD, Role.RETURN)
MOVING_ROLES = (Role.MOVE, Role.HOLD)


class TagKind(Worded):
    PURPOSE = "purpose", _("What it is for")
    REGION = "region", _("Part of the body")
    EQUIPMENT = "equipment", _("What you need")
    POSITION = "position", _("Position")


TAGS: dict[str, dict[str, str]] = {
    TagKind.PURPOSE: {
        "ease-stiffness": _("Ease a stiff back"),
        "stretch-after-run": _("Stretch after a run"),
        "steady-trunk": _("Steady the trunk"),
        "build-strength": _("Build strength"),
    },
    TagKind.REGION: {
        "lower-back": _("Lower back"),
        "trunk": _("Tummy and sides"),
        "buttocks": _("Buttocks"),
        "hip": _("Hip"),
        "back-of-thigh": _("Back of the thigh"),
        "shoulder": _("Shoulder"),
    },
    TagKind.EQUIPMENT: {
        "nothing": _("Nothing"),
        "mat": _("A mat"),
        "step": _("A step or low bench"),
    },
    TagKind.POSITION: {
        "hands-and-knees": _("On hands and knees"),
        "on-back": _("Lying on your back"),
        "face-down": _("Lying face down"),
        "on-hands-and-toes": _("On hands and toes"),
        "kneeling": _("Kneeling"),
        "sitting": _("Sitting on the floor"),
        "standing": _("Standing"),
    },
}
"""Tags by kind: a code that never changes and the words for it. The order is the order on the page."""


class Direction(Worded):
    EASIER = "easier", _("Easier")
    HARDER = "harder", _("Harder")
    ALTERNATIVE = "alternative", _("Instead")


class TopicKind(Worded):
    FACTOR = "factor", _("What may play a part")
    FORM = "form", _("How you run")
    WARM_UP = "warm_up", _("Before and after a run")
    SELF_CARE = "self_care", _("Looking after your back")
    SERVICE = "service", _("What we offer")


def tag_label(kind: str, code: str) -> str:
    """The words for a tag; the code itself for one that was retired."""
    return TAGS.get(kind, {}).get(code, code)


def tag_choices() -> list:
    """Every tag, grouped by kind, for a form: the value is ``kind:code``."""
    return [
        (TagKind(kind).label, [(f"{kind}:{code}", label) for code, label in tags.items()])
        for kind, tags in TAGS.items()
    ]
