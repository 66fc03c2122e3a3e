"""The skeleton: from a pose to the place of every joint. Limbs on a pin are solved; knees and elbows bend one way only."""

import cmath
import math
from typing import NamedTuple

from exercises.rules.figures.pose import Pin, Pose, ray

LENGTH = {
    "pelvis": 23,
    "thorax": 31,
    "neck": 17,
    "upper_arm": 28,
    "forearm": 25,
    "hand": 8.5,
    "thigh": 42,
    "shin": 40,
    "foot": 9,
}
ARM = ("upper_arm", "forearm", "hand")
LEG = ("thigh", "shin", "foot")
SIDES = ("l", "r")  # far first: that is the drawing order
SHOULDER_DROP = 5.5  # from the base of the neck down to the shoulders
SHOULDER_OUT, HIP_OUT = 14.5, 7.6  # front view: half the width between the joints


class Bone(NamedTuple):
    """One segment as it lies in the picture."""

    start: complex
    end: complex
    angle: float


class Skeleton(NamedTuple):
    joints: dict[str, complex]
    bones: dict[str, Bone]


def turn(degrees: float, lowest: float = -180) -> float:
    """The same direction, between ``lowest`` and ``lowest`` + 360."""
    return (degrees - lowest) % 360 + lowest


def segment_length(pose: Pose, segment: str, side: str) -> float:
    return LENGTH[segment] * pose.scale.get(f"{segment}_{side}", 1)


def limb_angles(pose: Pose, base: complex, limb: str, side: str) -> tuple[float, float, float]:
    """The angles of the upper part, the lower part and the end of a limb that hangs from ``base``."""
    given = getattr(pose, f"{limb}_{side}")
    if not isinstance(given, Pin):
        return given
    upper, lower = (segment_length(pose, name, side) for name in (LEG if limb == "leg" else ARM)[:2])
    reach = given.joint() - base
    distance = min(max(abs(reach), abs(upper - lower) + 0.01), upper + lower - 0.01)
    inner = math.degrees(math.acos((upper**2 + distance**2 - lower**2) / (2 * upper * distance)))
    outer = math.degrees(math.acos((lower**2 + distance**2 - upper**2) / (2 * lower * distance)))
    aim = math.degrees(cmath.phase(reach))
    bend = 1 if limb == "leg" else -1
    return aim + bend * inner, aim - bend * outer, given.end


def place(pose: Pose, view: str, hip: complex) -> Skeleton:
    """Every joint and bone with the middle of the pelvis at ``hip``."""
    waist = hip + ray(pose.pelvis, LENGTH["pelvis"])
    chest = waist + ray(pose.thorax, LENGTH["thorax"])
    joints = {"hip": hip, "waist": waist, "chest": chest, "skull": chest + ray(pose.neck, LENGTH["neck"])}
    bones = {}
    for side in SIDES:
        out = 0 if view == "side" else (1 if side == "r" else -1)
        shoulder = chest - ray(pose.thorax, SHOULDER_DROP) + out * ray(pose.thorax + 90, SHOULDER_OUT)
        for limb, base, names in (
            ("arm", shoulder, ARM),
            ("leg", hip + out * ray(pose.pelvis + 90, HIP_OUT), LEG),
        ):
            at = base
            for name, angle in zip(names, limb_angles(pose, base, limb, side), strict=True):
                end = at + ray(angle, segment_length(pose, name, side))
                bones[f"{name}_{side}"] = Bone(at, end, angle)
                at = end
        joints[f"shoulder_{side}"] = shoulder
        joints[f"elbow_{side}"] = bones[f"forearm_{side}"].start
        joints[f"wrist_{side}"] = bones[f"hand_{side}"].start
        joints[f"hip_{side}"] = bones[f"thigh_{side}"].start
        joints[f"knee_{side}"] = bones[f"shin_{side}"].start
        joints[f"ankle_{side}"] = bones[f"foot_{side}"].start
    return Skeleton(joints, bones)
