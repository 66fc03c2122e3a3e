"""Filling in an intake: begin, save page by page, stop on an emergency, ask again, add a phone number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clinic.models import Patient, User
from clinic.references import new_reference
from clinic.rules.levels import Level
from clinic.services import Refused, audit
from triage.models import Answer, Assessment, Intake
from triage.pathways import get_pathway
from triage.rules.engine import emergency_now, rule_table
from triage.rules.questionnaire import (
    DECLINED,
    UNSURE,
    AnswerError,
    Item,
    Page,
    all_pages,
    is_blank,
    pages,
    validate_answer,
)
from triage.services.conclusions import AlreadySent, age_of, current_answers, stop
from triage.services.rulesets import live_questionnaire

LONGEST_KEPT, MOST_KEPT = 5000, 100
"""Characters of one input, and inputs of one question, that are kept when they cannot be read."""

STOPPED_COUNTS_FOR = timedelta(days=30)
"""As long as an unreviewed assessment counts: until then a stopped form is not simply begun anew."""


class PageGone(Refused):
    """The page does not exist, or the answers so far do not lead to it."""


class ChangedMeanwhile(Refused):
    """Another tab answered the same page. Nothing was overwritten; ``answers`` are the rows that count now.

    Sent again with ``revision``, what was typed replaces them: by somebody who has seen both.
    """

    def __init__(self, answers, revision):
        super().__init__(
            _("You also answered this page in another tab or window. Check what you see here, then press Continue.")
        )
        self.answers, self.revision = answers, revision


@dataclass(frozen=True)
class Saved:
    """What came of saving a page."""

    intake: Intake
    answers: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    opened: tuple[str, ...] = ()
    """Pages that these answers opened."""
    stopped: bool = False


def open_intake(patient: Patient, pathway: str, now) -> Intake | None:
    """What ``patient`` has begun and not ended, or None.

    A stopped form stays open until a therapist has reviewed it or thirty days have passed: it is not simply begun anew.
    """
    intake = Intake.objects.select_related("questionnaire").draft_of(patient, pathway)
    if intake and intake.is_stopped:
        over = intake.stopped_at < now - STOPPED_COUNTS_FOR
        if over or intake.assessments.filter(reviews__isnull=False).exists():
            return None
    return intake


def start_intake(
    *,
    pathway: str,
    consent_version: str,
    patient: Patient | None = None,
    first_name: str = "",
    date_of_birth=None,
    phone: str = "",
    reference: str | None = None,
    by,
    now,
) -> Intake:
    """Begin an intake, and with it a patient when none is given.

    A new person is never matched with one we know: a name and a date of birth prove nothing. The same ``reference`` sent
    twice (a double click) is one intake; so is a second start while one is open. Raises ``NotTakingIntakes``.
    """
    questionnaire = live_questionnaire(pathway)
    who = {"patient": patient} if patient else {"first_name": first_name, "date_of_birth": date_of_birth}
    try:
        with transaction.atomic():
            if patient:
                patient = Patient.objects.select_for_update().get(pk=patient.pk)
            if reference and (begun := _begun_as(reference, **who)):
                return begun
            if patient and (begun := open_intake(patient, pathway, now)):
                if isinstance(by, User) or not begun.is_typed_at_the_desk:
                    return begun
                leave_intake(
                    intake=begun, by=by, now=now
                )  # the desk reads its own drafts: what a patient types goes elsewhere
            if patient is None:
                patient = Patient.objects.create(first_name=first_name, date_of_birth=date_of_birth, phone=phone)
            elif phone and not patient.phone:
                patient.phone = phone
                patient.save(update_fields=["phone"])
            typed_by = by if isinstance(by, User) else None
            intake = Intake.objects.create(
                reference=reference or new_reference(),
                questionnaire=questionnaire,
                patient=patient,
                channel=Intake.Channel.DESK if typed_by else Intake.Channel.WEB,
                entered_by=typed_by,
                consent_version=consent_version,
                consented_at=now,
                started_at=now,
            )
            audit.record(actor=typed_by or patient, action="intake-started", target=intake, patient=patient, now=now)
    except IntegrityError as error:
        if "reference" not in str(error):
            raise
        if begun := _begun_as(reference, **who):  # the other half of a double click was quicker
            return begun
        return start_intake(  # somebody else's reference, sent on purpose: it opens nothing of theirs
            pathway=pathway,
            consent_version=consent_version,
            patient=who.get("patient"),
            first_name=first_name,
            date_of_birth=date_of_birth,
            phone=phone,
            by=by,
            now=now,
        )
    return intake


def _begun_as(reference, *, patient=None, first_name="", date_of_birth=None) -> Intake | None:
    """The intake of that reference, for the person who began it."""
    begun = Intake.objects.select_related("patient", "questionnaire").filter(reference=reference)
    if patient:
        return begun.filter(patient=patient).first()
    return begun.filter(patient__first_name=first_name, patient__date_of_birth=date_of_birth).first()


def leave_intake(*, intake: Intake, by, now) -> None:
    """Leave a draft behind, to begin anew. A stopped or finished intake is not left by this."""
    with transaction.atomic():
        left = Intake.objects.filter(pk=intake.pk, status=Intake.Status.IN_PROGRESS).update(
            status=Intake.Status.ABANDONED
        )
        if left:
            audit.record(actor=by, action="intake-left", target=intake, patient=intake.patient, now=now)


def save_page(*, intake: Intake, page_id: str, raw: Mapping[str, Any], revision: int, by, now) -> Saved:
    """Save one page as it was typed, what cannot be read included, and stop at once on an emergency answer.

    ``raw`` maps linkIds to text, lists of text or date boxes; ``revision`` is that of the page that was shown. The earlier
    answer to a question is kept beside the new one. The rows themselves say what was answered and when, so that there is
    no audit line for each page.

    Raises ``AlreadySent``, ``PageGone``, and ``ChangedMeanwhile`` rather than overwrite what another tab answered since;
    an emergency answer is saved and acted on even then.
    """
    with transaction.atomic():
        intake = _locked(intake)
        if intake.is_finished or intake.status == Intake.Status.ABANDONED:
            raise AlreadySent
        rows = {row.link_id: row for row in intake.answers.current()}
        before = _values(rows)
        if intake.is_stopped:
            return Saved(intake, before, stopped=True)
        content = intake.questionnaire.content
        shown = pages(content, before)
        page = _page(shown, page_id)
        read, errors = _read(page.questions, raw)
        changed = [answer for answer in read if _differs(answer, rows.get(answer.link_id))]
        after = before | {answer.link_id: answer.value for answer in read}
        findings = emergency_now(get_pathway(intake.pathway), after, age_of(intake.patient, now), questionnaire=content)
        stale = [answer for answer in changed if _newer(rows.get(answer.link_id), revision)]
        if stale and not findings:
            raise ChangedMeanwhile([rows[answer.link_id] for answer in stale], intake.revision)
        intake.page = page_id
        if changed:
            intake.revision += 1
            _add(intake, changed, rows, now)
        intake.save(update_fields=["page", "revision"])
        if findings:
            stop(intake=intake, answers=after, by=by, now=now)
            return Saved(intake, after, stopped=True)
        known = {part.id for part in shown}
        opened = tuple(part.id for part in pages(content, after) if part.id not in known)
        return Saved(intake, after, errors, opened)


def answered_by_mistake(*, intake: Intake, by, now) -> Intake:
    """Open a stopped form again and ask anew what stopped it.

    The answers behind the stop are kept and no longer count, so that each is asked again. The result will be at least
    urgent, and the call-back stays until a person closes it. Saying it twice is saying it once.
    """
    with transaction.atomic():
        intake = _locked(intake)
        if not intake.is_stopped:
            return intake
        intake.answers.current().filter(link_id__in=_behind_the_stop(intake)).update(superseded_at=now)
        intake.status = Intake.Status.IN_PROGRESS
        intake.floor_level = Level.URGENT
        intake.revision += 1
        intake.save(update_fields=["status", "floor_level", "revision"])
        audit.record(actor=by, action="intake-asked-again", target=intake, patient=intake.patient, now=now)
    return intake


def _behind_the_stop(intake: Intake) -> set[str]:
    """The questions to ask anew: those that the rules of the last stop read and that were not answered "no".

    What somebody typed in their own words is read by rules that name no question: then the page is asked anew.
    """
    last_stop = intake.assessments.filter(kind=Assessment.Kind.STOP).latest("pk")
    codes = {finding["code"] for finding in last_stop.findings if finding["level"] == Level.EMERGENCY.key}
    read = {link for row in rule_table(get_pathway(intake.pathway)) if row.code in codes for link in row.links}
    content, given = intake.questionnaire.content, current_answers(intake)
    behind = {link for link in read & given.keys() if not _denied(content.item(link), given[link])}
    return behind or {item.link_id for page in all_pages(content) if page.id == intake.page for item in page.questions}


def _denied(item: Item, value: Any) -> bool:
    """ "No", or "none of these" alone. "I'm not sure" is neither."""
    if isinstance(value, list):
        only = item.option(value[0]) if len(value) == 1 else None
        return only is not None and only.exclusive and only.code not in (UNSURE, DECLINED)
    return value == "no"


def add_phone(*, intake: Intake, phone: str, by, now) -> Patient:
    """Keep the phone number that somebody gave us after all, so that the open call-back can be made."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=intake.patient_id)
        patient.phone = phone
        patient.save(update_fields=["phone"])
        audit.record(actor=by, action="phone-added", target=patient, patient=patient, now=now)
    return patient


