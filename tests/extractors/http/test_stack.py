"""All layers together, over a host that is a function."""

import logging
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import CircuitOpenError, NotRecordedError, RateLimitedError, UnavailableError
from extractors.http.circuit import Rules
from extractors.http.credentials import Key
from extractors.http.judge import by_status
from extractors.http.limit import RateLimit
from extractors.http.settings import HttpSettings, Mode, ProviderSettings
from extractors.http.stack import Access, Ground, stack
from lake.errors import LakeError
from tests.extractors.http.fakes import FakeClock, question

SECRET = "key-secret-1"  # noqa: S105


class Settings(ProviderSettings):
    model_config = SettingsConfigDict(env_prefix="CRATELAKE_SPOTIFY_", frozen=True)

    api_key: SecretStr | None = SecretStr(SECRET)


class Host:
    """Answers with statuses in order, the last again and again."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        headers = {"retry-after": "7"} if status == 429 else {}
        return httpx.Response(status, json={"echo": str(request.url)}, headers=headers)


def access(mode: Mode = Mode.LIVE) -> Access:
    return Access(
        provider="spotify",
        url="https://api.spotify.com/v1",
        version="spotify_http/1",
        streams=("tracks_api",),
        settings=Settings(mode=mode),
        limit=RateLimit(10, 1.0),
        judge=by_status,
        credentials=lambda _below: Key(params=(("api_key", SECRET),)),
    )


def ground(folder: Path, host: Host, clock: FakeClock, contact: str | None = "me@example.org") -> Ground:
    return Ground(
        bronze=folder / "bronze",
        state=folder / "state",
        http=HttpSettings(contact=contact),
        clock=clock,
        transport=httpx.MockTransport(host),
        rules=Rules(failures=6),
    )


def test_a_request_goes_through_all_layers_and_leaves_no_secret_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock = FakeClock()
    host = Host(503, 429, 200)
    with stack(access(), ground(tmp_path, host, clock)) as (send, _):
        response = send.send(question(deadline=clock.now + 30, ttl=60.0))
        assert (response.status, response.tries) == (200, 3)
        assert sum(clock.slept) >= 7
        assert send.send(question(ttl=60.0)).from_bronze
    assert len(host.seen) == 3
    assert host.seen[0].headers["user-agent"] == "cratelake/0.1.0 ( me@example.org )"
    assert SECRET in str(host.seen[0].url)
    with stack(access(), ground(tmp_path, host, clock)) as (_, _store):
        logging.getLogger("extractors.http.circuit").warning("api_key %s of %s", SECRET, "a host")
    assert "of a host" in caplog.text
    assert SECRET not in caplog.text
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.suffix == ".parquet" for file in written)
    assert not [file for file in written if SECRET.encode() in file.read_bytes()]


def test_a_dead_host_is_left_alone_across_processes(tmp_path: Path) -> None:
    clock = FakeClock()
    host = Host(500)
    for expected in (UnavailableError, CircuitOpenError, CircuitOpenError):
        with stack(access(), ground(tmp_path, host, clock)) as (send, _), pytest.raises(expected):
            send.send(question(deadline=clock.now + 30))
    assert len(host.seen) == 6


def test_too_fast_is_never_not_found(tmp_path: Path) -> None:
    clock = FakeClock()
    with stack(access(), ground(tmp_path, Host(429), clock)) as (send, store):
        with pytest.raises(RateLimitedError):
            send.send(question(deadline=clock.now + 30))
        assert store.find(question()) is None


def test_recorded_mode_needs_neither_contact_nor_network(tmp_path: Path) -> None:
    host = Host(200)
    with (
        stack(access(Mode.RECORDED), ground(tmp_path, host, FakeClock(), contact=None)) as (send, _),
        pytest.raises(NotRecordedError),
    ):
        send.send(question())
    assert host.seen == []


def test_nobody_is_asked_live_without_a_contact(tmp_path: Path) -> None:
    with (
        pytest.raises(LakeError, match="CRATELAKE_HTTP_CONTACT"),
        stack(access(), ground(tmp_path, Host(200), FakeClock(), contact=None)),
    ):
        pass


def test_settings_come_from_the_environment_and_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATELAKE_SPOTIFY_API_KEY", "from-the-environment")
    monkeypatch.setenv("CRATELAKE_SPOTIFY_MODE", "sandbox")
    settings = Settings()
    assert settings.need("api_key").get_secret_value() == "from-the-environment"
    assert "from-the-environment" not in f"{settings!r}{settings.model_dump_json()}"
    assert Settings(mode=Mode.SANDBOX, api_key=None).need("api_key").get_secret_value()
    assert Settings(api_key=None).missing() == ["CRATELAKE_SPOTIFY_API_KEY"]
    with pytest.raises(LakeError, match="CRATELAKE_SPOTIFY_API_KEY"):
        Settings(mode=Mode.LIVE, api_key=None).need("api_key")
