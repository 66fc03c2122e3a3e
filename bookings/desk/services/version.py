"""Has anything that the board or the strip shows changed? One cheap query, asked every few seconds by every open screen."""

from django.db import connection

NEWEST = """
(SELECT coalesce(sum(pgh_id), 0) FROM (SELECT pgh_id FROM bookings_appointmentevent ORDER BY pgh_id DESC LIMIT 50) v)
|| '-' ||
(SELECT coalesce(sum(pgh_id), 0) FROM (SELECT pgh_id FROM clinic_taskevent ORDER BY pgh_id DESC LIMIT 50) t)
|| '-' || (SELECT coalesce(max(id), 0) FROM triage_assessment)
|| '-' || (SELECT coalesce(max(id), 0) FROM triage_review)
"""
"""Visits and tasks are tracked: every change, in the admin or in SQL as well, adds a row to their history. The ids of the
last fifty are added up rather than the last one taken: a change that commits after a younger one is among them. Shifts are
not in it: the board is drawn anew every minute in any case."""


def version_of_the_desk() -> str:
    """A text that differs whenever a visit, a task, an assessment or a review was written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NEWEST}")
        return cursor.fetchone()[0]
