"""DuckDB connections to the lake, each with its share of the machine.

DuckDB takes all cores and 80 % of the memory *per connection* unless told otherwise, so every connection is
made here: threads, memory and spill directory come from the settings, the clock is UTC, extensions come from
wheels.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
from duckdb_extensions import import_extension

from lake.postgres import CATALOG_SCHEMA, Postgres
from lake.settings import Settings

LAKE = "lake"
"""Name under which every connection (and dbt) attaches the catalogue."""
CATALOGUE = f"__ducklake_metadata_{LAKE}.{CATALOG_SCHEMA}"
"""Where the catalogue's own tables stand (https://ducklake.select/docs/stable/specification/tables/overview)."""


@cache
def install_extensions() -> None:
    """Install the signed extensions carried by the wheels (no download); once per process."""
    for name in ("ducklake", "postgres_scanner", "fts"):
        import_extension(name)


def apply_limits(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Hold a connection to the settings' share of the machine, and to UTC."""
    settings.spill.mkdir(parents=True, exist_ok=True)
    connection.execute(f"set threads = {settings.threads}")
    connection.execute(f"set memory_limit = '{settings.memory_limit}'")
    connection.execute(f"set temp_directory = '{settings.spill}'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")


def limited(
    settings: Settings, database: str = ":memory:", *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that keeps to the limits of the settings."""
    connection = duckdb.connect(database, read_only=read_only, config={"autoinstall_known_extensions": False})
    apply_limits(connection, settings)
    return connection


def attach_string(server: Postgres) -> str:
    """What follows ATTACH to open the catalogue; holds no password."""
    return f"ducklake:postgres:{server.dsn}"


@contextmanager
def connect(
    settings: Settings, server: Postgres, *, read_only: bool = False, snapshot: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the lake attached as ``lake`` (and as the default database); closed on leaving.

    With `snapshot` the lake is seen, read-only, as it was then.
    """
    install_extensions()
    settings.data.mkdir(parents=True, exist_ok=True)
    connection = limited(settings)
    try:
        connection.execute("load ducklake; load postgres_scanner")
        options = f"data_path '{settings.data_path}', metadata_schema '{CATALOG_SCHEMA}'"
        if snapshot is not None:
            options += f", snapshot_version {snapshot}"
        if read_only or snapshot is not None:
            options += ", read_only"
        connection.execute(f"attach '{attach_string(server)}' as {LAKE} ({options})")
        connection.execute(f"use {LAKE}")
        yield connection
    finally:
        connection.close()
