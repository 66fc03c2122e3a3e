"""Read by pytest before anything else: the mode, and a database to test against.

With `DATABASE_URL` set, that server is used. Otherwise each run has a private Postgres of its own in a folder that is
deleted when the run ends, so that several runs at a time never meet. Under pytest-xdist the controller owns the server;
the workers find its address in their environment, and pytest-django gives each a database of its own.
"""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

os.environ["CLINIC_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings"

from clinic import database_check, database_url, private_postgres

FOLDER_PREFIX = "clinic-tests-"


class ThrowAwayServer:
    """The private Postgres of one run. The address is known, and settings can be read, before the server is up."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=short_folder()))
        if os.geteuid() == 0:
            self.folder.chmod(0o711)  # the server's user passes through to what is its own
        self.server = private_postgres.throw_away(self.folder)

    def start(self):
        sweep(self.folder.parent)
        self.server.start()

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def short_folder():
    """The folder for temporary files, or the system's own when the path of a socket in it would be too long."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < 60 else "/tmp"


def sweep(parent):
    """Delete what runs left behind that were killed before they could: folders that are not new and that none holds."""
    for folder in parent.glob(f"{FOLDER_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime > 60:
                with private_postgres.hold(folder):
                    shutil.rmtree(folder, ignore_errors=True)
        except (database_url.Unusable, OSError):  # in use, another user's, or gone meanwhile
            continue


def as_interrupt(number, frame):
    """Let SIGTERM end the run as Ctrl-C does: with the server stopped."""
    raise KeyboardInterrupt


throw_away_server = None
if not os.environ.get("DATABASE_URL"):
    throw_away_server = ThrowAwayServer()
    os.environ["DATABASE_URL"] = throw_away_server.server.url
else:
    try:
        database_url.parse(os.environ["DATABASE_URL"])
    except database_url.Unusable as problem:
        raise pytest.UsageError(str(problem)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    if session.config.option.collectonly or "PYTEST_XDIST_WORKER" in os.environ:
        return
    signal.signal(signal.SIGTERM, as_interrupt)
    try:
        if throw_away_server:
            throw_away_server.start()
        else:
            database_check.check(os.environ["DATABASE_URL"])
    except database_url.Unusable as problem:
        pytest.exit(str(problem), returncode=1)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if throw_away_server:
        throw_away_server.stop()
