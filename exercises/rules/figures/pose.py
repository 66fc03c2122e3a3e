"""The pose language: how a person stands, lies or kneels, as a few numbers.

Space     y points up, the floor is y = 0, one unit is about one centimetre.
Angles    degrees in the picture: 0 right, 90 up, -90 down. Each angle says where a segment points, seen from the trunk
          outwards (hip to knee to ankle to toes).
Side view the figure faces right when upright; lying on the back the head is at the left, face down it is at the right.
          Its RIGHT limbs are near, its LEFT ones far.
Front     the figure looks at us, so its right side is at spine angle + 90.

A movement is plain data: what ``from_data`` reads is what the content documents and the database hold.
"""

import cmath
import math
from dataclasses import dataclass, field, replace

from exercises.rules.figures import postures

LIMBS = ("arm_r", "arm_l", "leg_r", "leg_l")
ROOTS = (
    *("hip", "waist", "chest", "skull"),
    *(f"{joint}_{side}" for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle") for side in "rl"),
)
SEGMENTS = ("upper_arm", "forearm", "hand", "thigh", "shin", "foot")
PARTS = ("hips", "chest", "skull", *(f"{segment}_{side}" for segment in SEGMENTS for side in "rl"))
GROUPS = ("head", "hips", "chest", *LIMBS, "thigh_r", "thigh_l", "calf_r", "calf_l")
PIN_OFFSET = {"joint": 0j, "toe": 16 - 5.4j, "heel": -5 - 5j}
PROP_NUMBERS = {"floor": 0, "mat": 2, "mat_above": 4, "wall": 2, "step": 3, "ledge": 3, "chair": 2, "roller": 2}
PROP_NUMBERS |= {"band": 4, "arrow": 5}
LONGEST_WORDS = 200
FARTHEST = 1000  # no coordinate lies farther out


class BadFigure(ValueError):
    """Pose data that cannot be drawn. The message says which pose and what."""


def ray(degrees: float, length: float = 1.0) -> complex:
    """The point ``length`` away in that direction."""
    return cmath.rect(length, math.radians(degrees))


@dataclass(frozen=True)
class Pin:
    """Keeps the end of a limb on a point: the wrist or ankle itself, or the foot's ``toe`` or ``heel``."""

    x: float
    y: float
    end: float = 0
    """Where the hand or foot points, in degrees."""
    at: str = "joint"

    def joint(self) -> complex:
        """Where the wrist or ankle has to be."""
        return complex(self.x, self.y) - PIN_OFFSET[self.at] * ray(self.end)


@dataclass(frozen=True)
class Pose:
    """One position of the body. A limb is three angles (upper, lower, end) or a Pin that its end stays on."""

    says: str
    """Words for the alternative text: "on hands and knees, back level"."""
    root: tuple[float, float | None] = (0, None)
    """Where the joint ``root_at`` is; y None settles the first contact on its height."""
    root_at: str = "hip"
    pelvis: float = 90
    thorax: float = 90
    neck: float = 90
    arm_r: tuple | Pin = (-90, -90, -90)
    arm_l: tuple | Pin = (-90, -90, -90)
    leg_r: tuple | Pin = (-90, -90, 0)
    leg_l: tuple | Pin = (-90, -90, 0)
    contacts: tuple = ()
    """Parts that must touch, each with its height: ``("foot_r", 0)`` or, on a ledge, ``("foot_r", 38.5)``."""
    scale: dict = field(default_factory=dict)
    """Foreshortening of what points at us or away: ``{"shin_r": 0.5}``."""
    look: float = 0
    """Front view: how far the head is turned, from -1 (its right) to 1 (its left)."""


@dataclass(frozen=True)
class Tempo:
    """Seconds of one round of the animation."""

    go: float = 2
    hold: float = 2
    back: float = 2
    rest: float = 1


@dataclass(frozen=True)
class Movement:
    """Two or more poses, from the start to the end of an exercise, and what stands around."""

    name: str
    poses: tuple[Pose, ...]
    props: tuple = (("floor",),)
    view: str = "side"
    tempo: Tempo = Tempo()
    two_sided: bool = False
    order: tuple[str, ...] = ()
    """What is drawn, from the back to the front, where the usual order hides something."""

    @property
    def start(self) -> Pose:
        return self.poses[0]

    @property
    def end(self) -> Pose:
        return self.poses[-1]


# From and to plain data


def from_data(data: dict) -> Movement:
    """The movement that plain data describes. Raises ``BadFigure`` with the pose and the part that is wrong."""
    if not isinstance(data, dict):
        raise BadFigure("A figure is a set of named values.")
    known = {"name", "view", "two_sided", "tempo", "props", "order", "poses"}
    if unknown := set(data) - known:
        raise BadFigure(f"A figure has no “{sorted(unknown)[0]}”.")
    name = _words(data.get("name"), "A figure needs a name.")
    view = data.get("view", "side")
    if view not in {"side", "front"}:
        raise BadFigure("The view is “side” or “front”.")
    poses = data.get("poses")
    if not isinstance(poses, list) or not 2 <= len(poses) <= 6:
        raise BadFigure("A figure has between two and six poses.")
    return Movement(
        name=name,
        poses=tuple(_pose(pose, f"Pose {number}") for number, pose in enumerate(poses, start=1)),
        props=tuple(_prop(prop) for prop in data.get("props", [["floor"]])),
        view=view,
        tempo=_tempo(data.get("tempo", {})),
        two_sided=bool(data.get("two_sided", False)),
        order=tuple(_one_of(name, GROUPS, "order") for name in data.get("order", [])),
    )


def as_data(movement: Movement) -> dict:
    """The movement as plain data with every value written out: nothing in it refers to a posture that may change."""
    return {
        "name": movement.name,
        "view": movement.view,
        "two_sided": movement.two_sided,
        "tempo": {name: getattr(movement.tempo, name) for name in ("go", "hold", "back", "rest")},
        "props": [list(prop) for prop in movement.props],
        "order": list(movement.order),
        "poses": [_pose_data(pose) for pose in movement.poses],
    }


def _pose_data(pose: Pose) -> dict:
    data = {
        "says": pose.says,
        "root": list(pose.root),
        "root_at": pose.root_at,
        "pelvis": pose.pelvis,
        "thorax": pose.thorax,
        "neck": pose.neck,
    }
    for limb in LIMBS:
        value = getattr(pose, limb)
        if isinstance(value, Pin):
            data[limb] = {"pin": [value.x, value.y], "end": value.end, "at": value.at}
        else:
            data[limb] = list(value)
    data["contacts"] = [list(contact) for contact in pose.contacts]
    for name in ("scale", "look"):
        if value := getattr(pose, name):
            data[name] = value
    return data


def _pose(data, where: str) -> Pose:
    if not isinstance(data, dict):
        raise BadFigure(f"{where} is not a set of named values.")
    if "like" in data:
        if data["like"] not in postures.POSTURES:
            raise BadFigure(f"{where}: there is no posture “{data['like']}”.")
        data = {**postures.POSTURES[data["like"]], **{key: value for key, value in data.items() if key != "like"}}
    if unknown := set(data) - set(Pose.__dataclass_fields__):
        raise BadFigure(f"{where} has no “{sorted(unknown)[0]}”.")
    values = {"says": _words(data.get("says"), f"{where} needs its words.")}
    for name in ("pelvis", "thorax", "neck", "look"):
        if name in data:
            values[name] = _number(data[name], f"{where}, {name}")
    if "root" in data:
        values["root"] = _root(data["root"], where)
    if "root_at" in data:
        values["root_at"] = _one_of(data["root_at"], ROOTS, f"{where}, root_at")
    for limb in LIMBS:
        if limb in data:
            values[limb] = _limb(data[limb], f"{where}, {limb}")
    if "contacts" in data:
        values["contacts"] = tuple(_contact(contact, where) for contact in data["contacts"])
    if "scale" in data:
        names = {_one_of(name, PARTS, f"{where}, scale"): value for name, value in dict(data["scale"]).items()}
        values["scale"] = {name: _number(value, f"{where}, scale", 0.1, 1) for name, value in names.items()}
    return Pose(**values)


def _words(value, otherwise: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > LONGEST_WORDS:
        raise BadFigure(otherwise)
    return value.strip()


def _limb(value, where: str) -> tuple | Pin:
    if isinstance(value, dict):
        if set(value) - {"pin", "end", "at"} or len(value.get("pin", ())) != 2:
            raise BadFigure(f"{where}: a pin has a point, an end and a place.")
        x, y = (_number(number, where) for number in value["pin"])
        at = _one_of(value.get("at", "joint"), tuple(PIN_OFFSET), where)
        return Pin(x, y, _number(value.get("end", 0), where), at)
    if not isinstance(value, list) or len(value) not in {2, 3}:
        raise BadFigure(f"{where}: give two or three angles, or a pin.")
    angles = tuple(_number(number, where) for number in value)
    return angles if len(angles) == 3 else (*angles, angles[1])


def _contact(value, where: str) -> tuple[str, float]:
    name, height = (value, 0) if isinstance(value, str) else value
    return _one_of(name, PARTS, f"{where}, contacts"), _number(height, f"{where}, contacts")


def _root(value, where: str) -> tuple[float, float | None]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadFigure(f"{where}: the root is a point.")
    return _number(value[0], f"{where}, root"), None if value[1] is None else _number(value[1], f"{where}, root")


def _prop(value) -> tuple:
    if not isinstance(value, list) or not value or value[0] not in PROP_NUMBERS:
        raise BadFigure("A thing beside the figure is unknown.")
    name, *numbers = value
    if len(numbers) != PROP_NUMBERS[name]:
        raise BadFigure(f"“{name}” takes {PROP_NUMBERS[name]} numbers.")
    return (name, *(_number(number, name) for number in numbers))


def _tempo(value) -> Tempo:
    if not isinstance(value, dict) or set(value) - set(Tempo.__dataclass_fields__):
        raise BadFigure("The tempo has “go”, “hold”, “back” and “rest”.")
    return replace(Tempo(), **{name: _number(number, "tempo", 0.2, 10) for name, number in value.items()})


def _number(value, where: str, lowest: float = -FARTHEST, highest: float = FARTHEST) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise BadFigure(f"{where}: {value!r} is not a number between {lowest} and {highest}.")
    return value


def _one_of(value, allowed: tuple, where: str):
    if value not in allowed:
        raise BadFigure(f"{where}: “{value}” is unknown.")
    return value
