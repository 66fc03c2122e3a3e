"""Times in words, on the wall clock of the place they belong to."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def when_words(moment, location) -> str:
    """``Tuesday 24 November, 09:20``."""
    local = timezone.localtime(moment, location.zone)
    return f"{date_format(local, 'l j F')}, {local:%H:%M}"


def zone_words(location) -> str:
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
