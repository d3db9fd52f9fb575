"""Clients against the sandbox server, over real HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.errors import CircuitOpenError, FetchError, TransientError, UnavailableError, UnreachableError
from extractors.http.circuit import Circuits, Rules, State
from extractors.http.settings import HttpSettings, Mode
from extractors.http.stack import Ground
from extractors.sandbox.delivery import deliver
from extractors.sandbox.world import WorldSpec
from extractors.sources.registry import source
from lake import bronze
from tests.extractors.sandbox_server import Server, running

PROVIDERS = ("spotify", "beatport", "musicbrainz", "discogs")
SPEED = 1000.0


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=150, sets=5, seed=1), folder)
    return folder


@pytest.fixture
def server(delivery: Path) -> Iterator[Server]:
    with running(delivery, SPEED) as one:
        yield one


@contextmanager
def client(
    provider: str, server: Server, home: Path, *, rules: Rules | None = None, **http: float
) -> Iterator[Any]:
    one = source(provider)
    settings = HttpSettings(sandbox=server.address, sandbox_speed=http.pop("speed", SPEED), **http)  # type: ignore[arg-type]
    ground = Ground(home / "bronze", home / "state", settings, rules=rules or Rules())
    with one.open(ground, one.settings(mode=Mode.SANDBOX)) as opened:
        yield opened


def told(delivery: Path, provider: str, stream: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (delivery / provider / f"{stream}.jsonl").read_text().splitlines()]


LOOK_UPS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "spotify": ("tracks_api", lambda c, number: c.track(number)),
    "beatport": ("tracks_api", lambda c, number: c.track(number)),
    "musicbrainz": ("recordings_api", lambda c, number: c.recording(number)),
    "discogs": ("releases_api", lambda c, number: c.release(number)),
}
ABSENT = {"spotify": "0" * 22, "beatport": 1, "musicbrainz": "0" * 8, "discogs": 1}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_comes_over_http_is_what_the_delivery_has_letter_for_letter(
    provider: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    stream, look_up = LOOK_UPS[provider]
    payloads = told(delivery, provider, stream)[:20]
    with client(provider, server, tmp_path) as opened:
        for payload in payloads:
            assert look_up(opened, payload["id"]).found
        assert not look_up(opened, ABSENT[provider]).found
    query = f"select payload from {bronze.read_sql(tmp_path / 'bronze', provider, stream)}"
    lines = (delivery / provider / f"{stream}.jsonl").read_text().splitlines()[:20]
    assert sorted(row[0] for row in duckdb.sql(query).fetchall()) == sorted(lines)
    for payload in payloads:
        source(provider).parse(stream, json.dumps(payload))
    ledger = server.ledger(provider)
    assert (ledger["answered"], ledger["violations"], ledger["repeats"]) == (21, 0, 0)


def test_searches_find_what_is_there(server: Server, delivery: Path, tmp_path: Path) -> None:
    track = next(one for one in told(delivery, "spotify", "tracks_api") if one["external_ids"])
    artist, isrc = track["artists"][0]["name"], track["external_ids"]["isrc"]
    with client("spotify", server, tmp_path) as spotify:
        hits = spotify.tracks_by_isrc(isrc).data["tracks"]["items"]
        assert track["id"] in [hit["id"] for hit in hits]
        (page,) = spotify.search_tracks(artist, track["name"])
        assert track["id"] in [hit["id"] for hit in page.data["tracks"]["items"]]
    recording = told(delivery, "musicbrainz", "recordings_api")[0]
    with client("musicbrainz", server, tmp_path) as musicbrainz:
        (page,) = musicbrainz.search_recordings(recording["artist-credit"][0]["name"], recording["title"])
        assert recording["id"] in [hit["id"] for hit in page.data["recordings"]]
        assert not musicbrainz.isrc("QZZZZ0000000").found
    release = told(delivery, "discogs", "releases_api")[0]
    with client("discogs", server, tmp_path) as discogs:
        (page,) = discogs.search_releases(track=release["tracklist"][0]["title"])
        assert release["id"] in [hit["id"] for hit in page.data["results"]]
    beatport_track = told(delivery, "beatport", "tracks_api")[0]
    with client("beatport", server, tmp_path) as beatport:
        (page,) = beatport.find_tracks(beatport_track["artists"][0]["name"], beatport_track["name"])
        assert beatport_track["id"] in [hit["id"] for hit in page.data["results"]]
        assert len(list(beatport.charts(most_pages=2))) >= 1


@pytest.mark.parametrize(
    "fault", ["too_fast", "error_500", "error_503", "truncated", "malformed", "html", "expired"]
)
def test_a_fault_now_and_then_costs_tries_and_no_answer(
    fault: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    # a token refused twice in a row is a refusal: that must not happen by chance
    server.faults(spotify={fault: 0.1 if fault == "expired" else 0.2})
    payloads = told(delivery, "spotify", "tracks_api")[:30]
    missed = 0
    with client("spotify", server, tmp_path, tries=6) as spotify:
        for payload in payloads:
            try:
                assert spotify.track(payload["id"]).data == payload
            except FetchError:
                missed += 1
    ledger = server.ledger("spotify")
    assert ledger["faults"].get(fault, 0) > 0
    assert (missed, ledger["repeats"]) == (0, 0)
    assert not (tmp_path / "bronze/spotify/not_found").exists()


@pytest.mark.parametrize("fault", ["drip", "hang"])
def test_a_slow_answer_is_given_up_within_the_budget(
    fault: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    server.faults(discogs={fault: 1.0})
    number = told(delivery, "discogs", "releases_api")[0]["id"]
    began = time.monotonic()
    with (
        client("discogs", server, tmp_path, budget=1.0, timeout=0.6) as discogs,
        pytest.raises((UnreachableError, TransientError)),
    ):
        discogs.release(number)
    assert time.monotonic() - began < 5  # a budget of one second, with much room for a busy machine


def test_a_dead_provider_is_a_state_with_a_date_and_nothing_is_not_found(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    server.faults(beatport={"dead": 1.0})
    with client("beatport", server, tmp_path, tries=1, rules=Rules(failures=3)) as beatport:
        errors = []
        for payload in told(delivery, "beatport", "tracks_api")[:5]:
            with pytest.raises(FetchError) as caught:
                beatport.track(payload["id"])
            errors.append(type(caught.value))
    assert errors == [UnavailableError] * 3 + [CircuitOpenError] * 2
    (state,) = Circuits(tmp_path / "state" / "services.sqlite").states()
    assert (state.state, state.host.partition("@")[0]) == (State.OPEN, "beatport")
    assert abs(state.since - time.time()) < 60
    assert not (tmp_path / "bronze/beatport/not_found").exists()


def test_a_drifted_answer_is_read_and_what_is_unknown_is_told(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    server.faults(spotify={"drift": 1.0})
    number = told(delivery, "spotify", "tracks_api")[0]["id"]
    with client("spotify", server, tmp_path) as spotify:
        _, payload = source("spotify").parse("tracks_api", spotify.track(number).body)
    assert {"schema_version", "uri_v2"} <= set(payload.unknown_keys)


def test_a_killed_run_goes_on_without_asking_again(server: Server, delivery: Path, tmp_path: Path) -> None:
    payloads = told(delivery, "discogs", "releases_api")[:10]
    settings = HttpSettings(sandbox=server.address, sandbox_speed=SPEED)
    ground = Ground(tmp_path / "bronze", tmp_path / "state", settings)
    one = source("discogs")
    killed = one.open(ground, one.settings(mode=Mode.SANDBOX))
    opened = killed.__enter__()  # and never left: what it holds never reached bronze
    for payload in payloads[:6]:
        opened.release(payload["id"])
    with client("discogs", server, tmp_path) as again:
        for payload in payloads:
            assert again.release(payload["id"]).data == payload
    ledger = server.ledger("discogs")
    assert (ledger["answered"], ledger["repeats"]) == (10, 0)


_ASKS_FOR_EVER = """
import json, sys
from pathlib import Path
from extractors.http.settings import HttpSettings, Mode
from extractors.http.stack import Ground
from extractors.sources.registry import source
address, home, numbers = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
ground = Ground(home / "bronze", home / "state", HttpSettings(sandbox=address, sandbox_speed=1000.0))
one = source("discogs")
with one.open(ground, one.settings(mode=Mode.SANDBOX)) as client:
    for number in numbers:
        client.release(number)
        print(number, flush=True)
