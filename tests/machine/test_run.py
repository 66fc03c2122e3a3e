"""The demo clinic as `make run` serves it, in a clone of its own: it opens, says how to get in, and goes without a trace."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from clinic import health_check
from clinic.processes import command_line, wait_until

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "CLINIC_MODE", "SITE_URL", "PYTEST_XDIST_WORKER")
BARE = {name: value for name, value in os.environ.items() if name not in OURS}


@pytest.fixture
def clone():
    """What git would give a newcomer, with today's changes in it, in a folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-run-"))
    folder.chmod(0o755)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder)


class DemoClinic:
    """One `manage.py run`, read until it says that it is open."""

    def __init__(self, clone, **environment):
        self.clone = clone
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=clone,
            env=BARE | {"CLINIC_MODE": "demo", "PORT": str(self.port), "PYTHONUNBUFFERED": "1"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C stops it."):
                break
        self.processes = [pid for pid in all_processes() if str(clone) in command_line(pid) or self.is_child(pid)]

    def is_child(self, pid):
        try:
            return f"\nPPid:\t{self.process.pid}\n" in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False

    def status(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as page:
                return page.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def end(self, how=signal.SIGINT):
        self.process.send_signal(how)
        answer = self.process.wait(timeout=30)
        self.said += self.process.stdout.read() if how != signal.SIGKILL else ""
        self.process.stdout.close()
        return answer

    def is_gone(self):
        still = [pid for pid in self.processes if str(self.clone) in command_line(pid)]
        with socket.socket() as door:
            return not still and door.connect_ex(("127.0.0.1", self.port)) != 0


def test_the_demo_clinic_opens_says_how_to_get_in_and_leaves_nothing_running(clone):
    clinic = DemoClinic(clone)
    try:
        assert [clinic.status(page) for page in ("/", "/check/", "/book/", "/exercises/", "/dev/mail/")] == [200] * 5
        for page in ("/", "/desk/", "/admin/", "/dev/mail/"):
            assert f"http://127.0.0.1:{clinic.port}{page}" in clinic.said
        assert re.search(r"@example\.org .*code \d{6}", clinic.said)
        assert health_check.answers(f"127.0.0.1:{clinic.port}", "localhost")
        twin = DemoClinic(clone)
        assert twin.process.wait(timeout=30) != 0
        assert "running already" in twin.said
        assert "Traceback" not in twin.said
        assert clinic.status("/") == 200
    finally:
        answer = clinic.end()

    assert answer == 0, clinic.said
    assert "Traceback" not in clinic.said
    assert wait_until(clinic.is_gone, seconds=5)

    again = DemoClinic(clone)
    assert again.end(signal.SIGTERM) == 0
    assert "The demo clinic is there already." in again.said
    assert wait_until(again.is_gone, seconds=5)


@pytest.mark.drill
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_the_demo_clinic_killed_outright_leaves_nothing_running_and_opens_again(clone):
    clinic = DemoClinic(clone)
    clinic.end(signal.SIGKILL)
    assert wait_until(clinic.is_gone, seconds=40), [command_line(pid) for pid in clinic.processes]

    again = DemoClinic(clone)

    assert again.status("/") == 200
    assert again.end() == 0


@pytest.mark.drill
@pytest.mark.parametrize("part", ["gunicorn", "send_messages"])
def test_a_part_that_gives_up_ends_the_whole_with_its_name(clone, part):
    clinic = DemoClinic(clone)
    victims = [pid for pid in clinic.processes if part in command_line(pid) and clinic.is_child(pid)]

    os.kill(victims[0], signal.SIGKILL)

    assert clinic.process.wait(timeout=30) == 1
    assert "stopped by itself" in clinic.process.stdout.read()
    assert wait_until(clinic.is_gone, seconds=40)


@pytest.mark.drill
def test_the_demo_clinic_opens_on_the_server_that_database_url_names(clone):
    clinic = DemoClinic(clone, DATABASE_URL=os.environ["DATABASE_URL"])

    assert clinic.status("/") == 200
    assert clinic.end() == 0
    assert not (clone / ".postgres").exists()


def test_a_database_out_of_reach_ends_the_start_with_a_sentence(clone):
    clinic = DemoClinic(clone, DATABASE_URL=f"postgres://clinic:hush@127.0.0.1:{free_port()}/clinic")

    assert clinic.process.wait(timeout=30) == 1
    assert "(DATABASE_URL) is out of reach" in clinic.said
    assert "Traceback" not in clinic.said
    assert "hush" not in clinic.said


def all_processes():
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
