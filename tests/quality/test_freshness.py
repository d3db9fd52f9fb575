"""What is told of streams that went quiet."""

import datetime as dt
from pathlib import Path

import duckdb

from extractors.frontier.schema import prepare
from lake import bronze
from quality import freshness

DAY = dt.date(2026, 3, 31)


def _write(root: Path, provider: str, stream: str, day: dt.date, *keys: str) -> None:
    at = dt.datetime.combine(day, dt.time(6), dt.UTC)
    answers = [bronze.Answer(stream=stream, request_key=one, payload=one, fetched_at=at) for one in keys]
    bronze.write(root, provider, answers, ingest_date=day, extractor_version="test/1")


def test_ages_are_counted_from_the_newest_day(lake: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    prepare(lake)
    _write(tmp_path, "beatport", "charts", DAY, "a", "b")
    _write(tmp_path, "beatport", "charts", DAY - dt.timedelta(3), "c")
    _write(tmp_path, "discogs", "dump", DAY - dt.timedelta(30), "d")
    _write(tmp_path, "mixesdb", "pages", DAY - dt.timedelta(31), "e")
    lake.execute("insert into ops.provider_status (provider, state) values ('discogs', 'no_credentials')")
    lake.execute(
        "insert into silver.quarantine (quarantine_id, provider, stream, healed_at) values "
        "('1', 'discogs', 'dump', null), ('2', 'discogs', 'dump', now())"
    )
    freshness.build(lake, tmp_path)
    columns = "provider, stream, answers, days, last_day, days_behind, rows_refused, provider_state, state"
    assert lake.execute(f"select {columns} from gold.data_freshness order by 1").fetchall() == [
        ("beatport", "charts", 3, 2, DAY, 0, 0, None, "fresh"),
        ("discogs", "dump", 1, 1, DAY - dt.timedelta(30), 30, 1, "no_credentials", "fresh"),
        ("mixesdb", "pages", 1, 1, DAY - dt.timedelta(31), 31, 0, None, "stale"),
    ]
    (latest,) = lake.execute("select max(last_answer_at) from gold.data_freshness").fetchone() or (None,)
    assert latest == dt.datetime.combine(DAY, dt.time(6), dt.UTC)
    assert freshness.build(lake, tmp_path).written == 0


def test_a_lake_without_bronze(lake: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    prepare(lake)
    assert freshness.build(lake, tmp_path).written == 0
