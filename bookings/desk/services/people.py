"""Finding and adding patients at the desk. Nobody is merged and nothing is overwritten here."""

from datetime import date

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Q

from bookings.desk.rules.search import Query
from clinic.models import Patient
from clinic.services import audit

MOST_FOUND = 25
MOST_ALIKE = 6
LIKE, VERY_LIKE = 0.3, 0.6
"""Likeness of two names in trigrams: of Lena Marsh, Lena Marsch has 0.77 and Leo Marsh 0.5."""


def find_patients(query: Query) -> list[Patient]:
    """Whom ``query`` can mean, the best match first; one more than ``MOST_FOUND`` when there are too many to list."""
    if not query.enough:
        return []
    if query.born:
        digits = "".join(character for character in query.words if character.isdigit())
        born_then = Q(date_of_birth=query.born) | Q(phone_digits__contains=digits)
        found = Patient.objects.filter(born_then).order_by("last_name", "first_name", "pk")
    else:
        found = Patient.objects.matching(query.words)
    return list(found[: MOST_FOUND + 1])


def possible_duplicates(
    *, first_name: str, last_name: str, date_of_birth: date | None, phone: str, without: Patient | None = None
) -> list[Patient]:
    """Patients who could be this person: born on the same day, or under the same number, with a name that is alike.

    For somebody new (``without`` None) everybody under that number is listed: the caller may be ringing for a child. Only
    ever shown to a person who decides: families share numbers, and twins a birthday.
    """
    digits = "".join(character for character in phone if character.isdigit())
    name = f"{first_name} {last_name}".strip().lower()
    same_name = Q(likeness__gte=LIKE) | Q(search_name__startswith=first_name.lower()[:3])
    alike = Q(pk__in=[])
    if date_of_birth:
        alike |= Q(date_of_birth=date_of_birth) & same_name
    if len(digits) >= 5:
        same_number = Q(phone_digits__endswith=digits[-9:])
        alike |= same_number & same_name if without else same_number
    if last_name:
        alike |= Q(likeness__gte=VERY_LIKE)
    found = Patient.objects.annotate(likeness=TrigramSimilarity("search_name", name)).filter(alike)
    if without:
        found = found.exclude(pk=without.pk)
    return list(found.order_by("-likeness", "pk")[:MOST_ALIKE])


def add_patient(
    *, first_name, last_name="", date_of_birth, phone="", email="", needs_interpreter=False, access_needs="", by, now
) -> Patient:
    """Add somebody whom the desk has not met. Whoever they resemble stays as they are."""
    with transaction.atomic():
        patient = Patient.objects.create(
            first_name=first_name,
            last_name=last_name,
            date_of_birth=date_of_birth,
            phone=phone,
            email=email,
            needs_interpreter=needs_interpreter,
            access_needs=access_needs,
        )
        audit.record(actor=by, action="patient-added", target=patient, patient=patient, now=now)
    return patient


def change_contact(*, patient: Patient, changed: dict, by, now) -> Patient:
    """Write the contact facts that a patient gave anew. The history keeps what stood there before."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=patient.pk)
        for name, value in changed.items():
            setattr(patient, name, value)
        patient.save(update_fields=list(changed))
        audit.record(actor=by, action="patient-changed", target=patient, patient=patient, now=now)
    return patient
