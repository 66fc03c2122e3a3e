"""Sends what waits in the outbox: once, or for as long as the process lives."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from clinic.services.outbox import send_next

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send waiting messages. With --forever, keep looking every few seconds until told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true")
        parser.add_argument("--every", type=float, default=3.0, help="Seconds between two looks (with --forever).")

    def handle(self, *args, forever, every, **options):
        if not forever:
            self.stdout.write(f"{self.send_all()} messages sent or parked.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                self.send_all(stop)
            except OperationalError as error:
                logger.error("outbox waits for the database: %s", type(error).__name__)
            stop.wait(every)

    def send_all(self, stop=None) -> int:
        done = 0
        while not (stop and stop.is_set()) and send_next(now=timezone.now()):
            done += 1
        return done
