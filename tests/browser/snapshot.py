"""The rows of a whole database at one moment, to be put back in a blink.

The demo clinic takes seconds to make, because it goes through the same services as patients and staff do. Making it once and
copying its rows back before each test gives every journey the same clinic.
"""

import pickle
from dataclasses import dataclass

from django.db import connection, transaction

LEFT_ALONE = {"django_migrations"}


@dataclass(frozen=True)
class Snapshot:
    """``take()`` reads all tables and sequences; ``restore()`` empties the tables and writes the rows again."""

    rows: dict[str, bytes]
    sequences: list[tuple[str, int | None]]

    @classmethod
    def take(cls):
        tables = sorted(set(connection.introspection.table_names()) - LEFT_ALONE)
        with connection.cursor() as cursor:
            rows = {table: cls._copied(cursor, table) for table in tables}
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
            return cls(rows, cursor.fetchall())

    @staticmethod
    def _copied(cursor, table):
        with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            return b"".join(copy)

    def write(self, path):
        path.write_bytes(pickle.dumps(self))

    @classmethod
    def read(cls, path):
        """Only ever a file that this run of the tests has written."""
        return pickle.loads(path.read_bytes())

    @transaction.atomic
    def restore(self):
        """Foreign keys are checked at the end; triggers rest meanwhile, or the history would be written twice."""
        names = ", ".join(f'"{table}"' for table in self.rows)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {names}")
            for table in self.rows:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for table, rows in self.rows.items():
                if rows:
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                        copy.write(rows)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in self.rows:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            for name, last in self.sequences:
                cursor.execute("SELECT setval(%s, %s, %s)", [f'"{name}"', last or 1, last is not None])
