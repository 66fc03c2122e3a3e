"""The dose: what it says, how long it takes, and what nobody could do."""

import pytest

from exercises.rules.dosage import Dosage, ImpossibleDosage

GOLDEN = [
    (
        {
            "type": "hold",
            "reps_min": 2,
            "hold_s_min": 20,
            "hold_s_max": 30,
            "sides": "each",
            "side_word": "leg",
            "frequency": "per_day",
            "times_min": 1,
        },
        "Hold 20 to 30 seconds, 2 times each leg, once a day.",
    ),
    (
        {"type": "hold", "reps_min": 1, "hold_s_min": 30, "hold_s_max": 60, "sets_min": 3, "sets_max": 5},
        "Hold 30 to 60 seconds. Do 3 to 5 sets.",
    ),
    (
        {"type": "repetitions", "reps_min": 10, "reps_max": 15, "frequency": "per_day", "times_min": 1},
        "Repeat 10 to 15 times, once a day.",
    ),
    (
        {
            "type": "hold",
            "reps_min": 6,
            "reps_max": 8,
            "hold_s_min": 3,
            "hold_s_max": 5,
            "sets_min": 2,
            "sides": "alternating",
            "frequency": "every_other_day",
        },
        "Hold 3 to 5 seconds, 6 to 8 times each side, taking turns. Do 2 sets, every other day.",
    ),
    ({"type": "duration", "duration_s_min": 180}, "Keep going for 3 minutes."),
    (
        {"type": "duration", "duration_s_min": 60, "duration_s_max": 120, "sides": "each"},
        "Keep going for 1 to 2 minutes on each side.",
    ),
    ({"type": "duration", "duration_s_min": 60, "duration_s_max": 90}, "Keep going for 60 to 90 seconds."),
    ({"type": "distance", "distance_m": 400, "frequency": "before_run"}, "Go 400 metres, before a run."),
    ({"type": "distance", "distance_m": 1000}, "Go 1 kilometre."),
    ({"type": "distance", "distance_m": 2500}, "Go 2.5 kilometres."),
    (
        {"type": "as_able", "sides": "both_together", "side_word": "arm", "frequency": "as_needed"},
        "Repeat as often as you can with good form, with both arms together, when you need it.",
    ),
    ({"type": "hold", "reps_min": 1, "hold_s_min": 1, "sides": "each"}, "Hold 1 second, once each side."),
    (
        {"type": "repetitions", "reps_min": 1, "frequency": "per_week", "times_min": 2, "times_max": 3},
        "Repeat once, 2 to 3 times a week.",
    ),
    (
        {"type": "repetitions", "reps_min": 5, "frequency": "per_day", "times_min": 2},
        "Repeat 5 times, twice a day.",
    ),
    (
        {"type": "repetitions", "reps_min": 5, "frequency": "weekdays", "weekdays": [0, 2, 4]},
        "Repeat 5 times, on Monday, Wednesday and Friday.",
    ),
    ({"type": "repetitions", "reps_min": 5, "frequency": "weekdays", "weekdays": [6]}, "Repeat 5 times, on Sunday."),
    ({"type": "repetitions", "reps_min": 5, "frequency": "after_run"}, "Repeat 5 times, after a run."),
    (
        {"type": "repetitions", "reps_min": 8, "sets_min": 2, "sides": "both_together", "side_word": "leg"},
        "Repeat 8 times with both legs together. Do 2 sets.",
    ),
]


@pytest.mark.parametrize(("fields", "sentence"), GOLDEN, ids=[sentence for _, sentence in GOLDEN])
def test_a_dose_is_one_plain_sentence(fields, sentence):
    assert Dosage(**fields).sentence() == sentence


@pytest.mark.parametrize(("fields", "_sentence"), GOLDEN, ids=[sentence for _, sentence in GOLDEN])
def test_a_dose_survives_being_written_down(fields, _sentence):
    dosage = Dosage(**fields)

    assert Dosage(**dosage.as_data()) == dosage


