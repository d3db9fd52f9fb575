"""The lake's past: its snapshots, which one a person means, and what differs between two of them.

Every transaction on the lake makes a snapshot that carries its author and message; any of them can be read
for as long as it is kept.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from lake.connection import CATALOGUE, LAKE
from lake.errors import LakeError
from lake.tables import one


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the lake: what made it, when, and in which tables."""

    id: int
    time: dt.datetime
    author: str | None
    message: str | None
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One table in two snapshots: rows that came, went, and changed, and those alike in both.

    Attributes:
        table: its name in schema ``gold``.
        added: rows of the later snapshot alone.
        removed: rows of the earlier snapshot alone.
        changed: rows of both that differ.
        alike: rows of both that do not.
        cells: (key, column, earlier value, later value) of what changed, as text, in order of key and column;
            at most as many as asked for.
    """

    table: str
    added: int
    removed: int
    changed: int
    alike: int
    cells: tuple[tuple[str, str, str | None, str | None], ...]


def snapshots(
    connection: duckdb.DuckDBPyConnection, first: int = 0, last: int | None = None
) -> list[Snapshot]:
    """The lake's snapshots from `first` to `last` (default the newest), newest first."""
    rows = connection.execute(
        f"""
        with names as (
            select t.table_id::varchar as id,
                concat(any_value(s.schema_name), '.', any_value(t.table_name)) as name
            from {CATALOGUE}.ducklake_table t join {CATALOGUE}.ducklake_schema s using (schema_id)
            group by t.table_id
        ),
        touched as (
            select snapshot_id, unnest(flatten(map_values(changes))) as what from {LAKE}.snapshots()
            where snapshot_id between $first and $last
        ),
        named as (
            select snapshot_id, list_sort(list(distinct coalesce(n.name, what))) as tables
            from touched left join names n on n.id = touched.what
            where not ends_with(what, '__dbt_tmp') and not regexp_full_match(coalesce(n.name, what), '[0-9]+')
            group by snapshot_id
        )
        select snapshot_id, snapshot_time, author, commit_message, coalesce(n.tables, [])
        from {LAKE}.snapshots() left join named n using (snapshot_id)
        where snapshot_id between $first and $last
        order by snapshot_id desc
        """,
        {"first": first, "last": 2**62 if last is None else last},
    ).fetchall()
    return [Snapshot(row[0], row[1], row[2], row[3], tuple(row[4])) for row in rows]


def meant(connection: duckdb.DuckDBPyConnection, text: str) -> int:
    """The snapshot a person means by its number or by a time: the last one made by then.

    Raises:
        LakeError: there is no such snapshot (any more), or the time has no zone, lies ahead or too far back.
    """
    asked = text.strip()
    ids = [row[0] for row in connection.execute(f"select snapshot_id from {LAKE}.snapshots()").fetchall()]
    known = f"`cratelake snapshots` lists them: {min(ids)} to {max(ids)}"
    if re.fullmatch(r"\d{1,18}", asked):
        if int(asked) in ids:
            return int(asked)
        was = "was expired" if int(asked) < max(ids) else "is not made yet"
        raise LakeError(f"snapshot {asked} {was}", known)
    time = _time(asked)
    (now,) = one(connection, "select now()")
    if time > now:
        raise LakeError(f"{asked} lies ahead", known)
    (found,) = one(
        connection,
        f"select max(snapshot_id) from {LAKE}.snapshots() where snapshot_time <= $time",
        {"time": time},
    )
    if found is None:
        raise LakeError(f"no snapshot that is still kept is as old as {asked}", known)
    return int(found)


def _time(text: str) -> dt.datetime:
    form = "write it as 2026-11-20T14:00:00Z or 2026-11-20T14:00:00+01:00, or give a snapshot's number"
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise LakeError(f"{text[:80]!r} is neither a snapshot nor a time", form) from error
    if time.tzinfo is None:
        raise LakeError(f"{text} says no time zone", form)
    return time


def difference(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: Sequence[str],
    earlier: int,
    later: int,
    *,
    cells: int = 0,
    ignore: Sequence[str] = (),
) -> Difference:
    """Compare a gold table in two snapshots; a table that one of them does not have is empty there.

    Columns that only one of them has are not compared.

    Args:
        connection: connection with the lake attached.
        table: its name in schema ``gold``.
        key: columns that identify a row.
        earlier: snapshot.
        later: snapshot.
        cells: how many changed cells to name.
        ignore: columns that do not make a row different.
    """
    sides = [_columns(connection, table, snapshot) for snapshot in (earlier, later)]
    shared = sides[1] if not sides[0] else [c for c in sides[0] if c in sides[1]] if sides[1] else sides[0]
    if not shared:
        return Difference(table, 0, 0, 0, 0, ())
    columns = [column for column in shared if column not in ignore or column in key]
    compared = [column for column in columns if column not in key]
    listed = ", ".join(f'"{column}"' for column in columns)
    for name, snapshot, other, present in (
        ("earlier", earlier, later, bool(sides[0])),
        ("later", later, earlier, bool(sides[1])),
    ):
        # where there was no such table, it has the other's columns and no rows
        connection.execute(
            f"create or replace temp table {name} as select {listed} "
            f"from gold.{table} at (version => {snapshot if present else other}) where {present}"
        )
    keys = ", ".join(f'"{column}"' for column in key)
    differs = " or ".join(f'a."{column}" is distinct from b."{column}"' for column in compared) or "false"
    connection.execute(
        f"create or replace temp table differing as select {', '.join(_renamed(compared))}, "
        f"concat_ws(' · ', {keys}) as row_key from earlier a join later b using ({keys}) where {differs}"
    )
    added, removed, changed, alike = one(
        connection,
        f"""
        select (select count(*) from later anti join earlier using ({keys})),
            (select count(*) from earlier anti join later using ({keys})),
            (select count(*) from differing),
            (select count(*) from later semi join earlier using ({keys})) - (select count(*) from differing)
        """,
    )
    changed_cells = " union all ".join(
        f"select row_key, '{column}' as name, \"a_{column}\"::varchar as earlier, "
        f'"b_{column}"::varchar as later from differing '
        f'where "a_{column}" is distinct from "b_{column}"'
        for column in compared
    )
    found = (
        connection.execute(f"from ({changed_cells}) order by row_key, name limit {cells}").fetchall()
        if cells and changed
        else []
    )
    return Difference(table, added, removed, changed, alike, tuple(found))


def _renamed(columns: Sequence[str]) -> list[str]:
    return [f'{side}."{column}" as "{side}_{column}"' for column in columns for side in ("a", "b")] or ["1"]


def _columns(connection: duckdb.DuckDBPyConnection, table: str, snapshot: int) -> list[str]:
    """Columns of a gold table in a snapshot, in order; none where it has no such table."""
    return [
        name
        for (name,) in connection.execute(
            f"""
            select c.column_name
            from {CATALOGUE}.ducklake_column c
            join {CATALOGUE}.ducklake_table t using (table_id)
            join {CATALOGUE}.ducklake_schema s using (schema_id)
            where s.schema_name = 'gold' and t.table_name = $table and c.parent_column is null
                and $at >= c.begin_snapshot and ($at < c.end_snapshot or c.end_snapshot is null)
                and $at >= t.begin_snapshot and ($at < t.end_snapshot or t.end_snapshot is null)
            order by c.column_order
            """,
            {"table": table, "at": snapshot},
        ).fetchall()
    ]
