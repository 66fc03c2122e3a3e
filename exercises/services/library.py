"""What the public pages show: the library with its filters and search, and single pages."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from exercises.models import Exercise, ExerciseVersion, Tag, Topic
from exercises.rules.page import still_of
from exercises.rules.vocabulary import TAGS, Difficulty, Kind, tag_label

LONGEST_SEARCH = 100  # letters
MOST_FOUND = 240  # ten pages: nobody turns more
HEAVY = ("snapshot", "search")  # columns that a list does not need


@dataclass(frozen=True)
class Card:
    """One exercise in a list."""

    name: str
    purpose: str
    meta: str
    figure_still: SafeString | str
    url: str

    def get_absolute_url(self) -> str:
        return self.url


def card(exercise, shared: bool = True) -> Card:
    """The card of an exercise whose live version is at hand. ``shared``: the page brings the shapes of all figures."""
    version = exercise.live_version
    return Card(
        name=version.name,
        purpose=version.purpose,
        meta=f"{Difficulty(version.difficulty).label}, {str(Kind(version.kind).label).lower()}",
        figure_still=still_of(version.figure, shared),
        url=exercise.get_absolute_url(),
    )


def with_live_words(exercises):
    """The exercises with their live version, without the columns that a list does not need."""
    return exercises.select_related("live_version").defer(*(f"live_version__{name}" for name in HEAVY))


@dataclass(frozen=True)
class Found:
    """What a visitor's words and filters leave: the exercises in their order, and how many, where that is known already."""

    exercises: QuerySet
    count: int | None = None


def find_exercises(*, words="", tags=None, today) -> Found:
    """The exercises shown today that match the words and have every tag: the best match first, or else by name.

    ``tags`` maps a kind to codes; what is not in the vocabulary is ignored. The database is searched here, once (twice
    when nothing is much like the words), and only the best matches are kept.
    """
    shown = Exercise.objects.shown(today).order_by("live_version__name", "pk")
    for kind, codes in (tags or {}).items():
        shown = shown.tagged(kind, [code for code in codes if code in TAGS.get(kind, {})])
    words = " ".join(words.replace("\x00", " ").split())[:LONGEST_SEARCH]
    if not words:
        return Found(with_live_words(shown))
    for loosely in (False, True):
        best = list(shown.matching(words, loosely).values_list("pk", flat=True)[:MOST_FOUND])
        if best:
            break
    return Found(with_live_words(Exercise.objects.in_order_of(best)), len(best))


@dataclass(frozen=True)
class Facet:
    """One filter: how many exercises would be left with it, and whether it is on."""

    kind: str
    code: str
    label: str
    count: int
    chosen: bool


def count_facets(*, found, tags) -> dict[str, list[Facet]]:
    """The filters that make sense for what was found, by kind. One query."""
    versions = found.exercises.order_by().values("live_version")
    rows = Tag.objects.filter(version__in=versions).order_by().values_list("kind", "code").annotate(Count("version"))
    counted = {(kind, code): count for kind, code, count in rows}
    return {
        str(kind): [
            Facet(str(kind), code, tag_label(kind, code), counted.get((kind, code), 0), code in tags.get(kind, []))
            for code in codes
            if (kind, code) in counted or code in tags.get(kind, [])
        ]
        for kind, codes in TAGS.items()
    }


def home_exercises(count: int, today=None) -> list[Card]:
    """A few gentle exercises for the home page, each figure complete in itself."""
    gentle = Exercise.objects.shown(today or timezone.localdate()).filter(live_version__difficulty=Difficulty.GENTLE)
    return [card(exercise, shared=False) for exercise in with_live_words(gentle.order_by("live_version__name"))[:count]]


def shown_names(*, slugs, today) -> dict[str, str]:
    """The names of those of these exercises that are shown, by address."""
    rows = Exercise.objects.shown(today).filter(slug__in=slugs)
    return dict(rows.values_list("slug", "live_version__name"))


def topics_by_kind(*, today) -> list[tuple[str, list[Topic]]]:
    """The topic pages shown today, in the order of the page. One query."""
    topics = Topic.objects.shown(today).in_page_order().select_related("live_version").defer("live_version__snapshot")
    groups: dict[str, list[Topic]] = {}
    for topic in topics:
        groups.setdefault(topic.live_version.get_kind_display(), []).append(topic)
    return list(groups.items())


def similar_names(*, name, leave_out=None) -> list[str]:
    """Live exercises whose name or other name is much like ``name``: perhaps the same one. At most five."""
    live = ExerciseVersion.objects.filter(live_for__isnull=False, live_for__archived_at=None)
    if leave_out is not None:
        live = live.exclude(exercise=leave_out)
    rows = live.annotate(own=TrigramSimilarity("name", name), other=TrigramSimilarity("aliases__text", name))
    alike = [row for row in rows.order_by().values_list("name", "own", "other") if max(row[1], row[2] or 0) >= 0.5]
    return list(dict.fromkeys(row[0] for row in sorted(alike, key=lambda row: -max(row[1], row[2] or 0))))[:5]
