"""From nothing to the first page: this clinic beside a bare Django project, on the same machine, one after the other.

Both begin with an interpreter and an empty folder, make a virtual environment, install with pip without its cache, migrate,
and serve with gunicorn. The bare project is what `startproject` makes, with psycopg, on a Postgres that already runs. Ours
also brings its own Postgres up, loads the content and makes the demo clinic. `make bench-start` prints the table.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from clinic.throw_away_postgres import ThrowAwayPostgres

ROOT = Path(__file__).resolve().parents[2]
GOAL = 2.5  # times a bare Django project
PATIENCE = 300  # seconds
BARE_DATABASE = """
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": "clinic", "USER": "clinic", "HOST": "{}"}}}}
"""


def ours(folder):
    """Seconds from `git clone` to the home page, with the steps that `make run` announced on the way."""
    clone, port = folder / "clone", free_port()
    began = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    command = ["make", "run", f"PORT={port}", f"PYTHON={interpreter()}"]
    server = subprocess.Popen(command, cwd=clone, env=surroundings(), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for_page(server, f"http://127.0.0.1:{port}/", "</html>")
        return time.monotonic() - began
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(timeout=60)


def bare(folder, socket_folder):
    """Seconds from an empty folder to the first page of what `django-admin startproject` makes."""
    folder.mkdir()
    port = free_port()
    python = folder / ".venv" / "bin" / "python"

    def run(*command):
        subprocess.run(command, cwd=folder, env=surroundings(), check=True)

    began = time.monotonic()
    run(interpreter(), "-m", "venv", ".venv")
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *pins("django", "psycopg", "gunicorn"))
    run(python, "-m", "django", "startproject", "site_", ".")
    with (folder / "site_" / "settings.py").open("a") as settings:
        settings.write(BARE_DATABASE.format(socket_folder))
    run(python, "manage.py", "migrate", "--verbosity=0")
    gunicorn = [python, "-m", "gunicorn", "site_.wsgi", "--workers=2", f"--bind=127.0.0.1:{port}", "--log-level=error"]
    server = subprocess.Popen([*gunicorn, "--no-control-socket"], cwd=folder, env=surroundings())
    try:
        wait_for_page(server, f"http://127.0.0.1:{port}/admin/login/", "</html>")
        return time.monotonic() - began
    finally:
        server.terminate()
        server.wait(timeout=60)


def pins(*names):
    """The very versions that this clinic installs, so that only the work differs."""
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements" / "base.txt").read_text(), flags=re.M))
    extras = {"psycopg": "[binary]"}
    return [f"{name}{extras.get(name, '')}=={pinned[name]}" for name in names]


def interpreter():
    """The interpreter behind our virtual environment: a newcomer has no other."""
    return getattr(sys, "_base_executable", sys.executable)


def surroundings():
    """The environment of a newcomer: no database of their own, no pip cache."""
    ours_alone = (
        "DATABASE_URL",
        "CLINIC_MODE",
        "DJANGO_SETTINGS_MODULE",
        "PYTEST_XDIST_WORKER",
        "VIRTUAL_ENV",
        "MAKEFLAGS",
    )
    return {name: value for name, value in os.environ.items() if name not in ours_alone} | {"PIP_NO_CACHE_DIR": "1"}


def wait_for_page(server, url, ending):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The server for {url} ended before it showed a page.")
        try:
            with urllib.request.urlopen(url, timeout=30) as page:
                if ending in page.read().decode():
                    return
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"No page from {url} within {PATIENCE} seconds.")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def compare(rounds=1):
    """A list of (seconds of the bare project, seconds of ours), one after the other in each round."""
    results = []
    with tempfile.TemporaryDirectory(prefix="clinic-start-") as name, ThrowAwayPostgres() as postgres:
        Path(name).chmod(0o755)
        for number in range(rounds):
            folder = Path(name) / str(number)
            folder.mkdir()
            results.append((bare(folder / "bare", postgres.server.sockets), ours(folder)))
    return results


if __name__ == "__main__":
    print("bare Django   ours    ratio", flush=True)
    for bare_seconds, our_seconds in compare(rounds=3):
        print(f"{bare_seconds:8.1f} s {our_seconds:6.1f} s {our_seconds / bare_seconds:7.2f}", flush=True)
