"""The figure as SVG: stills and an animation, without script and without a style attribute.

Colours are custom properties in presentation attributes, so that a drawing follows the page's theme wherever it is put.
The animation is SMIL inside the drawing; the stylesheet shows the end position instead to whoever asked for less motion.
"""

from html import escape

from exercises.rules.figures import words
from exercises.rules.figures.motion import frames, key_times
from exercises.rules.figures.outline import Part, body, named_shapes, number, xy
from exercises.rules.figures.paint import EDGE, fill
from exercises.rules.figures.pose import Movement, Tempo
from exercises.rules.figures.props import draw as draw_prop

RATIO = 1.5  # width to height of every picture
NARROWEST = 190  # the same scale for most figures
MARGIN = 12
BELOW_FLOOR = 14
PART_ID = "fig-part-"

# What is drawn, from the back to the front. The left limbs are the far ones in side view
SIDE_ORDER = ("leg_l", "arm_l", "head", "hips", "chest", "leg_r", "arm_r")
FRONT_ORDER = ("leg_l", "leg_r", "hips", "arm_r", "arm_l", "chest", "head")

_Layer = tuple[str, tuple[str, ...]]


def layers(movement: Movement) -> list[_Layer]:
    """(colour, part names) from the back to the front. The parts of one layer are drawn without a seam between them."""
    order = movement.order or (SIDE_ORDER if movement.view == "side" else FRONT_ORDER)
    return [layer for group in order for layer in _group(group, movement.view)]


def _group(name: str, view: str) -> list[_Layer]:
    if name == "head":
        eyes = ("eye_0",) if view == "side" else ("eye_0", "eye_1")
        return [("skin", ("neck", "skull")), ("hair", ("bun", "hair")), ("eye", eyes)]
    if name == "hips":
        return [("legs", ("hips",))]
    if name == "chest":
        return [("shirt", ("chest",))]
    kind, side = name.split("_")
    far = "-far" if side == "l" and (view == "side" or kind != "arm") else ""
    calf = ("skin" + far, (f"shin_{side}", f"foot_{side}"))
    if kind == "arm":
        skin = tuple(f"{part}_{side}" for part in ("upper_arm", "forearm", "hand"))
        return [("skin" + far, skin), ("shirt" + far, (f"sleeve_{side}",))]
    if kind == "leg":
        return [calf, ("legs" + far, (f"thigh_{side}", f"cuff_{side}"))]
    if kind == "thigh":
        return [("legs" + far, (f"thigh_{side}",))]
    return [calf, ("legs" + far, (f"cuff_{side}",))]


# Stills and motion come from the same lines: a still is a column of one


def _values(column: list[str]) -> str:
    """Out, hold, back, rest: the frames there, and the same ones back."""
    return ";".join([*column, *reversed(column), column[0]])


def _animate(attribute: str, column: list[str], timing: str) -> str:
    return f'<animate attributeName="{attribute}" {timing} values="{_values(column)}"/>'


def _transform(kind: str, column: list[str], timing: str) -> str:
    return f'<animateTransform attributeName="transform" type="{kind}" {timing} values="{_values(column)}"/>'


def _changes(column: list[str]) -> bool:
    return any(value != column[0] for value in column)


def _piece(column: list[Part], timing: str, shared: bool) -> str:
    """One part of the body, still or moving: moved by the group, turned (and, for the trunk, bent) by the path."""
    name, paths = column[0].shape.name, [part.shape.path for part in column]
    turns = [number(-_near(part.angle, column[0].angle)) for part in column]
    places = [xy(part.at) for part in column]
    inside = _transform("rotate", turns, timing) if _changes(turns) else ""
    if shared and name and not _changes(paths):
        tag = f'use href="#{PART_ID}{name}"'
    else:
        tag = f'path d="{paths[0]}"'
        inside += _animate("d", paths, timing) if _changes(paths) else ""
    turned = f' transform="rotate({turns[0]})"' if turns[0] != "0" or _changes(turns) else ""
    drawn = f"<{tag}{turned}>{inside}</{tag.split()[0]}>" if inside else f"<{tag}{turned}/>"
    if places[0] == "0 0" and not _changes(places):
        return drawn
    moves = _transform("translate", places, timing) if _changes(places) else ""
    return f'<g transform="translate({places[0]})">{moves}{drawn}</g>'


