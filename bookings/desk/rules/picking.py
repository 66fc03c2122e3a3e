"""The board for picking a time: what a visit can move to, instead of what is free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from zoneinfo import ZoneInfo

from bookings.desk.rules.board import HOUR, MINUTE, ROW, SHORTEST_FREE, Board, Cell, Grid
from bookings.rules.free_times import Range


def with_times(board: Board, times: Mapping[int, Sequence[Range]], picked: int | None = None) -> Board:
    """The board for picking a time: offered ``times`` by practitioner instead of what is free.

    Offered times overlap (every ten minutes, forty minutes long): each is as tall as up to the next one. The visit that is
    ``picked`` up stands aside, because a visit may move to a time that overlaps its own.
    """
    grid = Grid(board.start, board.start + board.rows * ROW, board.zone)
    return replace(
        board,
        columns=tuple(
            replace(column, cells=_pickable(grid, column.cells, sorted(times.get(column.person.id, ())), picked))
            for column in board.columns
        ),
    )


def apart(times: Iterable[Range], zone: ZoneInfo) -> list[Range]:
    """The times in order, at least a quarter of an hour apart. A time on the hour goes before one a little earlier."""
    ordered = sorted(times)
    on_the_hour = {start for start, _ in ordered if start.astimezone(zone).minute == 0}
    kept: list[Range] = []
    for start, end in ordered:
        next_hour = start + HOUR - start.astimezone(zone).minute * MINUTE
        room_before = not kept or start - kept[-1][0] >= SHORTEST_FREE
        room_after = next_hour not in on_the_hour or next_hour - start >= SHORTEST_FREE
        if start in on_the_hour or (room_before and room_after):
            kept.append((start, end))
    return kept


def _pickable(grid, cells, times, picked) -> tuple[Cell, ...]:
    kept = [
        replace(cell, ghost=True, lanes=1, buffer_rows=0) if cell.visit and cell.visit.id == picked else cell
        for cell in cells
        if cell.kind != "free" and not (cell.ghost and cell.visit.id != picked)
    ]
    aside = [(cell.starts_at, cell.ends_at) for cell in kept if cell.ghost]
    next_starts = [start for start, _ in times[1:]]
    for (start, end), next_start in zip_longest(times, next_starts):
        row, rows = grid.place(start, min(end, next_start or end))
        beside = any(start < until and since < end for since, until in aside)
        kept.append(Cell("time", row, rows, start, end, beside=beside))
    return tuple(sorted(kept, key=lambda cell: (cell.starts_at, cell.ghost, cell.lane)))
