"""``cratelake sql``: read-only queries of published gold, or of the live lake."""

import contextlib
import csv
import json
import sys
from collections.abc import Iterator

import duckdb

from lake import snapshots
from lake.connection import LAKE, connect, limited
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import err, out, table
from orchestration.cli.lakes import require_lake, require_published

_SHOWN = 200


def sql(query: str, *, lake: bool, style: str, as_of: str | None = None) -> None:
    """Run one statement and print its rows as table, CSV or JSON lines.

    Raises:
        LakeError: there is nothing to query, or the statement is wrong (with DuckDB's own words).
    """
    settings = Settings()
    _only_reads(query)
    with _connection(settings, lake=lake, as_of=as_of) as connection:
        try:
            cursor = connection.execute(query)
        except duckdb.Error as error:
            where = (
                f"the lake as of {as_of}"
                if as_of
                else "the live lake"
                if lake
                else "published gold (add --lake for silver, ops and staging)"
            )
            raise LakeError(
                str(error).strip(), f"the query runs read-only on {where}; `show tables` lists what it has"
            ) from error
        names = [column[0] for column in cursor.description or ()]
        if style == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(names)
            while rows := cursor.fetchmany(10_000):
                writer.writerows(rows)
        elif style == "json":
            while rows := cursor.fetchmany(10_000):
                for row in rows:
                    sys.stdout.write(
                        json.dumps(dict(zip(names, row, strict=True)), default=str, ensure_ascii=False) + "\n"
                    )
        else:
            rows = cursor.fetchmany(_SHOWN + 1)
            numeric = [
                i
                for i, column in enumerate(cursor.description or ())
                if "INT" in str(column[1]) or "DECIMAL" in str(column[1]) or "DOUBLE" in str(column[1])
            ]
            out.print(table("", names, rows[:_SHOWN], right=numeric))
            more = (
                f"; only the first {_SHOWN} are shown, --format csv prints all" if len(rows) > _SHOWN else ""
            )
            err.print(f"{min(len(rows), _SHOWN)} rows{more}", style="dim")


def _only_reads(query: str) -> None:
    """Refuse anything but one reading statement: COPY, ATTACH and SET reach beyond the data.

    Raises:
        LakeError: no statement, several, one that does not parse, or one that is no SELECT.
    """
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise LakeError(str(error).strip(), "correct the statement; it is DuckDB's SQL") from error
    if len(statements) != 1:
        raise LakeError(f"{len(statements)} statements were given", "give exactly one, in quotes")
    if statements[0].type not in {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
        raise LakeError(
            f"{statements[0].type.name} is not a query",
            "use select, from, show, describe or summarize",
        )


@contextlib.contextmanager
def _connection(settings: Settings, *, lake: bool, as_of: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    if as_of is not None:
        require_lake(settings)
        with postgres(settings) as server:
            with connect(settings, server, read_only=True) as present:
                snapshot = snapshots.meant(present, as_of)
            with connect(settings, server, snapshot=snapshot) as connection:
                if connection.execute("from duckdb_schemas() where schema_name = 'gold'").fetchone():
                    connection.execute(f"use {LAKE}.gold")  # tables without a schema are gold, as published
                yield connection
    elif lake:
        require_lake(settings)
        with postgres(settings) as server, connect(settings, server, read_only=True) as connection:
            yield connection
    else:
        require_published(settings)
        with contextlib.closing(limited(settings, str(settings.published), read_only=True)) as connection:
            connection.execute("set enable_external_access = false")  # the file itself is open already
            yield connection
