"""Small words and times for templates."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from clinic.rules.levels import Level

register = template.Library()


@register.filter
def level_class(level):
    """The CSS class of a level, given as a Level or its number."""
    return Level(level).css_class


@register.filter
def level_label(level):
    return Level(level).label


@register.filter
def level_key(level):
    return Level(level).key


@register.filter
def at_place(moment, location):
    """``Tuesday 24 November, 09:20`` on the location's wall clock."""
    local = timezone.localtime(moment, location.zone)
    return f"{date_format(local, 'l j F')}, {local:%H:%M}"


@register.filter
def tel(number):
    """A phone number as the address of a ``tel:`` link."""
    return "".join(character for character in str(number) if character.isdigit() or character == "+")


@register.filter
def masked_address(email):
    """``r…@example.org``: enough to know one's own, too little for whoever else sits at this browser."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"
