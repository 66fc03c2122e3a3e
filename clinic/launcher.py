"""What `make` calls: `make run`, `make test` and their small siblings.

Runs before anything is installed, so it needs the standard library and Python 3.12 and nothing else. It makes `.venv`,
installs the pinned requirements when they changed, and hands over to Django's `run` command or to pytest.

`make run` installs `requirements/run.txt` only (what production needs, and the private Postgres): a newcomer waits for
that. The tests add `requirements/dev.txt`, which contains it.
"""

import hashlib
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from clinic import database_url, private_postgres
from clinic.processes import end_with_parent

CLONE = Path(__file__).resolve().parent.parent
VENV = CLONE / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = CLONE / "requirements"
INCLUDES = {"run": ["run"], "dev": ["dev", "run"]}
"""Which requirement files are satisfied once one of them is installed."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Stopped(Exception):
    """We cannot go on; the message says why and what to do about it."""


def main(command):
    os.chdir(CLONE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings"  # whatever another project left in the environment
    try:
        COMMANDS[command]()
    except (Stopped, database_url.Unusable) as reason:
        sys.exit(f"\n{reason}")
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
    except KeyboardInterrupt:
        sys.exit(130)


# -- the commands --


def run():
    """The demo clinic, until Ctrl-C."""
    port = wanted_port()
    listen(port).close()  # said now, not after a minute of installing
    read_database_url()
    if "MAKELEVEL" in os.environ:
        end_with_parent()()  # should make be killed outright
    prepare("run")
    os.environ["CLINIC_MODE"] = "demo"
    os.environ["PORT"] = str(port)
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    hand_over("manage.py", "run")


def test():
    """Every test but the drills."""
    left_out = ["drill"]
    if os.environ.get("BROWSER") == "0":
        left_out.append("browser")
    else:
        find_browser()
    read_database_url()
    prepare("dev")
    which = " and ".join(f"not {mark}" for mark in left_out)
    hand_over("-m", "pytest", "-n", "auto", "--maxprocesses=4", "-m", which, *more_arguments())


def drills():
    """The tests that are slow by nature, one at a time: some of them measure."""
    find_browser()
    prepare("dev")
    hand_over("-m", "pytest", "-n", "0", "-m", "drill", "--durations=10", *more_arguments())


def lint():
    """What can be said without running the program."""
    prepare("dev")
    deployed = {
        "CLINIC_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "clinic.example.org",
    }
    on_postgres = ("-m", "clinic.throw_away_postgres", "manage.py")  # Django asks the database what it supports
    complaints = [
        *complaint("-m", "ruff", "check"),
        *complaint("-m", "ruff", "format", "--check"),
        *complaint(*on_postgres, "makemigrations", "--check", "--dry-run", CLINIC_MODE="test"),
        *complaint(*on_postgres, "check", "--deploy", "--fail-level", "WARNING", **deployed),
    ]
    if complaints:
        raise Stopped("Not clean:\n" + "\n".join(f"  {command}" for command in complaints))


def reset():
    """Delete the demo clinic's data: its private Postgres and its mail folder. Nothing of a `DATABASE_URL`'s server."""
    gone = private_postgres.forget_this_clone()
    mail = CLONE / "var" / "mail"
    if mail.exists():
        shutil.rmtree(mail)
        gone.append(mail)
    for folder in gone:
        say(f"Deleted {folder}")
    say("`make run` starts over with a fresh demo clinic." if gone else "There was nothing to delete.")


def bench_start():
    """From a clone to the first page, ours beside a bare Django project."""
    prepare("dev")
    hand_over("-m", "tests.machine.first_page")


def requirements():
    """Pin again, with hashes, what pyproject.toml asks for: plain files that any pip can install."""
    prepare("dev")
    install("uv").check_returncode()
    compile_ = [
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version=3.12",
        "--generate-hashes",
    ]
    compile_ += ["--no-emit-index-url", "--no-annotate", "--custom-compile-command=make requirements", "pyproject.toml"]
    more = ["--upgrade"] if os.environ.get("UPGRADE") else []
    for options in (
        ["-o", "requirements/base.txt"],
        ["-o", "requirements/run.txt", "--group=run", "-c", "requirements/base.txt"],
        ["-o", "requirements/dev.txt", "--group=dev", "-c", "requirements/run.txt"],
    ):
        subprocess.run([*compile_, *more, *options], check=True)


COMMANDS = {
    "run": run,
    "test": test,
    "drills": drills,
    "lint": lint,
    "reset": reset,
    "bench-start": bench_start,
    "requirements": requirements,
}


# -- their steps --


def prepare(name):
    """Make sure that `.venv` exists and holds what `requirements/<name>.txt` pins. Quick when it already does."""
    if not is_new_enough(PYTHON):
        say(f"Making .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv()
    stamp = VENV / "installed-requirements"
    installed = stamp.read_text().split() if stamp.exists() else []
    if fingerprint(name) in installed:
        return
    say("Installing what the clinic needs" if name == "run" else "Installing what the clinic and its tests need")
    stamp.unlink(missing_ok=True)  # an installation that is cut short counts as none
    if install("--require-hashes", "--no-deps", "--no-compile", "-r", REQUIREMENTS / f"{name}.txt").returncode:
        raise Stopped(
            f"The packages in requirements/{name}.txt could not be installed (pip says why above). "
            "Is there a way to a package index from here?"
        )
    stamp.write_text("\n".join(fingerprint(included) for included in INCLUDES[name]))


def make_venv():
    """An empty `.venv`. It gets a pip of its own (most of the time that this takes) only where we have none to lend."""
    mine = ["--without-pip"] if can_lend_pip() else []
    made = subprocess.run([sys.executable, "-m", "venv", *mine, VENV], capture_output=True, text=True)
    if made.returncode:
        raise Stopped(
            f"{(made.stdout + made.stderr).strip()}\n\n"
            f"{sys.executable} could not make a virtual environment (see above). "
            "On Debian and Ubuntu the package python3-venv is what it lacks."
        )


def install(*what):
    pip = [sys.executable, "-m", "pip", "--python", PYTHON] if can_lend_pip() else [PYTHON, "-m", "pip"]
    return subprocess.run([*pip, "install", "-qq", "--no-input", "--disable-pip-version-check", *what])


def can_lend_pip():
    """Whether our own interpreter has a pip that installs into another's environment."""
    try:
        return tuple(int(part) for part in metadata.version("pip").split(".")[:2]) >= (22, 3)
    except metadata.PackageNotFoundError:
        return False


