#!/usr/bin/env python3
"""Django's commands for this clinic."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    if sys.argv[1:2] == ["assess"]:  # rules only: it needs no secret and no database, so it asks for none
        os.environ.setdefault("CLINIC_MODE", "test")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
