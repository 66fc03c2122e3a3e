"""Exercises and their versions."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField, TrigramSimilarity
from django.db import models
from django.db.models import F, Func, Max, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exercises.models.versions import Identity, Version, live_version_trigger
from exercises.rules.vocabulary import Difficulty, Kind

VERSIONS = "exercises_exerciseversion"


class ExerciseQuerySet(models.QuerySet):
    def shown(self, today):
        """What the public library shows: published, not archived, and checked recently enough."""
        return self.filter(archived_at=None, live_version__review_due_on__gte=today)

    def due_for_review(self, today):
        """Published, but its check is overdue: no longer shown, and a lead's work. The longest overdue first."""
        return self.filter(archived_at=None, live_version__review_due_on__lt=today).order_by(
            "live_version__review_due_on", "slug"
        )

    def tagged(self, kind, codes):
        """Those with every one of these tags."""
        found = self
        for code in codes:
            found = found.filter(
                live_version__in=ExerciseVersion.objects.filter(tags__kind=kind, tags__code=code).values("pk")
            )
        return found

    def matching(self, words, loosely=False):
        """Those whose name, other name or purpose is like ``words``, spelling mistakes forgiven; the best match first.

        Each condition is a subquery of its own, so that each has its index. ``loosely`` forgives more.
        """
        like = "trigram_similar" if loosely else "trigram_word_similar"
        query = SearchQuery(words, config="english", search_type="websearch")
        versions = ExerciseVersion.objects.order_by()
        by_words = versions.filter(Q(search=query) | Q(**{f"name__{like}": words}))
        by_alias = versions.filter(**{f"aliases__text__{like}": words})
        alias_likeness = (
            versions.filter(pk=models.OuterRef("live_version"))
            .values("pk")
            .annotate(best=Max(TrigramSimilarity("aliases__text", words)))
            .values("best")
        )
        return (
            self.filter(Q(live_version__in=by_words.values("pk")) | Q(live_version__in=by_alias.values("pk")))
            .annotate(
                likeness=Greatest(
                    TrigramSimilarity("live_version__name", words), Coalesce(Subquery(alias_likeness), 0.0)
                )
                + SearchRank("live_version__search", query)
            )
            .order_by("-likeness", "live_version__name", "pk")
        )

    def in_order_of(self, keys):
        """The rows with these keys, in the order of the keys."""
        place = Func(Value(keys, ArrayField(models.BigIntegerField())), F("pk"), function="array_position")
        return self.filter(pk__in=keys).order_by(place.asc())


@pghistory.track()
class Exercise(Identity):
    """An exercise as such: its address, and which of its versions patients see. It holds no words."""

    live_version = models.OneToOneField(
        "exercises.ExerciseVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="live_for",
        verbose_name=_("live version"),
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
        help_text=_("Its address leads there."),
    )

    objects = ExerciseQuerySet.as_manager()

    class Meta(Identity.Meta):
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        constraints = [
            *Identity.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(replaced_by=F("id")),
                name="exercises_exercise_does_not_replace_itself",
                violation_error_code="replaces_itself",
                violation_error_message=_("An exercise cannot replace itself."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(archived_at__isnull=False),
                name="exercises_exercise_that_is_replaced_is_archived",
                violation_error_code="replaced_but_shown",
                violation_error_message=_("An exercise that was replaced is archived."),
            ),
        ]
        triggers = [live_version_trigger(VERSIONS, "exercise_id")]

    def get_absolute_url(self):
        return reverse("exercises:detail", kwargs={"slug": self.slug})


@pghistory.track(exclude=["edited_by", "search", "snapshot"])
class ExerciseVersion(Version):
    """One version of an exercise: what it says, how much, who should ask first, and how it is drawn."""

    exercise = models.ForeignKey(
        Exercise, on_delete=models.PROTECT, related_name="versions", verbose_name=_("exercise")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices(), default=Kind.STRENGTH.value)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(
        _("what it is for"), max_length=300, blank=True, help_text=_("In at most 25 plain words, for the patient.")
    )
    difficulty = models.CharField(
        _("effort"), max_length=10, choices=Difficulty.choices(), default=Difficulty.STEADY.value
    )
    set_by_clinic = models.CharField(
        _("set by the clinic"),
        max_length=300,
        blank=True,
        help_text=_("What the source leaves open and we decided, with commas: sets, rest, frequency."),
    )
    figure = models.JSONField(
        _("figure"), null=True, blank=True, help_text=_("Poses as data; the guide lies beside the content files.")
    )
    source_file = models.CharField(_("source"), max_length=200, blank=True, help_text=_("The article or guideline."))
    source_lines = models.CharField(_("lines"), max_length=200, blank=True)
    source_note = models.CharField(_("note on the source"), max_length=200, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="english")
        + SearchVector("purpose", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta(Version.Meta):
        verbose_name = _("exercise version")
        verbose_name_plural = _("exercise versions")
        permissions = [
            ("approve_exerciseversion", "May publish what a colleague wrote"),
            ("withdraw_exerciseversion", "May take a published version off the page"),
        ]
        indexes = [
            GinIndex("search", name="exercises_version_search"),
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="exercises_version_name_trgm"),
            models.Index("status", "submitted_at", name="exercises_version_status"),
        ]
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number"],
                name="exercises_one_version_per_number",
                violation_error_code="number_taken",
                violation_error_message=_("There is a version with this number."),
            ),
            models.UniqueConstraint(
                fields=["exercise"],
                condition=Q(status__in=["draft", "in_review"]),
                name="exercises_one_open_version_per_exercise",
                violation_error_code="open_version",
                violation_error_message=_("Somebody is working on this exercise already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]),
                name="exercises_exerciseversion_has_a_known_kind",
                violation_error_code="unknown_kind",
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                condition=Q(difficulty__in=[difficulty.value for difficulty in Difficulty]),
                name="exercises_exerciseversion_has_a_known_effort",
                violation_error_code="unknown_difficulty",
                violation_error_message=_("Choose gentle, steady or strong."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="exercises_exerciseversion_has_a_name",
                violation_error_code="name_missing",
                violation_error_message=_("Give it a name."),
            ),
        ]
        triggers = [*Version.Meta.triggers]

    def __str__(self):
        return _("%(name)s, version %(number)s") % {"name": self.name, "number": self.number}

    @property
    def identity(self):
        return self.exercise