def _near(angle: float, first: float) -> float:
    """The same direction, the short way round from the first frame's."""
    return first + (angle - first + 180) % 360 - 180


def _figure(movement: Movement, bodies: list[dict[str, Part]], shared: bool, timing: str = "") -> str:
    out = []
    for colour, names in layers(movement):
        pieces = "".join(_piece([parts[name] for parts in bodies], timing, shared) for name in names)
        if colour in {"hair", "eye"}:
            out.append(f"<g {fill(colour)}>{pieces}</g>")
        elif len(names) == 1:
            out.append(f'<g {fill(colour)} {EDGE} paint-order="stroke">{pieces}</g>')
        else:  # first an edge of paper around all of them, then all of them: apart from the rest, joined to each other
            out.append(f'<g fill="none" {EDGE}>{pieces}</g><g {fill(colour)}>{pieces}</g>')
    return "".join(out)


def window(movement: Movement) -> tuple[float, float, float, float]:
    """A window (x, y, width, height) around the whole movement, in the same scale for most figures."""
    points = [
        point
        for pose in frames(movement, steps=2)
        for part in body(pose, movement.view).values()
        for point in part.points()
    ]
    across, up = [point.real for point in points], [point.imag for point in points]
    low = min(*up, 0) if movement.view == "side" else min(up)
    tall = max(up) - low
    wide = max(NARROWEST, max(across) - min(across) + 2 * MARGIN + 2, (tall + 2 * MARGIN) * RATIO)
    high = wide / RATIO
    left = (min(across) + max(across)) / 2 - wide / 2
    from_above = any(prop[0] == "mat_above" for prop in movement.props)
    top = -max(up) - (high - tall) / 2 if from_above else BELOW_FLOOR - low - high
    return left, top, wide, high


def _svg(movement: Movement, inside: str, text: str, mirrored: bool) -> str:
    left, top, wide, high = window(movement)
    inside = "".join(draw_prop(prop, left, wide) for prop in movement.props) + inside
    if mirrored:
        inside = f'<g transform="matrix(-1 0 0 1 {number(2 * left + wide)} 0)">{inside}</g>'
    box = " ".join(number(value) for value in (left, top, wide, high))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="{box}" role="img" aria-label="{escape(text)}">'
        f"{inside}</svg>"
    )


def shared_parts() -> str:
    """The shapes that all figures of a page share, to be put into the page once, before the first figure."""
    drawn = "".join(f'<path id="{PART_ID}{shape.name}" d="{shape.path}"/>' for shape in named_shapes())
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="fig-parts" aria-hidden="true"><defs>{drawn}</defs></svg>'


def still(movement: Movement, pose: int = 0, mirrored: bool = False, shared: bool = False) -> str:
    """One pose as SVG: 0 is the start, -1 the end.

    ``shared``: draw with the shapes of ``shared_parts``, a quarter of the size; without it the picture stands alone.
    """
    chosen = movement.poses[pose]
    inside = _figure(movement, [body(chosen, movement.view)], shared)
    return _svg(movement, inside, words.still_text(movement, chosen, mirrored), mirrored)


def moving(movement: Movement, tempo: Tempo | None = None, mirrored: bool = False, shared: bool = False) -> str:
    """The movement as an animated SVG: go, hold, return, rest, for ever, with the end position beside it, hidden."""
    bodies = [body(pose, movement.view) for pose in frames(movement)]
    tempo = tempo or movement.tempo
    times = ";".join(f"{moment:.3f}".rstrip("0").rstrip(".") or "0" for moment in key_times(tempo, len(bodies)))
    seconds = number(tempo.go + tempo.hold + tempo.back + tempo.rest)
    timing = f'dur="{seconds}s" repeatCount="indefinite" keyTimes="{times}"'
    live = f'<g class="fig-live">{_figure(movement, bodies, shared, timing)}</g>'
    rest = f'<g class="fig-rest">{_figure(movement, bodies[-1:], shared)}</g>'
    return _svg(movement, live + rest, words.motion_text(movement, mirrored), mirrored)
