"""What a load of content did, counted."""

from dataclasses import dataclass


@dataclass
class Counts:
    """``kept`` are those that somebody edited here since, which a load leaves alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
