"""What people say: a decision about tracks or a value is obeyed by the next run, and can be taken back."""

import json
import re
from collections.abc import Callable

import pytest

from tests.orchestration.conftest import Build
from tests.orchestration.homes import Home, sandbox_night

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(after: Callable[[Build], Home]) -> Home:
    """A home after one run."""
    return after(sandbox_night)


def _first_two(home: Home) -> list[str]:
    query = "select track_id::varchar as id from track_analytics order by full_track_name limit 2"
    return [row["id"] for row in home.rows(query)]


def _tracks(home: Home) -> int:
    return int(home.rows("select count(*) as n from silver.enriched_tracks", "--lake")[0]["n"])


def _key(home: Home, track: str) -> str:
    (row,) = home.rows(f"select key from track_analytics where track_id = '{track}'")
    return str(row["key"])


def _track_in_g_minor(home: Home) -> str:
    """One whose key is Beatport's, and which nothing is decided about beside."""
    query = """
        select track_id::varchar as id
        from silver.field_provenance p join silver.enriched_tracks t using (track_id)
        where p.field = 'key' and p.provider = 'beatport' and t.key_camelot = '6A'
        order by t.artist desc limit 1
    """
    return str(home.rows(query, "--lake")[0]["id"])


def test_what_a_person_says_is_obeyed_and_taken_back(built: Home) -> None:
    before = _tracks(built)
    one, other = _first_two(built)
    said = built.run("match", "merge", one, other, "--reason", "a try", "--by", "ada").stdout
    event = re.search(r"event ([0-9a-f-]{36})", said)
    assert event
    pinned = _track_in_g_minor(built)
    said = built.run("pin", pinned, "key", "A minor", "--reason", "the sheet says so", "--by", "ada").stdout
    assert "key = 8A (A minor, A minor)" in said

    built.run("run")
    assert _tracks(built) == before - 1
    listed = built.run("match", "decisions").stdout
    for part in (event[1], "ada", "a try"):
        assert part in listed
    survivors = {row["id"] for row in built.rows("select track_id::varchar as id from track_analytics")}
    (kept,) = survivors & {one, other}
    assert "manual" in built.run("match", "records", kept).stdout
    assert _key(built, pinned) == "8A"
    assert "ada: the sheet says so" in built.run("explain", pinned, "key").stdout

    built.run("match", "undo", event[1][:8], "--reason", "only a try")
    again = built.run("match", "undo", event[1][:8], "--reason", "once more", code=1)
    assert "taken back already" in again.stderr
    assert "taken back" in built.run("match", "decisions").stdout
    built.run("unpin", pinned, "key_camelot", "--reason", "another mix")

    built.run("run")
    assert _tracks(built) == before
    assert _key(built, pinned) == "6A"
    told = json.loads(built.run("history", pinned, "key", "--json").stdout)
    assert [one["provider"] for one in told["values"]] == ["beatport", "person", "beatport"]
    assert [(one["kind"], one["reason"], one["active"]) for one in told["events"]] == [
        ("pin", "the sheet says so", False),
        ("undo", "another mix", True),
    ]
    printed = built.run("history", pinned).stdout
    for text in ("8A", "another mix", "ada", "beatport"):
        assert text in printed, printed


def test_what_cannot_be_pinned_is_refused_with_a_remedy(built: Home) -> None:
    track = _first_two(built)[0]
    for arguments, words in [
        (("pin", track, "bpm", "fast", "-r", "x"), "a number from 40 to 260"),
        (("pin", track, "mood", "dark", "-r", "x"), "use one of title"),
        (("pin", "no such track", "bpm", "128", "-r", "x"), "no track fits"),
        (("unpin", track, "bpm", "-r", "x"), "is not pinned"),
    ]:
        assert words in " ".join(built.run(*arguments, code=1).stderr.split())


def test_explain_shows_evidence_veto_and_threshold(built: Home) -> None:
    query = """
        select a.track_id::varchar as original, b.track_id::varchar as version
        from silver.enriched_tracks a join silver.enriched_tracks b
            on a.artist = b.artist and a.title = b.title and a.version is null and b.version is not null
        order by all limit 1
    """
    (row,) = built.rows(query, "--lake")
    said = built.run("match", "explain", str(row["original"]), str(row["version"])).stdout
    for words in ("title", "1.0", "forbidden: version", "threshold 0.85", "two tracks"):
        assert words in said, said
    assert "written alike" in built.run("match", "explain", *[str(row["original"])] * 2).stdout


def test_decisions_that_contradict_each_other_are_refused(built: Home) -> None:
    query = "select track_id::varchar as id from track_analytics order by full_track_name desc limit 3"
    a, b, c = (str(row["id"]) for row in built.rows(query))
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
