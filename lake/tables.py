"""Writing lake tables: create what is missing, replace only what changed, retry when writers collide."""

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb

from lake.connection import CATALOGUE

SCHEMAS = ("bronze", "staging", "silver", "gold", "ops")
T = TypeVar("T")
_OPEN: set[int] = set()
"""Connections inside a `transaction`, by identity."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of one write: inserted or updated, deleted, and left untouched."""

    written: int
    deleted: int
    unchanged: int


def bootstrap(connection: duckdb.DuckDBPyConnection, tables: dict[str, str]) -> None:
    """Create the lake's schemas, the given tables and their columns, where they are missing.

    A lake that was made before a column was thought of gets it, empty; columns it has beside are left to it.

    Args:
        connection: connection with the lake attached.
        tables: ``schema.table`` -> column definitions.
    """
    existing: dict[str, set[str]] = {
        f"{schema}.{name}": set(columns)
        for schema, name, columns in connection.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns() "
            "where database_name = 'lake' group by all"
        ).fetchall()
    }
    schemas = {row[0] for row in connection.execute("select schema_name from duckdb_schemas()").fetchall()}
    for schema in SCHEMAS:
        if schema not in schemas:
            connection.execute(f"create schema if not exists {schema}")
    for name, columns in tables.items():
        if name not in existing:
            connection.execute(f"create table if not exists {name} ({columns})")
            continue
        lacking = [one for one in _definitions(columns) if one.split()[0] not in existing[name]]
        if lacking:
            _add_columns(connection, name, lacking)


def _definitions(columns: str) -> list[str]:
    """Column definitions one by one: ``a decimal(5,4), b date`` are two."""
    return [one.strip() for one in re.split(r",(?![^()]*\))", columns)]


def _add_columns(connection: duckdb.DuckDBPyConnection, table: str, definitions: Sequence[str]) -> None:
    def work() -> None:
        for one in definitions:
            connection.execute(f"alter table {table} add column if not exists {one}")

    added = ", ".join(one.split()[0] for one in definitions)
    transaction(connection, work, message=f"columns of {table}: {added}")


