"""Which state may follow which."""

import pytest

from bookings.rules.states import ACTIVE, MOMENT_OF, NEXT, OPEN, Mode, Status, next_states

ALLOWED_IN_PERSON = {
    (Status.BOOKED, Status.CONFIRMED),
    (Status.BOOKED, Status.ARRIVED),
    (Status.BOOKED, Status.NOSHOW),
    (Status.CONFIRMED, Status.ARRIVED),
    (Status.CONFIRMED, Status.NOSHOW),
    (Status.ARRIVED, Status.IN_SESSION),
    (Status.IN_SESSION, Status.FULFILLED),
    (Status.NOSHOW, Status.ARRIVED),
}


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_every_jump_is_allowed_or_refused_as_the_table_says(before, after):
    assert (after in next_states(before, Mode.IN_PERSON)) is ((before, after) in ALLOWED_IN_PERSON)


@pytest.mark.parametrize("before", [Status.BOOKED, Status.CONFIRMED, Status.NOSHOW])
def test_nobody_arrives_for_a_phone_visit(before):
    assert Status.ARRIVED not in next_states(before, Mode.PHONE)
    assert Status.IN_SESSION in next_states(before, Mode.PHONE)


def test_every_state_has_its_moves_and_all_but_a_hold_a_moment():
    assert set(NEXT) == set(Status)
    assert set(MOMENT_OF) == set(Status) - {Status.HELD}


def test_what_may_be_moved_takes_up_its_time():
    assert set(OPEN) < set(ACTIVE)
    assert not {Status.CANCELLED, Status.NOSHOW} & set(ACTIVE)
