from django.apps import AppConfig
from django.core import checks


class TriageConfig(AppConfig):
    name = "triage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from triage.checks import unsigned_rules

        checks.register(unsigned_rules, deploy=True)
