"""The night's plan: value first, within budgets, in jobs of at most 100 tracks."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.frontier import desks, plan, schema
from extractors.frontier.desks import Desk
from extractors.http.settings import HttpSettings
from lake.tables import one

NOW = dt.datetime(2026, 4, 1, 3, tzinfo=dt.UTC)


@pytest.fixture
def beatport() -> Desk:
    able, _ = desks.set_up(HttpSettings(sandbox_speed=1.0), {}, sandbox=True)
    return able["beatport"]


def wanted(lake: duckdb.DuckDBPyConnection, rows: list[tuple[str, bool, int, str]]) -> None:
    """Wants of (record, wanted, plays, since) at Beatport."""
    schema.prepare(lake)
    lake.execute(
        "create or replace temp table wants (subject_no integer, record_id varchar, track_id uuid, "
        "provider varchar, step varchar, first boolean, reason varchar, fields varchar[], wanted boolean, "
        "plays bigint, since date)"
    )
    lake.execute(
        "create or replace temp table subjects (subject_no integer, artist varchar, title varchar, "
        "isrc varchar, beatport_id varchar)"
    )
    lake.executemany(
        "insert into wants values (?, ?, null, 'beatport', 'find', true, 'never_asked', ['bpm'], ?, ?, ?)",
        [(number, *row) for number, row in enumerate(rows)],
    )
    lake.executemany(
        "insert into subjects values (?, 'Korven', ?, null, null)",
        [(number, f"Lantern {number}") for number in range(len(rows))],
    )


def make(lake: duckdb.DuckDBPyConnection, root: Path, desk: Desk, run_id: str = "r") -> None:
    plan.make(lake, root, {desk.provider: desk}, now=NOW, run_id=run_id)


def test_wanted_tracks_come_first_then_the_played_then_those_that_waited(
    lake: duckdb.DuckDBPyConnection, beatport: Desk, tmp_path: Path
) -> None:
    rows = [
        ("old", False, 3, "2026-01-01"), ("played", False, 9, "2026-03-01"), ("new", False, 3, "2026-03-01"),
        ("wanted", True, 0, "2026-03-01"),
    ]  # fmt: skip
    wanted(lake, rows)
    make(lake, tmp_path, beatport)
    order = [row[0] for row in lake.execute("select record_id from planned order by rank").fetchall()]
    assert order == ["wanted", "played", "old", "new"]


def test_the_budget_cuts_what_is_worth_least(
    lake: duckdb.DuckDBPyConnection, beatport: Desk, tmp_path: Path
) -> None:
    wanted(lake, [(f"record {n}", False, n, "2026-03-01") for n in range(10)])
    make(lake, tmp_path, replace(beatport, budget=4))
    kept = lake.execute("select plays from planned where within_budget order by rank").fetchall()
    assert kept == [(9,), (8,), (7,), (6,)]
    (share,) = plan.shares(lake, {"beatport": beatport})
    assert (share.tracks, share.calls, share.left) == (4, 4, 6)
    assert share.minutes == pytest.approx(4 / 60)


@pytest.mark.parametrize(("tracks", "jobs"), [(1, [1]), (100, [100]), (101, [100, 1])])
def test_a_job_has_at_most_a_hundred_tracks(
    tracks: int, jobs: list[int], lake: duckdb.DuckDBPyConnection, beatport: Desk, tmp_path: Path
) -> None:
    wanted(lake, [(f"record {n:03}", False, 0, "2026-03-01") for n in range(tracks)])
    make(lake, tmp_path, beatport)
    plan.store(lake)
    found = lake.execute(
        "select task_type, total from ops.metadata_fetch_tasks order by total desc"
    ).fetchall()
    assert [total for _, total in found] == jobs
    assert found[-1][0] == ("metadata" if jobs[-1] == 1 else "bulk_metadata")


def test_jobs_of_a_plan_that_was_interrupted_are_cancelled_by_the_next(
    lake: duckdb.DuckDBPyConnection, beatport: Desk, tmp_path: Path
) -> None:
    wanted(lake, [("record", False, 0, "2026-03-01")])
    make(lake, tmp_path, beatport, "killed")
    plan.store(lake)
    plan.begin(lake, "beatport")
    make(lake, tmp_path, beatport, "next")
    plan.store(lake)
    states = lake.execute("select run_id, status from ops.metadata_fetch_tasks order by 1").fetchall()
    assert states == [("killed", "cancelled"), ("next", "pending")]


@pytest.mark.parametrize(
    ("stopped", "status", "error"),
    [
        ("the provider died", "failed", "the provider died"),
        (None, "completed", "malformed: no JSON"),
    ],
)
def test_a_job_ends_with_what_its_tracks_came_to(
    lake: duckdb.DuckDBPyConnection,
    beatport: Desk,
    tmp_path: Path,
    *,
    stopped: str | None,
    status: str,
    error: str,
) -> None:
    wanted(lake, [(name, False, 0, "2026-03-01") for name in ("found", "failed", "left")])
    make(lake, tmp_path, beatport)
    plan.store(lake)
    plan.begin(lake, "beatport")
    for record, outcome in (("found", "answered"), ("failed", "malformed")):
        lake.execute(
            "insert into ops.fetch_outcomes (fetch_id, provider, outcome, reason, asked_at, record_ids) "
            "values ($record, 'beatport', $outcome, 'no JSON', $at, [$record])",
            {"record": record, "outcome": outcome, "at": NOW + dt.timedelta(minutes=1)},
        )
    plan.end(lake, "beatport", stopped)
    columns = "status, total, processed, successful, failed, error_message"
    assert one(lake, f"select {columns} from ops.metadata_fetch_tasks") == (status, 3, 2, 1, 1, error)


def test_who_cannot_be_asked_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATELAKE_DISCOGS_MODE", "recorded")
    able, standings = desks.set_up(HttpSettings(), {}, sandbox=False)
    assert able == {}
    assert standings["discogs"].state == "recorded"
    assert standings["spotify"].state == "no_credentials"
    assert "CRATELAKE_SPOTIFY_CLIENT_ID" in standings["spotify"].reason
    assert standings["musicbrainz"].reason == "not set: CRATELAKE_HTTP_CONTACT"
    assert (standings["acousticbrainz"].state, "API" in standings["acousticbrainz"].reason) == (
        "closed",
        True,
    )


def test_what_was_spent_today_is_left_out_of_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATELAKE_DISCOGS_NIGHTLY", "100")
    spent = {("discogs", "sandbox"): 30, ("spotify", "sandbox"): 10**9, ("discogs", "live"): 10**9}
    able, _ = desks.set_up(HttpSettings(), spent, sandbox=True)
    assert (able["discogs"].budget, able["spotify"].budget) == (70, 0)


ABOUT = "0" * 21 + "1"
"""Spotify's id of a track that was found before."""


