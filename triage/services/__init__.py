"""What can happen in triage, one function per use case."""

from triage.services.levels import Effective, effective_level, effective_levels, latest_result

__all__ = ["Effective", "effective_level", "effective_levels", "latest_result"]
