"""Tasks, links, the outbox and the read audit."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from clinic.models import AccessLog, Link, Message, Task
from clinic.rules.levels import Level
from clinic.services import audit, links, outbox, tasks
from clinic.services.episodes import open_episode
from tests.factories_clinic import NOW, make_patient, make_task, make_user

pytestmark = pytest.mark.django_db


def open_task(**fields):
    defaults = {
        "kind": Task.Kind.CALL_BACK,
        "key": "intake:1",
        "level": Level.URGENT,
        "reason": "A person should check these answers",
        "due_at": NOW + timedelta(hours=2),
        "by": "public",
        "now": NOW,
    }
    if "patient" not in fields:
        fields["patient"] = make_patient()
    return tasks.open_task(**{**defaults, **fields})


# Tasks


def test_one_fact_opens_one_task():
    patient = make_patient()

    first, second = open_task(patient=patient), open_task(patient=patient)

    assert first == second
    assert Task.objects.count() == 1


def test_a_repeat_raises_the_level_and_pulls_the_time_forward():
    patient = make_patient()
    open_task(patient=patient)

    task = open_task(patient=patient, level=Level.EMERGENCY, reason="Worse", due_at=NOW)

    assert (task.level, task.reason, task.due_at) == (Level.EMERGENCY, "Worse", NOW)


def test_a_repeat_never_lowers_the_level_or_moves_the_time_back():
    patient = make_patient()
    open_task(patient=patient)

    open_task(patient=patient, level=Level.ROUTINE, reason="Milder", due_at=NOW + timedelta(days=1))

    task = Task.objects.get()
    assert (task.level, task.due_at) == (Level.URGENT, NOW + timedelta(hours=2))


def test_a_repeat_does_not_reopen_what_a_person_closed():
    patient = make_patient()
    tasks.close_task(task=open_task(patient=patient), outcome=Task.Outcome.REACHED, by=make_user(), now=NOW)

    assert open_task(patient=patient).closed_at == NOW


def test_the_queue_is_the_most_urgent_then_the_oldest():
    late = make_task(level=Level.URGENT, created_at=NOW)
    early = make_task(level=Level.URGENT, created_at=NOW - timedelta(hours=1))
    emergency = make_task(level=Level.EMERGENCY, created_at=NOW)

    assert list(Task.objects.open().call_backs().most_urgent_first()) == [emergency, early, late]


def test_the_first_to_claim_a_call_has_it():
    task, first, second = make_task(), make_user(first_name="Mina"), make_user()
    tasks.claim_task(task=task, by=first, now=NOW)

    with pytest.raises(tasks.AlreadyClaimed) as refusal:
        tasks.claim_task(task=task, by=second, now=NOW)

    assert refusal.value.message == "Mina has taken this call."


def test_claiming_twice_is_no_trouble():
    task, user = make_task(), make_user()
    tasks.claim_task(task=task, by=user, now=NOW)

    assert tasks.claim_task(task=task, by=user, now=NOW + timedelta(minutes=1)).claimed_at == NOW


def test_a_task_is_closed_once():
    task, user = make_task(), make_user()
    tasks.close_task(task=task, outcome=Task.Outcome.REACHED, by=user, now=NOW)

    with pytest.raises(tasks.AlreadyClosed):
        tasks.close_task(task=task, outcome=Task.Outcome.DONE, by=user, now=NOW)


def test_the_database_refuses_a_task_closed_by_nobody():
    with pytest.raises(IntegrityError, match="clinic_task_is_closed_by_a_person_with_an_outcome"), transaction.atomic():
        Task.objects.filter(pk=make_task().pk).update(closed_at=NOW)


# Episodes


def test_a_problem_has_one_open_episode():
    patient = make_patient()

    assert open_episode(patient=patient, problem="running_low_back_pain", now=NOW) == open_episode(
        patient=patient, problem="running_low_back_pain", now=NOW
    )


# Links


def make_link(**fields):
    return links.make_link(
        **{"purpose": "visit", "target": "bookings.appointment:1", "patient": make_patient(), "now": NOW, **fields},
        lasts=timedelta(days=7),
    )


def test_a_link_opens_what_it_was_made_for():
    assert links.open_link(purpose="visit", token=make_link(), now=NOW).target == "bookings.appointment:1"


@pytest.mark.parametrize("seconds", [-1, 7 * 24 * 60 * 60])
def test_a_link_opens_only_in_its_time(seconds):
    assert links.open_link(purpose="visit", token=make_link(), now=NOW + timedelta(seconds=seconds)) is None


def test_a_link_for_one_purpose_does_not_open_another():
    assert links.open_link(purpose="programme", token=make_link(), now=NOW) is None


def test_a_changed_token_opens_nothing():
    token = make_link()

    assert links.open_link(purpose="visit", token=token[:-1] + ("A" if token[-1] != "A" else "B"), now=NOW) is None


def test_a_revoked_link_opens_nothing():
    token = make_link()
    links.revoke_links(target="bookings.appointment:1", now=NOW)

    assert links.open_link(purpose="visit", token=token, now=NOW) is None


def test_the_token_is_not_kept():
    token = make_link()

    assert token.encode() not in bytes(Link.objects.get().token_hash)


# The read audit


@pytest.mark.parametrize("change", ["UPDATE clinic_accesslog SET actor = 'user:9'", "DELETE FROM clinic_accesslog"])
def test_the_log_is_only_added_to(change):
    audit.record(actor=make_user(), action="looked", target="clinic.patient:1", now=NOW)

    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert AccessLog.objects.count() == 1


# The outbox


def queue(**fields):
    defaults = {
        "kind": "confirmation",
        "fact_key": "appointment:1",
        "subject": "Your appointment",
        "text": "See you on Tuesday.",
        "by": "public",
        "now": NOW,
    }
    if "patient" not in fields:
        fields["patient"] = make_patient()
    return outbox.queue_message(**{**defaults, **fields})


def test_a_fact_is_told_once():
    patient = make_patient()

    assert queue(patient=patient) == queue(patient=patient)
    assert Message.objects.count() == 1


def test_a_message_goes_out_once_and_its_words_are_not_kept():
    queue(
        html="<p>See you on Tuesday.</p>", attachments=[{"name": "visit.ics", "type": "text/calendar", "text": "BEGIN"}]
    )

    outbox.send_next(now=NOW)
    outbox.send_next(now=NOW)

    message = Message.objects.get()
    assert [(sent.to, sent.subject, len(sent.attachments)) for sent in mail.outbox] == [
        (["robin@example.org"], "Your appointment", 1)
    ]
    assert (message.sent_at, message.text, message.html, message.attachments) == (NOW, "", "", [])


def test_a_message_waits_for_its_time():
    queue(send_after=NOW + timedelta(minutes=3))

    assert outbox.send_next(now=NOW) is None
    assert outbox.send_next(now=NOW + timedelta(minutes=3)) is not None


def test_a_cancelled_message_is_not_sent():
    queue()
    outbox.cancel_messages(fact_key="appointment:1", now=NOW)

    assert outbox.send_next(now=NOW) is None


def test_a_patient_without_e_mail_becomes_a_task():
    assert queue(patient=make_patient(email="")) is None
    assert Task.objects.get().kind == Task.Kind.CONTACT


def test_a_line_break_in_a_subject_never_becomes_a_header():
    queue(subject="Your appointment\r\nBcc: someone@example.org")

    outbox.send_next(now=NOW)

    assert [(sent.subject, sent.bcc) for sent in mail.outbox] == [("Your appointment Bcc: someone@example.org", [])]


def test_a_message_that_fails_is_tried_again_and_then_given_to_a_person(settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.clinic.test_services.RefusingBackend"}}
    queue()

    moment, tries = NOW, 0
    while Message.objects.get().failed_at is None:
        moment += timedelta(hours=3)
        outbox.send_next(now=moment)
        tries += 1

    assert (tries, Message.objects.get().attempts) == (outbox.TRIES, outbox.TRIES)
    assert Task.objects.get().kind == Task.Kind.RESEND


class RefusingBackend:
    def __init__(self, alias, **options):
        pass

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once():
    patient = make_patient()
    for number in range(20):
        queue(patient=patient, fact_key=f"appointment:{number}")

    def work():
        while outbox.send_next(now=NOW):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Message.objects.filter(sent_at=NOW, attempts=1).count() == 20
