"""Brings the repository's content into the database: exercises and pages, questionnaires, services.

A second load changes nothing, and what a therapist has edited since is never overwritten. Loaded content is in review:
a colleague, never the author, approves it in the admin.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import bookings.services.content
import exercises.services.content
import triage.services.content
from clinic.services import Refused
from exercises.rules.document import BadDocument


class Command(BaseCommand):
    help = "Load the content that comes with the program. Safe to repeat."

    def handle(self, *args, **options):
        now = timezone.now()
        try:
            self.load_all(now)
        except (Refused, BadDocument) as problem:
            raise CommandError(str(problem)) from None

    @transaction.atomic
    def load_all(self, now):
        for what, load in (
            ("Library", exercises.services.content.load),
            ("Questionnaires", triage.services.content.load),
            ("Services", bookings.services.content.load),
        ):
            counts = load(now=now)
            self.stdout.write(
                f"{what}: {counts.created} new, {counts.updated} updated, {counts.unchanged} unchanged"
                + (f", {counts.kept} edited here and kept" if counts.kept else "")
            )
