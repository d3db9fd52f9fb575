"""`cratelake tracklists`, on homes of its own."""

import json
from pathlib import Path

import pytest

from extractors.http.sparing import Stop, Visits
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli import tracklists


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRATELAKE_HOME", str(tmp_path))
    monkeypatch.setenv("CRATELAKE_SANDBOX_TRACKS", "150")
    monkeypatch.setenv("CRATELAKE_SANDBOX_FAULTS", "false")
    return tmp_path


def test_pages_of_the_sandbox_land_in_bronze(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracklists.fetch(["1abc2de3"], missing=None)
    assert "no such set" in capsys.readouterr().out
    delivered = (Settings().sandbox / "1001tracklists/pages.jsonl").read_text().splitlines()
    url = json.loads(delivered[0])["url"]
    tracklists.fetch([url], missing=None)
    assert "from the site" in capsys.readouterr().out
    tracklists.fetch([url], missing=None)
    assert "from bronze" in capsys.readouterr().out
    assert list((home / "bronze/1001tracklists/pages").glob("ingest_date=2*/*.parquet"))


def test_a_stop_is_told_and_taken_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    visits = Visits(Settings().http / "services.sqlite")
    visits.stop(Stop("1001tracklists@www.1001tracklists.com", 1_800_000_000.0, "a captcha", "GET /x"))
    visits.stop(Stop("1001tracklists@www.1001tracklists.com", 1_900_000_000.0, "another", "GET /y"))
    visits.close()
    tracklists.status()
    told = " ".join(capsys.readouterr().out.split())
    assert "0 of 50" in told
    assert "2027-01-15" in told, "the first barrier is the one that counts"
    tracklists.resume()
    assert "a captcha" in capsys.readouterr().out
    tracklists.resume()
    assert "nothing was stopped" in capsys.readouterr().out


def test_what_is_not_asked_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LakeError, match="names no set"):
        tracklists.fetch(["x y"], missing=None)
    with pytest.raises(LakeError, match="no set is named"):
        tracklists.fetch([], missing=None)
    monkeypatch.setenv("CRATELAKE_1001TRACKLISTS_MODE", "live")
    with pytest.raises(LakeError, match="opt-in"):
        tracklists.fetch(["1abc2de3"], missing=None)
