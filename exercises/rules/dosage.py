"""The dose of an exercise: how much, how long, which side, how often. One value, one sentence, one estimate of minutes.

A hold changes how each repetition is done; a duration or a distance replaces repetitions; "as able" has no number at
all. What cannot be true together is refused here and, in the same words, by the constraints on the stored dose.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class ImpossibleDosage(ValueError):
    """A combination that nobody could do. ``problems`` are sentences that say what to change."""

    def __init__(self, problems):
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class DosageType(StrEnum):
    REPETITIONS = "repetitions"
    HOLD = "hold"
    DURATION = "duration"
    DISTANCE = "distance"
    AS_ABLE = "as_able"


class Sides(StrEnum):
    NONE = "none"
    BOTH_TOGETHER = "both_together"
    EACH = "each"
    ALTERNATING = "alternating"


class SideWord(StrEnum):
    """What "each side" is called in the sentence."""

    SIDE = "side"
    LEG = "leg"
    ARM = "arm"


class Frequency(StrEnum):
    NOT_SET = "not_set"
    PER_DAY = "per_day"
    PER_WEEK = "per_week"
    EVERY_OTHER_DAY = "every_other_day"
    WEEKDAYS = "weekdays"
    BEFORE_RUN = "before_run"
    AFTER_RUN = "after_run"
    AS_NEEDED = "as_needed"


COUNTED = {Frequency.PER_DAY, Frequency.PER_WEEK}
WEEKDAY_NAMES = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]

MOST = {"sets": 20, "reps": 100, "hold_s": 600, "duration_s": 7200, "rest_s": 600, "distance_m": 50_000, "times": 10}
"""The largest number that each part of a dose may have; the smallest is 1 (0 for a rest or a part of the tempo)."""
LONGEST_TEMPO_PART = 30

MOVE_SECONDS = 4  # one repetition, out and back, when no tempo is given
REST_SECONDS = 60  # between sets, when no rest is given
AS_ABLE_SECONDS = 60  # a set of "as many as you can"
WALKING_METRES_PER_SECOND = 1.4


@dataclass(frozen=True)
class Dosage:
    """A dose. Ranges are a smallest and, where it differs, a largest number; seconds, metres and counts are whole."""

    type: DosageType
    sets_min: int = 1
    sets_max: int | None = None
    reps_min: int | None = None
    reps_max: int | None = None
    hold_s_min: int | None = None
    hold_s_max: int | None = None
    duration_s_min: int | None = None
    duration_s_max: int | None = None
    distance_m: int | None = None
    sides: Sides = Sides.NONE
    side_word: SideWord = SideWord.SIDE
    tempo_out_s: int | None = None
    tempo_hold_s: int | None = None
    tempo_back_s: int | None = None
    rest_s_min: int | None = None
    rest_s_max: int | None = None
    frequency: Frequency = Frequency.NOT_SET
    times_min: int | None = None
    times_max: int | None = None
    weekdays: tuple[int, ...] = ()
    """Days of the week, Monday is 0."""

    def __post_init__(self):
        for name, kind in (
            ("type", DosageType),
            ("sides", Sides),
            ("side_word", SideWord),
            ("frequency", Frequency),
        ):
            object.__setattr__(self, name, kind(getattr(self, name)))
        object.__setattr__(self, "weekdays", tuple(self.weekdays or ()))
        if found := self._problems():
            raise ImpossibleDosage(found)

    # What is possible

    def _problems(self) -> list[str]:
        return [*self._wrong_parts(), *self._wrong_ranges(), *self._wrong_frequency()]

    def _wrong_parts(self):
        kind = self.type
        if (self.reps_min is not None) != (kind in {DosageType.REPETITIONS, DosageType.HOLD}):
            yield _("Repetitions belong to “repetitions” and “hold”, and only to them.")
        if (self.hold_s_min is not None) != (kind == DosageType.HOLD):
            yield _("Seconds of a hold belong to “hold”, and only to it.")
        if (self.duration_s_min is not None) != (kind == DosageType.DURATION):
            yield _("A duration replaces repetitions: use it with “duration”, and only with it.")
        if (self.distance_m is not None) != (kind == DosageType.DISTANCE):
            yield _("A distance belongs to “distance”, and only to it.")
        tempo = [self.tempo_out_s, self.tempo_hold_s, self.tempo_back_s]
        given = [part for part in tempo if part is not None]
        if given and (len(given) < 3 or kind not in {DosageType.REPETITIONS, DosageType.HOLD}):
            yield _("A tempo has three numbers (out, hold, back) and needs repetitions.")
        elif given and kind == DosageType.HOLD and self.tempo_hold_s:
            yield _("With “hold”, the seconds of the hold say it already: make the hold of the tempo 0.")
        if any(not 0 <= part <= LONGEST_TEMPO_PART for part in given):
            yield _("Each part of the tempo is between 0 and 30 seconds.")
        if self.sides == Sides.ALTERNATING and kind in {DosageType.DURATION, DosageType.DISTANCE}:
            yield _("Taking turns needs repetitions.")

    def _wrong_ranges(self):
        for part, smallest in (("sets", 1), ("reps", 1), ("hold_s", 1), ("duration_s", 1), ("rest_s", 0), ("times", 1)):
            low, high = getattr(self, f"{part}_min"), getattr(self, f"{part}_max")
            if low is None and high is not None:
                yield _("A largest number needs a smallest one.")
            elif low is not None and not smallest <= low <= MOST[part]:
                yield _("A number is too small or too large.")
            elif high is not None and not low < high <= MOST[part]:
                yield _("The largest number must be larger than the smallest.")
        if self.distance_m is not None and not 1 <= self.distance_m <= MOST["distance_m"]:
            yield _("A number is too small or too large.")

    def _wrong_frequency(self):
        if (self.times_min is not None) != (self.frequency in COUNTED):
            yield _("“How many times” belongs to “a day” and “a week”, and only to them.")
        if bool(self.weekdays) != (self.frequency == Frequency.WEEKDAYS):
            yield _("Choose the days of the week with “on days of the week”, and only with it.")
        elif list(self.weekdays) != sorted(set(self.weekdays) & set(range(7))):
            yield _("Choose each day of the week once, in order.")

    # What it says

    def sentence(self) -> str:
        """The one sentence for page, print and figure: "Hold 20 to 30 seconds, 2 times each leg, once a day."."""
        often = self._how_often()
        first = self._core()
        if self.sets_max is None and self.sets_min == 1:
            return f"{_comma(first, often)}."
        sets = _range(self.sets_min, self.sets_max)
        most = self.sets_max or self.sets_min
        second = ngettext("Do %(sets)s set", "Do %(sets)s sets", most) % {"sets": sets}
        return f"{first}. {_comma(second, often)}."

    def _core(self) -> str:
        match self.type:
            case DosageType.REPETITIONS:
                return _("Repeat %(times)s") % {"times": self._times()}
            case DosageType.HOLD:
                hold = _("Hold %(seconds)s") % {"seconds": _seconds(self.hold_s_min, self.hold_s_max)}
                once = self.reps_max is None and self.reps_min == 1
                return hold if once and self.sides == Sides.NONE else _comma(hold, self._times())
            case DosageType.DURATION:
                text = _("Keep going for %(time)s") % {"time": _seconds(self.duration_s_min, self.duration_s_max)}
            case DosageType.DISTANCE:
                text = _("Go %(distance)s") % {"distance": _metres(self.distance_m)}
            case DosageType.AS_ABLE:
                text = _("Repeat as often as you can with good form") + ("" if self.sides == Sides.NONE else ",")
        match self.sides:
            case Sides.EACH | Sides.ALTERNATING:
                return f"{text} {_on_each(self.side_word)}"
            case Sides.BOTH_TOGETHER:
                return f"{text} {_both(self.side_word)}"
        return text

    def _times(self) -> str:
        count = _range(self.reps_min, self.reps_max)
        most = self.reps_max or self.reps_min
        times = _("once") if most == 1 else ngettext("%(n)s time", "%(n)s times", most) % {"n": count}
        match self.sides:
            case Sides.EACH:
                return f"{times} {_each(self.side_word)}"
            case Sides.ALTERNATING:
                return f"{times} {_each(self.side_word)}, {_('taking turns')}"
            case Sides.BOTH_TOGETHER:
                return f"{times} {_both(self.side_word)}"
        return times

    def _how_often(self) -> str:
        times = (self.times_min, self.times_max)
        match self.frequency:
            case Frequency.PER_DAY:
                if times == (1, None):
                    return _("once a day")
                return _("twice a day") if times == (2, None) else _("%(n)s times a day") % {"n": _range(*times)}
            case Frequency.PER_WEEK:
                if times == (1, None):
                    return _("once a week")
                return _("twice a week") if times == (2, None) else _("%(n)s times a week") % {"n": _range(*times)}
            case Frequency.EVERY_OTHER_DAY:
                return _("every other day")
            case Frequency.WEEKDAYS:
                return _("on %(days)s") % {"days": _list([str(WEEKDAY_NAMES[day]) for day in self.weekdays])}
            case Frequency.BEFORE_RUN:
                return _("before a run")
            case Frequency.AFTER_RUN:
                return _("after a run")
            case Frequency.AS_NEEDED:
                return _("when you need it")
        return ""

    def details(self) -> list[str]:
        """What goes beside the sentence: tempo and rest, in words."""
        lines = []
        if self.tempo_out_s is not None:
            lines.append(self._tempo())
        if (self.sets_max or self.sets_min) > 1:
            if self.rest_s_min is None:
                lines.append(_("Between sets, rest until your breathing settles."))
            elif self.rest_s_min or self.rest_s_max:
                rest = _seconds(self.rest_s_min, self.rest_s_max)
                lines.append(_("Rest %(seconds)s between sets.") % {"seconds": rest})
            else:
                lines.append(_("No rest between sets."))
        return lines

    def _tempo(self) -> str:
        out, back = _seconds(self.tempo_out_s), _seconds(self.tempo_back_s)
        if self.type == DosageType.HOLD or not self.tempo_hold_s:
            return _("Take %(out)s to move out and %(back)s to come back.") % {"out": out, "back": back}
        hold = _seconds(self.tempo_hold_s)
        words = {"out": out, "hold": hold, "back": back}
        return _("Take %(out)s to move out, wait %(hold)s, and take %(back)s to come back.") % words

    # How long it takes

    def seconds(self) -> int:
        """How long one session takes at most, by the larger numbers, all sides and rests included."""
        sets = self.sets_max or self.sets_min
        rest = self.rest_s_max or self.rest_s_min
        rest = REST_SECONDS if rest is None else rest
        sides = 2 if self.sides in {Sides.EACH, Sides.ALTERNATING} else 1
        return round(sets * sides * self._set_seconds() + (sets - 1) * rest)

    def _set_seconds(self) -> float:
        if self.type == DosageType.DURATION:
            return self.duration_s_max or self.duration_s_min
        if self.type == DosageType.DISTANCE:
            return self.distance_m / WALKING_METRES_PER_SECOND
        if self.type == DosageType.AS_ABLE:
            return AS_ABLE_SECONDS
        each = MOVE_SECONDS
        if self.tempo_out_s is not None:
            each = self.tempo_out_s + self.tempo_hold_s + self.tempo_back_s
        return (self.reps_max or self.reps_min) * (each + (self.hold_s_max or self.hold_s_min or 0))

    def minutes(self) -> int:
        """How many minutes to plan for one session: whole, rounded up, so that it never takes longer than we said."""
        return max(1, ceil(self.seconds() / 60))

    # In and out of a document

    def as_data(self) -> dict:
        """The parts that say something, for a content document or a snapshot."""
        parts = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, (value, default) in parts.items()
            if value != default
        }


def _comma(first: str, second: str) -> str:
    return f"{first}, {second}" if second else first


def _range(low: int, high: int | None = None) -> str:
    return str(low) if high is None else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _seconds(low: int, high: int | None = None) -> str:
    """Seconds in words; whole minutes as minutes."""
    if low >= 60 and low % 60 == 0 and (high or 0) % 60 == 0:
        low, high = low // 60, high // 60 if high else None
        return ngettext("%(n)s minute", "%(n)s minutes", high or low) % {"n": _range(low, high)}
    return ngettext("%(n)s second", "%(n)s seconds", high or low) % {"n": _range(low, high)}


def _metres(metres: int) -> str:
    if metres < 1000:
        return ngettext("%(n)s metre", "%(n)s metres", metres) % {"n": metres}
    kilometres = f"{metres / 1000:g}"
    return ngettext("%(n)s kilometre", "%(n)s kilometres", 1 if kilometres == "1" else 2) % {"n": kilometres}


def _each(word: SideWord) -> str:
    return {SideWord.SIDE: _("each side"), SideWord.LEG: _("each leg"), SideWord.ARM: _("each arm")}[word]


def _on_each(word: SideWord) -> str:
    return {SideWord.SIDE: _("on each side"), SideWord.LEG: _("with each leg"), SideWord.ARM: _("with each arm")}[word]


def _both(word: SideWord) -> str:
    return {
        SideWord.SIDE: _("with both sides together"),
        SideWord.LEG: _("with both legs together"),
        SideWord.ARM: _("with both arms together"),
    }[word]


def _list(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(all_but_last)s and %(last)s") % {"all_but_last": ", ".join(words[:-1]), "last": words[-1]}
