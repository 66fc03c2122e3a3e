"""The Postgres of one run: it goes when the run goes, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clinic import private_postgres, throw_away_postgres
from clinic.processes import wait_until

ROOT = Path(__file__).resolve().parents[2]
BARE = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTEST_XDIST_WORKER")}


def test_a_command_gets_an_address_and_gives_its_answer_and_nothing_is_left():
    question = "import os, sys, psycopg; from clinic.database_url import parse; s = parse(os.environ['DATABASE_URL'])"
    question += "; print(s['HOST'], psycopg.connect(host=s['HOST'], user=s['USER'], dbname=s['NAME']).info.dbname)"

    done = subprocess.run(
        [sys.executable, "-m", "clinic.throw_away_postgres", "-c", f"{question}; sys.exit(3)"],
        cwd=ROOT,
        env=BARE,
        capture_output=True,
        text=True,
    )

    folder, name = done.stdout.split()
    assert name == "clinic"
    assert done.returncode == 3
    assert not Path(folder).parent.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_of_the_tests_that_is_stopped_takes_its_server_along(how, tmp_path):
    test = tmp_path / "test_endless.py"
    test.write_text(
        "import os, time\ndef test_endless():\n    print(os.environ['DATABASE_URL'], flush=True)\n    time.sleep(60)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-s", "-n0", "-c", "pyproject.toml", "--rootdir", ROOT, test],
        cwd=ROOT,
        env=BARE,
        stdout=subprocess.PIPE,
        text=True,
        # whoever runs the tests in the background has SIGINT ignored, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with run:
        folder = Path(run.stdout.readline().strip().partition("host=")[2]).parent
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])

        run.send_signal(how)

        assert run.wait(timeout=20) != 0
    assert not folder.exists()
    assert wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=5)


def test_what_a_killed_run_left_is_swept_and_what_is_in_use_or_new_is_not(tmp_path):
    names = ("left-behind", "in-use", "new")
    folders = {name: tmp_path / f"{throw_away_postgres.PREFIX}{name}" for name in names}
    for name, folder in folders.items():
        folder.mkdir()
        (folder / "in-use").touch()
        if name != "new":
            os.utime(folder, (0, 0))

    with private_postgres.hold(folders["in-use"]):
        os.utime(folders["in-use"], (0, 0))
        throw_away_postgres.sweep(tmp_path)

    assert [name for name, folder in folders.items() if folder.exists()] == ["in-use", "new"]
