"""State that processes on one machine share: a small SQLite file.

What belongs here: opening it and taking turns. What is kept in it is the business of those who use it
(`limit`, `circuit`, `store`). SQLite and not the lake's Postgres: asking a provider needs no lake, and a turn
costs tens of microseconds.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PATIENCE = 60.0
"""Seconds to wait for another process's turn."""


class SharedState:
    """A SQLite file used by any number of threads and processes.

    Args:
        path: the file; made with its folder if absent.
        tables: statements that make what is absent.
    """

    def __init__(self, path: Path, tables: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        # isolation_level None: we begin transactions ourselves
        self._connection = sqlite3.connect(
            path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("pragma journal_mode = wal")
        # a killed process loses nothing; a machine without power its last moments, but no consistency
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(tables)

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes beside; rolled back if the body raises."""
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    def one(self, statement: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        """First row of one statement that needs no turn, being whole by itself; None if there is none."""
        with self._lock:
            row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return row

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
