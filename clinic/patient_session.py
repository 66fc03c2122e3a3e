"""Which patient a browser session belongs to. Patients have no account: a session begins with an intake or a personal link."""

import time

from django.conf import settings

KEY = "patient_id"
SINCE = "patient_since"


def remember(request, patient):
    """Bind ``patient`` to this browser. The session key changes, so that a key somebody planted is worth nothing."""
    if request.session.get(KEY) != patient.pk:
        request.session.cycle_key()
    request.session[KEY] = patient.pk
    request.session[SINCE] = int(time.time())
    request.patient = patient


def forget(request):
    """End the patient's session in this browser and drop what it held."""
    request.session.flush()
    request.patient = None


def remembered_id(request) -> int | None:
    """The patient of this session, or None when there is none or it is older than a day."""
    patient_id = request.session.get(KEY)
    if patient_id is None or time.time() - request.session.get(SINCE, 0) > settings.PATIENT_SESSION_SECONDS:
        return None
    return patient_id
