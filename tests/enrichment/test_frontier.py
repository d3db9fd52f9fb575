"""What is worth asking next: open answers, whose turn it is, and how old an answer may be."""

import datetime as dt
from typing import Any

import duckdb
import pytest

from enrichment import config
from enrichment.frontier import STALE, Scope, Step, find_wants
from extractors.frontier import schema
from tests.enrichment.lake_records import put, tie

Ways = tuple[tuple[str, ...], ...]
NOW = dt.datetime(2026, 4, 1, 3, tzinfo=dt.UTC)
TRACK = "00000000-0000-0000-0000-000000000001"
ORDER = config.parse(
    {
        "critical": ["bpm"],
        "completeness": ["bpm"],
        "fields": {
            "bpm": {
                "beatport": [0.9, 0.9],
                "spotify": [0.8, 0.9],
                "acousticbrainz": {"confidence": [0.7, 0.8], "only": {"released": [None, "2022-12-31"]}},
            },
            "remixer": {"beatport": [0.9, 0.9]},
            "energy": {"spotify": [0.8, 0.9]},
        },
    }
)


def step(provider: str, *fields: str, ways: Ways = (("artist", "title"),), **more: Any) -> Step:
    return Step(provider, "find", frozenset(fields), (f"{provider}_http",), ways, first=True, **more)


STEPS = (step("beatport", "bpm"), step("spotify", "bpm"), step("acousticbrainz", "bpm"))


