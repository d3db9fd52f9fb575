"""Snapshots: which one is meant, what differs between two, and what cannot be had."""

import datetime as dt

import duckdb
import pytest

from lake import snapshots, tables
from lake.errors import LakeError


def commit(lake: duckdb.DuckDBPyConnection, statement: str, message: str) -> int:
    """Run a statement as a transaction of its own; the snapshot it made."""
    tables.transaction(lake, lambda: lake.execute(statement), message=message)
    return snapshots.snapshots(lake)[0].id


def test_two_states_differ_in_rows_and_cells(lake: duckdb.DuckDBPyConnection) -> None:
    none = snapshots.snapshots(lake)[0].id
    first = commit(
        lake,
        "create table gold.tried as "
        "select * from (values (1, 'a', 128), (2, 'b', 90), (3, 'c', null)) t (id, name, bpm)",
        "made",
    )
    commit(lake, "update gold.tried set bpm = 174 where id = 3", "counted by ear")
    last = commit(lake, "delete from gold.tried where id = 1", "taken out")
    commit(lake, "insert into gold.tried values (4, 'd', 140)", "put in")
    now = snapshots.snapshots(lake)[0]
    assert (now.author, now.message, now.tables) == ("cratelake", "put in", ("gold.tried",))

    found = snapshots.difference(lake, "tried", ("id",), first, now.id, cells=10)
    assert (found.added, found.removed, found.changed, found.alike) == (1, 1, 1, 1)
    assert found.cells == (("3", "bpm", None, "174"),)
    assert snapshots.difference(lake, "tried", ("id",), first, last).added == 0
    assert snapshots.difference(lake, "tried", ("id",), none, first).added == 3
    back = snapshots.difference(lake, "tried", ("id",), first, none)
    assert (back.added, back.removed) == (0, 3)
    assert snapshots.difference(lake, "never", ("id",), first, last).alike == 0
    unseen = snapshots.difference(lake, "tried", ("id",), first, now.id, ignore=("bpm",))
    assert (unseen.changed, unseen.alike) == (0, 2)


def test_a_snapshot_is_meant_by_number_or_time(lake: duckdb.DuckDBPyConnection) -> None:
    one = commit(lake, "create table gold.tried as select 1 as id", "one")
    two = commit(lake, "insert into gold.tried values (2)", "two")
    made = {found.id: found.time for found in snapshots.snapshots(lake, one, two)}
    assert snapshots.meant(lake, f" {one} ") == one
    assert snapshots.meant(lake, made[one].isoformat()) == one
    assert snapshots.meant(lake, (made[two] - dt.timedelta(microseconds=1)).isoformat()) == one
    assert snapshots.meant(lake, made[two].astimezone(dt.timezone(dt.timedelta(hours=5))).isoformat()) == two

    lake.execute(f"call ducklake_expire_snapshots('lake', versions => [{one}])")
    with pytest.raises(LakeError, match=f"snapshot {one} was expired"):
        snapshots.meant(lake, str(one))
    for text, said in (
        (str(two + 1000), "is not made yet"),
        ("2199-01-01T00:00:00Z", "lies ahead"),
        ("1999-01-01T00:00:00Z", "as old as"),
        ("2026-11-20T14:00:00", "no time zone"),
        ("2026-11-20", "no time zone"),
        ("last week", "neither"),
        ("-1", "neither"),
        ("9" * 30, "neither"),
    ):
        with pytest.raises(LakeError, match=said):
            snapshots.meant(lake, text)
