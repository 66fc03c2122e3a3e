"""The pages of the check. What belongs to a patient is found through ``request.patient``; a stranger gets 404."""

from triage.views.begin import leave, not_me, quick, start
from triage.views.outcome import add_phone, mistake, result, stop
from triage.views.questions import again, answers, page

__all__ = [
    "add_phone",
    "again",
    "answers",
    "leave",
    "mistake",
    "not_me",
    "page",
    "quick",
    "result",
    "start",
    "stop",
]
