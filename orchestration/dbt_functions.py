"""dbt-duckdb plugin: our functions, macros, limits and run-time values on dbt's connection.

Gives staging SQL the parsers that SQL is the wrong tool for (Arrow batches in and out), the shared SQL
macros, and the variables ``bronze`` (root of the files) and ``day`` (the partition).
"""

import os
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from enrichment import functions as enrichment_functions
from enrichment import sql_macros
from extractors import functions as extractor_functions
from lake.bronze import NO_DAY
from lake.connection import apply_limits, install_extensions
from lake.settings import Settings

BRONZE, DAY = "CRATELAKE_DBT_BRONZE", "CRATELAKE_DBT_DAY"
"""Environment variables that carry the bronze root and the day into dbt's process."""


class Plugin(BasePlugin):
    """Loaded by dbt through ``plugins`` in profiles.yml."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is dbt's
        """Install the extensions from their wheels before dbt loads them."""
        install_extensions()

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Limit the connection and register the functions on it."""
        apply_limits(conn, Settings())
        enrichment_functions.register(conn)
        extractor_functions.register(conn)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Create what belongs to one cursor: temporary macros and variables."""
        sql_macros.create(cursor)
        cursor.execute("set TimeZone = 'UTC'")
        cursor.execute("set variable bronze = $root", {"root": os.environ.get(BRONZE, "/nonexistent")})
        cursor.execute("set variable day = $day::date", {"day": os.environ.get(DAY, NO_DAY)})