IMPOSSIBLE = {
    "repetitions without a count": {"type": "repetitions"},
    "a duration with repetitions": {"type": "duration", "duration_s_min": 30, "reps_min": 5},
    "repetitions with a duration": {"type": "repetitions", "reps_min": 5, "duration_s_min": 30},
    "a hold without seconds": {"type": "hold", "reps_min": 5},
    "seconds of a hold without a hold": {"type": "repetitions", "reps_min": 5, "hold_s_min": 5},
    "a distance with repetitions": {"type": "distance", "distance_m": 5, "reps_min": 5},
    "no distance": {"type": "distance"},
    "a number for as able": {"type": "as_able", "reps_min": 5},
    "a backwards range": {"type": "repetitions", "reps_min": 15, "reps_max": 10},
    "a range of one": {"type": "repetitions", "reps_min": 10, "reps_max": 10},
    "a largest without a smallest": {"type": "repetitions", "reps_min": 5, "rest_s_max": 60},
    "no sets": {"type": "repetitions", "reps_min": 5, "sets_min": 0},
    "too many sets": {"type": "repetitions", "reps_min": 5, "sets_min": 21},
    "too many repetitions": {"type": "repetitions", "reps_min": 101},
    "a hold of eleven minutes": {"type": "hold", "reps_min": 1, "hold_s_min": 660},
    "half a tempo": {"type": "repetitions", "reps_min": 5, "tempo_out_s": 3},
    "a tempo without repetitions": {
        "type": "duration",
        "duration_s_min": 60,
        "tempo_out_s": 3,
        "tempo_hold_s": 0,
        "tempo_back_s": 3,
    },
    "two holds": {
        "type": "hold",
        "reps_min": 5,
        "hold_s_min": 5,
        "tempo_out_s": 3,
        "tempo_hold_s": 2,
        "tempo_back_s": 3,
    },
    "taking turns for minutes": {"type": "duration", "duration_s_min": 60, "sides": "alternating"},
    "times a day without a number": {"type": "repetitions", "reps_min": 5, "frequency": "per_day"},
    "a number of times after a run": {"type": "repetitions", "reps_min": 5, "frequency": "after_run", "times_min": 2},
    "days of the week without days": {"type": "repetitions", "reps_min": 5, "frequency": "weekdays"},
    "days without days of the week": {"type": "repetitions", "reps_min": 5, "weekdays": [1]},
    "an eighth day": {"type": "repetitions", "reps_min": 5, "frequency": "weekdays", "weekdays": [7]},
    "a day twice": {"type": "repetitions", "reps_min": 5, "frequency": "weekdays", "weekdays": [1, 1]},
}


@pytest.mark.parametrize("fields", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_nobody_could_do_is_refused(fields):
    with pytest.raises(ImpossibleDosage) as refusal:
        Dosage(**fields)

    assert all(str(problem).endswith(".") for problem in refusal.value.problems)


@pytest.mark.parametrize("fields", [{"type": "wish"}, {"type": "as_able", "sides": "three"}])
def test_a_word_that_is_not_in_the_vocabulary_is_refused(fields):
    with pytest.raises(ValueError):
        Dosage(**fields)


def test_tempo_and_rest_are_said_in_words():
    dosage = Dosage(
        type="repetitions",
        reps_min=10,
        sets_min=2,
        tempo_out_s=3,
        tempo_hold_s=1,
        tempo_back_s=3,
        rest_s_min=30,
        rest_s_max=90,
    )

    assert dosage.details() == [
        "Take 3 seconds to move out, wait 1 second, and take 3 seconds to come back.",
        "Rest 30 to 90 seconds between sets.",
    ]


def test_a_dose_with_sets_always_says_something_about_rest():
    assert Dosage(type="repetitions", reps_min=10, sets_min=2).details() == [
        "Between sets, rest until your breathing settles."
    ]
    assert Dosage(type="repetitions", reps_min=10, sets_min=2, rest_s_min=0).details() == ["No rest between sets."]
    assert Dosage(type="repetitions", reps_min=10).details() == []


MINUTES = [
    ({"type": "repetitions", "reps_min": 10}, 40, 1),  # 10 x 4 s
    ({"type": "hold", "reps_min": 2, "hold_s_min": 20, "hold_s_max": 30, "sides": "each"}, 136, 3),  # 2 x 2 x (4 + 30)
    ({"type": "hold", "reps_min": 1, "hold_s_min": 30, "hold_s_max": 60, "sets_min": 3, "sets_max": 5}, 560, 10),
    ({"type": "repetitions", "reps_min": 10, "sets_min": 2, "rest_s_min": 30}, 110, 2),
    ({"type": "repetitions", "reps_min": 10, "tempo_out_s": 3, "tempo_hold_s": 1, "tempo_back_s": 3}, 70, 2),
    ({"type": "duration", "duration_s_min": 180, "sides": "each"}, 360, 6),
    ({"type": "distance", "distance_m": 420}, 300, 5),
    ({"type": "as_able", "sets_min": 2}, 180, 3),
]


@pytest.mark.parametrize(("fields", "seconds", "minutes"), MINUTES)
def test_the_time_counts_sets_sides_and_rests_and_never_says_too_little(fields, seconds, minutes):
    dosage = Dosage(**fields)

    assert (dosage.seconds(), dosage.minutes()) == (seconds, minutes)
