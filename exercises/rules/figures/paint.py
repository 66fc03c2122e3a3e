"""The colours of a figure: custom properties of the page, with the clinic's day colours for where there are none."""

COLOURS = {
    "skin": "#e3a57e",
    "skin-far": "#f0cdb5",
    "legs": "#155e63",
    "legs-far": "#86b4b3",
    "shirt": "#e2725b",
    "shirt-far": "#efb3a4",
    "hair": "#46312b",
    "eye": "#35221c",
    "paper": "#eef4f1",
    "floor": "#c6d3cf",
    "mat": "#9db8d9",
    "prop": "#b9a58c",
    "cue": "#155e63",
}


def _colour(name: str) -> str:
    return f"var(--fig-{name},{COLOURS[name]})"


def fill(name: str) -> str:
    """The attribute that fills with a colour."""
    return f'fill="{_colour(name)}"'


EDGE = f'stroke="{_colour("paper")}" stroke-width="2" stroke-linejoin="round"'
"""A rim of paper that sets one limb apart from another."""
LINE = f'fill="none" stroke="{_colour("cue")}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"'
"""Arrows and bands."""
