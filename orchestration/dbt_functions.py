"""dbt-duckdb plugin: our functions, macros, limits and run-time values on dbt's connection.

Gives staging SQL the parsers that SQL is the wrong tool for (Arrow batches in and out), the shared SQL
macros, and the variables ``bronze`` (root of the files) and ``day`` (the partition).
"""

import os
import threading
import time
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from enrichment import functions as enrichment_functions
from enrichment import sql_macros
from extractors import functions as extractor_functions
from lake.bronze import NO_DAY
from lake.connection import apply_limits, install_extensions
from lake.settings import Settings

BRONZE, DAY, PARENT = "CRATELAKE_DBT_BRONZE", "CRATELAKE_DBT_DAY", "CRATELAKE_DBT_PARENT"
"""Environment variables that carry the bronze root, the day and who starts it into dbt's process."""
_LOOK = 0.2
"""Seconds between looks at whether who started dbt still lives."""


def end_with_parent() -> None:
    """Have this process end, as if killed, once the run that started it is gone: nobody hears it any more.

    What it had not committed is rolled back, and the next run builds it.
    """
    parent = int(os.environ.get(PARENT, "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    if os.getppid() == parent or not _lives(parent):  # somebody may stand between the two
        threading.Thread(target=watch, name="end with parent", daemon=True).start()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's: it is there
        return True
    return True


class Plugin(BasePlugin):
    """Loaded by dbt through ``plugins`` in profiles.yml."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is dbt's
        """Install the extensions from their wheels before dbt loads them."""
        end_with_parent()
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
