"""Is the server behind `DATABASE_URL` one that this program can use? Asked before the work begins, answered in a sentence.

The sentence names host and database, so that a mistake can be seen, and never the password.
"""

import os
import sys

import psycopg
from psycopg import sql

from clinic import database_url
from clinic.database_url import Unusable
from clinic.private_postgres import EXTENSIONS

OLDEST = 15  # the oldest major version of Postgres that Django 6.1 speaks to


def check(url):
    """Return when the database can be used; raise `Unusable` when it is out of reach, too old, or lacks an extension."""
    settings = database_url.parse(url)
    where = f"{settings['NAME']} at {settings['HOST'] or 'this machine'}"
    try:
        with psycopg.connect(
            dbname=settings["NAME"],
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            **settings["OPTIONS"],
        ) as connection:
            check_version(connection, where)
            check_extensions(connection, where)
    except psycopg.OperationalError as refusal:
        said = str(refusal).strip().splitlines()[0].removeprefix("connection failed: ")
        raise Unusable(
            f"The database {where} (DATABASE_URL) is out of reach: {said}\n"
            "Is the server up, and are address, name and password right?"
        ) from None


def check_version(connection, where):
    if (found := connection.info.server_version // 10000) < OLDEST:
        raise Unusable(
            f"The database {where} (DATABASE_URL) runs Postgres {found}, which is too old: "
            f"Postgres {OLDEST} or newer is needed."
        )


def check_extensions(connection, where):
    """Try to create what is missing, and take it back: only Postgres knows who may."""
    present = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    offered = {name for (name,) in connection.execute("SELECT name FROM pg_available_extensions")}
    for name in EXTENSIONS:
        if name in present:
            continue
        if name not in offered:
            raise Unusable(
                f"The server of the database {where} (DATABASE_URL) lacks the extension {name}. "
                "It comes with Postgres; some systems keep it in a package of its own, postgresql-contrib."
            )
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise Unusable(
                f"The role {connection.info.user} may not create the extension {name} in the database {where}. "
                f"Its owner or an administrator can, once and for all: CREATE EXTENSION {name};"
            ) from None


if __name__ == "__main__":  # `python -m clinic.database_check`: before migrations, and as the worker's health check
    try:
        check(os.environ["DATABASE_URL"])
    except Unusable as reason:
        sys.exit(str(reason))
