"""Every check passes on a sound lake and finds the fault it is there for."""

from pathlib import Path

import duckdb
import pytest

from enrichment import config, matching, pipeline
from enrichment.fields import FIELDS
from lake import bronze
from lake.bronze import Answer
from quality.check import TOUCHED, Check, run
from quality.checks import lake_checks
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

_LOG, _TRACKS, _ROWS = "ops.enrichment_transformations", "silver.enriched_tracks", "silver.playlist_tracks"
_PROVENANCE = "silver.field_provenance"
_SOME = "'00000000-0000-0000-0000-000000000001'"
FAULTS = {
    "no_value_accepted_below_its_threshold": f"update {_LOG} set threshold = 0.99 where success",
    "one_accepted_attempt_ends_a_resolution": f"update {_LOG} set priority = 1, success = true",
    "every_gold_track_is_a_silver_track": "insert into gold.track_analytics values (uuid(), now())",
    "every_silver_track_is_in_gold": "delete from gold.track_analytics",
    "every_provenance_is_an_attempt": f"update {_PROVENANCE} set value = '131.00' where field = 'bpm'",
    "every_pin_is_the_value": "insert into silver.field_pins by name "
    "select record_id, 'bpm' as field, '131.00' as value, true as active from silver.track_members limit 1",
    "every_conflict_has_its_track_and_two_answers": "update silver.field_conflicts set answers = '[]'",
    "every_provenance_has_its_track": f"update {_PROVENANCE} set track_id = uuid()",
    "every_provenance_has_its_bronze_answer": f"update {_PROVENANCE} set bronze_id = 'nowhere'",
    "every_silver_value_is_its_one_provenance": f"update {_TRACKS} set bpm = 131",
    "every_silver_value_has_provenance": f"delete from {_PROVENANCE} where field = 'bpm'",
    "every_record_has_its_bronze_answer": "update silver.track_records set bronze_id = 'nowhere'",
    "every_attempt_has_its_record": f"update {_LOG} set bronze_id = 'nowhere'",
    "every_play_has_its_playlist_and_track": f"insert into {_ROWS} (playlist_id, position) "
    f"values ({_SOME}, 1)",
    "gold_is_not_older_than_its_input": "update gold.track_analytics "
    "set last_analyzed = timestamptz '2020-01-01'",
    "quality_score_recomputes": f"update {_TRACKS} set quality_score = 0.9999",
    "completeness_recomputes": f"update {_TRACKS} set completeness = 0.9999",
    "tempi_fit_their_genre": f"update {_TRACKS} set bpm_plausibility = 'implausible'",
    "track_ids_are_unique": f"insert into {_TRACKS} select * from {_TRACKS}",
    "values_lie_in_their_ranges": f"update {_TRACKS} set bpm = 300",
    "positions_count_from_one": f"insert into {_ROWS} (playlist_id, position) values ({_SOME}, 2)",
    "cues_do_not_run_backwards": f"insert into {_ROWS} (playlist_id, position, cue_time_ms) "
    f"values ({_SOME}, 1, 9000), ({_SOME}, 2, 1000)",
    "one_track_per_record": "insert into silver.track_members select * from silver.track_members",
    "every_credit_has_its_artist": "insert into silver.track_artists (track_id, artist_id) "
    "values (uuid(), uuid())",
    "artists_are_unique_by_name_and_disambiguator": "insert into silver.enriched_artists by name "
    "select 'Sully' as canonical_name, 'UK' as disambiguator from range(2)",
    "namesakes_are_kept_apart": "insert into silver.artist_names by name "
    f"select {_SOME}::uuid as artist_id, unnest(['UK', 'US']) as disambiguator",
    "aliases_reached_the_threshold": "insert into silver.artist_matches by name "
    "select 'a' as name_key_a, 'b' as name_key_b, 0.89 as confidence, true as accepted",
    "places_on_a_chart_are_unique": "insert into silver.chart_entries by name "
    f"select {_SOME}::uuid as chart_id, date '2026-01-05' as chart_date, 1 as position from range(2)",
    "sets_are_of_a_known_kind": "insert into silver.dj_sets by name "
    f"select {_SOME}::uuid as set_id, 'rave' as set_type",
    "festivals_end_after_they_begin": "insert into silver.festivals by name select 2024 as edition, "
    "date '2024-07-19' as start_date, date '2024-07-18' as end_date",
    "every_performance_is_of_a_set": "insert into silver.performances by name "
    f"select {_SOME}::uuid as set_id, 1 as position",
    "only_tracks_are_ranked": "insert into gold.top_tracks_by_genre values (uuid())",
}


