"""The body around the skeleton: what each part looks like, where it lies, and so where it touches the floor.

A part is a shape in its own coordinates (the joint at 0, the segment along +x) and where that shape is put. Limbs and head
never change shape, so their curves are computed once; only the trunk is bent anew for every pose.
"""

import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from exercises.rules.figures.pose import Pose, ray
from exercises.rules.figures.skeleton import LENGTH, SIDES, Skeleton, place

# Half widths along a segment: (how far along, half width)
GIRTH = {
    "thigh": [(0, 9.6), (0.35, 9.2), (1, 6.3)],
    "shin": [(0, 6.3), (0.28, 6.5), (0.62, 4.9), (1, 3.7)],
    "upper_arm": [(0, 5.5), (0.4, 5.1), (1, 4.1)],
    "forearm": [(0, 4.1), (0.3, 4.3), (1, 2.8)],
    "hand": [(0, 2.8), (0.5, 3.3), (1, 2)],
    "foot": [(0, 3.8), (1, 3.4)],
    "neck": [(0, 5), (1, 4.4)],
}
SLEEVE_END, CUFF_END = 0.5, 0.72  # how far down the upper arm and the shin the clothes reach
NECK_LENGTH = 12

# The trunk along the spine, 0 at the hips to 1 at the base of the neck: (t, towards the front, towards the back)
TRUNK_SIDE = [
    (0, 7, 9),
    (0.12, 8.4, 10.4),
    (0.3, 8.6, 9),
    (0.48, 8.6, 7.8),
    (0.68, 10, 9),
    (0.86, 9.8, 9),
    (1, 5, 5.4),
]
TRUNK_FRONT = [(0, 14.6), (0.14, 16), (0.3, 14.2), (0.46, 12.6), (0.7, 15), (0.88, 18.4), (1, 8.5)]
WAIST_FROM, WAIST_TO = 0.3, 0.48  # the shirt begins at the first, the trousers end at the second

# Closed outlines as points; the eye looks along +x in side view
FOOT = (-5.6 - 2j, -4.8 - 5.6j, -6.5j, 8 - 6.3j, 14.5 - 6j, 17.4 - 4.4j, 15 - 2.2j, 7.5 + 0.8j, 2.8 + 4j)
FOOT += (-2.6 + 4j, -4.6 + 1.5j)
FACE = (10.4j, 6 + 9j, 9.2 + 4.6j, 9.2 + 1.4j, 11.4 - 1.8j, 9.2 - 3j, 9 - 6j, 6.6 - 9.6j, 2.4 - 9.8j, -2 - 7.6j)
FACE += (-8 - 5j, -10 + 1j, -7 + 8j)
HAIR = (1 + 11.6j, 6.6 + 10.2j, 9.9 + 5.4j, 6 + 6j, 2.4 + 4.6j, 0.4 + 0.6j, -2.2 - 1.6j, -3.4 - 6j, -7.6 - 7.4j)
HAIR += (-10.8 - 2j, -11 + 4j, -6.4 + 9.8j)
FACE_FRONT = (10.4j, 5.6 + 8.8j, 8.6 + 3j, 8 - 3.6j, 4.6 - 9j, -10.6j, -4.6 - 9j, -8 - 3.6j, -8.6 + 3j, -5.6 + 8.8j)
HAIR_FRONT = (11.8j, 6.4 + 10.2j, 9.8 + 3.6j, 9 - 2.6j, 7.4 + 2.6j, 2.4 + 6.8j, -4 + 6.2j, -7.4 + 2.6j, -9 - 2.6j)
HAIR_FRONT += (-9.8 + 3.6j, -6.4 + 10.2j)
LOOK_SHIFT = 3.2  # how far the eyes move when the head is turned fully


@dataclass(frozen=True)
class Shape:
    """A closed, smooth outline in its own coordinates."""

    points: tuple[complex, ...]
    name: str = ""
    """A shape that never changes has a name, and one page can draw it once for all its figures."""

    @cached_property
    def path(self) -> str:
        """The outline as SVG path data, y turned downwards."""
        return curve(self.points)


class Part(NamedTuple):
    """A shape and where it is put: moved to ``at`` and turned by ``angle`` degrees."""

    shape: Shape
    at: complex = 0j
    angle: float = 0

    def points(self) -> list[complex]:
        spin = ray(self.angle)
        return [self.at + point * spin for point in self.shape.points]


