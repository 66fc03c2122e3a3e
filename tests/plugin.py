"""Read by pytest before anything else: the mode, and a database to test against.

With `DATABASE_URL` set, that server is used. Otherwise each run has a private Postgres of its own in a folder that is
deleted when the run ends, so that several runs at a time never meet. Under pytest-xdist the controller owns the server;
the workers find its address in their environment, and pytest-django gives each a database of its own.
"""

import fcntl
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

os.environ["CLINIC_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings"

from clinic import private_postgres

FOLDER_PREFIX = "clinic-tests-"


class ThrowAwayServer:
    """The private Postgres of one run. The address is known, and settings can be read, before the server is up."""

    def __init__(self):
        parent = tempfile.gettempdir()
        if len(parent) > private_postgres.LONGEST_SOCKET_PATH - 40:
            parent = "/tmp"  # a socket's path must be short
        sweep(Path(parent))
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=parent))
        self.folder.chmod(0o711)  # the server's user passes through to the part that is its own
        self.lock = hold(self.folder)
        self.server = private_postgres.throw_away(self.folder / "pg")

    def start(self):
        try:
            self.server.start()
        except private_postgres.Unusable as problem:
            pytest.exit(str(problem), returncode=1)

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.close()


def hold(folder):
    """Keep a lock on ``folder`` for as long as this process lives; None when another process holds it."""
    lock = (folder / "in-use").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def sweep(parent):
    """Delete what runs left behind that were killed before they could: those folders that no process holds."""
    for folder in parent.glob(f"{FOLDER_PREFIX}*"):
        try:
            lock = hold(folder) if (folder / "in-use").exists() else None
        except OSError:  # another user's, or gone meanwhile
            continue
        if lock:
            shutil.rmtree(folder, ignore_errors=True)
            lock.close()


def as_interrupt(number, frame):
    """Let SIGTERM end the run as Ctrl-C does: with the server stopped."""
    raise KeyboardInterrupt


throw_away_server = None
if not os.environ.get("DATABASE_URL"):
    throw_away_server = ThrowAwayServer()
    os.environ["DATABASE_URL"] = throw_away_server.server.url


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    if throw_away_server and not session.config.option.collectonly:
        signal.signal(signal.SIGTERM, as_interrupt)
        throw_away_server.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if throw_away_server:
        throw_away_server.stop()
