"""``cratelake match``: a decision of a person is obeyed by the next run, and can be taken back."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orchestration.homes import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(home_factory: Callable[[], Path]) -> Home:
    """A home after one run."""
    home = Home(home_factory())
    home.run("run")
    return home


def _rows(home: Home, query: str, *options: str) -> list[dict[str, object]]:
    return [
        json.loads(line) for line in home.run("sql", "--format", "json", *options, query).stdout.splitlines()
    ]


def _first_two(home: Home) -> list[str]:
    query = "select track_id::varchar as id from track_analytics order by full_track_name limit 2"
    return [str(row["id"]) for row in _rows(home, query)]


def _tracks(home: Home) -> object:
    return _rows(home, "select count(*) as n from silver.enriched_tracks", "--lake")[0]["n"]


def test_a_merge_is_obeyed_and_taken_back(built: Home) -> None:
    before = int(str(_tracks(built)))
    one, other = _first_two(built)
    said = built.run("match", "merge", one, other, "--reason", "a try", "--by", "ada").stdout
    event = re.search(r"event ([0-9a-f-]{36})", said)
    assert event
    built.run("run")
    assert _tracks(built) == before - 1
    listed = built.run("match", "decisions").stdout
    for part in (event[1], "ada", "a try"):
        assert part in listed
    survivors = {
        str(row["id"]) for row in _rows(built, "select track_id::varchar as id from track_analytics")
    }
    (kept,) = survivors & {one, other}
    assert "manual" in built.run("match", "records", kept).stdout

    built.run("match", "undo", event[1][:8], "--reason", "only a try")
    again = built.run("match", "undo", event[1][:8], "--reason", "once more", code=1)
    assert "taken back already" in again.stderr
    assert "taken back" in built.run("match", "decisions").stdout
    built.run("run")
    assert _tracks(built) == before


def test_explain_shows_evidence_veto_and_threshold(built: Home) -> None:
    query = """
        select a.track_id::varchar as original, b.track_id::varchar as version
        from silver.enriched_tracks a join silver.enriched_tracks b
            on a.artist = b.artist and a.title = b.title and a.version is null and b.version is not null
        order by all limit 1
    """
    (row,) = _rows(built, query, "--lake")
    said = built.run("match", "explain", str(row["original"]), str(row["version"])).stdout
    for words in ("title", "1.0", "forbidden: version", "threshold 0.85", "two tracks"):
        assert words in said, said
    assert "written alike" in built.run("match", "explain", *[str(row["original"])] * 2).stdout


def test_decisions_that_contradict_each_other_are_refused(built: Home) -> None:
    query = "select track_id::varchar as id from track_analytics order by full_track_name desc limit 3"
    a, b, c = (str(row["id"]) for row in _rows(built, query))
    events = []
    for pair in ((a, b), (b, c)):
        said = built.run("match", "confirm", *pair, "--reason", "a try").stdout
        events += re.findall(r"event ([0-9a-f-]{36})", said)
    refused = built.run("match", "reject", a, c, "--reason", "not these", code=1)
    said = " ".join(refused.stderr.split())
    assert "contradicts what was decided before" in said
    assert all(event in said for event in events)
    built.run("match", "undo", events[0], "--reason", "only a try")
    built.run("match", "reject", a, c, "--reason", "not these")
    built.run("match", "undo", events[1], "--reason", "only a try")


def test_what_nobody_can_mean_is_refused_with_a_remedy(built: Home) -> None:
    one, other = _first_two(built)
    for arguments, words in [
        (("confirm", one, "no such track at all", "-r", "x"), "no track fits"),
        (("merge", one, "-r", "x"), "name two or more"),
        (("undo", "zzz", "-r", "x"), "there is no event"),
        (("split", one, one, "-r", "x"), "nothing would stay behind"),
        (("reject", one, one, "-r", "x"), "written alike"),
        (("confirm", one, one, "-r", "x"), "written alike"),
        (("confirm", one, other, "-r", " "), "needs a reason"),
    ]:
        done = built.run("match", *arguments, code=1)
        assert words in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