"""


@pytest.mark.slow
def test_a_process_killed_at_any_moment_repeats_at_most_what_was_under_way(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    payloads = told(delivery, "discogs", "releases_api")
    numbers = [payload["id"] for payload in payloads]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    for _ in range(2):
        argv = [sys.executable, "-c", _ASKS_FOR_EVER, server.address, str(tmp_path), json.dumps(numbers)]
        with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE) as asking:
            assert asking.stdout is not None
            for _ in range(5):
                assert asking.stdout.readline()
            asking.kill()
    with client("discogs", server, tmp_path) as again:
        assert [again.release(number).data for number in numbers] == payloads
    ledger = server.ledger("discogs")
    assert ledger["repeats"] <= 2  # one for each kill
    assert ledger["answered"] == len(payloads) + ledger["repeats"]
    query = (
        f"select count(*), count(distinct bronze_id) from {bronze.read_sql(tmp_path / 'bronze', 'discogs')}"
    )
    (row,) = duckdb.sql(query).fetchall()
    assert row[0] == row[1]


@pytest.mark.slow
def test_threads_keep_the_providers_real_limit(delivery: Path, tmp_path: Path) -> None:
    # 60 requests in 30 s at 20 times the speed: 60 in 1.5 s
    payloads = told(delivery, "spotify", "tracks_api")
    with (
        running(delivery, 20.0) as server,
        client("spotify", server, tmp_path, speed=20.0) as spotify,
        ThreadPoolExecutor(5) as threads,
    ):
        assert all(one.found for one in threads.map(lambda payload: spotify.track(payload["id"]), payloads))
        ledger = server.ledger("spotify")
    assert (ledger["answered"], ledger["violations"], ledger["repeats"]) == (len(payloads), 0, 0)
