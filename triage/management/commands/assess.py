"""``manage.py assess FILE``: what the rules conclude from a file of answers. See ``triage.rules.assess_file``."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from triage.pathways import PATHWAYS
from triage.rules.assess_file import BadInput, conclude, explained, read_case


class Command(BaseCommand):
    help = "Assess a JSON file of answers (- for standard input). Prints JSON; needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", help="a JSON file with pathway, age and answers, or - for standard input")
        parser.add_argument(
            "--explain", action="store_true", help="also list every rule with why it did or did not fire"
        )

    def handle(self, *args, file, explain, **options):
        try:
            case = read_case(_text(file), PATHWAYS)
        except BadInput as reason:
            self.stderr.write(f"{file}: {reason}")
            sys.exit(2)
        conclusion = conclude(case)
        if explain:
            conclusion["rules"] = explained(case)
        self.stdout.write(json.dumps(conclusion, indent=2, ensure_ascii=False))


def _text(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise BadInput("cannot be read as UTF-8 text") from reason
