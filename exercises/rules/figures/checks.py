"""What can be wrong with a figure: parts under the floor or in the air, ends that leave their pin, joints beyond people."""

from collections.abc import Iterator

from exercises.rules.figures.motion import frames
from exercises.rules.figures.outline import lowest, parts_of, solve
from exercises.rules.figures.pose import Movement, Pin, Pose
from exercises.rules.figures.skeleton import SIDES, Skeleton, turn

# What a joint of a supple adult allows, in degrees, bending forwards positive; the ankle at the sole, toes curled.
# Rounded up from the usual clinical ranges, because a drawing is not a goniometer
LIMITS = {
    "spine": (-50, 90),
    "neck": (-60, 70),
    "hip": (-45, 150),
    "knee": (-3, 160),
    "ankle": (-82, 42),
    "shoulder": (-60, 190),
    "elbow": (-3, 150),
}
SLACK = 1.6  # centimetres that a part may be off the floor or inside it: skin is soft
PIN_SLACK = 1.5


def problems(movement: Movement) -> list[str]:
    """Everything that is wrong, in words that name the frame and the part. Empty for a figure that may be shown."""
    found, sunk = [], {}
    on_floor = any(prop[0] == "floor" for prop in movement.props)
    for number, pose in enumerate(frames(movement)):
        skeleton = solve(pose, movement.view)
        parts = parts_of(pose, movement.view, skeleton)
        for name, part in parts.items() if on_floor else ():
            depth = -lowest(part)
            if depth > SLACK:
                sunk[name] = max(sunk.get(name, 0), depth)
        for name, height in pose.contacts if pose in movement.poses else ():
            gap = lowest(parts[name]) - height
            if abs(gap) > SLACK:
                found.append(f"{pose.says}: {name} misses what it should touch by {gap:.1f}")
        found += [f"frame {number}: {line}" for line in _loose_pins(pose, skeleton)]
        if movement.view == "side":
            found += [f"frame {number} ({pose.says}): {line}" for line in _beyond_people(pose, skeleton)]
    return found + [f"{name} is up to {depth:.1f} under the floor" for name, depth in sunk.items()]


def _loose_pins(pose: Pose, skeleton: Skeleton) -> Iterator[str]:
    for limb, end in (("arm", "hand"), ("leg", "foot")):
        for side in SIDES:
            pin = getattr(pose, f"{limb}_{side}")
            if isinstance(pin, Pin):
                gap = abs(skeleton.bones[f"{end}_{side}"].start - pin.joint())
                if gap > PIN_SLACK:
                    yield f"{end}_{side} is {gap:.1f} short of its pin"


def bends(pose: Pose, skeleton: Skeleton) -> dict[str, float]:
    """How far each joint is bent, in degrees, forwards positive. A foreshortened leg is left out: its angle is not drawn."""
    found = {"spine": turn(pose.pelvis - pose.thorax), "neck": turn(pose.thorax - pose.neck)}
    angle = {name: bone.angle for name, bone in skeleton.bones.items()}
    for side in SIDES:
        found[f"shoulder_{side}"] = turn(angle[f"upper_arm_{side}"] - pose.thorax - 180, -100)
        found[f"elbow_{side}"] = turn(angle[f"forearm_{side}"] - angle[f"upper_arm_{side}"], -90)
        if pose.scale.keys() & {f"thigh_{side}", f"shin_{side}"}:
            continue
        found[f"hip_{side}"] = turn(angle[f"thigh_{side}"] - pose.pelvis - 180)
        found[f"knee_{side}"] = turn(angle[f"thigh_{side}"] - angle[f"shin_{side}"], -90)
        found[f"ankle_{side}"] = turn(angle[f"foot_{side}"] - angle[f"shin_{side}"] - 90)
    return found


def _beyond_people(pose: Pose, skeleton: Skeleton) -> Iterator[str]:
    for joint, bend in bends(pose, skeleton).items():
        low, high = LIMITS[joint.split("_")[0]]
        if not low - 1 <= bend <= high + 1:
            yield f"{joint} at {bend:.0f}, people reach {low} to {high}"
