"""What `cratelake doctor` says of the providers: what works with which credentials, and never a secret."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.frontier.desks import set_up
from extractors.http.settings import HttpSettings
from extractors.sources.registry import SOURCES
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli.doctor import Standing, doctor, standing
from orchestration.fetching import is_sandbox

REQUIRED = {
    "spotify": ["CLIENT_ID", "CLIENT_SECRET"],
    "beatport": ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"],
    "discogs": ["TOKEN"],
    "lastfm": ["API_KEY"],
    "soundcharts": ["APP_ID", "API_KEY"],
    "acoustid": ["CLIENT"],
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    for provider, source in SOURCES.items():
        for name in source.settings.model_fields:
            monkeypatch.delenv(source.settings.variable(name), raising=False)
        assert source.settings.variable("mode") == f"CRATELAKE_{provider.upper()}_MODE"

    def setting(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    setting(CRATELAKE_HTTP_CONTACT="me@example.org")
    return setting


def told(one: Standing) -> str:
    return " ".join(str(getattr(one, name)) for name in ("credentials", "works", "closed"))


@pytest.mark.parametrize("provider", SOURCES)
def test_a_provider_is_ready_once_its_credentials_are_set_and_none_is_shown(
    provider: str, environment: Callable[..., None]
) -> None:
    variables = [f"CRATELAKE_{provider.upper()}_{name}" for name in REQUIRED.get(provider, [])]
    before = standing(provider)
    assert all(name in before.credentials for name in variables)
    assert ("missing" in before.credentials) == bool(variables)
    assert before.ready == (not variables and provider != "acousticbrainz")
    environment(**dict.fromkeys(variables, "s3cret-value"))
    after = standing(provider)
    assert after.ready == (provider != "acousticbrainz")
    assert "missing" not in after.credentials
    assert "s3cret" not in told(after)


def test_nobody_is_asked_live_without_a_contact(environment: Callable[..., None]) -> None:
    environment(CRATELAKE_HTTP_CONTACT="")
    with pytest.raises(LakeError, match="CRATELAKE_HTTP_CONTACT"):
        standing("deezer")


def test_what_is_closed_is_said_with_the_setting_that_opens_it(environment: Callable[..., None]) -> None:
    assert "November 2024" in standing("spotify").closed
    assert "CRATELAKE_ACOUSTICBRAINZ_API=true" in standing("acousticbrainz").closed
    environment(CRATELAKE_ACOUSTICBRAINZ_API="true", CRATELAKE_SPOTIFY_AUDIO_FEATURES="true")
    assert standing("acousticbrainz").ready
    assert standing("acousticbrainz").closed == ""
    assert "audio_features_api" not in standing("spotify").closed


@pytest.mark.parametrize("mode", ["sandbox", "recorded"])
@pytest.mark.parametrize("provider", SOURCES)
def test_sandbox_and_recordings_need_no_credentials(
    provider: str, mode: str, environment: Callable[..., None]
) -> None:
    environment(**{f"CRATELAKE_{provider.upper()}_MODE": mode})
    assert standing(provider).ready
    assert standing(provider).mode == mode


def test_a_setting_that_makes_no_sense_is_named_without_its_value(environment: Callable[..., None]) -> None:
    environment(CRATELAKE_SPOTIFY_MODE="s3cret-value")
    with pytest.raises(LakeError, match="CRATELAKE_SPOTIFY_MODE") as caught:
        standing("spotify")
    assert "s3cret" not in str(caught.value)


def test_the_documentation_has_a_row_for_each_provider_and_names_its_variables() -> None:
    text = (Path(__file__).parents[2] / "docs/providers.md").read_text()
    rows = {
        row[0]: row for row in (line.strip("| ").split(" | ") for line in text.splitlines()) if len(row) > 3
    }
    for provider, source in SOURCES.items():
        assert provider in rows
        for name in source.settings.credentials():
            assert source.settings.variable(name) in text
        for stream in source.streams:
            if stream.closed and stream.closed.setting:
                assert source.settings.variable(stream.closed.setting) in text
        limit = source.limit
        assert re.search(rf"{limit.requests} in {limit.seconds:g} s", " ".join(rows[provider])), provider


def test_in_a_sandbox_lake_the_doctor_sees_whom_fetch_asks(
    environment: Callable[..., None],
    home_factory: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = home_factory()
    environment(CRATELAKE_HOME=str(home), CRATELAKE_DISCOGS_MODE="live")
    told = {name: standing(name, sandbox=is_sandbox(Settings())) for name in SOURCES}
    able, _ = set_up(HttpSettings(), {}, sandbox=is_sandbox(Settings()))
    assert {name for name, one in told.items() if one.ready} >= set(able)
    assert {name for name, one in told.items() if not one.ready} == {"discogs"}
    (home / "bronze/spotify/tracks_api/ingest_date=2026-01-01").mkdir(parents=True)
    (home / "bronze/spotify/tracks_api/ingest_date=2026-01-01/a.parquet").touch()
    monkeypatch.delenv("CRATELAKE_HTTP_CONTACT")
    monkeypatch.setattr("orchestration.cli.doctor.table", lambda _, __, rows: str(rows))
    monkeypatch.setattr("orchestration.cli.doctor._lake", lambda: "left out here")
    doctor()
    printed = " ".join(capsys.readouterr().out.split())
    assert "('providers', 'optional', 'none of 10 can be asked" in printed
