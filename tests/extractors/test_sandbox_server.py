"""Clients against the sandbox server, over real HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import httpx
import pytest

from extractors.errors import (
    CircuitOpenError,
    CredentialsError,
    FetchError,
    TransientError,
    UnavailableError,
    UnreachableError,
)
from extractors.http.circuit import Circuits, Rules, State
from extractors.http.settings import HttpSettings, Mode
from extractors.http.stack import Ground
from extractors.sandbox.delivery import deliver
from extractors.sandbox.server.wires import WIRES
from extractors.sandbox.world import WorldSpec
from extractors.sources.registry import source
from lake import bronze
from tests.extractors.sandbox_server import (
    ABOUT,
    ABSENT,
    LOOK_UPS,
    SPEED,
    Server,
    ask,
    asked_of,
    client,
    number_of,
    running,
    told,
)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=150, sets=5, seed=1), folder)
    return folder


@pytest.fixture
def server(delivery: Path) -> Iterator[Server]:
    with running(delivery, SPEED) as one:
        yield one


@pytest.mark.parametrize("provider", LOOK_UPS)
def test_what_comes_over_http_is_what_the_delivery_has_letter_for_letter(
    provider: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    stream, look_up = LOOK_UPS[provider]
    payloads = told(delivery, provider, stream)[:20]
    with client(provider, server, tmp_path) as opened:
        for payload in payloads:
            assert look_up(opened, number_of(provider, payload)).found
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
    ("provider", "fault"),
    [
        (provider, fault)
        for provider, wire in WIRES.items()
        for fault in ("too_fast", "error_500", "error_503", "truncated", "malformed", "html", "expired")
        if fault != "expired" or wire.token is not None
    ],
)
def test_a_fault_now_and_then_costs_tries_and_no_answer(
    provider: str, fault: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    # a token refused twice in a row is a refusal: that must not happen by chance
    server.faults(**{provider: {fault: 0.1 if fault == "expired" else 0.2}})
    missed = 0
    with client(provider, server, tmp_path, tries=8) as opened:
        for payload in asked_of(provider, delivery, 30):
            try:
                answer = ask(provider, opened, payload)
            except FetchError:
                missed += 1
            else:
                assert ABOUT[provider](answer.data) if provider in ABOUT else answer.data == payload
    ledger = server.ledger(provider)
    assert ledger["faults"].get(fault, 0) > 0
    assert (missed, ledger["repeats"]) == (0, 0)
    assert not (tmp_path / f"bronze/{provider}/not_found").exists()


@pytest.mark.parametrize("provider", ["lastfm", "soundcharts", "acoustid", "listenbrainz"])
def test_a_revoked_key_is_an_error_about_credentials(
    provider: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    server.faults(**{provider: {"revoked": 1.0}})
    (payload,) = asked_of(provider, delivery, 1)
    with client(provider, server, tmp_path) as opened, pytest.raises(CredentialsError):
        ask(provider, opened, payload)
    assert server.ledger(provider)["requests"] == 1


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
    # an answer whose connection died with it was never received: it goes out again and is no repeat
    assert len(payloads) + ledger["repeats"] <= ledger["answered"] <= len(payloads) + 2
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


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"spotfy": {"dead": 0.1}}, ["spotfy", "use some of spotify"]),
        ({"spotify": {"eror": 0.1}}, ["spotify.eror", "'error_500'", "'dead'"]),
        ({"spotify": {"dead": 1.5}}, ["spotify.dead", "less than or equal to 1"]),
        ({"spotify": {"dead": -1}}, ["spotify.dead", "greater than or equal to 0"]),
        ({"spotify": {"dead": 0.7, "html": 0.7}}, ["spotify", "more than 1"]),
        (["dead"], ["dictionary"]),
    ],
)
def test_faults_that_make_no_sense_are_refused_and_change_nothing(
    shares: object, told: list[str], server: Server
) -> None:
    server.faults(spotify={"dead": 0.5})
    address = f"{server.address}/_sandbox/faults"
    refused = httpx.put(address, json=shares, trust_env=False)
    assert refused.status_code == 400
    assert all(words in refused.json()["error"] for words in told), refused.json()
    assert httpx.get(address, trust_env=False).json() == {"spotify": {"dead": 0.5}}
