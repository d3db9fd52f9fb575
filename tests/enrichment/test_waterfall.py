"""The waterfall's rules on a real lake: who is believed, and that every attempt is on record."""

from decimal import Decimal
from typing import Any

import duckdb
import pytest

from enrichment import config, matching, pipeline
from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from lake.tables import fingerprint
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

STROBE = {"artist_raw": "deadmau5", "title_raw": "Strobe"}


def settle(
    lake: duckdb.DuckDBPyConnection, run_id: str = "run-1", loaded: WaterfallConfig | None = None
) -> None:
    chosen = loaded or config.load()
    matching.match_day(lake, DAY, chosen)
    pipeline.resolve(lake, DAY, chosen, run_id)


def attempts(lake: duckdb.DuckDBPyConnection, field: str) -> list[tuple[Any, ...]]:
    return lake.execute(
        "select provider, outcome, output_value, confidence, threshold from ops.enrichment_transformations "
        "where field = $field order by priority",
        {"field": field},
    ).fetchall()


def track(lake: duckdb.DuckDBPyConnection, columns: str) -> tuple[Any, ...]:
    (row,) = lake.execute(f"select {columns} from silver.enriched_tracks").fetchall()
    return tuple(row)


def test_golden_beatport_130_at_089_is_refused_and_spotify_128_accepted(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    put(
        lake,
        {"provider": "beatport", **STROBE, "bpm_raw": "130", "bpm": 130, "confidence": '{"bpm": 0.89}'},
        {"provider": "spotify", **STROBE, "bpm_raw": "128", "bpm": 128, "confidence": '{"bpm": 0.95}'},
    )
    settle(lake)
    assert attempts(lake, "bpm") == [
        ("beatport", "below_threshold", "130.00", Decimal("0.8900"), Decimal("0.9800")),
        ("spotify", "accepted", "128.00", Decimal("0.9500"), Decimal("0.8500")),
    ]
    assert track(lake, "bpm") == (Decimal("128.00"),)


def test_golden_098_reaches_098_and_ends_the_waterfall(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        {"provider": "beatport", **STROBE, "bpm_raw": "128", "bpm": 128, "confidence": '{"bpm": 0.98}'},
        {"provider": "spotify", **STROBE, "bpm_raw": "64", "bpm": 64},
    )
    settle(lake)
    assert [row[:2] for row in attempts(lake, "bpm")] == [("beatport", "accepted")]


def test_golden_quality_score_and_completeness(lake: duckdb.DuckDBPyConnection) -> None:
    # the worked example: spotify_id 1.00, bpm 0.85, key 0.95, genre 0.90; of eight fields only the ISRC is
    # missing
    put(
        lake,
        {
            "provider": "beatport", **STROBE, "key_raw": "G Minor", "key_camelot": "6A",
            "key_standard": "G minor", "genre": "Progressive House",
            "confidence": '{"key": 0.95, "genre": 0.90}',
        },
        {
            "provider": "spotify", **STROBE, "spotify_id": "s" * 22, "bpm_raw": "128", "bpm": 128,
            "energy": 0.85, "confidence": '{"bpm": 0.85}',
        },
    )  # fmt: skip
    settle(lake)
    assert track(lake, "quality_score, completeness, validation_status") == (
        Decimal("0.9250"),
        Decimal("0.8750"),
        "valid",
    )
    assert lake.execute(
        "select round_even(quality_score, 2)::varchar from silver.enriched_tracks"
    ).fetchone() == ("0.92",)


def test_every_provider_before_the_winner_is_on_record(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        {"provider": "beatport", **STROBE, "key_raw": "off", "isrc_raw": None},
        {"provider": "spotify", **STROBE},
        {"provider": "dj_library", **STROBE, "key_raw": "6A", "key_camelot": "6A", "key_standard": "G minor"},
        {"provider": "discogs", "artist_raw": "Somebody Else", "title_raw": "Another Song"},
    )
    settle(lake)
    strobe = [row[:2] for row in attempts(lake, "key") if row[0] != "discogs"]
    assert ("beatport", "invalid_value") in strobe
    assert ("spotify", "field_absent") in strobe
    assert ("dj_library", "accepted") in strobe
    assert ("beatport", "not_fetched") in strobe  # for the other song


def test_an_unsure_match_lowers_what_the_record_says(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        {"provider": "beatport", "artist_raw": "Joseph Capriati", "title_raw": "Gashouder"},
        {"provider": "spotify", "artist_raw": "Joseph Capriarti", "title_raw": "Gashouder", "bpm_raw": "126",
         "bpm": 126, "confidence": '{"bpm": 0.86}'},
    )  # fmt: skip
    settle(lake)
    (outcome,) = (row for row in attempts(lake, "bpm") if row[0] == "spotify")
    assert outcome[1] == "below_threshold"
    assert outcome[3] < Decimal("0.86")


def test_running_again_adds_no_attempt_and_changes_nothing(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        {"provider": "beatport", **STROBE, "bpm_raw": "128", "bpm": 128},
        {"provider": "spotify", **STROBE},
    )
    settle(lake, "run-1")
    tables = (
        "silver.enriched_tracks",
        "silver.field_provenance",
        "silver.track_members",
        "ops.enrichment_transformations",
    )
    before = [fingerprint(lake, table) for table in tables]
    settle(lake, "run-2")
    assert [fingerprint(lake, table) for table in tables] == before
    runs = lake.execute(
        "select run_id, attempts_new > 0 from ops.enrichment_pipeline_runs order by 1"
    ).fetchall()
    assert runs == [("run-1", True), ("run-2", False)]


def test_the_run_keeps_configuration_and_code(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, {"provider": "beatport", **STROBE})
    settle(lake)
    (row,) = lake.execute(
        "select config_hash, waterfall_config_snapshot, code_version from ops.enrichment_pipeline_runs"
    ).fetchall()
    loaded = config.load()
    assert row == (loaded.hash, loaded.snapshot, config.code_version())


def test_a_record_without_words_follows_its_id(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        {"provider": "spotify", **STROBE, "spotify_id": "s" * 22},
        {
            "provider": "spotify",
            "stream": "audio_features_api",
            "spotify_id": "s" * 22,
            "bpm_raw": "128",
            "bpm": 128,
        },
    )
    settle(lake)
    assert track(lake, "bpm, record_count, title") == (Decimal("128.00"), 2, "Strobe")


def test_a_second_day_touches_only_its_tracks(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        {"provider": "beatport", **STROBE},
        {"provider": "beatport", "artist_raw": "Other", "title_raw": "Thing"},
    )
    settle(lake)
    before = dict(lake.execute("select title, enriched_at from silver.enriched_tracks").fetchall())
    later = Day(DAY.date.replace(day=2))
    put(lake, {"provider": "spotify", **STROBE, "bpm_raw": "128", "bpm": 128}, day=later)
    matching.match_day(lake, later, config.load())
    resolved = pipeline.resolve(lake, later, config.load(), "run-2")
    after = dict(lake.execute("select title, enriched_at from silver.enriched_tracks").fetchall())
    assert resolved.tracks_resolved == 1
    assert after["Thing"] == before["Thing"]
    assert after["Strobe"] > before["Strobe"]