def number(value: float) -> str:
    """To a millimetre of the figure, without what SVG does not need."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def xy(point: complex) -> str:
    """A point for SVG."""
    return joined(point.real, -point.imag)


def joined(*values: float) -> str:
    """Numbers one after the other; a minus sign separates as well as a space."""
    return " ".join(number(value) for value in values).replace(" -", "-")


def curve(points: tuple[complex, ...]) -> str:
    """A closed smooth curve through the points. Each step is relative to the last, which is shorter."""
    count = len(points)
    tangents = [points[(i + 1) % count] - points[i - 1] for i in range(count)]
    tangents = [tangent / (abs(tangent) or 1) for tangent in tangents]
    pen = complex(round(points[0].real, 1), round(points[0].imag, 1))
    path = [f"M{xy(pen)}"]
    for i in range(count):
        here, there = points[i], points[(i + 1) % count]
        third = abs(there - here) / 3
        handles = here + tangents[i] * third - pen, there - tangents[(i + 1) % count] * third - pen
        step = complex(round((there - pen).real, 1), round((there - pen).imag, 1))
        path.append("c" + joined(*(value for at in (*handles, step) for value in (at.real, -at.imag))))
        pen += step
    return "".join(path) + "z"


# Shapes that never change


def _width_at(girth, along: float) -> float:
    for (t0, w0), (t1, w1) in itertools.pairwise(girth):
        if along <= t1:
            return w0 + (w1 - w0) * (along - t0) / (t1 - t0)
    return girth[-1][1]


def _capsule(name: str, length: float, girth, stop: float = 1) -> Shape:
    """A tapered, rounded segment from 0 along +x, cut at ``stop`` of its length."""
    cut = [(t, w) for t, w in girth if t <= stop]
    if stop < 1:
        cut = [(t, w) for t, w in cut if t < stop - 0.05] + [(stop, _width_at(girth, stop))]
    left = [length * t + 1j * w for t, w in cut]
    right = [length * t - 1j * w for t, w in reversed(cut)]
    (first, first_width), (last, last_width) = cut[0], cut[-1]
    tip = [length * last + last_width * ray(degrees) for degrees in (45, 0, -45)]
    base = [length * first - first_width * ray(degrees) for degrees in (45, 0, -45)]
    return Shape(tuple(left + tip + right + base), name)


def _disc(name: str, centre: complex, radius: float, corners: int) -> Shape:
    return Shape(tuple(centre + ray(360 * corner / corners, radius) for corner in range(corners)), name)


@lru_cache(maxsize=256)
def segment(name: str, scale: float = 1) -> Shape:
    return _capsule(name if scale == 1 else "", LENGTH[name] * scale, GIRTH[name])


@lru_cache(maxsize=64)
def sleeve(scale: float = 1) -> Shape:
    girth = [(t, width + 0.9) for t, width in GIRTH["upper_arm"]]
    return _capsule("sleeve" if scale == 1 else "", LENGTH["upper_arm"] * scale, girth, SLEEVE_END)


@lru_cache(maxsize=64)
def cuff(scale: float = 1) -> Shape:
    girth = [(t, width + 0.4) for t, width in GIRTH["shin"]]
    return _capsule("cuff" if scale == 1 else "", LENGTH["shin"] * scale, girth, CUFF_END)


FOOT_SIDE = Shape(FOOT, "foot-side")
NECK = _capsule("neck", NECK_LENGTH, GIRTH["neck"])


@lru_cache(maxsize=64)
def head(view: str, look: float = 0) -> dict[str, Shape]:
    """Face, hair, bun and eyes around the middle of the skull, upright."""
    if view == "side":
        eyes, face, hair, bun = [6.2 + 0.8j], FACE, HAIR, -6.6 + 11.6j
    else:
        shift = look * LOOK_SHIFT
        eyes, face, bun = [3.1 + shift + 0.4j, -3.1 + shift + 0.4j], FACE_FRONT, 12.6j - shift
        hair = tuple(point - (shift * 0.5 if point.imag < 7 else 0) for point in HAIR_FRONT)
    end = f"-{view}" if not look else ""
    shapes = {
        "skull": Shape(face, end and f"skull{end}"),
        "hair": Shape(hair, end and f"hair{end}"),
        "bun": _disc(end and f"bun{end}", bun, 4.3, 6),
    }
    for spot, eye in enumerate(eyes):
        shapes[f"eye_{spot}"] = _disc(end and f"eye-{spot}{end}", eye, 1.15, 4)
    return shapes


def named_shapes() -> list[Shape]:
    """Every shape that has a name."""
    limbs = [segment(name) for name in ("thigh", "shin", "foot", "upper_arm", "forearm", "hand")]
    heads = [*head("side").values(), *head("front").values()]
    return [*limbs, sleeve(), cuff(), FOOT_SIDE, NECK, *heads]


# The parts of one pose


def _trunk(pose: Pose, skeleton: Skeleton, view: str, start: float, stop: float) -> Part:
    """The part of the trunk between two places on the curved spine."""
    joints = skeleton.joints
    bend = [joints["hip"], joints["waist"], joints["chest"] - ray(pose.thorax, 24), joints["chest"]]
    rows = TRUNK_SIDE if view == "side" else [(t, width, width) for t, width in TRUNK_FRONT]
    front, back, bottom = [], [], []
    for t, to_front, to_back in rows:
        if not start <= t <= stop:
            continue
        u = 1 - t
        at = u**3 * bend[0] + 3 * u * u * t * bend[1] + 3 * u * t * t * bend[2] + t**3 * bend[3]
        along = u * u * (bend[1] - bend[0]) + 2 * u * t * (bend[2] - bend[1]) + t * t * (bend[3] - bend[2])
        along /= abs(along)
        front.append(at - 1j * along * to_front)
        back.append(at + 1j * along * to_back)
        if t == 0:
            bottom = [at - along * 7 + 1j * along * 6, at - along * 8.6, at - along * 7 - 1j * along * 5]
    return Part(Shape(tuple(back[::-1] + bottom + front)))


def parts_of(pose: Pose, view: str, skeleton: Skeleton) -> dict[str, Part]:
    """Every part of the body by name."""
    joints, bones = skeleton
    parts = {
        "hips": _trunk(pose, skeleton, view, 0, WAIST_TO),
        "chest": _trunk(pose, skeleton, view, WAIST_FROM, 1),
        "neck": Part(NECK, joints["chest"] - ray(pose.thorax, 3), pose.neck),
    }
    for name, shape in head(view, pose.look).items():
        parts[name] = Part(shape, joints["skull"], pose.neck - 90)
    for side in SIDES:
        for name in ("upper_arm", "forearm", "hand", "thigh", "shin", "foot"):
            bone = bones[f"{name}_{side}"]
            scale = pose.scale.get(f"{name}_{side}", 1)
            shape = FOOT_SIDE if name == "foot" and view == "side" else segment(name, scale)
            parts[f"{name}_{side}"] = Part(shape, bone.start, bone.angle)
        arm, shin = bones[f"upper_arm_{side}"], bones[f"shin_{side}"]
        parts[f"sleeve_{side}"] = Part(sleeve(pose.scale.get(f"upper_arm_{side}", 1)), arm.start, arm.angle)
        parts[f"cuff_{side}"] = Part(cuff(pose.scale.get(f"shin_{side}", 1)), shin.start, shin.angle)
    return parts


def lowest(part: Part) -> float:
    """How high the lowest point of a part is."""
    return min(point.imag for point in part.points())


def solve(pose: Pose, view: str = "side") -> Skeleton:
    """The skeleton of a pose, with its root where the pose wants it and, where that is open, settled on its first contact."""
    x, y = pose.root
    hip, skeleton = 0j, place(pose, view, 0j)
    for _ in range(2):  # twice: pinned limbs change as the root moves
        at = skeleton.joints[pose.root_at]
        hip += complex(x, at.imag if y is None else y) - at
        skeleton = place(pose, view, hip)
    for _ in range(3 if y is None and pose.contacts else 0):
        name, height = pose.contacts[0]
        hip += 1j * (height - lowest(parts_of(pose, view, skeleton)[name]))
        skeleton = place(pose, view, hip)
    return skeleton


def body(pose: Pose, view: str = "side") -> dict[str, Part]:
    """Every part of the body of a pose, where it lies."""
    return parts_of(pose, view, solve(pose, view))
