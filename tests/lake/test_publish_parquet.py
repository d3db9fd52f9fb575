"""Publishing a table as Parquet: one step, only what changed, what the file is in its metadata."""

import json
from pathlib import Path

import duckdb
import pytest

from lake.publish_parquet import metadata, publish_parquet
from lake.settings import Settings


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def gold(lake: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    lake.execute(
        "create or replace table gold.things as select 100 - i as id, 'thing' as name from range(100) t(i)"
    )
    lake.execute("comment on table gold.things is 'Things of the world.'")
    lake.execute("comment on column gold.things.name is 'what it''s called'")
    return lake


def _publish(gold: duckdb.DuckDBPyConnection, place: Settings, run_id: str) -> bool:
    return publish_parquet(gold, place, "things", order="id", run_id=run_id).replaced


def test_the_file_is_sorted_and_says_what_it_is(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    done = publish_parquet(gold, place, "things", order="id", run_id="r1")
    assert (done.rows, done.replaced) == ({"things": 100}, True)
    assert done.file == place.published.parent / "things" / "things.parquet"
    with duckdb.connect() as reader:
        ids = reader.execute(f"select id from '{done.file}'").fetchall()
    assert ids == [(number,) for number in range(1, 101)]
    told = metadata(done.file)
    assert (told["run_id"], told["fingerprint"]) == ("r1", done.fingerprint)
    assert json.loads(told["columns"]) == {"name": "what it's called"}
    assert [path.name for path in done.file.parent.iterdir()] == ["things.parquet"]


def test_only_new_content_replaces_the_file(gold: duckdb.DuckDBPyConnection, place: Settings) -> None:
    assert _publish(gold, place, "r1")
    assert not _publish(gold, place, "r2")
    gold.execute("insert into gold.things values (101, 'new')")
    assert _publish(gold, place, "r3")
    assert metadata(place.published.parent / "things" / "things.parquet")["run_id"] == "r3"


def test_what_a_killed_run_left_goes_and_a_reader_keeps_its_file(
    gold: duckdb.DuckDBPyConnection, place: Settings
) -> None:
    _publish(gold, place, "r1")
    folder = place.published.parent / "things"
    (folder / ".things-dead.building").write_text("half a file")
    with (folder / "things.parquet").open("rb") as reader:
        gold.execute("delete from gold.things")
        _publish(gold, place, "r2")
        assert reader.read(4) == b"PAR1"
    assert [path.name for path in folder.iterdir()] == ["things.parquet"]
    with duckdb.connect() as after:
        assert after.execute(f"select count(*) from '{folder / 'things.parquet'}'").fetchone() == (0,)
