"""Free times: awkward clocks, what wins over what, and a brute force over every minute that must agree."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.rules.free_times import (
    DAY,
    Busy,
    DayChange,
    DaysOff,
    Hours,
    ShiftSpan,
    Wanted,
    merged,
    offered_times,
    without,
    working_time,
)

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
SYDNEY = ZoneInfo("Australia/Sydney")

MARA, JONAS = 1, 2
NORTHGATE, RIVERSIDE = 10, 20
ROOM_1, ROOM_2 = 100, 101

TUESDAY = date(2026, 3, 10)
BEFORE = datetime(2026, 3, 9, 6, tzinfo=UTC)
"""The Monday before, early: nothing is too soon."""


def at(hour, minute=0, day=TUESDAY, zone=UTC):
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def shift(**fields):
    return ShiftSpan(
        **{
            "practitioner": MARA,
            "location": NORTHGATE,
            "weekday": 1,
            "starts": time(9),
            "ends": time(12),
            "valid_from": date(2020, 1, 6),
            **fields,
        }
    )


def wanted(minutes=30, **fields):
    return Wanted(
        **{
            "duration": timedelta(minutes=minutes),
            "buffer": timedelta(0),
            "step": timedelta(minutes=30),
            "needs_room": False,
            "notice": timedelta(0),
            "horizon": timedelta(days=60),
            **fields,
        }
    )


def offers(
    *,
    shifts=(),
    changes=(),
    days_off=(),
    busy=None,
    rooms=None,
    want=None,
    day=TUESDAY,
    now=BEFORE,
    zone=LONDON,
    days=1,
):
    """The offers of one local day (or several)."""
    start = datetime.combine(day, time(0), zone)
    end = datetime.combine(day + timedelta(days=days), time(0), zone)
    return list(
        offered_times(
            hours=Hours(
                zones={NORTHGATE: zone, RIVERSIDE: zone}, shifts=list(shifts), changes=list(changes), days_off=days_off
            ),
            busy=busy or Busy(),
            rooms=rooms or {},
            wanted=want or wanted(),
            start=start.astimezone(UTC),
            end=end.astimezone(UTC),
            now=now,
        )
    )


def clocks(found, zone=LONDON):
    return [f"{offer.starts_at.astimezone(zone):%H:%M}" for offer in found]


def test_a_morning_is_offered_in_steps_and_the_last_visit_ends_with_the_shift():
    assert clocks(offers(shifts=[shift()])) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_t32_the_last_free_time_of_a_day_can_be_had_and_one_minute_later_cannot():
    forty = wanted(40, step=timedelta(minutes=5))

    assert clocks(offers(shifts=[shift()], want=forty))[-1] == "11:20"


def test_two_spans_a_day_leave_the_break_free():
    day = [shift(ends=time(10)), shift(starts=time(14), ends=time(15))]

    assert clocks(offers(shifts=day)) == ["09:00", "09:30", "14:00", "14:30"]


def test_spans_that_touch_are_one_stretch_of_work():
    day = [shift(ends=time(10)), shift(starts=time(10), ends=time(11))]

    assert clocks(offers(shifts=day, want=wanted(60))) == ["09:00", "09:30", "10:00"]


def test_the_minutes_kept_free_after_a_visit_count_before_the_next_one():
    busy = Busy(practitioners={MARA: [(at(10), at(10, 40))]})
    want = wanted(30, buffer=timedelta(minutes=10), step=timedelta(minutes=10))

    assert clocks(offers(shifts=[shift(ends=time(11, 30))], busy=busy, want=want)) == [
        "09:00",
        "09:10",
        "09:20",
        "10:40",
        "10:50",
        "11:00",
    ]


def test_the_minutes_after_the_last_visit_may_lie_outside_the_shift():
    want = wanted(30, buffer=timedelta(minutes=30))

    assert clocks(offers(shifts=[shift()], want=want))[-1] == "11:30"


def test_back_to_back_is_fine_without_minutes_between():
    busy = Busy(practitioners={MARA: [(at(9, 30), at(10)), (at(10, 30), at(11))]})

    assert clocks(offers(shifts=[shift()], busy=busy)) == ["09:00", "10:00", "11:00", "11:30"]


def test_t25_a_therapist_who_is_full_is_not_offered_for_another_kind_of_visit():
    busy = Busy(practitioners={MARA: [(at(9), at(12))]})

    assert offers(shifts=[shift()], busy=busy, want=wanted(20, step=timedelta(minutes=10))) == []


def test_t14_two_short_closures_close_only_themselves():
    off = [
        DayChange(MARA, NORTHGATE, TUESDAY, extra=False, starts=time(9), ends=time(9, 30)),
        DayChange(MARA, NORTHGATE, TUESDAY, extra=False, starts=time(11), ends=time(11, 30)),
    ]

    assert clocks(offers(shifts=[shift()], changes=off)) == ["09:30", "10:00", "10:30", "11:30"]


def test_hours_off_do_not_shift_the_grid():
    off = [DayChange(MARA, NORTHGATE, TUESDAY, extra=False, starts=time(9), ends=time(9, 10))]

    assert clocks(offers(shifts=[shift(ends=time(11))], changes=off)) == ["09:30", "10:00", "10:30"]


@pytest.mark.parametrize(
    "away",
    [
        {"days_off": [DaysOff(MARA, None, TUESDAY, TUESDAY)]},
        {"days_off": [DaysOff(MARA, None, date(2026, 3, 1), date(2026, 3, 20))]},
        {"days_off": [DaysOff(None, NORTHGATE, TUESDAY, TUESDAY)]},
        {"changes": [DayChange(MARA, NORTHGATE, TUESDAY, extra=False)]},
    ],
    ids=["a day off", "a holiday", "a closure", "a whole day changed"],
)
def test_a_day_off_offers_nothing(away):
    assert offers(shifts=[shift()], **away) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"days_off": [DaysOff(JONAS, None, TUESDAY, TUESDAY)]},
        {"days_off": [DaysOff(None, RIVERSIDE, TUESDAY, TUESDAY)]},
        {"days_off": [DaysOff(MARA, None, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=3))]},
        {"changes": [DayChange(MARA, RIVERSIDE, TUESDAY, extra=False)]},
    ],
    ids=["a colleague's", "another place's", "another day's", "at another place"],
)
def test_what_is_closed_elsewhere_takes_nothing_away(elsewhere):
    assert len(offers(shifts=[shift()], **elsewhere)) == 6


def test_extra_hours_are_offered_on_their_day_only():
    extra = [DayChange(MARA, NORTHGATE, TUESDAY, extra=True, starts=time(18), ends=time(19))]

    assert clocks(offers(shifts=[shift()], changes=extra))[-2:] == ["18:00", "18:30"]
    assert len(offers(shifts=[shift()], changes=extra, day=TUESDAY + timedelta(days=7))) == 6


def test_a_closure_wins_over_extra_hours():
    extra = [DayChange(MARA, NORTHGATE, TUESDAY, extra=True, starts=time(18), ends=time(19))]

    assert offers(changes=extra, days_off=[DaysOff(None, NORTHGATE, TUESDAY, TUESDAY)]) == []


def test_a_fortnightly_shift_comes_every_second_week():
    fortnightly = shift(every_weeks=2, valid_from=date(2026, 3, 12))  # a Thursday: its week is the first one
    weeks = [date(2026, 3, 10) + timedelta(days=7 * n) for n in range(5)]

    assert [bool(offers(shifts=[fortnightly], day=day)) for day in weeks] == [False, False, True, False, True]


def test_a_shift_counts_from_its_first_to_its_last_day():
    short = shift(valid_from=TUESDAY, valid_to=TUESDAY + timedelta(days=7))
    weeks = [TUESDAY + timedelta(days=7 * n) for n in (-1, 0, 1, 2)]

    assert [bool(offers(shifts=[short], day=day, now=BEFORE - timedelta(days=30))) for day in weeks] == [
        False,
        True,
        True,
        False,
    ]


def test_a_shift_across_midnight_goes_on_the_next_day():
    night = shift(starts=time(23), ends=time(1))

    assert clocks(offers(shifts=[night], days=2)) == ["23:00", "23:30", "00:00", "00:30"]
    assert clocks(offers(shifts=[night], day=TUESDAY + timedelta(days=1))) == ["00:00", "00:30"]


def test_a_closure_of_the_next_day_cuts_a_shift_at_midnight():
    night = shift(starts=time(23), ends=time(1))
    closed = [DaysOff(None, NORTHGATE, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=1))]

    assert clocks(offers(shifts=[night], days_off=closed, days=2)) == ["23:00", "23:30"]


CHANGES = [
    (LONDON, date(2026, 3, 29)),
    (LONDON, date(2026, 10, 25)),
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    (SYDNEY, date(2026, 4, 5)),
    (SYDNEY, date(2026, 10, 4)),
]


@pytest.mark.parametrize(("zone", "sunday"), CHANGES, ids=[f"{zone.key} {day}" for zone, day in CHANGES])
@pytest.mark.parametrize("after", [0, 1], ids=["on the day", "on the Monday after"])
def test_t26_hours_stay_on_the_wall_clock_when_the_clocks_change(zone, sunday, after):
    day = sunday + timedelta(days=after)
    hours = shift(weekday=day.weekday(), starts=time(13), ends=time(18))

    found = offers(
        shifts=[hours], want=wanted(60, step=timedelta(hours=1)), day=day, zone=zone, now=at(6, day=day - DAY)
    )

    assert clocks(found, zone) == ["13:00", "14:00", "15:00", "16:00", "17:00"]


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 5), (date(2026, 10, 25), 7)], ids=["an hour less", "an hour more"]
)
def test_a_night_shift_over_the_change_lasts_as_long_as_it_lasts(day, hours):
    night = shift(weekday=5, starts=time(22), ends=time(4))

    found = offers(
        shifts=[night], want=wanted(60, step=timedelta(hours=1)), day=day - DAY, days=2, now=at(6, day=day - DAY)
    )

    assert len(found) == hours
    assert {b.starts_at - a.starts_at for a, b in pairwise(found)} == {timedelta(hours=1)}


def test_t23_what_is_past_or_too_soon_is_not_offered_whatever_the_zone():
    berlin = ZoneInfo("Europe/Berlin")
    july = date(2026, 7, 7)
    want = wanted(15, step=timedelta(minutes=15), notice=timedelta(hours=1))

    found = offers(shifts=[shift()], want=want, day=july, zone=berlin, now=at(9, 50, july, berlin))

    assert clocks(found, berlin)[0] == "11:00"


def test_the_horizon_ends_what_is_offered():
    found = offers(shifts=[shift()], want=wanted(horizon=timedelta(days=1, hours=4)), now=BEFORE)

    assert clocks(found) == ["09:00", "09:30"]


def test_a_room_is_needed_in_person_and_the_free_ones_are_named():
    busy = Busy(rooms={ROOM_1: [(at(9), at(10))], ROOM_2: [(at(9, 30), at(10, 30))]})
    rooms = {NORTHGATE: [ROOM_1, ROOM_2]}

    found = offers(shifts=[shift(ends=time(11))], busy=busy, rooms=rooms, want=wanted(needs_room=True))

    assert [(f"{offer.starts_at:%H:%M}", offer.rooms) for offer in found] == [
        ("09:00", (ROOM_2,)),
        ("10:00", (ROOM_1,)),
        ("10:30", (ROOM_1, ROOM_2)),
    ]


def test_a_place_without_such_a_room_offers_nothing_in_person():
    assert offers(shifts=[shift()], rooms={RIVERSIDE: [ROOM_1]}, want=wanted(needs_room=True)) == []


def test_t31_a_time_that_meets_the_patients_own_visit_is_not_offered():
    busy = Busy(patient=[(at(9, 45), at(10, 15))])

    assert clocks(offers(shifts=[shift(ends=time(11))], busy=busy)) == ["09:00", "10:30"]


def test_the_patients_own_visits_need_no_minutes_between():
    busy = Busy(patient=[(at(9, 30), at(10))])
    want = wanted(30, buffer=timedelta(minutes=20))

    assert clocks(offers(shifts=[shift(ends=time(11))], busy=busy, want=want)) == ["09:00", "10:00", "10:30"]


def test_t24_no_hours_is_an_empty_answer_and_not_a_search():
    assert offers(days=60) == []


def test_offers_come_in_order_of_time_then_therapist():
    found = offers(shifts=[shift(practitioner=JONAS), shift(practitioner=MARA)])

    assert [(offer.starts_at, offer.practitioner) for offer in found] == sorted(
        (offer.starts_at, offer.practitioner) for offer in found
    )
    assert len(found) == 12


def test_working_time_is_what_the_shifts_leave():
    hours = Hours(
        zones={NORTHGATE: LONDON},
        shifts=[shift(), shift(starts=time(11), ends=time(13))],
        changes=[DayChange(MARA, NORTHGATE, TUESDAY, extra=False, starts=time(10), ends=time(10, 30))],
    )

    assert working_time(hours, at(0), at(23)) == {(MARA, NORTHGATE): [(at(9), at(10)), (at(10, 30), at(13))]}


# Against a brute force over every minute

MINUTE = timedelta(minutes=1)
DAYS = 2
FIRST = date(2026, 3, 28)
"""The Saturday before the clocks go forward in London: the random days lie around the change."""

clock = st.builds(time, st.integers(0, 23), st.sampled_from([0, 5, 10, 15, 20, 30, 45, 50]))
therapist = st.sampled_from([MARA, JONAS])
place = st.sampled_from([NORTHGATE, RIVERSIDE])
days = st.integers(-1, DAYS).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def random_hours(draw):
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        starts, ends = draw(clock), draw(clock)
        if starts != ends:
            spans.append(
                ShiftSpan(
                    practitioner=draw(therapist),
                    location=draw(place),
                    weekday=draw(st.sampled_from([4, 5, 6, 0])),
                    starts=starts,
                    ends=ends,
                    valid_from=draw(st.sampled_from([date(2026, 1, 1), date(2026, 3, 20), date(2026, 3, 29)])),
                    valid_to=draw(st.sampled_from([None, date(2026, 3, 28), date(2026, 5, 1)])),
                    every_weeks=draw(st.sampled_from([1, 1, 2])),
                )
            )
    changes = []
    for _ in range(draw(st.integers(0, 3))):
        starts, ends = draw(clock), draw(clock)
        extra = draw(st.booleans())
        whole = draw(st.booleans()) and not extra
        if starts != ends:
            changes.append(
                DayChange(draw(therapist), draw(place), draw(days), extra, *((None, None) if whole else (starts, ends)))
            )
    days_off = []
    if draw(st.integers(0, 3)) == 0:
        first = draw(days)
        days_off.append(
            draw(
                st.sampled_from(
                    [DaysOff(MARA, None, first, first), DaysOff(None, NORTHGATE, first, first + timedelta(days=1))]
                )
            )
        )
    return Hours(zones={NORTHGATE: LONDON, RIVERSIDE: NEW_YORK}, shifts=spans, changes=changes, days_off=days_off)


@st.composite
def random_ranges(draw):
    found = []
    for _ in range(draw(st.integers(0, 5))):
        start = datetime(2026, 3, 27, 22, tzinfo=UTC) + draw(st.integers(0, 60 * 60)) * MINUTE
        found.append((start, start + draw(st.integers(1, 180)) * MINUTE))
    return found


@st.composite
def cases(draw):
    busy = Busy(
        practitioners={MARA: draw(random_ranges()), JONAS: draw(random_ranges())},
        rooms={ROOM_1: draw(random_ranges()), ROOM_2: draw(random_ranges())},
        patient=draw(random_ranges())[:1],
    )
    return {
        "hours": draw(random_hours()),
        "busy": busy,
        "rooms": draw(st.sampled_from([{}, {NORTHGATE: [ROOM_1]}, {NORTHGATE: [ROOM_1], RIVERSIDE: [ROOM_2]}])),
        "wanted": Wanted(
            duration=draw(st.sampled_from([5, 20, 45, 90])) * MINUTE,
            buffer=draw(st.sampled_from([0, 5, 15])) * MINUTE,
            step=draw(st.sampled_from([5, 15, 20, 60])) * MINUTE,
            needs_room=draw(st.booleans()),
            notice=draw(st.sampled_from([0, 90])) * MINUTE,
            horizon=draw(st.sampled_from([timedelta(hours=20), timedelta(days=30)])),
        ),
        "now": datetime(2026, 3, 27, 12, tzinfo=UTC) + draw(st.integers(0, 40 * 60)) * MINUTE,
    }


def moments(day, starts, ends, zone):
    start = datetime.combine(day, starts, zone).astimezone(UTC)
    last = day if ends > starts else day + timedelta(days=1)
    return start, datetime.combine(last, ends, zone).astimezone(UTC)


def brute_force(*, hours, busy, rooms, wanted, now, start, end):
    """The same answer the slow way: look at every minute, and at every minute of a visit that would begin there."""

    def covered(ranges, moment):
        return any(a <= moment < b for a, b in ranges)

    planned, taken = {}, {}
    for key in [(who, where) for who in (MARA, JONAS) for where in (NORTHGATE, RIVERSIDE)]:
        who, where = key
        zone = hours.zones[where]
        planned[key], taken[key] = [], []
        for offset in range(-3, DAYS + 4):
            day = FIRST + timedelta(days=offset)
            for one in hours.shifts:
                weeks = (
                    day - timedelta(days=day.weekday()) - one.valid_from + timedelta(days=one.valid_from.weekday())
                ).days // 7
                if (
                    (one.practitioner, one.location) == key
                    and one.weekday == day.weekday()
                    and one.valid_from <= day <= (one.valid_to or day)
                    and weeks % one.every_weeks == 0
                ):
                    planned[key].append(moments(day, one.starts, one.ends, zone))
            for off in hours.days_off:
                if off.practitioner in (None, who) and off.location in (None, where) and off.first <= day <= off.last:
                    taken[key].append(moments(day, time(0), time(0), zone))
        for change in hours.changes:
            if (change.practitioner, change.location) == key:
                starts, ends = change.starts or time(0), change.ends or time(0)
                (planned if change.extra else taken)[key].append(moments(change.day, starts, ends, zone))

    def works(key, moment):
        return covered(planned[key], moment) and not covered(taken[key], moment)

    answer = []
    moment = max(start, now + wanted.notice)
    while moment < min(end, now + wanted.horizon):
        for key in sorted(planned):
            who, where = key
            on_grid = any(a <= moment < b and (moment - a) % wanted.step == timedelta(0) for a, b in planned[key])
            if not on_grid:
                continue
            visit = [moment + n * MINUTE for n in range(wanted.duration // MINUTE)]
            after = [moment + wanted.duration + n * MINUTE for n in range(wanted.buffer // MINUTE)]
            if not all(works(key, minute) for minute in visit):
                continue
            if any(covered(busy.practitioners[who], minute) for minute in visit + after):
                continue
            if any(covered(busy.patient, minute) for minute in visit):
                continue
            free = tuple(
                room
                for room in rooms.get(where, ())
                if not any(covered(busy.rooms[room], minute) for minute in visit + after)
            )
            if wanted.needs_room and not free:
                continue
            answer.append((moment, who, where, free if wanted.needs_room else ()))
        moment += MINUTE
    return answer


def agree(case):
    start = datetime(2026, 3, 27, 20, tzinfo=UTC)
    end = start + timedelta(hours=60)
    found = offered_times(**case, start=start, end=end)

    assert [(offer.starts_at, offer.practitioner, offer.location, offer.rooms) for offer in found] == brute_force(
        **case, start=start, end=end
    )


SLOW_IS_FINE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@settings(max_examples=150, **SLOW_IS_FINE)
@given(cases())
def test_t13_offered_times_equal_a_brute_force_over_minutes(case):
    agree(case)


@pytest.mark.drill
@settings(max_examples=2000, **SLOW_IS_FINE)
@given(cases())
def test_t13_offered_times_equal_a_brute_force_on_2000_random_days(case):
    agree(case)


ranges = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8)


@given(ranges, ranges)
def test_taking_ranges_away_equals_taking_points_away(some, others):
    left = without(merged(some), merged(others))

    def points(these):
        return {point for a, b in these for point in range(a, b)}

    assert points(left) == points(some) - points(others)
    assert left == merged(left)