@pytest.mark.parametrize(
    ("steps", "answered", "planned"),
    [
        (["audio_features"], False, {"audio_features": 1}),
        (["audio_features"], True, {}),  # what failed was asking for it by another name
        (["find", "audio_features"], True, {"find": 1, "audio_features": 1}),
    ],
)
def test_what_is_known_leads_to_look_ups_that_were_not_made(
    lake: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    steps: list[str],
    answered: bool,
    planned: dict[str, int],
) -> None:
    wanted(lake, [("of another provider", False, 0, "2026-03-01")])
    lake.execute("alter table subjects add column spotify_id varchar")
    lake.execute("insert into subjects values (9, 'Korven', 'Lantern', null, null, ?)", [ABOUT])
    for step in steps:
        lake.execute(
            "insert into wants values (9, 'record', null, 'spotify', $step, $step = 'find', 'failed', "
            "['energy'], false, 0, '2026-03-01')",
            {"step": step},
        )
    spotify = desks.set_up(HttpSettings(), {}, sandbox=True)[0]["spotify"]
    if answered:
        (look_up,) = spotify.asks.look_ups
        lake.execute(
            "insert into ops.fetch_outcomes (fetch_id, provider, stream, request_key, outcome, asked_at) "
            "values ('one', 'spotify', ?, ?, 'answered', now())",
            [look_up.stream, look_up.key.replace("{}", ABOUT)],
        )
    make(lake, tmp_path, spotify)
    assert dict(lake.execute("select step, expected_calls from planned").fetchall()) == planned
