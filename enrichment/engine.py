"""How the steps of the heart run: a prepared connection, the day they work on, and small SQL builders.

Steps are SQL over the lake plus Arrow-batch functions, so that another engine can run the same steps later.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from enrichment import functions, schema, sql_macros
from lake import tables
from lake.connection import connect
from lake.postgres import Postgres
from lake.settings import Settings


@dataclass(frozen=True, slots=True)
class Day:
    """One partition: the UTC day on which bronze landed."""

    date: dt.date

    @property
    def sql(self) -> str:
        """The day as a SQL literal."""
        return f"date '{self.date.isoformat()}'"


@contextmanager
def lake_connection(settings: Settings, server: Postgres) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the lake with our tables, macros and functions in place."""
    with connect(settings, server) as connection:
        tables.bootstrap(connection, schema.TABLES)
        sql_macros.create(connection)
        functions.register(connection)
        yield connection


def staging_relations(
    connection: duckdb.DuckDBPyConnection, suffix: str, day: Day | None = None
) -> list[str]:
    """Staging tables of one shape, found by how their names end (``_tracks``, ``_playlists``, ``_plays``).

    Only those that hold something, of the `day` if one is given: on most nights most of them do not, and a
    wide query over all of them costs seconds before it reads a row.
    """
    filled = sorted(one for one in tables.ever_filled(connection, "staging") if one.endswith(suffix))
    if day is not None and filled:
        of_day = " union all ".join(
            f"(select '{one}' as name from staging.{one} where ingest_date = {day.sql} limit 1)"
            for one in filled
        )
        filled = sorted(name for (name,) in connection.execute(of_day).fetchall())
    return [f"staging.{name}" for name in filled]


def union_of(
    relations: Sequence[str],
    columns: Mapping[str, str],
    day: Day,
    *,
    where: str = "true",
) -> str:
    """SELECT of the same columns from many relations, of one day.

    What a relation does not have comes out NULL: plays have no tempo, and a lake that was staged before a
    column was thought of has it once its models are run again.

    Args:
        relations: table names; none gives an empty result with the same columns.
        columns: column -> type.
        day: the partition read.
        where: further condition.
    """
    nothing = ", ".join(f"null::{kind} as {name}" for name, kind in columns.items())
    names = ", ".join(f"'{name}'" for name in columns)
    # the typed head gives order and types, whatever a relation has
    return f"select {nothing} where false" + "".join(
        f" union all by name select columns(lambda c: c in ({names})) from {relation} "
        f"where ingest_date = {day.sql} and ({where})"
        for relation in relations
    )
