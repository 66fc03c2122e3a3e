"""The demo's patients. All invented; numbers and addresses are from ranges that belong to nobody."""

from datetime import date

from clinic.models import Patient

NAMES = [
    ("Oskar", "Lindqvale"), ("Mabel", "Cranesby"), ("Idris", "Valemoor"), ("Fern", "Abbotsleigh"), ("Lena", "Marshwick"),
    ("Bea", "Nakaturo"), ("Gus", "Hallorane"), ("Otis", "Grangeford"), ("Miro", "Kaskade"), ("Petra", "Vancewell"),
    ("Silas", "Okorande"), ("Dora", "Quillfeather"), ("Talia", "Brookhart"), ("Emil", "Farrowdale"), ("Vera", "Lindgrove"),
    ("Hugo", "Brandtholm"), ("Nadia", "Frostwick"), ("Percy", "Wynnfold"), ("Ivy", "Castellbury"), ("Omar", "Teaguemore"),
    ("Ines", "Amadine"), ("Lois", "Attarby"), ("Hana", "Souzaleigh"), ("Kofi", "Lennoxdale"), ("Anouk", "Tessierby"),
    ("Rosa", "Kempleton"), ("Edwin", "Sholtover"), ("Joan", "Ferrismoor"), ("Maud", "Elleryhill"), ("Theo", "Marlowend"),
]  # fmt: skip


def make_patients() -> list[Patient]:
    """Thirty patients. One needs an interpreter, one a step-free room, one has no e-mail, two share an address."""
    patients = []
    for number, (first, last) in enumerate(NAMES):
        patients.append(
            Patient.objects.create(
                first_name=first,
                last_name=last,
                date_of_birth=date(1958 + (number * 7) % 46, 1 + number % 12, 1 + (number * 5) % 28),
                phone=f"555-01{number + 50:02d}" if number + 50 < 100 else "",
                email="" if number == 8 else f"{first.lower()}@example.org" if number != 15 else "nadia@example.org",
                needs_interpreter=number == 11,
                access_needs="Uses a walking stick" if number == 17 else "",
            )
        )
    return patients
