"""Times in words, on the wall clock of the place they belong to."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def when_words(moment, location) -> str:
    """``Tuesday 24 November, 09:20``."""
    local = timezone.localtime(moment, location.zone)
    return f"{date_format(local, 'l j F')}, {local:%H:%M}"


def clock_words(location) -> str:
    """Whose clock the times are on: ``London time``."""
    return _("%(city)s time") % {"city": location.time_zone.rpartition("/")[2].replace("_", " ")}


def day_words(day, today) -> str:
    """How far away a day is, where that helps: ``Today``, ``Tomorrow``, ``In 3 days``; nothing beyond a week."""
    away = (day - today).days
    if away == 0:
        return _("Today")
    if away == 1:
        return _("Tomorrow")
    return _("In %(count)s days") % {"count": away} if away <= 7 else ""


def promise_words(due_at, location, now) -> str:
    """By when we ring, in a sentence that we can keep."""
    if due_at <= now:
        return _("We call you as soon as we can.")
    local, today = timezone.localtime(due_at, location.zone), timezone.localtime(now, location.zone)
    if not location.week.is_open(now):
        return _("We are closed now. We call you when we open, on %(when)s.") % {"when": when_words(due_at, location)}
    if local.date() == today.date():
        return _("We call you today before %(time)s.") % {"time": f"{local:%H:%M}"}
    return _("We call you before %(when)s.") % {"when": when_words(due_at, location)}