def fingerprint(name):
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def is_new_enough(python):
    """Whether ``python`` runs (a virtual environment breaks when it or its interpreter is moved) and is 3.12 or newer."""
    try:
        asked = subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"], capture_output=True)
    except OSError:
        return False
    return asked.returncode == 0


def read_database_url():
    """A `DATABASE_URL` that cannot be read stops us here with its sentence, before Django's settings trip over it."""
    if url := os.environ.get("DATABASE_URL"):
        database_url.parse(url)


def wanted_port():
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise Stopped(f"PORT is a number from 1 to 65535, not {given!r}: make run PORT=8001")
    return int(given)


def listen(port):
    """A socket bound to ``port`` of this machine, for gunicorn to serve from."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except PermissionError:
        door.close()
        raise Stopped(f"Port {port} is for the system's own programs. Take a higher one: make run PORT=8001") from None
    except OSError:
        door.close()
        raise Stopped(
            f"Port {port} is taken by another program. Stop that one, or take another: make run PORT={port + 1}"
        ) from None
    return door


def find_browser():
    """The path of the Chromium that the browser tests drive."""
    named = os.environ.get("CHROMIUM")
    for name in [named] if named else BROWSERS:
        if found := shutil.which(name):
            return found
    raise Stopped(
        "The browser tests need Chromium, and there is none here. On Debian and Ubuntu this installs it:\n\n"
        "    sudo apt-get install chromium\n\n"
        "A Chrome or Chromium elsewhere: CHROMIUM=/path/to/it make test. Without the browser tests: make test BROWSER=0"
    )


def more_arguments():
    return shlex.split(os.environ.get("ARGS", ""))


def hand_over(*arguments):
    """Become the program in the virtual environment, so that Ctrl-C and SIGTERM reach it and nothing stands between."""
    sys.stdout.flush()
    os.execv(PYTHON, [PYTHON, *arguments])


def complaint(*arguments, **environment):
    """Run one tool in the virtual environment; a list with its command when it complains, else an empty one."""
    command = "python " + " ".join(map(str, arguments))
    say(command)
    failed = subprocess.run([PYTHON, *arguments], env={**os.environ, **environment}).returncode
    return [command] if failed else []


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
