"""Does the web server of this container answer? `python -m clinic.health_check` exits 0 when it does.

Asks `/health/`, under a name that the program allows, and nothing else: a database that is away must not get the web
server restarted, which can still show patients the emergency advice and the clinic's number.
"""

import http.client
import os
import sys


def answers(address, host):
    """Whether the server at ``address`` (host:port) answers its health page, asked as ``host``."""
    connection = http.client.HTTPConnection(address, timeout=4)
    try:
        connection.request("GET", "/health/", headers={"Host": host})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    name = os.environ["ALLOWED_HOSTS"].split(",")[0].removeprefix(".").removeprefix("*")
    sys.exit(0 if answers(f"127.0.0.1:{port}", name or "localhost") else 1)
