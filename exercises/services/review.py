"""From draft to page: starting a draft, sending it to review, approving, sending back, withdrawing.

Every function takes an exercise version or a topic version. The row is locked first, so that two people who press two
buttons at once act one after the other, and the second one is told what the first one did.
"""

import calendar
import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.services import Refused, audit
from exercises.models import APPROVE, WITHDRAW, Exercise, ExerciseVersion, Status, Topic, TopicVersion
from exercises.rules.document import content_hash, exercise_problems, topic_problems
from exercises.rules.vocabulary import TopicKind
from exercises.services.documents import document_of, is_topic, write_draft


class NotADraft(Refused):
    """Only a draft can be edited or sent to review."""


class NotInReview(Refused):
    """Only what is in review can be approved or sent back."""


class NotPublished(Refused):
    """Only what is published can be withdrawn."""


class NotAllowed(Refused):
    """This person may not do that."""


class OwnWork(Refused):
    """A colleague approves, never the author, and nobody who changed the draft."""


class OpenVersion(Refused):
    """Somebody is working on it already."""


class Incomplete(Refused):
    """Something is missing. ``problems`` are sentences that say what."""

    def __init__(self, problems):
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


class ChangedMeanwhile(Refused):
    """It is no longer what this person was looking at."""


def locked(version):
    """The same version, its row held until the end of the transaction."""
    return type(version).objects.select_for_update(of=("self",)).get(pk=version.pk)


def problems_of(version) -> list[str]:
    """What is missing before a version may be reviewed, as sentences."""
    document = document_of(version)
    return topic_problems(document) if is_topic(version) else exercise_problems(document)


def start_draft(*, identity, by, now):
    """A new draft of an exercise or topic, beginning as its live version, or else as its latest one.

    Raises ``OpenVersion`` when there is a draft or something in review already.
    """
    versions = identity.versions.order_by("-number")
    with transaction.atomic():
        origin = identity.live_version or versions.first()
        fields = {"number": (versions.aggregate(latest=Max("number"))["latest"] or 0) + 1}
        fields |= _begun_by(by)
        fields |= _first_words(origin) if origin else _words_of(identity)
        try:
            with transaction.atomic():
                draft = identity.versions.create(status=Status.DRAFT, created_at=now, **fields)
        except IntegrityError as error:
            if "exercises_one_" not in str(error):
                raise
            raise OpenVersion(_("Somebody is working on this already: look under drafts and reviews.")) from error
        if origin is not None:
            write_draft(draft, document_of(origin))
        audit.record(actor=by, action="draft-started", target=draft, now=now)
    return draft


def _begun_by(by) -> dict:
    return {"author": by, "edited_by": [by.pk]}


def _first_words(origin) -> dict:
    return {"title": origin.title, "kind": origin.kind} if is_topic(origin) else {"name": origin.name}


def _words_of(identity) -> dict:
    name = identity.slug.replace("-", " ").capitalize()
    return {"title": name, "kind": TopicKind.FACTOR} if isinstance(identity, Topic) else {"name": name}


def discard_draft(*, version, by, now) -> None:
    """Throw a draft away, parts and all; its history stays. Raises ``NotADraft``."""
    with transaction.atomic():
        version = locked(version)
        if version.status != Status.DRAFT:
            raise NotADraft(_("Only a draft can be thrown away."))
        audit.record(actor=by, action="draft-discarded", target=version, now=now)
        version.delete()


def record_edit(*, version, by) -> None:
    """Remember that ``by`` changed what a draft says: somebody else approves it, whoever sends it to review.

    The caller holds the row and the transaction in which the change is saved.
    """
    if by.pk not in version.edited_by:
        version.edited_by = [*version.edited_by, by.pk]
        version.save(update_fields=["edited_by"])


def submit_for_review(*, version, by, now):
    """Send a draft to a colleague. Raises ``NotADraft`` or, with what is missing, ``Incomplete``."""
    with transaction.atomic():
        version = locked(version)
        if version.status != Status.DRAFT:
            raise NotADraft(_("Only a draft can be sent to review."))
        if problems := problems_of(version):
            raise Incomplete(problems)
        version.status, version.submitted_at, version.submitted_by = Status.IN_REVIEW, now, by
        version.save(update_fields=["status", "submitted_at", "submitted_by"])
        audit.record(actor=by, action="sent-to-review", target=version, now=now)
    return version


