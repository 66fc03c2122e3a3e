"""The table of the cache that all workers share, as ``createcachetable`` would make it: one command less to forget."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TABLE clinic_cache (
                    cache_key varchar(255) NOT NULL PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamp with time zone NOT NULL
                );
                CREATE INDEX clinic_cache_expires ON clinic_cache (expires);
            """,
            reverse_sql="DROP TABLE clinic_cache;",
        )
    ]
