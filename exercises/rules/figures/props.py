"""What stands around the figure: floor, mat, wall, step, ledge, chair, roller, band, and an arrow for a small movement."""

from exercises.rules.figures.outline import number, xy
from exercises.rules.figures.paint import LINE, fill
from exercises.rules.figures.pose import ray


def _box(x, y, width, height, name, radius=2.0) -> str:
    return (
        f'<rect {fill(name)} x="{number(x)}" y="{number(-y - height)}" width="{number(width)}" '
        f'height="{number(height)}" rx="{number(radius)}"/>'
    )


def _ledge(x, width, height) -> str:
    leg = width * 0.12
    legs = (_box(x + width * place, 0, leg, height - 6, "prop", 0) for place in (0.22, 0.66))
    return _box(x, height - 6, width, 6, "prop") + "".join(legs)


def _chair(x, height) -> str:
    seat = _box(x, height - 5, 44, 5, "prop") + _box(x, height, 5, 44, "prop")
    return seat + "".join(_box(x + place, 0, 4, height - 4, "prop", 0) for place in (2, 38))


def _arrow(x1, y1, x2, y2, bow) -> str:
    start, end = complex(x1, y1), complex(x2, y2)
    middle = (start + end) / 2 + 1j * (end - start) / (abs(end - start) or 1) * bow
    way = (end - middle) / (abs(end - middle) or 1)
    tips = end + way * ray(150, 6), end + way * ray(-150, 6)
    path = f"M{xy(start)}Q{xy(middle)} {xy(end)}M{xy(tips[0])}L{xy(end)}L{xy(tips[1])}"
    return f'<path {LINE} d="{path}"/>'


DRAWN = {
    "floor": lambda x, width: _box(x, -2.6, width, 2.6, "floor", 1.3),
    "mat": lambda x, width: _box(x, -2.6, width, 2.6, "mat", 1.3),
    "mat_above": lambda x, y, width, height: _box(x, y, width, height, "mat", 6),
    "wall": lambda x, height: _box(x, 0, 5, height, "prop"),
    "step": lambda x, width, height: _box(x, 0, width, height, "prop"),
    "ledge": _ledge,
    "chair": _chair,
    "roller": lambda x, radius: (
        f'<circle {fill("prop")} cx="{number(x)}" cy="{number(-radius)}" r="{number(radius)}"/>'
    ),
    "band": lambda x1, y1, x2, y2: f'<path {LINE} d="M{xy(complex(x1, y1))}L{xy(complex(x2, y2))}"/>',
    "arrow": _arrow,
}


def draw(prop: tuple, left: float, width: float) -> str:
    """One thing beside the figure as SVG. The floor runs the whole width of the picture."""
    name, *numbers = prop
    return DRAWN[name](*((left + 8, width - 16) if name == "floor" else numbers))
