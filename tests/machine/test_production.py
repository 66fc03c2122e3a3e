"""What a deployment reads: the settings, compose, the image and the database's role agree with each other."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from clinic import private_postgres

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
DEPLOYED = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "k3-" + "q8Zt_x7Lw2" * 6,
    "ALLOWED_HOSTS": "clinic.example.org",
    "DATABASE_URL": "postgres://clinic@db.example.org/clinic",
}


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_stops_with_the_name_of_what_is_missing(name, value):
    environment = {key: given for key, given in DEPLOYED.items() if key != name}
    if value is not None:
        environment[name] = value

    done = manage("check", **environment)

    assert done.returncode != 0
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_is_not_served_in_production():
    done = manage("run", **DEPLOYED)

    assert done.returncode != 0
    assert "start it with `make run`" in done.stderr
    assert "Traceback" not in done.stderr


def test_compose_publishes_the_proxy_and_nothing_else():
    services = re.split(r"^  (?=\w+:$)", COMPOSE.partition("\nservices:\n")[2].partition("\nvolumes:\n")[0], flags=re.M)

    assert [service.partition(":")[0] for service in services if "ports:" in service] == ["proxy"]


def test_compose_has_no_secret_of_its_own_and_no_default_for_one():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "DATABASE_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(\W[^}}]*)\}}", COMPOSE)) == {f":?set {name} in .env"}


def test_the_example_names_every_variable_that_compose_reads():
    read = set(re.findall(r"\$\{(\w+)", COMPOSE))
    offered = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), flags=re.M))

    assert offered == read


def test_compose_passes_on_every_variable_that_the_settings_read():
    settings = (ROOT / "clinic" / "settings.py").read_text()
    read = set(re.findall(r"""(?:environ\.get|required)\(\s*"(\w+)\"""", settings))
    chosen_by_the_image = {"STATIC_ROOT", "MAIL_FOLDER"}

    assert read - chosen_by_the_image <= set(re.findall(r"^    (\w+): ", COMPOSE, flags=re.M))


def test_the_database_role_of_compose_has_the_time_outs_of_the_private_postgres():
    script = (ROOT / "docker" / "database.sh").read_text()

    assert dict(re.findall(r"ALTER ROLE clinic SET (\w+) = '(\w+)'", script)) == private_postgres.ROLE_SETTINGS


def test_the_image_holds_only_what_production_needs():
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert "requirements/base.txt" in dockerfile
    assert "--require-hashes" in dockerfile
    assert re.search(r"^USER (?!root)\w+$", dockerfile, flags=re.M)
    assert "celerp" not in (ROOT / "requirements" / "base.txt").read_text()
