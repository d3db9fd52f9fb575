"""A check: a query that lists the rows breaking a rule. No rows, no breach.

Belongs here: what a check is and how one is run. Which rules there are: `checks`.
"""

from dataclasses import dataclass

import duckdb

from lake.tables import one

SAMPLE = 10
TOUCHED = "{touched}"
"""Stands in a check's SQL for a condition on ``track_id``: of the tracks looked at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule.

    Attributes:
        name: snake_case name, a statement of what holds.
        asset: (layer, table) of the asset it guards.
        description: the rule in words.
        breaches: SQL that selects one row per breach, its columns telling where; with `TOUCHED` where it can
            keep to some tracks.
        blocking: whether a breach stops what lies downstream.
    """

    name: str
    asset: tuple[str, str]
    description: str
    breaches: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one check: how many breaches, and some of them as (column -> text)."""

    check: Check
    breaches: int
    sample: list[dict[str, str]]

    @property
    def passed(self) -> bool:
        """Whether the rule holds."""
        return self.breaches == 0


def run(connection: duckdb.DuckDBPyConnection, check: Check, touched: str = "true") -> Outcome:
    """Run one check on a connection with the lake attached.

    Args:
        connection: prepared lake connection.
        check: the rule.
        touched: SQL condition on ``track_id``, where not all tracks are to be looked at.
    """
    query = check.breaches.replace(TOUCHED, touched)
    connection.execute(f"create or replace temp table breaches as {query}")
    (breaches,) = one(connection, "select count(*) from breaches")
    sample = connection.execute(f"from breaches limit {SAMPLE}")
    names = [column[0] for column in sample.description or ()]
    rows = [dict(zip(names, (str(value) for value in values), strict=True)) for values in sample.fetchall()]
    connection.execute("drop table breaches")
    return Outcome(check, int(breaches), rows)
