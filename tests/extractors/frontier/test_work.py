"""Working a plan against the sandbox server: finding, other words, looking up, budgets, locks."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.frontier import desks, schema, work
from extractors.frontier import outcomes as frontier_outcomes
from extractors.frontier.desks import Desk
from extractors.http.clock import StoppableClock
from extractors.http.settings import HttpSettings
from extractors.http.stack import Ground
from extractors.sandbox.delivery import deliver
from extractors.sandbox.world import WorldSpec
from lake.errors import LakeError
from tests.extractors.sandbox_server import Server, running

pytestmark = pytest.mark.slow

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=150, sets=5), folder)
    return folder


@pytest.fixture
def sandbox(delivery: Path) -> Iterator[Server]:
    with running(delivery, 1000.0) as one:
        yield one


@pytest.fixture
def ground(sandbox: Server, tmp_path: Path) -> Ground:
    http = HttpSettings(sandbox=sandbox.address, sandbox_speed=1000.0)
    return Ground(tmp_path / "bronze", tmp_path / "http", http, run_id="r")


def desk(provider: str, ground: Ground) -> Desk:
    return desks.set_up(ground.http, {}, sandbox=True)[0][provider]


def planned(lake: duckdb.DuckDBPyConnection, provider: str, *rows: dict[str, Any]) -> None:
    """Rows of the plan: record_id, artist, title, isrc, entity_id, steps."""
    schema.prepare(lake)
    for rank, row in enumerate(rows):
        for step in row.get("steps", ("find",)):
            lake.execute(
                "insert into ops.enrichment_frontier (provider, rank, step, record_id, artist, title, isrc, "
                "entity_id, within_budget, task_id, planned_at, run_id) values (?, ?, ?, ?, ?, ?, ?, ?, "
                "true, 'job', ?, 'r')",
                [provider, rank, step, row["record_id"], row.get("artist"), row.get("title"),
                 row.get("isrc"), row.get("entity_id"), NOW],
            )  # fmt: skip


def told(delivery: Path, provider: str, stream: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (delivery / provider / f"{stream}.jsonl").read_text().splitlines()]


def outcomes(lake: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return lake.execute(
        "select stream, outcome, record_ids from ops.fetch_outcomes order by asked_at, stream"
    ).fetchall()


def test_what_is_found_is_looked_up_and_tracks_with_one_question_share_it(
    lake: duckdb.DuckDBPyConnection, ground: Ground, delivery: Path, sandbox: Server
) -> None:
    track = told(delivery, "spotify", "tracks_api")[0]
    words = {
        "artist": track["artists"][0]["name"],
        "title": track["name"].partition(" (feat")[0].partition(" - ")[0],
    }
    steps = ("find", "audio_features")
    planned(lake, "spotify", *({"record_id": name, "steps": steps, **words} for name in ("a", "b")))
    tally = work.work(lake, desk("spotify", ground), ground)
    found = outcomes(lake)
    assert found[0] == ("search_api", "answered", ["a", "b"])
    assert {row[0] for row in found[1:]} == {"audio_features_api"}
    assert tally.failed == 0
    assert sandbox.ledger("spotify")["requests"] == len(found) == tally.calls
    again = work.work(lake, desk("spotify", ground), ground)
    assert again.calls == 0
    assert sandbox.ledger("spotify")["requests"] == len(found)


def test_what_an_isrc_does_not_find_is_looked_for_by_words(
    lake: duckdb.DuckDBPyConnection, ground: Ground, delivery: Path
) -> None:
    recording = told(delivery, "musicbrainz", "recordings_api")[0]
    words = {"artist": recording["artist-credit"][0]["name"], "title": recording["title"]}
    planned(lake, "musicbrainz", {"record_id": "a", "isrc": "QZZZZ0000000", **words})
    tally = work.work(lake, desk("musicbrainz", ground), ground)
    assert (tally.answered, tally.not_found, tally.known) == (1, 1, 0)
    again = work.work(lake, desk("musicbrainz", ground), ground)
    assert (again.answered, again.not_found, again.known, again.calls) == (0, 0, 2, 0)
    assert outcomes(lake)[:2] == [
        ("isrcs_api", "not_found", ["a"]),
        ("recording_search_api", "answered", ["a"]),
    ]


@pytest.mark.parametrize(
    ("provider", "known", "row", "streams"),
    [
        ("deezer", "tracks_api", lambda t: {"isrc": t["isrc"]}, {"track_by_isrc_api"}),
        ("deezer", "tracks_api", lambda t: {"artist": t["artist"]["name"], "title": t["title_short"]},
         {"search_api", "tracks_api"}),
        ("soundcharts", "songs_api", lambda t: {"isrc": t["object"]["isrc"]["value"]}, {"songs_api"}),
        ("lastfm", "track_info_api",
         lambda t: {"artist": t["track"]["artist"]["name"], "title": t["track"]["name"]}, {"track_info_api"}),
        ("listenbrainz", "recordings_api",
         lambda t: {"artist": t["artist"]["name"], "title": t["recording"]["name"]},
         {"lookup_api", "recordings_api"}),
        ("acousticbrainz", "low_level_api",
         lambda t: {"entity_id": t["metadata"]["tags"]["musicbrainz_recordingid"][0]}, {"low_level_api"}),
    ],
)  # fmt: skip
def test_each_provider_is_asked_in_its_own_way(  # noqa: PLR0917 - fixtures and parameters
    lake: duckdb.DuckDBPyConnection,
    ground: Ground,
    delivery: Path,
    provider: str,
    known: str,
    row: Callable[[dict[str, Any]], dict[str, str]],
    streams: set[str],
) -> None:
    counter = desk(provider, ground)
    about = row(told(delivery, provider, known)[0])
    planned(lake, provider, {"record_id": "a", "steps": tuple(counter.asks.steps), **about})
    assert work.work(lake, counter, ground).failed == 0
    assert {(stream, outcome) for stream, outcome, _ in outcomes(lake)} == {
        (stream, "answered") for stream in streams
    }


def test_an_empty_list_is_nothing_found(
    lake: duckdb.DuckDBPyConnection, ground: Ground, delivery: Path
) -> None:
    track = told(delivery, "beatport", "tracks_api")[0]
    words = {"artist": track["artists"][0]["name"], "title": track["name"].partition(" feat.")[0]}
    planned(lake, "beatport", {"record_id": "a", "isrc": "QZZZZ0000000", **words})
    assert work.work(lake, desk("beatport", ground), ground).calls == 2


def test_the_budget_ends_the_work_and_the_rest_stays_for_another_night(
    lake: duckdb.DuckDBPyConnection, ground: Ground, delivery: Path
) -> None:
    tracks = told(delivery, "beatport", "tracks_api")[:5]
    planned(lake, "beatport", *({"record_id": str(one["id"]), "entity_id": str(one["id"])} for one in tracks))
    lake.execute(
        "insert into ops.metadata_fetch_tasks (task_id, provider, status) "
        "values ('job', 'beatport', 'pending')"
    )
    tally = work.work(lake, replace(desk("beatport", ground), budget=2), ground)
    assert (tally.answered, tally.calls) == (2, 2)
    assert "budget" in (tally.stopped or "")
    state = lake.execute("select status, processed, error_message from ops.metadata_fetch_tasks").fetchone()
    assert state == ("failed", 2, tally.stopped)


def test_a_provider_is_asked_by_one_process_at_a_time(
    lake: duckdb.DuckDBPyConnection, ground: Ground
) -> None:
    schema.prepare(lake)
    with (
        work.alone(ground.state, "discogs"),
        pytest.raises(LakeError, match="another process asks discogs"),
    ):
        work.work(lake, desk("discogs", ground), ground)


def test_a_clock_that_is_stopped_ends_the_work_soon_and_keeps_what_arrived(
    lake: duckdb.DuckDBPyConnection, ground: Ground, delivery: Path
) -> None:
    schema.prepare(lake)
    tracks = told(delivery, "beatport", "tracks_api")[:50]
    planned(lake, "beatport", *({"record_id": str(one["id"]), "entity_id": str(one["id"])} for one in tracks))
    clock = StoppableClock()
    slow = replace(ground, clock=clock, http=ground.http.model_copy(update={"sandbox_speed": 1.0}))
    stopped_at: list[float] = []

    def stop(_provider: str, done: int, _known: int) -> None:
        if done and not stopped_at:
            stopped_at.append(time.monotonic())
            clock.stop()

    with pytest.raises(KeyboardInterrupt):
        work.work(lake, desk("beatport", slow), slow, stop)
    assert time.monotonic() - stopped_at[0] < 2
    frontier_outcomes.take_in(lake, ground.bronze, ["beatport"])
    kept = [outcome for _, outcome, _ in outcomes(lake)]
    assert 0 < len(kept) < 10
    assert set(kept) == {"answered"}