def ever_filled(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    """Names of the tables of a schema into which a row was ever written, without opening a single one."""
    rows = connection.execute(
        f"""
        select t.table_name
        from {CATALOGUE}.ducklake_table t
        join {CATALOGUE}.ducklake_schema s using (schema_id)
        join {CATALOGUE}.ducklake_table_stats using (table_id)
        where t.end_snapshot is null and s.schema_name = $schema and next_row_id > 0
        """,
        {"schema": schema},
    ).fetchall()
    return {name for (name,) in rows}


def transaction(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], T], *, message: str, attempts: int = 6
) -> T:
    """Run `work` in one lake transaction; the whole of it is tried again when another writer was faster.

    DuckLake's concurrency is optimistic: two upserts into one table may conflict at commit. `work` must be
    idempotent. The snapshot it makes carries `message`. Called from the `work` of another transaction on the
    same connection it is a part of that one.

    Raises:
        duckdb.Error: any error but a conflict, or a conflict that outlasted all attempts.
    """
    if id(connection) in _OPEN:
        return work()
    for attempt in range(1, attempts + 1):
        connection.execute("begin transaction")
        _OPEN.add(id(connection))
        try:
            result = work()
            connection.execute("call lake.set_commit_message('cratelake', $message)", {"message": message})
            connection.execute("commit")
        except duckdb.TransactionException as error:
            _rollback(connection)
            if attempt == attempts or "conflict" not in str(error).lower():
                raise
            time.sleep(random.uniform(0.05, 0.2) * 2**attempt)  # noqa: S311 - jitter, not a secret
        except BaseException:
            _rollback(connection)
            raise
        else:
            return result
        finally:
            _OPEN.discard(id(connection))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _rollback(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute("rollback")
    except duckdb.TransactionException:
        return  # a failed commit has already ended the transaction


def merge_changed(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    *,
    key: Sequence[str],
    scope: str,
    volatile: Sequence[str] = (),
    identity: Sequence[str] = (),
    standing: str | None = None,
) -> Changes:
    """Make the rows of `table` inside `scope` equal to `source`, touching only rows that differ.

    A row whose columns all agree, the `volatile` ones (run ids, time stamps) left aside, stays as it is:
    running the same input twice changes nothing. The table is read once. Call inside `transaction`.

    Args:
        connection: connection with the lake attached.
        table: ``schema.table`` to write.
        source: relation (temporary table) with the columns of `table`, unique by `key`.
        key: columns that identify a row.
        scope: SQL condition on `table` (alias ``t``) of the rows this write is answerable for; rows in scope
            that `source` does not have are deleted.
        volatile: columns that do not make a row different.
        identity: columns that alone tell whether a row of one key is different, where the rest follows.
        standing: temporary table with the rows in scope, where they were read before; then `source` has no
            rows outside the scope.
    """
    columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    names = ", ".join(f'"{column}"' for column in columns)
    # not the key columns: DuckDB 1.5.5 fails ("unordered_map::at") on a column compared twice in one join
    compared = [one for one in identity or columns if one not in volatile and one not in key]
    same = " and ".join(f't."{column}" is not distinct from s."{column}"' for column in compared) or "true"
    on = " and ".join(f't."{column}" = s."{column}"' for column in key)
    keys = ", ".join(f'"{column}"' for column in key)
    total = _count(connection, source)
    if standing is None:
        standing = "merge_standing"
        read = ", ".join(f't."{column}"' for column in (*key, *compared))
        # nothing is in an empty table: that costs no look at its files
        met = (
            f"({scope}) or exists (select 1 from {source} s where {on})"
            if _count(connection, table)
            else "false"
        )
        connection.execute(
            f"create or replace temp table merge_standing as select {read}, ({scope}) as in_scope "
            f"from {table} t where {met}"
        )
        gone = "t.in_scope and"
    else:
        gone = ""
    if not _count(connection, standing):
        connection.execute(f"insert into {table} ({names}) select {names} from {source}")
        return Changes(written=total, deleted=0, unchanged=0)
    connection.execute(
        f"create or replace temp table merge_fresh as select {names} from {source} s "
        f"where not exists (select 1 from {standing} t where {on} and {same})"
    )
    connection.execute(
        f"create or replace temp table merge_gone as select {keys} from {standing} t "
        f"where {gone} not exists (select 1 from {source} s where {on})"
    )
    fresh, gone_rows = _count(connection, "merge_fresh"), _count(connection, "merge_gone")
    connection.execute(
        f"create or replace temp table merge_doomed as select {keys} from merge_gone union all "
        f"select {keys} from merge_fresh s where exists (select 1 from {standing} t where {on})"
    )
    if _count(connection, "merge_doomed"):
        connection.execute(f"delete from {table} t using merge_doomed s where {on}")
    if fresh:
        connection.execute(f"insert into {table} ({names}) select {names} from merge_fresh")
    for finished in ("merge_fresh", "merge_gone", "merge_doomed"):
        connection.execute(f"drop table {finished}")
    connection.execute("drop table if exists merge_standing")
    return Changes(written=fresh, deleted=gone_rows, unchanged=total - fresh)


def insert_missing(
    connection: duckdb.DuckDBPyConnection, table: str, source: str, *, key: Sequence[str]
) -> int:
    """Append the rows of `source` whose key `table` does not hold yet; for append-only logs."""
    columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    names = ", ".join(f'"{column}"' for column in columns)
    on = " and ".join(f't."{column}" = s."{column}"' for column in key)
    before = _count(connection, table)
    connection.execute(
        f"insert into {table} ({names}) select {names} from {source} s "
        f"where not exists (select 1 from {table} t where {on})"
    )
    return _count(connection, table) - before


def snapshot(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of the lake's latest snapshot."""
    return int(one(connection, "from ducklake_current_snapshot('lake')")[0])


def fingerprint(connection: duckdb.DuckDBPyConnection, table: str, *, volatile: Sequence[str] = ()) -> str:
    """Content hash of a table: the same rows in any order give the same text, under one version of DuckDB.

    Number of rows, sum and exclusive-or of their 64-bit hashes; columns named in `volatile` are left out.
    """
    described = connection.execute(f"describe {table}").fetchall()
    columns = sorted(row[0] for row in described if row[0] not in volatile)  # one that came later stands last
    hashed = "hash(" + ", ".join(f'"{column}"' for column in columns) + ")"
    count, total, mixed = one(
        connection,
        f"select count(*), coalesce(sum({hashed}::hugeint), 0), coalesce(bit_xor({hashed}), 0) from {table}",
    )
    return f"{count:x}-{total % 2**64:016x}{mixed:016x}"


def describe(
    connection: duckdb.DuckDBPyConnection, table: str, comment: str, columns: Mapping[str, str]
) -> None:
    """Put comments on a table and its columns."""
    connection.execute(f"comment on table {table} is {quoted(comment)}")
    for name, text in columns.items():
        connection.execute(f'comment on column {table}."{name}" is {quoted(text)}')


def quoted(text: str) -> str:
    """A text as a literal of SQL, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"


def one(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any] | None = None
) -> tuple[Any, ...]:
    """The single row of a query that always has one, such as an aggregate.

    Raises:
        LookupError: the query gave no row.
    """
    row = connection.execute(query, parameters or {}).fetchone()
    if row is None:
        raise LookupError(f"no row came back from: {query}")
    return row


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(one(connection, f"select count(*) from {relation}")[0])
