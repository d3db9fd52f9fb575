"""Which staging models a day gives something to do."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from lake import bronze
from lake.bronze import Answer
from lake.settings import Settings
from orchestration import staging
from orchestration.staging import idle, note, staging_models

pytestmark = pytest.mark.slow

YESTERDAY, TODAY = "2026-03-01", "2026-03-02"
TRACKS = "stg_beatport__api_tracks"
"""Reads what Beatport answers for tracks, and the notes of its answers that came back."""


@pytest.fixture
def landing(tmp_path: Path) -> Settings:
    """Settings with a bronze of its own, in which nothing landed yet."""
    return Settings(home=tmp_path)


def _land(settings: Settings, provider: str, stream: str, day: str) -> None:
    bronze.write(
        settings.bronze,
        provider,
        [Answer(stream=stream, request_key="one", payload="{}")],
        ingest_date=dt.date.fromisoformat(day),
        extractor_version="test/1",
    )


def test_models_of_streams_that_never_landed_have_nothing_to_build(
    lake: duckdb.DuckDBPyConnection, landing: Settings
) -> None:
    for provider, stream in staging.staged_streams():
        bronze.ensure_stream(landing.bronze, provider, stream)  # a schema is no answer
    assert idle(lake, landing, TODAY) == dict.fromkeys(staging_models(), 0)


def test_a_model_is_built_on_the_days_on_which_something_landed(
    lake: duckdb.DuckDBPyConnection, landing: Settings
) -> None:
    _land(landing, "beatport", "tracks_api", YESTERDAY)
    assert TRACKS not in idle(lake, landing, YESTERDAY)
    assert TRACKS not in idle(lake, landing, TODAY), "its table is not there yet"
    note(lake, {TRACKS: 1}, failed=())
    assert TRACKS not in idle(lake, landing, YESTERDAY), "materialising a day again computes it again"
    assert idle(lake, landing, TODAY)[TRACKS] == 1
    _land(landing, "beatport", "fetches", TODAY)
    assert TRACKS not in idle(lake, landing, TODAY), "an answer that came back counts on that day too"


def test_a_model_reads_what_the_models_below_it_read(
    lake: duckdb.DuckDBPyConnection, landing: Settings
) -> None:
    _land(landing, "1001tracklists", "pages", TODAY)
    waiting = staging_models().keys() - idle(lake, landing, TODAY).keys()
    assert {"base_1001tracklists__pages", "stg_1001tracklists__page_plays"} <= waiting
    assert all(name.split("__")[0].endswith("_1001tracklists") for name in waiting)


def test_a_failed_test_or_another_project_has_a_model_built_again(
    lake: duckdb.DuckDBPyConnection, landing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _land(landing, "beatport", "tracks_api", YESTERDAY)
    assert TRACKS not in idle(lake, landing, TODAY)
    note(lake, {TRACKS: 1}, failed=())
    note(lake, {TRACKS: 2}, failed=(TRACKS,))
    assert TRACKS not in idle(lake, landing, TODAY)
    note(lake, {TRACKS: 2}, failed=())
    assert idle(lake, landing, TODAY)[TRACKS] == 2
    monkeypatch.setattr(staging, "_code", lambda: "another")
    assert TRACKS not in idle(lake, landing, TODAY)
