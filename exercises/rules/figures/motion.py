"""From one pose to the next: poses are mixed as angles, so that limbs turn and never shrink, and pinned ends never slide."""

from dataclasses import replace

from exercises.rules.figures.outline import solve
from exercises.rules.figures.pose import LIMBS, Movement, Pin, Pose, Tempo
from exercises.rules.figures.skeleton import limb_angles, turn

STEPS = 6  # drawn positions from one pose to the next
LONGEST_HOLD_SHOWN = 4  # seconds: nobody watches a picture stand still for a minute


def _mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t


def between(first: Pose, second: Pose, t: float, view: str) -> Pose:
    """The pose at ``t`` (0 to 1) on the way from one pose to another."""
    one, two = solve(first, view), solve(second, view)
    values = {
        name: _mix(getattr(first, name), getattr(second, name), t) for name in ("pelvis", "thorax", "neck", "look")
    }
    names = first.scale.keys() | second.scale.keys()
    values["scale"] = {name: _mix(first.scale.get(name, 1), second.scale.get(name, 1), t) for name in sorted(names)}
    settles = first.root[1] is None and second.root[1] is None and first.contacts[:1] == second.contacts[:1]
    start, stop = one.joints[first.root_at], two.joints[first.root_at]
    values["root"] = (_mix(start.real, stop.real, t), None if settles else _mix(start.imag, stop.imag, t))
    for limb in LIMBS:
        a, b = getattr(first, limb), getattr(second, limb)
        if isinstance(a, Pin) and isinstance(b, Pin) and a.at == b.at:
            values[limb] = Pin(_mix(a.x, b.x, t), _mix(a.y, b.y, t), a.end + turn(b.end - a.end) * t, a.at)
        else:
            kind, side = limb.split("_")
            base = f"{'shoulder' if kind == 'arm' else 'hip'}_{side}"
            from_angles = limb_angles(first, one.joints[base], kind, side)
            to_angles = limb_angles(second, two.joints[base], kind, side)
            values[limb] = tuple(p + turn(q - p) * t for p, q in zip(from_angles, to_angles, strict=True))
    return replace(first, **values)


def frames(movement: Movement, steps: int = STEPS) -> list[Pose]:
    """The poses from the first to the last, with the positions between them, eased at both ends."""
    run = [movement.start]
    for first, second in zip(movement.poses, movement.poses[1:], strict=False):
        for step in range(1, steps):
            t = step / steps
            run.append(between(first, second, t * t * (3 - 2 * t), movement.view))
        run.append(second)
    return run


def key_times(tempo: Tempo, count: int) -> list[float]:
    """When each of ``count`` frames is reached, out and back, and the end of the rest: from 0 to 1."""
    total = tempo.go + tempo.hold + tempo.back + tempo.rest
    last = count - 1
    out = [tempo.go * step / last for step in range(count)]
    back = [tempo.go + tempo.hold + tempo.back * step / last for step in range(count)]
    return [moment / total for moment in (*out, *back, total)]


def tempo_of(dosage, otherwise: Tempo) -> Tempo:
    """The tempo and the hold of a dose, for the animation; a long hold is shown short."""
    tempo = otherwise
    if dosage.tempo_out_s is not None:
        tempo = replace(tempo, go=max(dosage.tempo_out_s, 0.5), back=max(dosage.tempo_back_s, 0.5))
    hold = dosage.hold_s_min or dosage.tempo_hold_s
    return replace(tempo, hold=min(max(hold, 0.5), LONGEST_HOLD_SHOWN)) if hold else tempo
