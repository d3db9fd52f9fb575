"""``cratelake pin``, ``unpin`` and ``history``: from the command to published gold and back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orchestration.homes import Home
from tests.orchestration.test_golden import BEATPORT

pytestmark = pytest.mark.slow
STROBE = "deadmau5 - Strobe"


@pytest.fixture(scope="module")
def built(home_factory: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A lake of one track, whose key Beatport gives as G minor."""
    home = Home(home_factory())
    folder = tmp_path_factory.mktemp("answers")
    (folder / "tracks_api.jsonl").write_text(json.dumps(BEATPORT) + "\n")
    home.run("ingest", "beatport_api", str(folder))
    home.run("run")
    return home


def key(home: Home) -> str:
    (line,) = home.run("sql", "--format", "json", "select key from track_analytics").stdout.splitlines()
    return str(json.loads(line)["key"])


def test_a_pinned_value_reaches_gold_until_it_is_taken_back(built: Home) -> None:
    assert key(built) == "6A"
    said = built.run("pin", STROBE, "key", "A minor", "--reason", "the sheet says so", "--by", "ada").stdout
    assert "key = 8A (A minor, A minor)" in said
    built.run("run")
    assert key(built) == "8A"
    assert "ada: the sheet says so" in built.run("explain", STROBE, "key").stdout

    built.run("unpin", STROBE, "key_camelot", "--reason", "another mix")
    built.run("run")
    assert key(built) == "6A"
    told = json.loads(built.run("history", STROBE, "key", "--json").stdout)
    assert [one["provider"] for one in told["values"]] == ["beatport", "person", "beatport"]
    assert [(one["kind"], one["reason"], one["active"]) for one in told["events"]] == [
        ("pin", "the sheet says so", False),
        ("undo", "another mix", True),
    ]
    printed = built.run("history", STROBE).stdout
    for text in ("8A", "another mix", "ada", "mau5trap", "beatport"):
        assert text in printed, printed


def test_what_cannot_be_pinned_is_refused_with_a_remedy(built: Home) -> None:
    for arguments, words in [
        (("pin", STROBE, "bpm", "fast", "-r", "x"), "a number from 40 to 260"),
        (("pin", STROBE, "mood", "dark", "-r", "x"), "use one of title"),
        (("pin", "no such track", "bpm", "128", "-r", "x"), "no track fits"),
        (("unpin", STROBE, "bpm", "-r", "x"), "is not pinned"),
    ]:
        assert words in " ".join(built.run(*arguments, code=1).stderr.split())
