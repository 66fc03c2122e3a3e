"""A private Postgres for one run of something, deleted when that ends: the tests, and the linters that ask a database.

    python -m clinic.throw_away_postgres manage.py check

runs one command of this program's interpreter with such a server behind `DATABASE_URL`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clinic import private_postgres
from clinic.database_url import Unusable

PREFIX = "clinic-throw-away-"


class ThrowAwayPostgres:
    """The address is known, and settings can be read, before the server is up. Leaving the context deletes everything."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=short_folder()))
        if os.geteuid() == 0:
            self.folder.chmod(0o711)  # the server's user passes through to what is its own
        self.server = private_postgres.throw_away(self.folder)
        self.url = self.server.url

    def start(self):
        sweep(self.folder.parent)
        self.server.start()

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *details):
        self.stop()


def short_folder():
    """The folder for temporary files, or the system's own when the path of a socket in it would be too long."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < 60 else "/tmp"


def sweep(parent):
    """Delete what runs left behind that were killed before they could: folders that are not new and that none holds."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime > 60:
                with private_postgres.hold(folder):
                    shutil.rmtree(folder, ignore_errors=True)
        except (Unusable, OSError):  # in use, another user's, or gone meanwhile
            continue


def main(arguments):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the same as Ctrl-C
    try:
        with ThrowAwayPostgres() as postgres:
            environment = {**os.environ, "DATABASE_URL": postgres.url}
            return subprocess.run([sys.executable, *arguments], env=environment).returncode
    except Unusable as reason:
        return str(reason)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
