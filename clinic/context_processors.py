"""What every page's frame needs. Front door: it may ask every app."""

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from clinic.models import Location
from clinic.rules.levels import Level
from triage.services import effective_level


def clinic(request):
    """``clinic_location``, ``held_advice`` and the clinic's name; both look-ups happen only where a page asks for them."""
    return {
        "CLINIC_NAME": settings.CLINIC_NAME,
        "DEMO": settings.DEMO,
        "clinic_location": SimpleLazyObject(Location.objects.main),
        "held_advice": SimpleLazyObject(lambda: held_advice(request)),
    }


def held_advice(request):
    """The emergency or urgent level that this visitor holds, or None. Pages about exercises show that advice first."""
    patient = getattr(request, "patient", None)
    if not patient:
        return None
    held = effective_level(patient, now=timezone.now())
    return held.level if held and held.level >= Level.URGENT else None
