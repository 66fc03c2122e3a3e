"""Paths that may be written down. Addresses of this clinic can carry personal links, references and search words; a log
says which page was asked for and how it went, not whose it was. Standard library only: gunicorn's settings use it too.
"""

import logging
import re

PLAIN_PART = re.compile(r"[a-z][a-z.-]*|\d{1,9}")


def discreet(path):
    """``path`` with every part hidden that is not a plain word or a small number. Static files keep their names."""
    path = path.partition("?")[0]
    if path.startswith("/static/"):
        return path
    return "/".join(part if not part or PLAIN_PART.fullmatch(part) else "…" for part in path.split("/"))


class DiscreetPaths(logging.Filter):
    """Hides what is personal in the paths that Django puts into its messages ("Not Found: %s")."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                discreet(part) if isinstance(part, str) and part.startswith("/") else part for part in record.args
            )
        return True


class OneLine(logging.Formatter):
    """One line for each event: what was sent cannot write lines of its own. In a traceback the database's row values stay out."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record):
        return (
            super().format(record).replace("\r", " ")
            if record.exc_info
            else " ".join(super().format(record).splitlines())
        )

    def formatException(self, exc_info):  # noqa: N802 - logging's own name
        """The traceback without the lines in which Postgres quotes the row ("DETAIL:  Failing row contains …")."""
        lines = super().formatException(exc_info).splitlines()
        return "\n".join(line for line in lines if not line.lstrip().startswith("DETAIL:"))