def answer_again(*, intake: Intake, by, now) -> Intake:
    """A new intake that begins with the answers of a finished one, so that one of them can be changed and sent.

    What was sent stays as it is. Raises ``NotTakingIntakes``.
    """
    with transaction.atomic():
        fresh = start_intake(
            pathway=intake.pathway,
            consent_version=intake.consent_version,
            patient=intake.patient,
            by=by,
            now=now,
        )
        if not fresh.answers.exists():
            given = dict(intake.answers.current().filter(valid=True).values_list("link_id", "value"))
            known = [item for item in fresh.questionnaire.content.questions if item.link_id in given]
            copied, _errors = _read(known, given)
            fresh.revision = 1
            _add(fresh, [answer for answer in copied if answer.valid], {}, now)
            fresh.save(update_fields=["revision"])
    return fresh


def next_to_do(intake: Intake) -> Page | None:
    """The first page that is not dealt with: never shown, or without an answer that is needed. None when all is done."""
    rows = {row.link_id: row for row in intake.answers.current()}
    for page in pages(intake.questionnaire.content, _values(rows)):
        if any(_open(item, rows.get(item.link_id)) for item in page.questions):
            return page
    return None


def _open(item: Item, row: Answer | None) -> bool:
    return row is None or not row.valid or (item.required and is_blank(row.value))


