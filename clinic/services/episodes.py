"""Episodes: one problem of one patient, from the first assessment to discharge."""

from django.db import IntegrityError, transaction

from clinic.models import Episode


def open_episode(*, patient, problem, now) -> Episode:
    """The open episode of this problem, opened now when there is none."""
    open_ones = Episode.objects.filter(patient=patient, problem=problem, closed_at=None)
    episode = open_ones.first()
    if episode:
        return episode
    try:
        with transaction.atomic():
            return Episode.objects.create(patient=patient, problem=problem, opened_at=now)
    except IntegrityError as error:
        if "clinic_one_open_episode_per_problem" not in str(error):
            raise
        return open_ones.get()
