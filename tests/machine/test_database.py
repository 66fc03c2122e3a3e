"""`DATABASE_URL`: how it is read, and what is said about a server that cannot be used."""

import os
import socket
import struct
import threading
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from clinic import database_check, database_url

LOGIN = ("HOST", "PORT", "USER", "PASSWORD")


def test_an_address_with_everything_in_it_is_read_whole():
    read = database_url.parse("postgres://app%40clinic:p%2Fa%3As%20s@db.example.org:5433/the%20clinic?sslmode=require")

    assert (read["USER"], read["PASSWORD"]) == ("app@clinic", "p/a:s s")
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example.org", "5433", "the clinic")
    assert read["OPTIONS"] == {**database_url.TIME_OUTS, "sslmode": "require"}


def test_the_folder_of_a_socket_stands_after_the_question_mark():
    read = database_url.parse("postgres://clinic@/clinic?host=/run/postgresql&port=5433")

    assert (read["USER"], read["HOST"], read["PORT"], read["NAME"]) == ("clinic", "/run/postgresql", "5433", "clinic")
    assert read["OPTIONS"] == database_url.TIME_OUTS


def test_the_address_goes_over_the_standing_time_outs():
    read = database_url.parse("postgresql://clinic@db/clinic?connect_timeout=9&options=-c%20search_path%3Dx")

    assert read["OPTIONS"]["connect_timeout"] == "9"
    assert read["OPTIONS"]["options"] == "-c search_path=x"


def test_an_ipv6_address_is_read():
    assert database_url.parse("postgres://clinic@[::1]:5432/clinic")["HOST"] == "::1"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://clinic:hush@db/clinic", "must start with postgres://"),
        ("clinic", "must start with postgres://"),
        ("postgres://clinic:hush@db", "names no database"),
        ("postgres://clinic:hush@db:http/clinic", "cannot be read"),
        ("postgres://clinic:hush@[db/clinic", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(url, says):
    with pytest.raises(database_url.Unusable, match=says) as refusal:
        database_url.parse(url)

    assert "hush" not in str(refusal.value)


def test_the_server_of_this_run_can_be_used():
    assert database_check.check(os.environ["DATABASE_URL"]) is None


def test_a_server_out_of_reach_is_named_with_its_host_and_without_the_password():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(database_url.Unusable, match=r"clinic at 127\.0\.0\.1 .*out of reach: .*refused") as refusal:
        database_check.check(f"postgres://clinic:hush@127.0.0.1:{port}/clinic")

    assert "hush" not in str(refusal.value)


def test_a_server_that_is_too_old_is_refused_with_both_versions():
    with AncientPostgres("14.12") as port, pytest.raises(database_url.Unusable) as refusal:
        database_check.check(f"postgres://clinic:hush@127.0.0.1:{port}/clinic?sslmode=disable&gssencmode=disable")

    assert str(refusal.value) == (
        "The database clinic at 127.0.0.1 (DATABASE_URL) runs Postgres 14, which is too old: "
        "Postgres 15 or newer is needed."
    )


def test_an_extension_that_the_role_may_not_create_is_named_with_the_line_that_creates_it(bare_database):
    with pytest.raises(database_url.Unusable) as refusal:
        database_check.check(bare_database)

    assert "may not create the extension btree_gist" in str(refusal.value)
    assert "CREATE EXTENSION btree_gist;" in str(refusal.value)


@pytest.fixture
def bare_database():
    """The address of a database without extensions, in which our role may create nothing."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"bare_{uuid.uuid4().hex[:8]}"
    ours = {key.lower(): value or None for key, value in settings.DATABASES["default"].items() if key in LOGIN}
    with psycopg.connect(**ours, dbname="postgres", autocommit=True) as connection:
        (is_superuser,) = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if is_superuser:
            pytest.skip("a superuser may create everything, so there is nothing to refuse")
        database = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        connection.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM CURRENT_USER").format(database))
        yield url._replace(path=f"/{name}").geturl()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


class AncientPostgres:
    """Answers one sign-in in Postgres's own words, and says that it is as old as ``version``."""

    def __init__(self, version):
        self.version = version

    def __enter__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.answer, daemon=True).start()
        return self.server.getsockname()[1]

    def __exit__(self, *details):
        self.server.close()

    def answer(self):
        caller, _ = self.server.accept()
        with caller:
            (length,) = struct.unpack("!I", caller.recv(4))
            caller.recv(length - 4)
            caller.sendall(
                message(b"R", struct.pack("!I", 0))
                + message(b"S", b"server_version\0" + self.version.encode() + b"\0")
                + message(b"S", b"client_encoding\0UTF8\0")
                + message(b"K", struct.pack("!II", 1, 2))
                + message(b"Z", b"I")
            )
            while caller.recv(1024):  # whatever is asked next: the conversation is over
                caller.sendall(message(b"E", b"SFATAL\0VFATAL\0C57P01\0Mbye\0\0"))


def message(kind, body):
    return kind + struct.pack("!I", len(body) + 4) + body
