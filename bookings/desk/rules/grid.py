"""The classes that put things on the board's time grid.

No page may carry inline style, so each row, length and column that the board can need is a class in
``static/css/desk-grid.css``. That file is written from here and a test holds the two together.
"""

ROWS = 25 * 12
"""Five-minute rows of the longest day there is: the one on which the clocks go back."""
LANES = {1: [(1, 6)], 2: [(1, 3), (4, 3)], 3: [(1, 2), (3, 2), (5, 2)], 6: [(n, 1) for n in range(1, 7)]}
"""A column has six lanes; how wide visits stand that share a time: first lane and number of lanes."""


def lane_class(lane: int, lanes: int) -> str:
    """The class for the ``lane``-th (from 1) of ``lanes`` visits side by side."""
    if lanes == 1:
        return ""
    wide = lanes if lanes in LANES else 6
    return f"l{lane}-{wide}"


def css() -> str:
    """The whole stylesheet."""
    lines = [
        "/* Places on the board's time grid: r = first row, n = rows long, u = rows of buffer, c = column, l = lane. */",
        "/* Written by bookings/desk/rules/grid.py: python -m bookings.desk.rules.grid > static/css/desk-grid.css */",
    ]
    lines += [f".r{row}{{grid-row-start:{row}}}" for row in range(1, ROWS + 1)]
    lines += [f".n{rows}{{grid-row-end:span {rows}}}" for rows in range(1, ROWS + 1)]
    lines += [f".u{rows}{{--buffer:{rows}}}" for rows in range(1, 25)]
    lines += [f".rows-{rows}{{--rows:{rows}}}" for rows in range(12, ROWS + 1, 12)]
    for wide, lanes in LANES.items():
        if wide > 1:
            lines += [f".l{n}-{wide}{{grid-column:{first}/span {span}}}" for n, (first, span) in enumerate(lanes, 1)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(css(), end="")
