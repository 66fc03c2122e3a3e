"""Call-backs: the queue, taking a call, and saying how it ended."""

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.desk.forms import TRIES, CallOutcomeForm
from bookings.desk.services.calls import closed_calls, give_back, note_a_try, to_tell_by_phone, waiting_calls
from bookings.desk.services.version import version_of_the_desk
from bookings.desk.views.frame import (
    call_rows,
    desk_page,
    is_fragment,
    main_zone,
    poll_headers,
    tag_of,
    time_words,
    way_back,
    with_query,
)
from clinic.models import Task
from clinic.services import Refused
from clinic.services.tasks import claim_task, close_task


@require_safe
def callbacks(request):
    """Whom to ring, the most urgent and then the oldest first, with the chosen call beside it."""
    return _queue(request, chosen=request.GET.get("call", ""))


def _queue(request, *, chosen, form=None, status=200):
    now = timezone.now()
    again = is_fragment(request)
    version = version_of_the_desk()
    tag = tag_of(version, now)
    if again and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    zone = main_zone()
    waiting = waiting_calls()
    rows = call_rows(waiting, now, zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    call = next((row for row in rows if str(row["task"].pk) == chosen), None)
    return desk_page(
        request,
        "desk/callbacks.html#queue" if again else "desk/callbacks.html",
        {
            "again": again,
            "poll_headers": poll_headers(tag),
            "rows": rows,
            "over": sum(row["pace"] == "over" for row in rows),
            "call": call,
            "mine": bool(call and call["task"].claimed_by_id == request.user.pk),
            "to_tell": to_tell_by_phone(),
            "closed": [
                {"task": task, "time": time_words(task.closed_at, zone)} for task in closed_calls(since=midnight)
            ],
            "form": form or CallOutcomeForm(),
            "tries": TRIES.items(),
        },
        status=status,
        waiting=len(waiting),
    )


def _call_or_404(pk) -> Task:
    return get_object_or_404(Task.objects.call_backs().select_related("patient", "claimed_by"), pk=pk)


def _address(task) -> str:
    return with_query(reverse("desk:callbacks"), call=task.pk)


@require_POST
def claim(request, pk):
    """Take a call: everybody else sees that it is being made."""
    task = _call_or_404(pk)
    try:
        claim_task(task=task, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(way_back(request, reverse("desk:callbacks")))
    return redirect(_address(task))


@require_POST
def release(request, pk):
    task = _call_or_404(pk)
    try:
        give_back(task=task, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Given back: the call is in the queue again."))
    return redirect("desk:callbacks")


@require_POST
def tried(request, pk):
    """Nobody answered: the try is kept with the call, and the call stays in the queue."""
    task = _call_or_404(pk)
    word = TRIES.get(request.POST.get("how", ""))
    if word is None:
        messages.error(request, _("Choose what happened when you rang."))
        return redirect(_address(task))
    now = timezone.now()
    line = f"{time_words(now, main_zone())} {word}"
    try:
        note_a_try(task=task, line=line, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Kept with the call: %(line)s. It stays in the queue.") % {"line": line})
    return redirect("desk:callbacks")


@require_POST
def told(request, pk):
    """Somebody has told the patient by phone what no e-mail could carry."""
    kinds = [Task.Kind.CONTACT, Task.Kind.RESEND]
    task = get_object_or_404(Task.objects.filter(kind__in=kinds).select_related("patient"), pk=pk)
    try:
        close_task(task=task, outcome=Task.Outcome.DONE, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(name)s: told by phone.") % {"name": task.patient.name})
    return redirect(way_back(request, reverse("desk:callbacks")))


@require_POST
def close(request, pk):
    """Close a call with its outcome. What was typed stays when something is missing."""
    task = _call_or_404(pk)
    form = CallOutcomeForm(request.POST)
    if not form.is_valid():
        return _queue(request, chosen=str(pk), form=form, status=422)
    note = " ".join(form.cleaned_data["note"].split())
    try:
        close_task(
            task=task,
            outcome=form.cleaned_data["outcome"],
            note=" · ".join(part for part in (task.note, note) if part)[-300:],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Closed: %(outcome)s") % {"outcome": Task.Outcome(form.cleaned_data["outcome"]).label}
        )
    return redirect("desk:callbacks")
