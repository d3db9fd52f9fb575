"""Clients over a host that is a function."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from extractors.http.settings import HttpSettings, Mode, ProviderSettings
from extractors.http.stack import Ground
from extractors.sources.registry import source
from tests.extractors.http.fakes import FakeClock

Answers = Callable[[httpx.Request], httpx.Response]
CREDENTIALS = {
    "spotify": {"client_id": "spotify-client", "client_secret": "spotify-secret"},
    "beatport": {"client_id": "bp-client", "client_secret": "bp-secret", "refresh_token": "bp-refresh"},
    "discogs": {"token": "discogs-token"},
    "lastfm": {"api_key": "lastfm-api-key"},
    "listenbrainz": {"token": "listenbrainz-token"},
    "soundcharts": {"app_id": "soundcharts-app", "api_key": "soundcharts-key"},
    "acoustid": {"client": "acoustid-client"},
    "acousticbrainz": {"api": "true"},
}


@contextmanager
def opened(
    provider: str,
    folder: Path,
    answers: Answers,
    mode: Mode = Mode.LIVE,
    clock: FakeClock | None = None,
    **changed: object,
) -> Iterator[Any]:
    """A live client of the provider, with made-up credentials and changed settings."""
    one = source(provider)
    settings: ProviderSettings = one.settings(mode=mode, **{**CREDENTIALS.get(provider, {}), **changed})
    ground = Ground(
        bronze=folder / "bronze",
        state=folder / "state",
        http=HttpSettings(contact="me@example.org"),
        clock=clock or FakeClock(),
        transport=httpx.MockTransport(answers),
    )
    with one.open(ground, settings) as client:
        yield client


class Recorder:
    """Answers every address with what it is told, token endpoints with a token; keeps what it was asked."""

    def __init__(self, *bodies: object, status: int = 200) -> None:
        self._bodies = list(bodies)
        self._status = status
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"access_token": "the-token-of-now", "expires_in": 3600})
        self.asked.append(request)
        body = self._bodies.pop(0) if len(self._bodies) > 1 else self._bodies[0]
        return httpx.Response(self._status, json=body)

    @property
    def addresses(self) -> list[str]:
        return [str(request.url.copy_with(query=None)) for request in self.asked]

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.asked]
