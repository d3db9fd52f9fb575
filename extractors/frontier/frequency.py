"""How often a chart is synced: apart from `charts`, so that the command line need not load all of that."""

from enum import StrEnum


class Frequency(StrEnum):
    """How often a chart is synced."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
