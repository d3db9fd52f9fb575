"""The sandbox server in a thread of the test process over real sockets, and clients that ask it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from extractors.http.circuit import Rules
from extractors.http.settings import HttpSettings, Mode
from extractors.http.stack import Ground
from extractors.sandbox.server.app import make_app, quiet
from extractors.sandbox.server.wires import WIRES
from extractors.sources.registry import source

SPEED = 1000.0


class Server:
    """A running server: its address, and what a test asks of it behind the providers' backs."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ledger(self, provider: str) -> dict[str, Any]:
        return dict(httpx.get(f"{self.address}/_sandbox/ledger", trust_env=False).json()[provider])

    def faults(self, **shares: dict[str, float]) -> None:
        httpx.put(f"{self.address}/_sandbox/faults", json=shares, trust_env=False).raise_for_status()


@contextmanager
def running(delivery: Path, speed: float = 1.0) -> Iterator[Server]:
    """A server on a free port, gone at the end."""
    config = uvicorn.Config(make_app(delivery, speed=speed), port=0, log_level="warning", lifespan="off")
    quiet()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Server(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = server.force_exit = True  # not even for an answer that hangs
        thread.join(timeout=10)


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
    "deezer": ("tracks_api", lambda c, number: c.track(number)),
    "acousticbrainz": ("low_level_api", lambda c, number: c.low_level(number)),
    "soundcharts": ("songs_api", lambda c, number: c.song(number)),
}
"""Providers that tell their payloads as they stand in the delivery, by id."""
ABSENT: dict[str, str | int] = {
    "spotify": "0" * 22, "beatport": 1, "musicbrainz": "0" * 8, "discogs": 1, "deezer": 1,
    "acousticbrainz": "0" * 8, "soundcharts": "0" * 8,
}  # fmt: skip
_BY_WORDS: dict[str, tuple[str, Callable[[Any, dict[str, Any]], Any]]] = {
    "lastfm": (
        "track_info_api",
        lambda c, told: c.track(told["track"]["artist"]["name"], told["track"]["name"]),
    ),
    "listenbrainz": ("recordings_api", lambda c, told: c.recordings([told["mbid"]])),
    "acoustid": ("lookup_api", lambda c, told: c.lookup(told["fingerprint"], 300)),
}
"""How the others are asked about a payload of the delivery."""
ABOUT: dict[str, Callable[[Any], bool]] = {
    "lastfm": lambda data: "name" in data["track"],
    "listenbrainz": lambda data: len(data) == 1,
    "acoustid": lambda data: len(data["results"]) == 1,
}
"""Whether an answer of theirs is about it."""


def number_of(provider: str, payload: dict[str, Any]) -> Any:
    """What a payload of the delivery is called."""
    return WIRES[provider].streams[LOOK_UPS[provider][0]].number(payload)


def ask(provider: str, opened: Any, payload: dict[str, Any]) -> Any:
    """The answer about a payload of the delivery."""
    if provider in _BY_WORDS:
        return _BY_WORDS[provider][1](opened, payload)
    return LOOK_UPS[provider][1](opened, number_of(provider, payload))


def asked_of(provider: str, delivery: Path, most: int) -> list[dict[str, Any]]:
    """What there is to ask a provider about."""
    stream = _BY_WORDS[provider][0] if provider in _BY_WORDS else LOOK_UPS[provider][0]
    return told(delivery, provider, stream)[:most]