def _locked(intake: Intake) -> Intake:
    return Intake.objects.select_for_update(of=["self"]).select_related("questionnaire", "patient").get(pk=intake.pk)


def _page(shown, page_id: str) -> Page:
    for page in shown:
        if page.id == page_id:
            return page
    raise PageGone(_("This question is not asked any more."))


def _values(rows: Mapping[str, Answer]) -> dict[str, Any]:
    return {link_id: row.value for link_id, row in rows.items() if not is_blank(row.value)}


def _read(questions: list[Item] | tuple[Item, ...], raw: Mapping[str, Any]) -> tuple[list[Answer], dict[str, str]]:
    """The answers to ``questions`` as unsaved rows, and a sentence for each that cannot be read."""
    read, errors = [], {}
    for item in questions:
        typed = raw.get(item.link_id)
        try:
            read.append(Answer(link_id=item.link_id, value=validate_answer(item, typed)))
        except AnswerError as problem:
            errors[item.link_id] = problem.message
            read.append(Answer(link_id=item.link_id, raw=_kept(typed), valid=False))
    return read, errors


def _kept(typed: Any) -> Any:
    """What was typed, as it can be stored: no characters that JSON in Postgres refuses, and no more than a person types."""
    if isinstance(typed, str):
        return typed.replace("\x00", "")[:LONGEST_KEPT]
    if isinstance(typed, Mapping):
        return {str(key): _kept(value) for key, value in list(typed.items())[:MOST_KEPT]}
    if isinstance(typed, list | tuple):
        return [_kept(value) for value in typed[:MOST_KEPT]]
    return typed


def _differs(answer: Answer, row: Answer | None) -> bool:
    return row is None or (answer.value, answer.raw, answer.valid) != (row.value, row.raw, row.valid)


def _newer(row: Answer | None, revision: int) -> bool:
    return row is not None and row.revision > revision


def _add(intake: Intake, changed: list[Answer], rows: Mapping[str, Answer], now) -> None:
    """Add the changed answers of one save; what they replace stays, marked as superseded."""
    replaced = [rows[answer.link_id].pk for answer in changed if answer.link_id in rows]
    if replaced:
        Answer.objects.filter(pk__in=replaced).update(superseded_at=now)
    for answer in changed:
        answer.intake, answer.revision, answer.answered_at = intake, intake.revision, now
    Answer.objects.bulk_create(changed)