@pytest.fixture
def track(lake: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A lake with one track, known from a tracklist, of which nothing else is known."""
    schema.prepare(lake)
    (record,) = put(lake, {"provider": "1001tracklists", "artist_raw": "Korven", "title_raw": "Lantern"})
    tie(lake, TRACK, (record, 1.0))
    lake.execute(
        "insert into silver.enriched_tracks (track_id, artist, title, artists, release_date) "
        f"values ('{TRACK}', 'Korven', 'Lantern', ['Korven'], date '2021-05-01')"
    )
    lake.execute(
        "insert into ops.enrichment_pipeline_runs (run_id, finished_at) values ('r', $at)",
        {"at": NOW - dt.timedelta(hours=1)},
    )
    return lake


def asked(lake: duckdb.DuckDBPyConnection, provider: str, at: dt.datetime, outcome: str = "answered") -> None:
    (record,) = lake.execute("select record_id from silver.track_records").fetchone() or ("",)
    lake.execute(
        "insert into ops.fetch_outcomes (fetch_id, provider, stream, request_key, outcome, asked_at, "
        "record_ids, tries) values (uuid()::varchar, $provider, 'tracks', 'tracks/1', $outcome, $at, "
        "[$record], 1)",
        {"provider": provider, "outcome": outcome, "at": at, "record": record},
    )


def accept(lake: duckdb.DuckDBPyConnection, field: str, provider: str) -> None:
    lake.execute(
        "insert into silver.field_provenance (track_id, field, provider) values (?, ?, ?)",
        [TRACK, field, provider],
    )


def wants(lake: duckdb.DuckDBPyConnection, *steps: Step, **scope: Any) -> list[tuple[str, str]]:
    find_wants(lake, ORDER, steps or STEPS, now=NOW, scope=Scope(**scope))
    return lake.execute("select provider, reason from wants order by provider").fetchall()


YESTERDAY, TONIGHT = NOW - dt.timedelta(days=1), NOW - dt.timedelta(minutes=5)


def test_the_first_of_a_field_is_asked_and_nobody_after_it(track: duckdb.DuckDBPyConnection) -> None:
    assert wants(track) == [("beatport", "never_asked")]


def test_the_next_is_asked_once_the_waterfall_has_heard_that_the_first_failed(
    track: duckdb.DuckDBPyConnection,
) -> None:
    asked(track, "beatport", TONIGHT)
    assert wants(track) == []  # its answer is not decided upon yet
    track.execute("delete from ops.fetch_outcomes")
    asked(track, "beatport", YESTERDAY)
    assert wants(track) == [("spotify", "never_asked")]


def test_a_field_that_has_its_first_choice_is_asked_of_nobody(track: duckdb.DuckDBPyConnection) -> None:
    accept(track, "bpm", "beatport")
    assert wants(track) == []
    track.execute("delete from silver.field_provenance")
    accept(track, "bpm", "person")
    assert wants(track) == []


def test_who_would_be_preferred_to_the_accepted_one_is_still_asked(track: duckdb.DuckDBPyConnection) -> None:
    accept(track, "bpm", "spotify")
    assert wants(track) == [("beatport", "never_asked")]


def test_a_provider_in_trouble_lets_the_next_be_asked(track: duckdb.DuckDBPyConnection) -> None:
    troubled = step("beatport", "bpm", heeded=False)
    assert wants(track, troubled, *STEPS[1:]) == [("beatport", "never_asked"), ("spotify", "never_asked")]


def test_who_cannot_be_asked_about_a_track_keeps_nobody_waiting(track: duckdb.DuckDBPyConnection) -> None:
    by_ids = step("beatport", "bpm", ways=(("isrc",), ("beatport_id",)))
    assert wants(track, by_ids, *STEPS[1:]) == [("spotify", "never_asked")]
    track.execute("update silver.enriched_tracks set isrc = 'GBAAA2100001'")
    assert wants(track, by_ids, *STEPS[1:]) == [("beatport", "never_asked")]


def test_a_failure_is_tried_again_and_keeps_nobody_waiting(track: duckdb.DuckDBPyConnection) -> None:
    asked(track, "beatport", YESTERDAY, "unavailable")
    assert wants(track) == [("beatport", "failed"), ("spotify", "never_asked")]


@pytest.mark.parametrize(
    ("age", "stale"), [(STALE, False), (STALE + dt.timedelta(seconds=1), True), (dt.timedelta(days=3), False)]
)
def test_an_answer_is_stale_after_thirty_days_and_not_before(
    age: dt.timedelta, stale: bool, track: duckdb.DuckDBPyConnection
) -> None:
    accept(track, "bpm", "beatport")
    asked(track, "beatport", NOW - age)
    assert wants(track) == ([("beatport", "stale")] if stale else [])
    assert wants(track, again=True) == [("beatport", "stale" if stale else "on_demand")]


def test_what_gave_up_is_asked_again_only_on_demand(track: duckdb.DuckDBPyConnection) -> None:
    asked(track, "beatport", YESTERDAY, "refused")
    assert ("beatport", "failed") not in wants(track)
    assert ("beatport", "failed") in wants(track, retry_dead=True)


def test_trouble_of_the_provider_is_never_the_end_of_a_request(track: duckdb.DuckDBPyConnection) -> None:
    for _ in range(8):
        asked(track, "beatport", YESTERDAY, "rate_limited")
        asked(track, "beatport", YESTERDAY, "circuit_open")
    assert ("beatport", "failed") in wants(track)
    for _ in range(schema.GIVE_UP):
        asked(track, "beatport", YESTERDAY, "malformed")
    assert ("beatport", "failed") not in wants(track)
    (dead,) = track.execute("select outcome, failures from ops.dead_letters").fetchall()
    assert dead[1] == 16 + schema.GIVE_UP


def test_who_is_not_eligible_is_not_asked(track: duckdb.DuckDBPyConnection) -> None:
    asked(track, "beatport", YESTERDAY)
    asked(track, "spotify", YESTERDAY)
    assert wants(track) == [("acousticbrainz", "never_asked")]
    track.execute("update silver.enriched_tracks set release_date = date '2025-01-01'")
    assert wants(track) == []


def test_no_remixer_is_missed_where_there_is_no_remix(track: duckdb.DuckDBPyConnection) -> None:
    assert wants(track, step("beatport", "remixer")) == []
    track.execute("update silver.enriched_tracks set version_kind = 'remix'")
    assert wants(track, step("beatport", "remixer")) == [("beatport", "never_asked")]


def test_a_name_that_is_no_track_yet_is_asked_about_once_for_all_its_spellings(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    schema.prepare(lake)
    put(
        lake,
        {"provider": "1001tracklists", "artist_raw": "Korven", "title_raw": "Lantern"},
        {"provider": "1001tracklists", "artist_raw": "KORVEN", "title_raw": "lantern"},
        {"provider": "spotify", "spotify_id": "s1"},
    )
    assert wants(lake) == [("beatport", "never_asked")]
    subject = lake.execute("select artist, title, track_id, plays from subjects").fetchone()
    assert subject is not None
    assert (subject[0].lower(), subject[1].lower(), *subject[2:]) == ("korven", "lantern", None, 2)
    assert wants(lake, newcomers=False) == []


def test_an_answer_of_the_providers_own_streams_counts_as_asked(track: duckdb.DuckDBPyConnection) -> None:
    (record,) = put(
        track,
        {"provider": "beatport", "stream": "beatport_http", "artist_raw": "Korven", "title_raw": "Lantern",
         "fetched_at": YESTERDAY},
    )  # fmt: skip
    tie(track, TRACK, (record, 0.9))
    track.execute("update silver.track_members set is_anchor = record_id <> $id", {"id": record})
    assert wants(track) == [("spotify", "never_asked")]


def test_what_the_sandbox_answered_is_not_heard_of_a_provider_that_is_asked_live(
    track: duckdb.DuckDBPyConnection,
) -> None:
    asked(track, "beatport", YESTERDAY)
    track.execute("update ops.fetch_outcomes set mode = 'sandbox', bronze_id = 'made up'")
    (found,) = put(track, {"provider": "beatport", "stream": "beatport_http", "bronze_id": "made up"})
    tie(track, TRACK, (found, 1.0))
    made_up, live = (step("beatport", "bpm", mode=mode) for mode in ("sandbox", "live"))
    assert wants(track, made_up, *STEPS[1:]) == [("spotify", "never_asked")]
    assert wants(track, live, *STEPS[1:]) == [("beatport", "never_asked")]


def test_what_gave_up_at_the_sandbox_is_asked_live(track: duckdb.DuckDBPyConnection) -> None:
    asked(track, "beatport", YESTERDAY, "refused")
    track.execute("update ops.fetch_outcomes set mode = 'sandbox'")
    assert wants(track, step("beatport", "bpm", mode="sandbox")) == []
    assert wants(track, step("beatport", "bpm", mode="live")) == [("beatport", "never_asked")]
