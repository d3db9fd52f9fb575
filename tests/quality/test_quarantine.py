"""Quarantine: what is refused stays with its reason, and leaves on record when it is refused no more."""

import datetime as dt
from typing import Any

import duckdb
import pytest

from enrichment import config, matching, pipeline, playlists, records
from enrichment.engine import Day
from lake import bronze
from lake.settings import Settings
from quality import quarantine
from quality.quarantine import Rule
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

LATER = Day(DAY.date + dt.timedelta(days=1))


@pytest.fixture
def staged(lake: duckdb.DuckDBPyConnection, settings: Settings) -> duckdb.DuckDBPyConnection:
    """A lake whose staging holds one track with an unreadable key and one that is sound, of two days."""
    bronze.ensure_stream(settings.bronze, "beatport", bronze.REJECTED_STREAM)
    columns = ", ".join(f"{name} {kind}" for name, kind in records._COLUMNS.items())
    lake.execute(f"create table staging.stg_beatport__api_tracks ({columns})")
    for day, title, key in ((DAY, "Strobe", "H flat sharp"), (LATER, "Ghosts", "A minor")):
        lake.execute(
            "insert into staging.stg_beatport__api_tracks by name select $day as ingest_date, "
            "now() as fetched_at, $title as bronze_id, 'beatport' as provider, 'tracks_api' as stream, "
            "$title as source_entity_id, 'deadmau5' as artist_raw, $title as title_raw, $key as key_raw",
            {"day": day.date, "title": title, "key": key},
        )
        pipeline.quarantine(lake, settings, day, "run-1")
        records.build(lake, day)
        matching.match_day(lake, day, config.load())
        pipeline.resolve(lake, day, config.load(), "run-1")
    return lake


def standing(lake: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return lake.execute(
        "select bronze_id, rule, first_seen, healed_at is null, healed_by from silver.quarantine"
    ).fetchall()


def keys(lake: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    return dict(lake.execute("select title, key_camelot from silver.enriched_tracks").fetchall())


def mend(lake: duckdb.DuckDBPyConnection) -> None:
    """What a mended parser of staging would have made of the answers, also of the one that was sound."""
    lake.execute("update staging.stg_beatport__api_tracks set key_raw = 'G minor'")


def test_a_refused_row_leaves_on_record_and_only_it_is_replayed(
    staged: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    assert standing(staged) == [("Strobe", "key_unreadable", DAY.date, True, None)]
    mend(staged)
    assert pipeline.heal(staged, settings, config.load(), "run-2") == (1, 1)
    assert standing(staged) == [("Strobe", "key_unreadable", DAY.date, False, "run-2")]
    assert keys(staged) == {"Strobe": "6A", "Ghosts": "8A"}
    assert pipeline.heal(staged, settings, config.load(), "run-3") == (0, 0)


def test_what_is_still_refused_stays(staged: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    before = standing(staged)
    assert pipeline.heal(staged, settings, config.load(), "run-2") == (0, 0)
    assert standing(staged) == before


def test_a_day_run_again_heals_too_and_what_breaks_again_comes_back(
    staged: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules: tuple[Rule, ...] = quarantine.TRACK_RULES
    monkeypatch.setattr(quarantine, "TRACK_RULES", [one for one in rules if one.name != "key_unreadable"])
    pipeline.quarantine(staged, settings, DAY, "run-2")
    assert [row[3:] for row in standing(staged)] == [(False, "run-2")]
    monkeypatch.setattr(quarantine, "TRACK_RULES", rules)
    pipeline.quarantine(staged, settings, DAY, "run-3")
    assert [row[3:] for row in standing(staged)] == [(True, None)]


STRICTER = Rule(
    "title_withdrawn", "title_raw", "title_raw = 'Strobe'", "withdrawn", "wait for a mended one", "quarantine"
)


def statuses(lake: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(lake.execute("select title, validation_status from silver.enriched_tracks").fetchall())


def test_a_track_of_which_everything_is_refused_is_quarantined_until_it_heals(
    staged: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = statuses(staged)
    assert before["Strobe"] != "quarantined"
    rules: tuple[Rule, ...] = quarantine.TRACK_RULES
    monkeypatch.setattr(quarantine, "TRACK_RULES", (*rules, STRICTER))
    pipeline.quarantine(staged, settings, DAY, "run-2")
    pipeline.resolve(staged, DAY, config.load(), "run-2")
    assert statuses(staged) == before | {"Strobe": "quarantined"}
    monkeypatch.setattr(quarantine, "TRACK_RULES", rules)
    assert pipeline.heal(staged, settings, config.load(), "run-3") == (1, 1)
    assert statuses(staged) == before


def test_a_track_with_an_answer_that_stands_is_not_quarantined(
    staged: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = statuses(staged)
    put(staged, {"provider": "spotify", "artist_raw": "deadmau5", "title_raw": "Strobe"})
    matching.match_day(staged, DAY, config.load())
    monkeypatch.setattr(quarantine, "TRACK_RULES", (STRICTER,))
    pipeline.quarantine(staged, settings, DAY, "run-2")
    pipeline.resolve(staged, DAY, config.load(), "run-2")
    assert staged.execute("select max(record_count) from silver.enriched_tracks").fetchone() == (2,)
    assert statuses(staged) == before


def test_one_refused_row_of_an_answer_with_many_refuses_none_of_the_others(
    staged: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = statuses(staged)
    staged.execute("update silver.record_answers set bronze_id = 'Strobe'")  # as if one release had both
    monkeypatch.setattr(quarantine, "TRACK_RULES", (STRICTER,))
    pipeline.quarantine(staged, settings, DAY, "run-2")
    pipeline.resolve(staged, DAY, config.load(), "run-2")
    assert statuses(staged) == before


def test_a_cue_that_cannot_be_read_is_told_and_its_row_kept(
    lake: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    bronze.ensure_stream(settings.bronze, "beatport", bronze.REJECTED_STREAM)
    url = {"source_url": "varchar"}
    columns = ", ".join(f"{name} {kind}" for name, kind in {**playlists._PLAY_COLUMNS, **url}.items())
    lake.execute(f"create table staging.stg_tracklist_file__plays ({columns})")
    cues = [
        ("12.30", None),
        ("1:75:00", None),
        ("0??", None),
        ("00:00:00", None),
        ("07", 420_000),
        (None, None),
    ]
    for position, (cue, read_as) in enumerate([*cues, ("75:30:37", None)], start=1):
        lake.execute(
            "insert into staging.stg_tracklist_file__plays by name select $day as ingest_date, "
            "'b' as bronze_id, 'tracklist_file' as provider, 'files' as stream, $position as position, "
            "'Ada' as artist_raw, 'Dawn' as title_raw, $cue as cue_raw, $ms::bigint as cue_ms, "
            "$raw as raw_text",
            {
                "day": DAY.date,
                "position": position,
                "cue": cue,
                "ms": read_as,
                "raw": "TRACK 07 AUDIO\nINDEX 01 75:30:37" if position == 7 else None,
            },
        )
    pipeline.quarantine(lake, settings, DAY, "run-1")
    told = "select source_row, field, value, action from silver.quarantine order by 1"
    assert lake.execute(told).fetchall() == [
        (1, "cue_raw", "12.30 | Ada | Dawn", "warn"),
        (2, "cue_raw", "1:75:00 | Ada | Dawn", "warn"),
    ]
    lake.execute("update staging.stg_tracklist_file__plays set cue_ms = 750000")
    pipeline.quarantine(lake, settings, DAY, "run-2")
    assert lake.execute("select count(*) from silver.quarantine where healed_at is null").fetchone() == (0,)
