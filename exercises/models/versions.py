"""What exercises and topic pages have in common: an identity that lasts, and versions that pass through a second pair of eyes.

A version is written as a draft, sent to review, and published by somebody who did not write it. From then on Postgres
refuses every change except its withdrawal; a change to a published page is a new version.
"""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

APPROVE = "exercises.approve_exerciseversion"
"""May publish what a colleague wrote: exercises and topic pages alike."""
WITHDRAW = "exercises.withdraw_exerciseversion"
"""May take a published version off the page."""


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = [Status.DRAFT, Status.IN_REVIEW]
KEPT = [Status.PUBLISHED, Status.WITHDRAWN]


class VersionQuerySet(models.QuerySet):
    def open(self):
        """Drafts, and what waits for a colleague."""
        return self.filter(status__in=OPEN)

    def awaiting_review(self):
        """What a colleague still has to read, the oldest first."""
        return self.filter(status=Status.IN_REVIEW).order_by("submitted_at", "pk")


class Identity(models.Model):
    """What lasts while versions change: the address and the id under which it is known outside."""

    slug = models.SlugField(_("address"), max_length=60, unique=True, help_text=_("Small letters and hyphens."))
    uuid = models.UUIDField(_("id"), unique=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="exercises_%(class)s_address_is_plain",
                violation_error_code="address",
                violation_error_message=_("The address has small letters, numbers and single hyphens."),
            )
        ]

    def __str__(self):
        return self.slug


class Version(models.Model):
    """One version of what patients read. Who wrote it, who else read it, and until when it counts as checked."""

    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    language = models.CharField(_("language"), max_length=10, default="en")
    review_months = models.PositiveSmallIntegerField(
        _("months until the next check"), default=12, help_text=_("Between 1 and 36.")
    )
    author = models.ForeignKey(
        "clinic.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )  # nobody: it came with the clinic's content files
    edited_by = ArrayField(
        models.BigIntegerField(),
        default=list,
        editable=False,
        verbose_name=_("changed by"),
        help_text=_("The ids of everybody who began the draft or changed it: none of them approves it."),
    )
    created_at = models.DateTimeField(_("begun"))
    revision = models.PositiveIntegerField(
        default=0, help_text=_("Counts the saves of a draft, so that two editors never overwrite each other.")
    )
    submitted_at = models.DateTimeField(_("sent to review"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    approved_by = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    review_due_on = models.DateField(_("next check by"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)
    loaded_hash = models.CharField(
        max_length=64, blank=True, help_text=_("The fingerprint of the content file it came from, if it did.")
    )
    content_hash = models.CharField(
        _("fingerprint"), max_length=64, blank=True, help_text=_("Of what was published. Empty before that.")
    )
    snapshot = models.JSONField(
        null=True, blank=True, help_text=_("All of it as it was published: pages, print and comparison read this.")
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="exercises_%(class)s_has_a_known_status",
                violation_error_code="unknown_status",
                violation_error_message=_("Choose one of the statuses."),
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("author")),
                name="exercises_%(class)s_is_not_approved_by_its_author",
                violation_error_code="own_work",
                violation_error_message=_("A colleague approves it, not its author."),
            ),
            models.CheckConstraint(
                condition=~Q(edited_by__contains=[F("approved_by")]),
                name="exercises_%(class)s_is_not_approved_by_an_editor",
                violation_error_code="own_words",
                violation_error_message=_("A colleague approves it, nobody who changed it."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=KEPT)
                | Q(approved_by__isnull=False, published_at__isnull=False, review_due_on__isnull=False)
                & ~Q(content_hash="")
                & Q(snapshot__isnull=False),
                name="exercises_%(class)s_publication_says_who_when_and_until",
                violation_error_code="half_published",
                violation_error_message=_(
                    "What is published says who approved it, when, and when it is checked again."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_REVIEW) | Q(submitted_at__isnull=False),
                name="exercises_%(class)s_review_says_since_when",
                violation_error_code="half_submitted",
                violation_error_message=_("What is in review says since when."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                )
                | (
                    ~Q(status=Status.WITHDRAWN)
                    & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                ),
                name="exercises_%(class)s_withdrawal_says_who_when_and_why",
                violation_error_code="half_withdrawn",
                violation_error_message=_("Say why it is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(review_months__gte=1, review_months__lte=36),
                name="exercises_%(class)s_is_checked_within_three_years",
                violation_error_code="review_months",
                violation_error_message=_("The next check is due in 1 to 36 months."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="exercises_%(class)s_counts_from_one",
                violation_error_code="number",
                violation_error_message=_("Versions count from 1."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="kept_once_published",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("may_change", "text[]")],
                func="""
                    IF OLD.status = 'draft' THEN RETURN NEW; END IF;
                    may_change := ARRAY['search', 'status', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason'];
                    IF OLD.status = 'in_review' THEN
                        may_change := may_change || ARRAY['revision', 'submitted_at', 'submitted_by_id', 'approved_by_id',
                            'published_at', 'review_due_on', 'content_hash', 'snapshot'];
                    ELSIF NEW.status <> 'withdrawn' OR OLD.status = 'withdrawn' THEN
                        RAISE EXCEPTION 'A published version is kept as it is: start a new draft.';
                    END IF;
                    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
                        RAISE EXCEPTION 'Only a draft can be edited.';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="never_deleted", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__status__in=KEPT)
            ),
        ]

    def __str__(self):
        return _("%(name)s, version %(number)s") % {"name": self.identity, "number": self.number}

    @property
    def identity(self) -> Identity:
        """The exercise or topic that this is a version of."""
        raise NotImplementedError

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT


def live_version_trigger(version_table: str, column: str) -> pgtrigger.Trigger:
    """The live version is one of its own and published."""
    return pgtrigger.Trigger(
        name="live_is_published",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"""
            IF NEW.live_version_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM {version_table} AS version
                WHERE version.id = NEW.live_version_id AND version.{column} = NEW.id AND version.status = 'published'
                FOR SHARE
            ) THEN
                RAISE EXCEPTION 'Only a published version of its own can be live.';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the two names come from the model, not from a request
    )


def track_part():
    """History of a part, its removal included: otherwise a step that was taken out of a draft would leave no trace."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())


def part_trigger(version_table: str) -> pgtrigger.Trigger:
    """The parts of a version change only while it is a draft."""
    status_of = f"(SELECT status FROM {version_table} WHERE id = %s.version_id FOR SHARE)"  # noqa: S608  see above
    return pgtrigger.Trigger(
        name="part_of_a_draft",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP <> 'INSERT' AND {status_of % "OLD"} <> 'draft' THEN
                RAISE EXCEPTION 'Only a draft can be edited.';
            END IF;
            IF TG_OP <> 'DELETE' AND {status_of % "NEW"} <> 'draft' THEN
                RAISE EXCEPTION 'Only a draft can be edited.';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
