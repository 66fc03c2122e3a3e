"""The board's cells as HTML.

A full day is 258 visits. Through a template each would cost some 80 microseconds, which is the whole page's budget twice
over; joined here they cost two. So this one piece of the page is written in Python: everything else is a template.
Every value that a person typed passes through ``escape``. The markup is short on purpose (a full day stays under 60 kB);
``static/css/desk.css`` names its parts by element: ``b`` who, ``span`` state, ``em`` where, ``i`` what, ``small`` when.
"""

from datetime import datetime, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bookings.desk.rules.board import Board, Cell, Column, minutes_late, minutes_waiting
from bookings.desk.rules.grid import lane_class
from bookings.rules.states import STATUS_LABELS
from clinic.rules.levels import Level

SHOWN_FROM = Level.PRIORITY
"""Lower levels are on the visit's panel: on the board a tag means that somebody needs a hand sooner."""


ROOM_FOR_THE_SERVICE = 8
"""Rows. A shorter visit has no third line; its panel says what it is."""
CROWDED = 8
"""Columns. On a board with more of them a visit says who, where, when it begins and its state: the rest would be cut off."""


class Words:
    """Every word a cell can need, translated once a page and not once a cell."""

    def __init__(self):
        self.states = {str(status): escape(label) for status, label in STATUS_LABELS.items()}
        self.levels = {
            level.value: f" <mark class={level.css_class}>{escape(level.label)}</mark>"
            for level in Level
            if level >= SHOWN_FROM
        }
        self.phone = escape(_("Phone"))
        self.overlap = f" <mark>{escape(_('Overlap'))}</mark>"
        self.minutes_late = escape(_("{minutes} min late"))
        self.late = escape(_("late"))
        self.waiting = escape(_("{minutes} min"))
        self.left = escape(_("{minutes} min left"))
        self.free = escape(_("{minutes} min free"))
        self.move_here = escape(_("Move here"))
        self.empty = {
            "before": escape(_("From {time}")),
            "break": escape(_("Break until {time}")),
            "after": escape(_("Finished")),
            "off": escape(_("Not in today")),
            "away": escape(_("Away")),
        }


def column_cells(
    board: Board, column: Column, *, now: datetime, words: Words, book_url: str, chosen: int | None = None
) -> SafeString:
    """The list items of one column in order of time. ``chosen`` is the visit whose panel is open."""
    clock, crowded = _clock(board), len(board.columns) > CROWDED
    parts = []
    for cell in column.cells:
        if cell.kind == "visit":
            parts.append(_visit(cell, clock, now, words, chosen, crowded))
        elif cell.kind == "free":
            parts.append(_free(cell, column.person.id, clock, words, book_url))
        else:
            parts.append(_empty(cell, clock, words, bool(column.planned)))
    return SafeString("".join(parts))


def time_cells(board: Board, column: Column, *, words: Words, to: str, place: str, picked, best) -> SafeString:
    """The same column while a visit is ``picked`` up: its visits stand back, the times it can move to are links.

    ``best`` is the cell to begin at: the same therapist's, nearest to the present time.
    """
    clock = _clock(board)
    parts = []
    for cell in column.cells:
        if cell.kind == "time":
            parts.append(_time(cell, column.person, clock, words, to, place, picked, best))
        elif cell.kind == "visit":
            parts.append(_standing_back(cell, clock, words, picked.pk))
        else:
            parts.append(_empty(cell, clock, words, bool(column.planned)))
    return SafeString("".join(parts))


def _time(cell: Cell, person, clock, words, to, place, picked, best) -> str:
    stamp = int(cell.starts_at.timestamp())
    kind = '"t best"' if cell is best else "t"
    return (
        f'<li class="r{cell.row} n{cell.rows}{" w" if cell.beside else ""}">'
        f'<a class={kind} id=t{person.id}-{stamp} href="{to}?with={person.id}&amp;at={stamp}&amp;place={escape(place)}">'
        f"{clock(cell.starts_at)} <span>{words.move_here}</span></a>"
    )


def _standing_back(cell: Cell, clock, words, picked) -> str:
    visit = cell.visit
    place = f"r{cell.row} n{cell.rows}{f' u{cell.buffer_rows}' if cell.buffer_rows else ''}"
    place += " g" if cell.ghost else f" {lane_class(cell.lane, cell.lanes)}".rstrip()
    kind = f"{visit.state} picked" if visit.id == picked else visit.state
    return (
        f'<li class="{place}"><span class="v {kind}"><b>{escape(visit.patient)}</b> <span>{words.states[visit.state]}</span>'
        f" <small>{clock(visit.starts_at)}–{clock(visit.ends_at)}</small></span>"
    )


def _clock(board: Board):
    """Moment to ``09:30``, once per moment: most of a day's visits share their minutes."""
    zone, known = board.zone, {}

    def clock(moment: datetime) -> str:
        text = known.get(moment)
        if text is None:
            local = moment.astimezone(zone)
            text = known[moment] = f"{local.hour:02}:{local.minute:02}"
        return text

    return clock


def _visit(cell: Cell, clock, now, words, chosen, crowded) -> str:
    visit = cell.visit
    place = f"r{cell.row} n{cell.rows}"
    if cell.buffer_rows:
        place += f" u{cell.buffer_rows}"
    if cell.ghost:
        place += " g"
    elif cell.lanes > 1:
        place += f" {lane_class(cell.lane, cell.lanes)}"
    state, late = words.states[visit.state], minutes_late(visit, now)
    kind = visit.state
    if late is not None:
        state = f"{state}, {words.minutes_late.format(minutes=late) if late < 60 else words.late}"
        kind += " late"
    elif visit.state == "arrived":
        state = f"{state} {words.waiting.format(minutes=minutes_waiting(visit, now) or 0)}"
    elif visit.state == "held" and visit.held_until:
        state = f"{state}, {words.left.format(minutes=max(-((now - visit.held_until) // timedelta(minutes=1)), 0))}"
    current = " aria-current=true" if visit.id == chosen else ""
    tall = cell.rows - cell.buffer_rows >= ROOM_FOR_THE_SERVICE
    what = f" <i>{escape(visit.service)}</i>" if tall and not crowded else ""
    until = "" if crowded else f"–{clock(visit.ends_at)}"
    return (
        f'<li class="{place}"><a class="v {kind}" id=v{visit.id} href="?visit={visit.id}"{current}>'
        f"<b>{escape(visit.patient)}</b> <span>{state}</span>"
        f"{words.levels.get(visit.level, '')}{words.overlap if visit.overlap_reason else ''}"
        f" <em>{words.phone if visit.by_phone else escape(visit.room)}</em>"
        f"{what} <small>{clock(visit.starts_at)}{until}</small></a>"
    )


def _free(cell: Cell, practitioner_id: int, clock, words, book_url) -> str:
    start = clock(cell.starts_at)
    minutes = (cell.ends_at - cell.starts_at) // timedelta(minutes=1)
    place = f"r{cell.row} n{cell.rows}{' w' if cell.beside else ''}"
    stamp = int(cell.starts_at.timestamp())
    return (
        f'<li class="{place}"><a class=f id=f{practitioner_id}-{stamp} href="{book_url}?with={practitioner_id}&amp;at={stamp}">'
        f"{start} <span>{words.free.format(minutes=minutes)}</span></a>"
    )


def _empty(cell: Cell, clock, words, works_today) -> str:
    word = words.empty[cell.kind if works_today else "off"].format(time=clock(cell.ends_at))
    return f'<li class="r{cell.row} n{cell.rows} o"><span>{word}</span>'
