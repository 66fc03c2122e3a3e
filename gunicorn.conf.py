"""How gunicorn serves the clinic, in production and in the demo. It reads this file by itself.

Sync workers: threads gave nothing on pages that render, and a sync worker that hangs is replaced after `timeout`. They
need a buffering proxy in front (see docker-compose.yml): on its own, gunicorn is stopped by forty half-open sockets.
"""

import os

from gunicorn.glogging import Logger

from clinic.discreet import discreet

demo = os.environ.get("CLINIC_MODE") == "demo"

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "sync"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
timeout = 30  # seconds; the database role's statement_timeout ends a slow query long before
graceful_timeout = 30  # seconds; a request under way is finished before the process ends
max_requests = 5000
max_requests_jitter = 500
preload_app = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
control_socket_disable = True

# Which page was asked for and how it went; not by whom, and not for which patient (see clinic/discreet.py).
accesslog = None if demo else "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
errorlog = "-"
loglevel = "warning" if demo else "info"


class DiscreetLogger(Logger):
    def atoms(self, resp, req, environ, request_time):
        return super().atoms(resp, req, environ, request_time) | {"U": discreet(environ.get("PATH_INFO", ""))}


logger_class = DiscreetLogger
