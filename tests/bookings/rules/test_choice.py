"""An offered time as text in a form, and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.rules.choice import Choice, read_choice
from bookings.rules.states import Mode

CHOICE = Choice("phone-consultation", Mode.PHONE, 3, 1, datetime(2026, 11, 24, 9, 20, tzinfo=UTC))


def test_a_choice_survives_the_form():
    assert read_choice(str(CHOICE)) == CHOICE


@given(
    st.builds(
        Choice,
        service=st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True),
        mode=st.sampled_from(Mode),
        practitioner=st.integers(1, 10**8),
        location=st.integers(1, 10**8),
        starts_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
            lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
        ),
    )
)
def test_every_choice_survives_the_form(choice):
    assert read_choice(str(choice)) == choice


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "x",
        "phone-consultation~phone~3~1",
        "phone-consultation~video~3~1~20261124T0920",
        "phone-consultation~phone~-3~1~20261124T0920",
        "phone-consultation~phone~٣~1~20261124T0920",
        "phone-consultation~phone~3~1~20261324T0920",
        "phone-consultation~phone~3~1~20261124T2560",
        "phone-consultation~phone~3~1~99991231T2359",
        "phone-consultation~phone~3~1~00010101T0000",
        "phone-consultation~phone~3~1~22000101T0000",
        "phone-consultation~phone~3~1~20261124T0920\n",
        "phone-consultation~phone~99999999999999999999~1~20261124T0920",
        "PHONE~phone~3~1~20261124T0920",
        "a" * 5000,
    ],
)
def test_what_is_no_choice_reads_as_none(text):
    assert read_choice(text) is None


@given(st.text(max_size=80))
def test_no_text_breaks_it(text):
    read_choice(text)
