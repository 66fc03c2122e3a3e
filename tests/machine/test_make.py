"""`make` on a machine that lacks something: one clear sentence, a non-zero exit, never a traceback."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from clinic import launcher

ROOT = Path(__file__).resolve().parents[2]

OLD_PYTHON = """#!/bin/sh
case "$2" in *print*) echo 3.9.18 ;; *) exit 1 ;; esac
"""


@pytest.fixture
def path_with(tmp_path):
    """A PATH that holds the shell's tools and the interpreters given: a name, and the script that answers to it."""

    def make(**interpreters):
        for tool in ("make", "sh", "env"):
            (tmp_path / tool).symlink_to(shutil.which(tool))
        for name, body in interpreters.items():
            program = tmp_path / name.replace("_", ".")
            if isinstance(body, Path):
                program.symlink_to(body)
            else:
                program.write_text(body)
                program.chmod(0o755)
        return str(tmp_path)

    return make


def make(*arguments, path=None, **environment):
    """Run make with our own interpreter, or with whatever is on ``path``."""
    which = [] if path else [f"PYTHON={sys.executable}"]
    return subprocess.run(
        ["make", "--no-print-directory", *which, *arguments],
        cwd=ROOT,
        env={"PATH": path or os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def assert_refused(done, *words):
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_an_old_python_alone_is_refused_with_both_versions(path_with):
    done = make("run", path=path_with(python3=OLD_PYTHON))

    assert_refused(done, "Python 3.12 or newer is needed, and the one found is Python 3.9.18.")


def test_no_python_at_all_is_said(path_with):
    done = make("run", path=path_with())

    assert_refused(done, "Python 3.12 or newer is needed, and none was found.")


def test_a_newer_python_further_along_the_path_is_taken(path_with):
    name = f"python3_{sys.version_info.minor}"
    path = path_with(python3=OLD_PYTHON, **{name: Path(sys.executable)})

    done = make("--dry-run", "run", path=path)

    assert done.stdout.strip() == f'exec "{path}/{name.replace("_", ".")}" -m clinic.launcher run'


def test_a_name_on_the_path_that_does_not_start_is_passed_over(path_with):
    name = f"python3_{sys.version_info.minor}"
    broken = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
    later = {"python3": Path(sys.executable)}

    done = make("--dry-run", "run", path=path_with(**{name: broken}, **later))

    assert done.returncode == 0
    assert done.stdout.strip().endswith('/python3" -m clinic.launcher run')


def test_a_port_that_is_taken_is_refused_with_another_one_to_try():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = make("run", f"PORT={port}")

    assert_refused(done, f"Port {port} is taken by another program.", f"make run PORT={port + 1}")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_no_port_is_refused(port):
    assert_refused(make("run", f"PORT={port}"), f"PORT is a number from 1 to 65535, not '{port}'")


@pytest.mark.parametrize("command", ["run", "test"])
def test_a_database_address_that_cannot_be_read_is_refused(command):
    done = make(command, "BROWSER=0", f"PORT={free_port()}", DATABASE_URL="mysql://clinic:hush@db/clinic")

    assert_refused(done, "DATABASE_URL must start with postgres://")
    assert "hush" not in done.stderr


@pytest.mark.parametrize("command", ["test", "drills"])
def test_a_missing_browser_is_refused_with_the_line_that_installs_it(command):
    done = make(command, CHROMIUM="no-such-browser")

    assert_refused(done, "    sudo apt-get install chromium\n", "make test BROWSER=0")


def test_a_test_database_out_of_reach_is_refused():
    url = f"postgres://clinic:hush@127.0.0.1:{free_port()}/clinic"

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "tests/machine/test_make.py"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "The database clinic at 127.0.0.1 (DATABASE_URL) is out of reach" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "hush" not in done.stdout + done.stderr


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with an interpreter, and with requirements that ask for nothing."""
    (tmp_path / "requirements").mkdir()
    for name in launcher.INCLUDES:
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
    monkeypatch.setattr(launcher, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(launcher, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(launcher, "REQUIREMENTS", tmp_path / "requirements")
    launcher.PYTHON.parent.mkdir(parents=True)
    launcher.PYTHON.symlink_to(sys.executable)
    return tmp_path


def test_the_requirements_are_installed_once_and_again_when_they_change(clone, capsys):
    def what_is_said():
        launcher.prepare("run")
        return capsys.readouterr().out.splitlines()

    assert what_is_said() == ["Installing what the clinic needs"]
    assert what_is_said() == []
    (clone / "requirements" / "run.txt").write_text("# changed\n")
    assert what_is_said() == ["Installing what the clinic needs"]


def test_what_the_tests_need_includes_what_the_clinic_needs(clone, capsys):
    launcher.prepare("dev")
    capsys.readouterr()

    launcher.prepare("run")

    assert capsys.readouterr().out == ""


def test_every_pin_of_a_smaller_requirements_file_stands_in_the_larger_one():
    def pins(name):
        lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        return {line.split()[0] for line in lines if "==" in line}

    assert pins("base") < pins("run") < pins("dev")


def test_the_requirements_name_no_package_index():
    assert not [path.name for path in (ROOT / "requirements").iterdir() if "://" in path.read_text()]


def test_requirements_that_cannot_be_installed_are_said_and_tried_again(clone, capfd):
    (clone / "requirements" / "run.txt").write_text("no-such-package-anywhere==1.0 --hash=sha256:" + "0" * 64)

    for _ in range(2):
        with pytest.raises(launcher.Stopped, match=r"requirements/run\.txt could not be installed"):
            launcher.prepare("run")


def test_a_virtual_environment_that_no_longer_starts_is_made_anew(clone, capsys):
    launcher.PYTHON.unlink()
    launcher.PYTHON.symlink_to(clone / "gone")

    launcher.prepare("run")

    assert capsys.readouterr().out.splitlines()[0].startswith("Making .venv with Python 3.")
    assert launcher.is_new_enough(launcher.PYTHON)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
