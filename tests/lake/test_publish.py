"""Publishing: one step, only what changed, former files kept, readers undisturbed."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from lake.publish import FILE, Table, publish
from lake.settings import Settings

TABLES = {"things": Table("id", ("id",), "Things.", {"id": "Which.", "name": "what it's called"})}


READER = """
import json, select, sys, duckdb

file, opened, wrong, versions, last = sys.argv[1], 0, [], [], False
print("reading", flush=True)
while not last:
    last = bool(select.select([sys.stdin], [], [], 0)[0])  # ended by whoever publishes: one more look
    with duckdb.connect(file, read_only=True) as gold:
        for _ in range(3):  # what is held open stays what it was
            states = gold.execute(
                "select run_id, (select count(*) from things), (select list(distinct name) from things), "
                "(select list(distinct name) from others) from published"
            ).fetchall()
            [(run, count, names, others)] = states
            if not (count == 5000 and names == others == ["v" + run[1:]]):
                wrong.append(states)
        opened += 1
        versions.append(names[0])
print(json.dumps({"opened": opened, "wrong": wrong, "versions": sorted(set(versions))}))
"""


@pytest.fixture
def place(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose published file lies in a directory of the test."""
    return Settings(home=tmp_path, keep_published=2)


@pytest.fixture
def gold(lake: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    lake.execute(
        "create or replace table gold.things as select i as id, 'thing ' || i as name from range(100) t(i)"
    )
    return lake


def names(place: Settings) -> list[str]:
    with duckdb.connect(str(place.published), read_only=True) as published:
        return [row[0] for row in published.execute("select name from things order by id").fetchall()]


def test_the_file_holds_tables_indexes_comments_and_its_own_origin(
    gold: duckdb.DuckDBPyConnection, place: Settings
) -> None:
    done = publish(gold, place, TABLES, run_id="r1")
    assert (done.replaced, done.rows) == (True, {"things": 100})
    assert len(names(place)) == 100
    with duckdb.connect(str(place.published), read_only=True) as published:
        assert published.execute("select run_id from published").fetchone() == ("r1",)
        assert published.execute("select count(*) from duckdb_indexes()").fetchone() == (1,)
        comment = published.execute(
            "select comment from duckdb_columns() where table_name = 'things' and column_name = 'name'"
        ).fetchone()
        assert comment == ("what it's called",)


def test_the_same_content_is_not_published_again(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    publish(gold, place, TABLES, run_id="r1")
    before = place.published.stat().st_ino
    assert not publish(gold, place, TABLES, run_id="r2").replaced
    assert place.published.stat().st_ino == before


def test_another_form_of_the_same_rows_is_published(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    publish(gold, place, TABLES, run_id="r1")
    sorted_otherwise = {"things": dataclasses.replace(TABLES["things"], order="id desc")}
    assert publish(gold, place, sorted_otherwise, run_id="r2").replaced
    with_view = f"create view {FILE}.few as select * from things limit 2"
    done = publish(
        gold, place, sorted_otherwise, run_id="r3", finish=lambda lake: lake.execute(with_view), form="view"
    )
    assert done.replaced
    with duckdb.connect(str(place.published), read_only=True) as published:
        assert published.execute("select id from few").fetchall() == [(99,), (98,)]


def test_readers_in_a_loop_meet_no_error_and_no_mixture_in_ten_publishes(
    gold: duckdb.DuckDBPyConnection, place: Settings
) -> None:
    gold.execute("create or replace table gold.things as select i as id, 'v0' as name from range(5000) t(i)")
    tables = TABLES | {"others": Table("id")}
    gold.execute("create or replace table gold.others as from gold.things")
    publish(gold, place, tables, run_id="r0")
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, place.published], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
    for turn in range(1, 11):
        for name in ("things", "others"):
            gold.execute(f"update gold.{name} set name = 'v{turn}'")
        assert publish(gold, place, tables, run_id=f"r{turn}").replaced
    for reader in readers:
        said, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0, said
        seen = json.loads(said)
        assert seen["opened"] > 5
        assert seen["wrong"] == []
        assert "v10" in seen["versions"]
        assert len(seen["versions"]) > 2


def test_a_reader_keeps_the_file_it_opened(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    publish(gold, place, TABLES, run_id="r1")
    with duckdb.connect(str(place.published), read_only=True) as reader:
        for turn in range(4):
            gold.execute(f"insert into gold.things values ({1000 + turn}, 'new')")
            publish(gold, place, TABLES, run_id=f"r{turn}")
            assert reader.execute("select count(*) from things").fetchone() == (100,)
    assert len(names(place)) == 104
    assert len(list((place.published.parent / "history").glob("*.duckdb"))) == 2


def test_a_failed_build_leaves_the_former_file(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    publish(gold, place, TABLES, run_id="r1")
    gold.execute("insert into gold.things values (1, 'another one')")
    broken = {"things": dataclasses.replace(TABLES["things"], order="no_such_column")}
    with pytest.raises(duckdb.Error):
        publish(gold, place, broken, run_id="r2")
    assert len(names(place)) == 100
    assert [file.name for file in place.published.parent.iterdir()] == ["gold.duckdb"]


def test_what_a_killed_build_left_is_cleared(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    place.published.parent.mkdir(parents=True)
    leftover = place.published.parent / ".gold-abc.building"
    leftover.write_bytes(b"half a file")
    publish(gold, place, TABLES, run_id="r1")
    assert not leftover.exists()
