"""Publishing gold: a native DuckDB file built aside, then renamed over the old one.

Analysts open it read-only and never meet half a build: readers keep the file they opened, the name moves to
the new one in one step, and the last few former files stay for rollback.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from lake.aside import aside
from lake.settings import Settings
from lake.tables import describe, fingerprint, one, quoted

FILE = "publishing"
"""Name under which the file is attached while it is built."""
_PUBLISHED = {
    "fingerprint": "Content hash of the tables and of the form they are published in.",
    "run_id": "Dagster run that published the file.",
    "published_at": "When it did.",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What was published.

    Attributes:
        file: the published file.
        fingerprint: content hash over all tables.
        rows: rows by table.
        replaced: False where the content equalled what was published already.
    """

    file: Path
    fingerprint: str
    rows: dict[str, int]
    replaced: bool


@dataclass(frozen=True, slots=True)
class Table:
    """How one gold table is published.

    Attributes:
        order: what its rows are sorted by.
        indexes: columns (or lists of columns) that get an index for look-ups.
        comment: of the table.
        columns: comments of its columns.
    """

    order: str
    indexes: tuple[str, ...] = ()
    comment: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


Finish = Callable[[duckdb.DuckDBPyConnection], None]


def publish(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    tables: Mapping[str, Table],
    *,
    run_id: str,
    finish: Finish | None = None,
    form: str = "",
) -> Published:
    """Copy gold tables from the lake into a new file and move it into place.

    Args:
        connection: connection with the lake attached.
        settings: where and how many former files to keep.
        tables: name of each table of schema ``gold`` -> how to publish it.
        run_id: recorded in the table ``published``.
        finish: adds what is made from the copied tables to the file, which is attached as `FILE`.
        form: a text that differs when `finish` would make something else of the same tables.
    """
    content = _content(connection, tables, form)
    if settings.published.exists() and _published_fingerprint(settings.published) == content:
        return Published(settings.published, content, _rows(connection, tables), replaced=False)
    with aside(settings.published, before=lambda: _keep_former(settings)) as building:
        connection.execute(f"attach {quoted(str(building))} as {FILE}")
        try:
            for name, plan in tables.items():
                _copy(connection, name, plan)
            if finish is not None:
                finish(connection)
            connection.execute(
                f"create table {FILE}.published as select $fingerprint as fingerprint, $run_id as run_id, "
                "now() as published_at",
                {"fingerprint": content, "run_id": run_id},
            )
            describe(connection, f"{FILE}.published", "Which run published this file, and when.", _PUBLISHED)
        finally:
            connection.execute(f"detach {FILE}")
    return Published(settings.published, content, _rows(connection, tables), replaced=True)


def _copy(connection: duckdb.DuckDBPyConnection, name: str, plan: Table) -> None:
    connection.execute(f"create table {FILE}.{name} as select * from gold.{name} order by {plan.order}")
    for index in plan.indexes:
        label = index.replace(",", "_").replace(" ", "")
        connection.execute(f"create index {name}_{label} on {FILE}.{name} ({index})")
    describe(connection, f"{FILE}.{name}", plan.comment, plan.columns)


def _content(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], form: str) -> str:
    """Hash of what is published: the tables' rows, and how and with what they are published."""
    parts = [f"{name}:{fingerprint(connection, f'gold.{name}')}" for name in sorted(tables)]
    plans = repr([(name, tables[name]) for name in sorted(tables)])
    return hashlib.sha256("\n".join([*parts, plans, form]).encode()).hexdigest()


def _published_fingerprint(file: Path) -> str | None:
    with contextlib.closing(duckdb.connect(str(file), read_only=True)) as published:
        row = published.execute("select fingerprint from published").fetchone()
        return str(row[0]) if row else None


def _rows(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> dict[str, int]:
    return {name: int(one(connection, f"select count(*) from gold.{name}")[0]) for name in tables}


def _keep_former(settings: Settings) -> None:
    """Keep the file about to be replaced under its time of publication; drop the oldest beyond the limit."""
    if settings.published.exists() and settings.keep_published:
        history = settings.published.parent / "history"
        history.mkdir(exist_ok=True)
        stamp = f"{settings.published.stat().st_mtime_ns:020d}"
        former = history / f"gold-{stamp}.duckdb"
        if not former.exists():
            os.link(settings.published, former)  # the same bytes under a second name
        for old in sorted(history.glob("gold-*.duckdb"))[: -settings.keep_published]:
            old.unlink()
