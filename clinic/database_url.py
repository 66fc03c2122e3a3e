"""`DATABASE_URL` in Django's words.

    postgres://user:password@host:5432/name?sslmode=require
    postgres://user@/name?host=/folder/of/the/socket

Names and passwords are percent-decoded; what follows `?` goes to libpq as it is, over the time-outs below.
"""

from urllib.parse import parse_qsl, unquote, urlsplit

# A database that is gone must be noticed in seconds, not after the kernel's quarter of an hour.
TIME_OUTS = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 4000,  # milliseconds
    "keepalives": 1,
    "keepalives_idle": 3,  # seconds
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


class Unusable(Exception):
    """This database cannot be used. The message says why and what to do; it never holds an address or a password."""


def parse(url):
    """The entry of Django's `DATABASES` for ``url``, or raise `Unusable` saying what is missing."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unusable("DATABASE_URL cannot be read; write postgres://user:password@host:5432/name.") from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise Unusable("DATABASE_URL must start with postgres://, as in postgres://user:password@host:5432/name.")
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise Unusable("DATABASE_URL names no database; write postgres://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", "") or str(port or ""),
        "CONN_MAX_AGE": 600,  # seconds
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**TIME_OUTS, **options},
    }