def send_back(*, version, by, now):
    """Make a draft again of what is in review, so that it can be changed. Raises ``NotInReview``."""
    with transaction.atomic():
        version = locked(version)
        if version.status != Status.IN_REVIEW:
            raise NotInReview(_("Only what is in review can be sent back."))
        version.status, version.submitted_at, version.submitted_by = Status.DRAFT, None, None
        version.save(update_fields=["status", "submitted_at", "submitted_by"])
        audit.record(actor=by, action="sent-back", target=version, now=now)
    return version


def approve(*, version, by, now, seen_hash=""):
    """Publish what a colleague wrote: from now on it is what patients see, until its next check is overdue.

    ``seen_hash``: the fingerprint of what the approver was looking at, if known. Raises ``NotAllowed``, ``OwnWork``,
    ``NotInReview``, ``ChangedMeanwhile`` or ``Incomplete``.
    """
    if not by.has_perm(APPROVE):
        raise NotAllowed(_("A therapist or the clinical lead approves."))
    with transaction.atomic():
        version = locked(version)
        if version.status != Status.IN_REVIEW:
            raise NotInReview(_("Only what is in review can be approved."))
        if by.pk in (version.author_id, version.submitted_by_id):
            raise OwnWork(_("A colleague approves it: not the author, and not who sent it to review."))
        if by.pk in version.edited_by:
            raise OwnWork(_("You changed this draft yourself, so a colleague approves it. Thank you for improving it."))
        document = document_of(version)
        fingerprint = content_hash(document)
        if seen_hash and seen_hash != fingerprint:
            raise ChangedMeanwhile(_("It was changed while you were reading. Please look at it again."))
        if problems := problems_of(version):
            raise Incomplete(problems)
        version.status, version.approved_by, version.published_at = Status.PUBLISHED, by, now
        version.review_due_on = months_after(timezone.localdate(now), version.review_months)
        version.snapshot, version.content_hash = document, fingerprint
        version.save(
            update_fields=["status", "approved_by", "published_at", "review_due_on", "snapshot", "content_hash"]
        )
        identity = version.identity
        identity.live_version = version
        identity.save(update_fields=["live_version"])
        audit.record(actor=by, action="approved", target=version, now=now)
    return version


def withdraw(*, version, reason, by, now):
    """Take a published version off the page, with a reason. Nothing takes its place.

    Raises ``NotAllowed``, ``NotPublished``, or ``Incomplete`` without a reason.
    """
    if not by.has_perm(WITHDRAW):
        raise NotAllowed(_("The clinical lead withdraws what is published."))
    reason = " ".join(reason.split())
    if not reason:
        raise Incomplete([_("Say why it is withdrawn.")])
    with transaction.atomic():
        version = locked(version)
        if version.status != Status.PUBLISHED:
            raise NotPublished(_("Only what is published can be withdrawn."))
        type(version.identity).objects.filter(pk=version.identity.pk, live_version=version).update(live_version=None)
        version.status, version.withdrawn_at = Status.WITHDRAWN, now
        version.withdrawn_by, version.withdrawn_reason = by, reason[:300]
        version.save(update_fields=["status", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        audit.record(actor=by, action="withdrawn", target=version, now=now)
    return version


def approve_all_in_review(*, by, now) -> int:
    """Approve everything that waits and that ``by`` neither wrote nor changed. Returns how many. For the demo's invented lead."""
    waiting = [
        version
        for model in (ExerciseVersion, TopicVersion)
        for version in model.objects.awaiting_review()
        if by.pk not in (version.author_id, version.submitted_by_id, *version.edited_by)
    ]
    for version in waiting:
        approve(version=version, by=by, now=now)
    return len(waiting)


def create_exercise(*, slug, name, by, now):
    """A new exercise with an empty first draft. Raises ``OpenVersion`` when the address is taken."""
    return _create(Exercise, slug, by, now, name=name)


def create_topic(*, slug, title, kind, by, now):
    """A new topic page with an empty first draft. Raises ``OpenVersion`` when the address is taken."""
    return _create(Topic, slug, by, now, title=title, kind=kind)


def _create(model, slug, by, now, **first):
    try:
        with transaction.atomic():
            identity = model.objects.create(slug=slug, uuid=uuid.uuid4())
            draft = identity.versions.create(number=1, created_at=now, **_begun_by(by), **first)
            audit.record(actor=by, action="draft-started", target=draft, now=now)
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise OpenVersion(_("There is something at this address already.")) from error
    return draft


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