@pytest.fixture
def sound(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> tuple[duckdb.DuckDBPyConnection, dict[str, Check]]:
    """A small sound lake and its checks by name."""
    bronze.write(
        tmp_path,
        "beatport",
        [Answer("tracks", "tracks/1", "{}")],
        ingest_date=DAY.date,
        extractor_version="test/1",
    )
    source = bronze.read_sql(tmp_path)
    (answer,) = duckdb.sql(f"select bronze_id from {source}").fetchone() or ("",)
    strobe = {"artist_raw": "deadmau5", "title_raw": "Strobe", "bronze_id": answer}
    put(
        lake,
        {"provider": "beatport", **strobe, "bpm_raw": "130", "bpm": 130, "confidence": '{"bpm": 0.89}'},
        {"provider": "spotify", **strobe, "bpm_raw": "128", "bpm": 128},
    )
    matching.match_day(lake, DAY, config.load())
    pipeline.resolve(lake, DAY, config.load(), "run-1")
    lake.execute(
        "create or replace table gold.track_analytics as "
        "select track_id, enriched_at as last_analyzed from silver.enriched_tracks"
    )
    lake.execute("create or replace table gold.top_tracks_by_genre (track_id uuid)")
    stored = {one.name: one.stored for one in FIELDS.values()}
    return lake, {one.name: one for one in lake_checks(config.load().critical, source, stored)}


def test_a_sound_lake_passes_all(sound: tuple[duckdb.DuckDBPyConnection, dict[str, Check]]) -> None:
    lake, checks = sound
    assert {
        name: outcome.sample for name, one in checks.items() if not (outcome := run(lake, one)).passed
    } == {}
    assert set(FAULTS) == set(checks)


def test_a_check_can_keep_to_some_tracks(sound: tuple[duckdb.DuckDBPyConnection, dict[str, Check]]) -> None:
    lake, checks = sound
    scoped = {name: one for name, one in checks.items() if TOUCHED in one.breaches}
    assert len(scoped) >= 12
    for name, one in scoped.items():
        lake.execute("begin transaction")
        lake.execute(FAULTS[name])
        everywhere, nowhere = run(lake, one), run(lake, one, "track_id = uuid()")
        lake.execute("rollback")
        assert everywhere.breaches, name
        assert nowhere.passed, name


MORE_FAULTS = {
    "a second provenance": (
        "every_silver_value_is_its_one_provenance",
        f"insert into {_PROVENANCE} select * from {_PROVENANCE} where field = 'bpm'",
    ),
    "a value without provenance": (
        "every_silver_value_is_its_one_provenance",
        f"update {_TRACKS} set iswc = 'T-034.524.680-1'",
    ),
    "a provenance without its value": (
        "every_silver_value_is_its_one_provenance",
        f"update {_TRACKS} set bpm = null",
    ),
    "a sum that does not come out": (
        "no_value_accepted_below_its_threshold",
        f"update {_LOG} set confidence = 1 where success and field = 'bpm'",
    ),
}


@pytest.mark.parametrize("fault", MORE_FAULTS)
def test_a_check_finds_other_faults_of_its_kind(
    sound: tuple[duckdb.DuckDBPyConnection, dict[str, Check]], fault: str
) -> None:
    lake, checks = sound
    check, statement = MORE_FAULTS[fault]
    lake.execute("begin transaction")
    lake.execute(statement)
    outcome = run(lake, checks[check])
    lake.execute("rollback")
    assert not outcome.passed


def test_each_check_finds_its_fault(sound: tuple[duckdb.DuckDBPyConnection, dict[str, Check]]) -> None:
    lake, checks = sound
    blind = []
    for name, fault in FAULTS.items():
        lake.execute("begin transaction")
        lake.execute(fault)
        outcome = run(lake, checks[name])
        if not outcome.breaches or not outcome.sample:
            blind.append(name)
        lake.execute("rollback")
    assert blind == []
