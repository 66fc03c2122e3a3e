"""Topic pages: what may play a part in back pain, cues for running, warm-up, self-care, what the clinic offers."""

import pghistory
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exercises.models.versions import Identity, Version, live_version_trigger, part_trigger, track_part
from exercises.rules.vocabulary import TopicKind

VERSIONS = "exercises_topicversion"


class TopicQuerySet(models.QuerySet):
    def shown(self, today):
        """What the public pages show: published, not archived, and checked recently enough."""
        return self.filter(archived_at=None, live_version__review_due_on__gte=today)

    def in_page_order(self):
        return self.order_by("live_version__position", "slug")


@pghistory.track()
class Topic(Identity):
    """A topic page as such: its address, and which of its versions patients see."""

    live_version = models.OneToOneField(
        "exercises.TopicVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="live_for",
        verbose_name=_("live version"),
    )

    objects = TopicQuerySet.as_manager()

    class Meta(Identity.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        triggers = [live_version_trigger(VERSIONS, "topic_id")]

    def get_absolute_url(self):
        return reverse("exercises:topic", kwargs={"slug": self.slug})


@pghistory.track(exclude=["edited_by", "snapshot"])
class TopicVersion(Version):
    """One version of a topic page."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="versions", verbose_name=_("topic"))
    kind = models.CharField(_("kind"), max_length=10, choices=TopicKind.choices())
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in short"), max_length=300, blank=True)

    class Meta(Version.Meta):
        verbose_name = _("topic version")
        verbose_name_plural = _("topic versions")
        indexes = [models.Index("status", "submitted_at", name="exercises_topicversion_status")]
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                fields=["topic", "number"],
                name="exercises_one_topic_version_per_number",
                violation_error_code="number_taken",
                violation_error_message=_("There is a version with this number."),
            ),
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(status__in=["draft", "in_review"]),
                name="exercises_one_open_version_per_topic",
                violation_error_code="open_version",
                violation_error_message=_("Somebody is working on this page already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in TopicKind]),
                name="exercises_topicversion_has_a_known_kind",
                violation_error_code="unknown_kind",
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="exercises_topicversion_has_a_title",
                violation_error_code="title_missing",
                violation_error_message=_("Give it a title."),
            ),
        ]

    def __str__(self):
        return _("%(name)s, version %(number)s") % {"name": self.title, "number": self.number}

    @property
    def identity(self):
        return self.topic


@track_part()
class TopicSection(models.Model):
    """One section of a topic page. Each line of its text is a paragraph; a line that begins with "- " is a point in a list."""

    version = models.ForeignKey(TopicVersion, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("order"))
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(
        _("text"), help_text=_("One line is one paragraph; a line that begins with “- ” is a point.")
    )
    source = models.JSONField(_("source"), default=list, blank=True, help_text=_("A list of file, lines and note."))
    contested = models.CharField(
        _("contested"),
        max_length=500,
        blank=True,
        help_text=_("Where sources or guidance disagree, and what we decided. Shown to patients."),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        triggers = [part_trigger(VERSIONS)]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="exercises_one_section_per_place",
                deferrable=Deferrable.DEFERRED,
                violation_error_code="place_taken",
                violation_error_message=_("Two sections have the same place in the order."),
            ),
            models.CheckConstraint(
                condition=~Q(heading="") & ~Q(text=""),
                name="exercises_section_has_heading_and_text",
                violation_error_code="empty",
                violation_error_message=_("Each section has a heading and a text."),
            ),
        ]

    def __str__(self):
        return self.heading
