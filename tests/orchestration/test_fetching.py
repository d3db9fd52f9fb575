"""Nights over real HTTP: within limits, complete, and none the worse for providers that are down."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.sandbox.delivery import deliver
from extractors.sandbox.server.faults import DEFAULT
from extractors.sandbox.world import WorldSpec
from tests.extractors.sandbox_server import Server, running
from tests.orchestration.homes import TRACKS, Home

pytestmark = pytest.mark.slow
PROVIDERS = ("beatport", "discogs", "musicbrainz", "spotify")
LATER = ("acousticbrainz", "deezer", "listenbrainz", "soundcharts")
"""Who stands behind others in every field: asked once those have been heard."""
ORDINARY = {provider: {fault.value: share for fault, share in DEFAULT.items()} for provider in PROVIDERS}


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=int(TRACKS)), folder)
    return folder


def at(server: Server, home: Path) -> Home:
    return Home(home, {"CRATELAKE_HTTP_SANDBOX": server.address})


def ask(home: Home, query: str) -> list[dict[str, Any]]:
    return home.rows(query, "--lake")


@pytest.fixture(scope="module")
def night(delivery: Path, home_factory: Callable[[], Path]) -> Iterator[tuple[Home, Server]]:
    """A sandbox lake after its first night, with what goes wrong on an ordinary one."""
    with running(delivery, 1000.0) as server:
        server.faults(**ORDINARY)
        home = at(server, home_factory())
        home.run("run")
        yield home, server


def test_no_limit_was_broken_and_nothing_asked_twice(night: tuple[Home, Server]) -> None:
    ledgers = {provider: night[1].ledger(provider) for provider in PROVIDERS}
    assert {name: (one["violations"], one["repeats"]) for name, one in ledgers.items()} == dict.fromkeys(
        PROVIDERS, (0, 0)
    )
    assert all(one["answered"] > 50 for one in ledgers.values())
    assert sum(sum(one["faults"].values()) for one in ledgers.values()) > 0


def test_every_eligible_track_and_provider_has_an_outcome(night: tuple[Home, Server]) -> None:
    rows = ask(
        night[0],
        """
        with outcomes as (select provider, unnest(record_ids) as record_id, outcome
            from ops.fetch_outcomes)
        select f.provider, count(distinct f.record_id) as tracks,
            count(distinct o.record_id) as asked, count(distinct o.record_id) filter (
                outcome in ('answered', 'not_found', 'held')) as answered
        from ops.enrichment_frontier f left join outcomes o using (provider, record_id)
        where step = 'find' group by all order by all
        """,
    )
    assert [row["provider"] for row in rows] == list(PROVIDERS)
    assert all(row["tracks"] == row["asked"] == row["answered"] > 50 for row in rows), rows
    jobs = ask(night[0], "select status, max(total) as largest from ops.metadata_fetch_tasks group by all")
    assert [job["status"] for job in jobs] == ["completed"]
    assert jobs[0]["largest"] <= 100


def test_ctrl_c_ends_fetch_soon_and_loses_nothing(night: tuple[Home, Server]) -> None:
    home, server = night
    before = server.ledger("musicbrainz")["requests"]
    fetch = subprocess.Popen(
        home.command("fetch", "--provider", "musicbrainz"),
        env=home.environment | {"CRATELAKE_HTTP_SANDBOX_SPEED": "1"},  # one a second: it would take long
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while server.ledger("musicbrainz")["requests"] < before + 2:
        assert fetch.poll() is None
        time.sleep(0.1)
    fetch.send_signal(signal.SIGINT)
    pressed = time.monotonic()
    _, said = fetch.communicate(timeout=60)
    assert (fetch.returncode, "Traceback" in said) == (130, False), said
    assert "the same command goes on" in said
    assert time.monotonic() - pressed < 8  # on a loaded machine; else a second


def test_the_plan_shows_what_fetch_then_does(night: tuple[Home, Server]) -> None:
    home, server = night
    before = {provider: server.ledger(provider)["requests"] for provider in PROVIDERS}
    jobs = ask(home, "select count(*) as n from ops.metadata_fetch_tasks")
    printed = home.run("fetch", "--plan").stdout
    for text in ("expected calls", "minutes", *PROVIDERS, *LATER):
        assert text in printed
    assert {provider: server.ledger(provider)["requests"] for provider in PROVIDERS} == before
    assert ask(home, "select count(*) as n from ops.metadata_fetch_tasks") == jobs
    # what the first night found beside is a track now, and is asked about in its turn
    assert all(server.ledger(provider)["requests"] == 0 for provider in LATER)
    told = home.run("fetch").stdout
    assert all(column in told for column in ("answered", "not found", "known already", "failed", "calls"))
    assert sum(server.ledger(provider)["requests"] for provider in PROVIDERS) > sum(before.values())
    assert all(server.ledger(provider)["requests"] > 0 for provider in LATER)
    assert all(server.ledger(provider)["repeats"] == 0 for provider in (*PROVIDERS, *LATER))
    assert "there is nothing to ask" in home.run("fetch", "--all", "--plan").stdout


def test_one_track_is_asked_about_whatever_its_age(night: tuple[Home, Server]) -> None:
    home, _ = night
    (track,) = ask(home, "select track_id from silver.enriched_tracks where spotify_id is not null limit 1")
    printed = home.run("fetch", "--track-uuid", track["track_id"], "--dry-run").stdout
    assert "1 answered already, asked again because you named the track" in printed
    assert "no track fits" in home.run("fetch", "--track-uuid", "zzzz qqqq", code=1).stderr
    assert "give one of" in home.run("fetch", "--all", "--bulk", code=2).stderr


def test_a_live_replay_asks_first_and_changes_no_value(night: tuple[Home, Server]) -> None:
    home, server = night
    (track,) = ask(
        home,
        # everybody told of it: nothing that came in since moves its records to another track
        "select track_id from silver.enriched_tracks where spotify_id is not null and beatport_id "
        "is not null and musicbrainz_id is not null and discogs_release_id is not null order by all limit 1",
    )
    before = home.contents()["silver.enriched_tracks"]
    chosen = ("replay", "plan", "--tracks", track["track_id"], "--fields", "bpm,key", "-r", "still so?")
    asked = server.ledger("spotify")["requests"]
    assert "from recorded answers" in home.run(*chosen).stdout
    assert server.ledger("spotify")["requests"] == asked
    printed = home.run(*chosen, "--live").stdout
    assert "Asked" in printed
    assert "1 tracks were decided once more, from recorded answers and those that just came in" in printed
    assert server.ledger("spotify")["requests"] > asked
    assert home.contents()["silver.enriched_tracks"] == before


def test_charts_are_synced_when_they_are_due(night: tuple[Home, Server]) -> None:
    home, _ = night
    assert "no chart is scheduled" in home.run("sync-chart-rankings", "--all", code=1).stderr
    assert (
        "no charts"
        in home.run("create-sync-schedule", "--provider", "discogs", "--chart-id", "1", code=1).stderr
    )
    home.run("create-sync-schedule", "--chart-id", "500000", "--frequency", "daily")
    assert "completed" in home.run("sync-chart-rankings", "--all").stdout
    assert "no chart is due" in home.run("sync-chart-rankings", "--all").stdout
    home.run("create-sync-schedule", "--chart-id", "1", "--frequency", "weekly")
    assert "no such chart" in home.run("sync-chart-rankings", "--chart-id", "1", code=1).stdout
    assert "no chart is due" in home.run("sync-chart-rankings", "--all").stdout
    again = ("fetch", "--retry-dead", "--provider", "beatport")
    assert "chart 1 of beatport gave up: " in home.run(*again, "--plan").stdout
    rows = ask(
        home,
        """
        select chart_id, status, total_entries > 0 as full,
            successful_entries + failed_entries = total_entries
            as adds_up, total_executions, successful_executions, next_sync_at > last_sync_at as later
        from ops.chart_sync_executions join ops.chart_sync_schedules using (schedule_id) order by chart_id
        """,
    )
    assert [tuple(row.values()) for row in rows] == [
        ("1", "failed", False, True, 1, 0, True),
        ("500000", "completed", True, True, 1, 1, True),
    ]
    assert "no such chart" in home.run(*again, code=1).stdout
    assert "0 of 2" in home.run("list-sync-schedules").stdout
    home.run("remove-sync-schedule", "--chart-id", "1")
    assert "no such chart" not in home.run("list-sync-schedules").stdout
    assert "is not scheduled" in home.run("remove-sync-schedule", "--chart-id", "1", code=1).stderr


def test_with_one_provider_dead_and_one_refusing_everything_the_run_still_publishes(
    delivery: Path, home_factory: Callable[[], Path]
) -> None:
    with running(delivery, 1000.0) as server:
        server.faults(beatport={"dead": 1.0}, musicbrainz={"too_fast": 1.0})
        home = at(server, home_factory())
        home.run("run")
        states = ask(
            home,
            "select provider, state, reason is not null as why, since <= checked_at as dated "
            f"from ops.provider_status where provider in {PROVIDERS} order by provider",
        )
        assert [tuple(row.values()) for row in states] == [
            ("beatport", "unavailable", True, True),
            ("discogs", "available", False, True),
            ("musicbrainz", "rate_limited", True, True),
            ("spotify", "available", False, True),
        ]
        trouble = ask(
            home,
            "select provider, outcome from ops.fetch_outcomes where provider in ('beatport', 'musicbrainz') "
            "and outcome in ('answered', 'not_found')",
        )
        assert trouble == []
        assert not (home.path / "bronze/beatport/not_found").exists()
        assert ask(home, "select distinct outcome from ops.dead_letters") == []
        with duckdb.connect(str(home.settings.published), read_only=True) as gold:
            (filled,) = gold.execute(
                "select count(*) from track_analytics where bpm is not null"
            ).fetchone() or (0,)
        assert filled > 30
        by = ask(home, "select distinct provider from silver.field_provenance where field = 'bpm'")
        assert [row["provider"] for row in by] == ["spotify"]
        jobs = ask(home, "select distinct provider, status from ops.metadata_fetch_tasks order by all")
        assert {(job["provider"], job["status"]) for job in jobs} >= {
            ("beatport", "failed"), ("spotify", "completed"),
        }  # fmt: skip
        # once they are back, the next run of the day asks them what they owe
        server.faults()
        home.run("run")
        states = ask(home, "select distinct state from ops.provider_status")
        assert [row["state"] for row in states] == ["available"]
