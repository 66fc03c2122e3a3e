"""Prints how to sign in to the demo, with codes that work now."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.management.demo.signins import PASSWORD, STAFF, current_code


class Command(BaseCommand):
    help = "Print the demo's sign-ins and their present codes."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("There are no demo sign-ins outside the demo.")
        width = max(len(member.email) for member in STAFF)
        for member in STAFF:
            self.stdout.write(f"  {member.email:<{width}}  {member.role.label:<14}  code {current_code(member)}")
        self.stdout.write(
            f"  password for all: {PASSWORD}\n"
            "  A code works once, for half an hour; /dev/code/ always shows the present ones."
        )
