"""The scorecard: what it counts, and what it advises."""

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from enrichment import config, pins, scorecard
from enrichment.pins import Pin
from enrichment.run import Run
from lake import bronze
from tests.enrichment.lake_records import DAY, put, tie

pytestmark = pytest.mark.slow

CONFIG = config.parse(
    {
        "critical": ["bpm"],
        "completeness": ["bpm"],
        "fields": {"bpm": {"beatport": [0.95, 0.98], "spotify": [0.85, 0.90], "discogs": [0.5, 0.6]}},
    }
)


def track(lake: duckdb.DuckDBPyConnection, number: int, **tempi: float | None) -> str:
    """A track with one record per provider; returns the record that names it."""
    ids = put(
        lake,
        *(
            {
                "provider": provider,
                "artist_raw": "A",
                "title_raw": f"T{number}",
                "record_id": f"{number}{provider}",
            }
            | ({"bpm_raw": str(value), "bpm": value} if value else {})
            for provider, value in tempi.items()
        ),
    )
    track_id = str(uuid.UUID(int=number))
    tie(lake, track_id, *((one, 1.0) for one in ids))
    lake.execute("insert into silver.enriched_tracks (track_id) values (?)", [track_id])
    return ids[0]


def scores(lake: duckdb.DuckDBPyConnection, columns: str) -> dict[str, tuple[Any, ...]]:
    scorecard.build(lake, Run.start("run-1", CONFIG))
    rows = lake.execute(f"select provider, {columns} from gold.provider_scorecard").fetchall()
    return {provider: tuple(rest) for provider, *rest in rows}


def test_hits_acceptance_agreement_and_a_threshold(lake: duckdb.DuckDBPyConnection) -> None:
    for number in range(40):
        track(lake, number, beatport=128, spotify=128.2)
    for number in range(40, 50):
        track(lake, number, beatport=None, spotify=64)
    found = scores(
        lake, "asked, answered, accepted, hit_rate, accepted_share, asked_per_accepted, agreement, "
        "suggested_threshold"
    )  # fmt: skip
    assert found == {
        "beatport": (50, 40, 40, Decimal("0.8"), Decimal(1), Decimal("1.25"), Decimal(1), Decimal("0.98")),
        "spotify": (50, 50, 10, Decimal(1), Decimal("0.2"), Decimal(5), Decimal(1), Decimal("0.90")),
    }


def test_where_providers_disagree_no_threshold_is_sure(lake: duckdb.DuckDBPyConnection) -> None:
    for number in range(40):
        track(lake, number, beatport=128, spotify=128 if number % 2 else 100)
    assert scores(lake, "agreement, suggested_threshold")["beatport"] == (Decimal("0.5"), None)


def test_what_people_overturned_is_counted_and_nothing_else_is_stored(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    right = track(lake, 1, beatport=128, spotify=64)
    wrong = track(lake, 2, beatport=100, spotify=128)
    answers = [
        Pin(kind="pin", record_id=one, field="bpm", value="128", actor="ada", reason="by ear").answer()
        for one in (right, wrong)
    ]
    bronze.write(tmp_path, pins.PROVIDER, answers, ingest_date=DAY.date, extractor_version=pins.VERSION)
    pins.fold(lake, bronze.read_sql(tmp_path, pins.PROVIDER, pins.STREAM))
    assert scores(lake, "judged_by_people, overturned") == {
        "beatport": (2, Decimal("0.5")),
        "spotify": (2, Decimal("0.5")),
    }
    assert lake.execute("select count(*) from ops.enrichment_transformations").fetchone() == (0,)
    assert scorecard.build(lake, Run.start("run-2", CONFIG)).written == 0
