"""Writing lake tables on a real DuckLake: only what changed, all or nothing, conflicts retried."""

from decimal import Decimal

import duckdb
import pytest

from lake import tables

COLUMNS = "id varchar, value decimal(5,4), names varchar[], run_id varchar"


def merge(
    lake: duckdb.DuckDBPyConnection, values: str, scope: str = "true", run: str = "r1"
) -> tables.Changes:
    tables.bootstrap(lake, {"silver.thing": COLUMNS})
    lake.execute(
        f"create or replace temp table fresh as select id, value::decimal(5,4) as value, ['x'] as names, "
        f"'{run}' as run_id from (values {values}) v(id, value)"
    )
    return tables.transaction(
        lake,
        lambda: tables.merge_changed(
            lake, "silver.thing", "fresh", key=("id",), scope=scope, volatile=("run_id",)
        ),
        message="test",
    )


def test_only_differences_are_written(lake: duckdb.DuckDBPyConnection) -> None:
    assert merge(lake, "('a', 0.1), ('b', 0.2), ('c', 0.3)") == tables.Changes(3, 0, 0)
    assert merge(lake, "('a', 0.1), ('b', 0.2), ('c', 0.3)", run="r2") == tables.Changes(0, 0, 3)
    assert merge(lake, "('a', 0.1), ('b', 0.25), ('d', 0.4)", run="r3") == tables.Changes(2, 1, 1)
    assert lake.execute("select id, value::double, run_id from silver.thing order by id").fetchall() == [
        ("a", 0.1, "r1"),
        ("b", 0.25, "r3"),
        ("d", 0.4, "r3"),
    ]


def test_rows_outside_the_scope_are_left_alone(lake: duckdb.DuckDBPyConnection) -> None:
    merge(lake, "('a', 0.1), ('b', 0.2)")
    assert merge(lake, "('a', 0.3)", scope="t.id = 'a'") == tables.Changes(1, 0, 0)
    assert lake.execute("select count(*) from silver.thing").fetchone() == (2,)


def test_a_failing_transaction_leaves_nothing(lake: duckdb.DuckDBPyConnection) -> None:
    merge(lake, "('a', 0.1)")

    def broken() -> None:
        lake.execute("delete from silver.thing")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        tables.transaction(lake, broken, message="test")
    assert lake.execute("select count(*) from silver.thing").fetchone() == (1,)


def test_a_conflict_is_tried_again(lake: duckdb.DuckDBPyConnection) -> None:
    merge(lake, "('a', 0.1)")
    calls = []

    def work() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise duckdb.TransactionException("Transaction conflict: somebody was faster")
        return "done"

    assert tables.transaction(lake, work, message="test") == "done"
    assert len(calls) == 2


def test_fingerprint_depends_on_content_not_on_order_or_volatile_columns(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    merge(lake, "('a', 0.1), ('b', 0.2)")
    first = tables.fingerprint(lake, "silver.thing", volatile=("run_id",))
    lake.execute("delete from silver.thing")
    merge(lake, "('b', 0.2), ('a', 0.1)", run="r9")
    assert tables.fingerprint(lake, "silver.thing", volatile=("run_id",)) == first
    assert tables.fingerprint(lake, "silver.thing") != first
    merge(lake, "('b', 0.2), ('a', 0.1001)")
    assert tables.fingerprint(lake, "silver.thing", volatile=("run_id",)) != first


def test_snapshots_carry_the_message(lake: duckdb.DuckDBPyConnection) -> None:
    merge(lake, "('a', 0.1)")
    (message,) = lake.execute(
        "select commit_message from lake.snapshots() order by snapshot_id desc limit 1"
    ).fetchone()
    assert message == "test"


def test_a_column_that_a_table_lacks_is_added_and_empty(lake: duckdb.DuckDBPyConnection) -> None:
    tables.bootstrap(lake, {"silver.thing": "id varchar, value decimal(5,4)"})
    lake.execute("insert into silver.thing values ('a', 0.1)")
    for _ in range(2):
        tables.bootstrap(
            lake, {"silver.thing": "id varchar, value decimal(5,4), names varchar[], \n size integer"}
        )
    assert lake.execute("select * from silver.thing").fetchall() == [("a", Decimal("0.1000"), None, None)]
