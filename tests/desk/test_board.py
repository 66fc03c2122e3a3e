"""The layout of the day board: places, lanes, buffers, free times, and the days on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.desk.rules.board import (
    Person,
    Visit,
    counts,
    day_bounds,
    lay_out,
    minutes_late,
    minutes_waiting,
    next_free,
    waiting_now,
)
from bookings.desk.rules.picking import apart, with_times

LONDON = ZoneInfo("Europe/London")
TUESDAY = date(2026, 3, 10)
SPRING_FORWARD = date(2026, 3, 29)
FALL_BACK = date(2026, 10, 25)
AMARA, BEN = Person(1, "Amara Osei"), Person(2, "Ben Castellano")


def at(wall, day=TUESDAY, zone=LONDON):
    return datetime.combine(day, time.fromisoformat(wall), zone).astimezone(UTC)


def make_visit(starts="10:00", ends="10:30", *, id=1, person=AMARA, buffer=0, state="booked", day=TUESDAY, **fields):
    ends_at = at(ends, day)
    return Visit(
        id=id,
        practitioner_id=person.id,
        starts_at=at(starts, day),
        ends_at=ends_at,
        clear_at=ends_at + timedelta(minutes=buffer),
        state=state,
        **fields,
    )


def make_board(visits=(), *, planned=(("09:00", "12:00"),), working=None, day=TUESDAY, now=None, people=(AMARA,)):
    spans = [(at(start, day), at(end, day)) for start, end in planned]
    worked = spans if working is None else [(at(start, day), at(end, day)) for start, end in working]
    return lay_out(
        day=day,
        zone=LONDON,
        people=people,
        planned={AMARA.id: spans},
        working={AMARA.id: worked},
        visits=list(visits),
        now=now or at("07:00", day),
    )


def cells(board, kind, column=0):
    """What stands in a column: (first row, rows) of each cell of that kind."""
    return [(cell.row, cell.rows) for cell in board.columns[column].cells if cell.kind == kind]


def free_times(board):
    return [
        (f"{cell.starts_at.astimezone(LONDON):%H:%M}", (cell.ends_at - cell.starts_at) // timedelta(minutes=1))
        for cell in board.columns[0].cells
        if cell.kind == "free"
    ]


def test_visit_stands_in_the_row_of_its_start_for_as_many_rows_as_it_lasts():
    board = make_board([make_visit("10:00", "10:45")])

    assert cells(board, "visit") == [(13, 9)]


def test_grid_reaches_from_the_hour_before_the_first_shift_to_the_hour_after_the_last():
    board = make_board(planned=[("08:40", "12:10")])

    assert (board.labels[0].text, board.rows, board.labels[-1].text) == ("08:00", 60, "12:30")


def test_a_visit_outside_the_shifts_widens_the_grid():
    board = make_board([make_visit("18:30", "19:00")])

    assert board.labels[-1].text == "18:30"
    assert cells(board, "visit") == [(115, 6)]


def test_a_day_without_work_shows_the_usual_hours():
    board = make_board(planned=[], people=[])

    assert (board.labels[0].text, board.rows, board.columns) == ("08:00", 120, ())


def test_odd_minutes_round_outwards():
    board = make_board([make_visit("10:02", "10:13")])

    assert cells(board, "visit") == [(13, 3)]


def test_buffer_follows_the_visit_in_the_same_cell():
    (cell,) = [c for c in make_board([make_visit(buffer=10)]).columns[0].cells if c.kind == "visit"]

    assert (cell.row, cell.rows, cell.buffer_rows) == (13, 8, 2)


def test_buffer_ends_where_the_next_visit_begins():
    first = make_visit("10:00", "10:30", buffer=15)
    second = make_visit("10:40", "11:00", id=2, overlap_reason="Same family")
    board = make_board([first, second])

    assert [(c.row, c.rows, c.buffer_rows, c.lanes) for c in board.columns[0].cells if c.visit] == [
        (13, 8, 2, 1),
        (21, 4, 0, 1),
    ]


def test_two_visits_that_share_a_time_stand_side_by_side():
    board = make_board([make_visit("10:00", "11:00"), make_visit("10:15", "11:15", id=2)])

    assert [(c.visit.id, c.lane, c.lanes) for c in board.columns[0].cells if c.visit] == [(1, 1, 2), (2, 2, 2)]


def test_a_lane_is_used_again_once_it_is_empty():
    visits = [
        make_visit("09:00", "11:00", id=1),
        make_visit("09:00", "09:30", id=2),
        make_visit("09:30", "10:00", id=3),
    ]

    assert [(c.visit.id, c.lane, c.lanes) for c in make_board(visits).columns[0].cells if c.visit] == [
        (2, 1, 2),
        (1, 2, 2),
        (3, 1, 2),
    ]


def test_visits_that_only_touch_keep_the_whole_width():
    board = make_board([make_visit("10:00", "10:30"), make_visit("10:30", "11:00", id=2)])

    assert [c.lanes for c in board.columns[0].cells if c.visit] == [1, 1]


def test_more_visits_than_lanes_share_the_last_lane():
    visits = [make_visit("10:00", "11:00", id=n) for n in range(1, 9)]

    assert [c.lane for c in make_board(visits).columns[0].cells if c.visit] == [1, 2, 3, 4, 5, 6, 6, 6]


def test_free_time_is_what_the_shift_has_left():
    board = make_board([make_visit("10:00", "10:30", buffer=10)])

    assert free_times(board) == [("09:00", 60), ("10:40", 20), ("11:00", 60)]


def test_a_gap_of_less_than_a_quarter_of_an_hour_is_not_offered():
    board = make_board([make_visit("09:10", "10:00"), make_visit("10:10", "12:00", id=2)])

    assert free_times(board) == []


def test_a_rest_too_short_to_book_stays_with_its_neighbour():
    board = make_board([make_visit("09:00", "09:50")], planned=[("09:00", "12:10")])

    assert free_times(board) == [("09:50", 70), ("11:00", 70)]


def test_past_times_are_not_free():
    board = make_board(now=at("10:22"))

    assert free_times(board) == [("10:25", 35), ("11:00", 60)]
    assert board.now_row == 17


def test_yesterday_has_no_free_time_and_no_now_line():
    board = make_board(now=at("07:00") + timedelta(days=1))

    assert (free_times(board), board.now_row) == ([], None)


@pytest.mark.parametrize("state", ["held", "booked", "confirmed", "arrived", "in_session", "fulfilled"])
def test_every_active_state_takes_its_time(state):
    board = make_board([make_visit("09:00", "12:00", state=state)])

    assert free_times(board) == []


def test_a_cancelled_visit_leaves_its_time_free_and_stands_at_the_edge():
    board = make_board([make_visit("09:00", "10:00", state="cancelled")])
    ghost, beside, after = board.columns[0].cells[1], board.columns[0].cells[0], board.columns[0].cells[2]

    assert (ghost.ghost, beside.kind, beside.beside, after.beside) == (True, "free", True, False)
    assert free_times(board) == [("09:00", 60), ("10:00", 60), ("11:00", 60)]


def test_a_cancelled_visit_makes_way_for_the_one_that_took_its_time():
    board = make_board([make_visit(state="cancelled"), make_visit(id=2)])

    assert [c.visit.id for c in board.columns[0].cells if c.visit] == [2]


def test_who_did_not_come_keeps_the_place_but_not_the_time():
    board = make_board([make_visit("09:00", "10:00", state="noshow")], planned=[("09:00", "10:00")])

    assert (cells(board, "visit"), free_times(board)) == ([(1, 12)], [("09:00", 60)])


def test_times_without_work_say_before_break_and_after():
    board = make_board([make_visit("08:00", "08:30"), make_visit("18:00", "18:30", id=2)],
                       planned=[("09:00", "12:00"), ("13:00", "17:00")])  # fmt: skip

    assert [c.kind for c in board.columns[0].cells if c.kind not in {"visit", "free"}] == [
        "before",
        "break",
        "after",
        "after",
    ]


def test_time_off_within_a_shift_is_away():
    board = make_board(planned=[("09:00", "12:00")], working=[("09:00", "10:00")])

    assert (cells(board, "away"), free_times(board)) == ([(13, 24)], [("09:00", 60)])


def test_everybody_has_a_column_in_the_order_given():
    board = make_board(people=[BEN, AMARA])

    assert [column.person.name for column in board.columns] == ["Ben Castellano", "Amara Osei"]
    assert cells(board, "after", 0) == [(1, 36)]


def test_a_shift_that_runs_past_midnight_is_cut_at_the_day():
    spans = {AMARA.id: [(at("22:00"), at("22:00") + timedelta(hours=5))]}
    board = lay_out(day=TUESDAY, zone=LONDON, people=[AMARA], planned=spans, working=spans, visits=[], now=at("07:00"))

    assert (board.labels[0].text, board.rows) == ("22:00", 24)


@pytest.mark.parametrize(("day", "hours"), [(TUESDAY, 24), (SPRING_FORWARD, 23), (FALL_BACK, 25)])
def test_a_day_has_as_many_hours_as_the_clocks_give_it(day, hours):
    first, last = day_bounds(day, LONDON)

    assert last - first == timedelta(hours=hours)


def test_in_spring_the_skipped_hour_has_no_rows():
    board = make_board([make_visit("03:00", "03:30", day=SPRING_FORWARD)],
                       day=SPRING_FORWARD, planned=[("00:00", "12:00")])  # fmt: skip

    assert [label.text for label in board.labels][:5] == ["00:00", "00:30", "02:00", "02:30", "03:00"]
    assert (board.rows, cells(board, "visit")) == (11 * 12, [(25, 6)])


def test_in_autumn_the_hour_that_comes_twice_has_rows_twice():
    board = make_board(day=FALL_BACK, planned=[("00:00", "12:00")])
    before, after = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert [label.text for label in board.labels][:7] == ["00:00", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00"]
    assert board.rows == 13 * 12
    assert (make_board(day=FALL_BACK, planned=[("00:00", "12:00")], now=before).now_row,
            make_board(day=FALL_BACK, planned=[("00:00", "12:00")], now=after).now_row) == (19, 31)  # fmt: skip


def test_a_working_day_after_the_change_keeps_its_wall_clock():
    board = make_board([make_visit("13:00", "13:30", day=SPRING_FORWARD)],
                       day=SPRING_FORWARD, planned=[("13:00", "18:00")])  # fmt: skip

    assert (board.labels[0].text, cells(board, "visit")) == ("13:00", [(1, 6)])


@pytest.mark.parametrize(("minutes", "late"), [(14, None), (15, 15), (40, 40)])
def test_no_show_is_suggested_from_fifteen_minutes_on(minutes, late):
    visit = make_visit("10:00", "10:30")

    assert minutes_late(visit, at("10:00") + timedelta(minutes=minutes)) == late


@pytest.mark.parametrize("state", ["held", "arrived", "in_session", "fulfilled", "cancelled", "noshow"])
def test_no_show_is_never_suggested_for_somebody_who_is_here_or_not_expected(state):
    assert minutes_late(make_visit("10:00", "10:30", state=state), at("11:00")) is None


def test_waiting_counts_from_arrival_and_only_while_waiting():
    here = make_visit(state="arrived", arrived_at=at("09:51"))

    assert minutes_waiting(here, at("10:00")) == 9
    assert minutes_waiting(make_visit(state="in_session", arrived_at=at("09:51")), at("10:00")) is None


def test_who_waits_longest_comes_first():
    visits = [
        make_visit(id=1, state="arrived", arrived_at=at("09:58")),
        make_visit(id=2, state="booked"),
        make_visit(id=3, state="arrived", arrived_at=at("09:40")),
    ]

    assert [(minutes, visit.id) for minutes, visit in waiting_now(visits, at("10:00"))] == [(20, 3), (2, 1)]


def test_the_day_is_counted_by_state():
    assert counts([make_visit(), make_visit(id=2), make_visit(id=3, state="arrived")]) == {"booked": 2, "arrived": 1}


def test_the_next_free_time_is_the_first_of_anybody():
    spans = {AMARA.id: [(at("10:00"), at("12:00"))], BEN.id: [(at("09:00"), at("12:00"))]}
    board = lay_out(
        day=TUESDAY, zone=LONDON, people=[AMARA, BEN], planned=spans, working=spans, visits=[], now=at("08:00")
    )

    assert next_free(board) == (at("09:00"), BEN)
    assert next_free(make_board(now=at("13:00"))) is None


# ---- picking a time -----------------------------------------------------------------------------------------------


def offered(*starts, minutes=40):
    return [(at(start), at(start) + timedelta(minutes=minutes)) for start in starts]


def picking(*starts, visits=(), picked=None):
    board = with_times(make_board(visits), {AMARA.id: offered(*starts)}, picked=picked)
    return board.columns[0].cells


def test_offered_times_stand_instead_of_free_ones_each_up_to_the_next():
    cells = picking("09:00", "09:20", "11:00")

    assert [(c.row, c.rows) for c in cells if c.kind == "time"] == [(1, 4), (5, 8), (25, 8)]
    assert not any(c.kind == "free" for c in cells)


def test_the_visit_that_is_picked_up_stands_aside_for_times_that_overlap_it():
    visit = make_visit("09:30", "10:10", id=7)
    other = make_visit("11:00", "11:40", id=8)

    found = {
        c.visit.id if c.visit else f"{c.starts_at:%H:%M}": c
        for c in picking("09:00", "09:40", "10:20", visits=[visit, other], picked=7)
    }

    assert (found[7].ghost, found[8].ghost) == (True, False)
    assert [found[start].beside for start in ("09:00", "09:40", "10:20")] == [True, True, False]


@pytest.mark.parametrize(
    ("starts", "kept"),
    [
        (["09:00", "09:10", "09:20", "09:30", "09:40", "09:50", "10:00"], ["09:00", "09:20", "09:40", "10:00"]),
        (["09:00", "09:15", "09:30", "09:45", "10:00"], ["09:00", "09:15", "09:30", "09:45", "10:00"]),
        (["09:50", "10:00", "10:10"], ["10:00"]),
        (["09:50", "10:20"], ["09:50", "10:20"]),
        ([], []),
    ],
)
def test_times_are_thinned_to_a_quarter_of_an_hour_and_whole_hours_stay(starts, kept):
    assert [f"{start:%H:%M}" for start, _ in apart(offered(*starts), LONDON)] == kept
