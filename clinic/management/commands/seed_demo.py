"""Makes the demo clinic: places, staff, patients, intakes at every level, two weeks of visits. Invented people only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from clinic.management.demo.intakes import make_intakes
from clinic.management.demo.library import approve_all
from clinic.management.demo.people import make_patients
from clinic.management.demo.places import make_places, make_therapists
from clinic.management.demo.signins import DESK, LEAD, make_staff
from clinic.management.demo.visits import make_visits
from clinic.models import Location, User
from clinic.rules.levels import Level
from triage.services import effective_levels


class Command(BaseCommand):
    help = "Fill an empty database with the demo clinic (demo mode only). Does nothing when it is there already."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("seed_demo runs only in the demo (make run): it makes accounts with a known password.")
        now = timezone.now()
        if Location.objects.exists():
            with transaction.atomic():  # an update may have brought new rules or questions: the lead signs those too
                approve_all(lead=User.objects.get(email=LEAD.email), now=now)
            self.stdout.write("The demo clinic is there already.")
            return
        with transaction.atomic():
            users = make_staff()
            places = make_places()
            approve_all(lead=users[LEAD.email], now=now)
            make_therapists(places, users, timezone.localdate(now))
            patients = make_patients()
            intakes = make_intakes(patients, users, now)
            held = effective_levels(patients, now)
            calm = [patient for patient in patients if patient.pk not in held or held[patient.pk].level < Level.URGENT]
            visits = make_visits(calm, places, users[DESK.email], now)
        self.stdout.write(
            f"Demo clinic: 2 locations, 5 therapists, 3 rooms, {len(patients)} patients, {intakes} intakes, {visits} visits."
        )
