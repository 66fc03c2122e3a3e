"""Read by pytest before anything else: the mode, and a database to test against.

With `DATABASE_URL` set, that server is used. Otherwise each run has a private Postgres of its own, deleted when the run
ends, so that several runs at a time never meet. Under pytest-xdist the controller owns the server; the workers find its
address in their environment, and pytest-django gives each a database of its own.
"""

import os
import signal

import pytest

os.environ["CLINIC_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings"

from clinic import database_check, database_url
from clinic.throw_away_postgres import ThrowAwayPostgres

throw_away_postgres = None
if not os.environ.get("DATABASE_URL"):
    throw_away_postgres = ThrowAwayPostgres()
    os.environ["DATABASE_URL"] = throw_away_postgres.url
else:
    try:
        database_url.parse(os.environ["DATABASE_URL"])
    except database_url.Unusable as problem:
        raise pytest.UsageError(str(problem)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    if session.config.option.collectonly or "PYTEST_XDIST_WORKER" in os.environ:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the same as Ctrl-C: the server is stopped
    try:
        if throw_away_postgres:
            throw_away_postgres.start()
        else:
            database_check.check(os.environ["DATABASE_URL"])
    except database_url.Unusable as problem:
        pytest.exit(str(problem), returncode=1)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if throw_away_postgres:
        throw_away_postgres.stop()
