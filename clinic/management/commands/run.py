"""The demo clinic: database, content, invented people, web server and message worker, until Ctrl-C.

`make run` ends here. Everything that this starts it also stops, Postgres included, whether it ends by Ctrl-C, by SIGTERM
or because a part of it gave up; on Linux even when it is killed outright.
"""

import gc
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from clinic import database_check, database_url, launcher, private_postgres
from clinic.processes import end_with_parent

PATIENCE = 15  # seconds that a request under way may take when we stop


class Command(BaseCommand):
    help = "Serve the demo clinic until Ctrl-C. Use `make run`, which installs what it needs first."
    requires_system_checks = []  # the database is not up yet

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("`run` serves the demo clinic, and this is not the demo: start it with `make run`.")
        for number in (signal.SIGINT, signal.SIGTERM):  # the same, even for a shell's background job
            signal.signal(number, signal.default_int_handler)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # not under nohup
            signal.signal(signal.SIGHUP, signal.default_int_handler)
        self.children = {}
        self.postgres = None
        try:
            self.serve()
        except (launcher.Stopped, database_url.Unusable) as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            self.say("\nStopping.")
        finally:
            self.stop()

    def serve(self):
        began = time.monotonic()
        port = launcher.wanted_port()
        with launcher.listen(port) as door:
            self.open_database()
            gc.disable()  # building the tables makes thousands of classes, which the collector would visit over and over
            self.say("Bringing the database up to date")
            call_command("migrate", verbosity=0, interactive=False)
            self.say("Loading exercises, questions and services")
            call_command("load_content", stdout=Indented(self.stdout))
            self.say("Making the demo clinic")
            call_command("seed_demo", stdout=Indented(self.stdout))
            gc.enable()
            connections.close_all()
            self.say("Starting the web server")
            self.start(
                "web server", "-m", "gunicorn", "clinic.wsgi:application", "--bind", f"fd://{door.fileno()}", door=door
            )
        self.wait_for_the_first_page(port)
        self.start("message worker", "manage.py", "send_messages", "--forever")
        self.welcome(port, seconds=time.monotonic() - began)
        self.watch()

    def open_database(self):
        if url := os.environ.get("DATABASE_URL"):
            self.say("Looking at the database that DATABASE_URL names")
            database_check.check(url)
            return
        self.postgres = private_postgres.for_this_clone()
        self.say(f"Starting the private Postgres {private_postgres.MAJOR} (its data is in {self.postgres.home})")
        self.postgres.start()

    def start(self, name, *arguments, door=None):
        self.children[name] = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            pass_fds=[door.fileno()] if door else [],
            start_new_session=True,  # Ctrl-C is for us; we then end the children in order
            preexec_fn=end_with_parent(),
        )

    def wait_for_the_first_page(self, port):
        while True:
            self.stop_if_one_gave_up()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=30):
                    return
            except urllib.error.HTTPError as refused:
                raise launcher.Stopped(
                    f"The first page answers with {refused.code} (see above), so everything stops."
                ) from None
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)

    def welcome(self, port, seconds):
        here = f"http://127.0.0.1:{port}"
        self.say(
            f"\n{settings.CLINIC_NAME} is open ({seconds:.0f} s). A demo: everybody in it is invented.\n\n"
            f"  Patients           {here}/\n"
            f"  Front desk         {here}/desk/\n"
            f"  Admin              {here}/admin/      therapists, clinical lead, manager\n"
            f"  Mail to patients   {here}/dev/mail/\n"
        )
        self.say("\nStaff sign in with a password and a code:\n")
        call_command("demo_signins", stdout=self.stdout)
        self.say("\nCtrl-C stops it. The data is kept; `make reset` starts over.")

    def watch(self):
        while True:
            self.stop_if_one_gave_up()
            time.sleep(0.5)

    def stop_if_one_gave_up(self):
        for name, child in self.children.items():
            if child.poll() is not None:
                raise launcher.Stopped(f"The {name} stopped by itself (its last words are above), so everything stops.")

    def stop(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave half of it running
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if self.postgres:
            self.postgres.stop()

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()


class Indented:
    """What a step reports, set below the line that announces it."""

    def __init__(self, out):
        self.out = out

    def write(self, text):
        self.out.write("".join(f"  {line}" for line in text.splitlines(keepends=True)), ending="")

    def flush(self):
        self.out.flush()
