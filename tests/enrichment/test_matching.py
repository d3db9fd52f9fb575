"""Matching on a real lake: what is one track, what is not, and that ids and increments are stable."""

import datetime as dt
import itertools
from typing import Any

import duckdb
import pytest

from enrichment import config, matching
from enrichment.engine import Day
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

LATER = Day(DAY.date + dt.timedelta(days=1))


def match(lake: duckdb.DuckDBPyConnection, day: Day = DAY) -> matching.Matched:
    return matching.match_day(lake, day, config.load())


def groups(lake: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    rows = lake.execute("select list(record_id) from silver.track_members group by track_id").fetchall()
    return {frozenset(ids) for (ids,) in rows}


def together(lake: duckdb.DuckDBPyConnection, *records: dict[str, Any]) -> bool:
    put(lake, *records)
    match(lake)
    return len(groups(lake)) == 1


def record(provider: str, artist: str, title: str, **more: Any) -> dict[str, Any]:
    return {"provider": provider, "artist_raw": artist, "title_raw": title, **more}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("Above & Beyond", "Sun & Moon"), ("Above And Beyond", "Sun and Moon")),
        (("deadmau5", "Strobe"), ("Deadmau5", "Strobe (Original Mix)")),
        (("Joseph Capriati", "Gashouder"), ("Joseph Capriarti", "Gashouder")),
        (("Sander van Doorn", "Grasshopper"), ("Sander Van Doorn", "Grashopper")),
        (("Markus Schulz feat. Dauby", "Perfect"), ("Markus Schulz", "Perfect (feat. Dauby)")),
        (("Moby", "Porcelain (Julien Jeweil Remix)"), ("Moby", "Porcelain (Julian Jeweil Remix)")),
    ],
)
def test_spellings_of_one_track_are_together(
    lake: duckdb.DuckDBPyConnection, left: tuple[str, str], right: tuple[str, str]
) -> None:
    assert together(lake, record("mixesdb", *left), record("beatport", *right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("deadmau5", "Strobe"), ("deadmau5", "Strobe (Dimension Remix)")),
        (("deadmau5", "Strobe (Radio Edit)"), ("deadmau5", "Strobe")),
        (("Moby", "Go (Part 1)"), ("Moby", "Go (Part 2)")),
        (("Flug", "Untitled A"), ("Flug", "Untitled B")),
        (("Orbital", "Belfast"), ("Somebody Else", "Belfast")),
        (("Moby", "Go (Live)"), ("Moby", "Go")),
        (("Moby", "Go - 2009 Remaster"), ("Moby", "Go")),
    ],
)
def test_other_versions_and_other_tracks_are_apart(
    lake: duckdb.DuckDBPyConnection, left: tuple[str, str], right: tuple[str, str]
) -> None:
    assert not together(lake, record("spotify", *left), record("beatport", *right))


CATALOGUE = {"stream": "label_catalogue", "label": "Aurora Records", "bpm": 126, "duration_ms": 397_000}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Chapter 2", "Chapter 3"),
        ("Primary K290", "Primary K256"),
        ("Hidden Live Track", "Hidden Track"),
        ("Glow (North Tech Remix)", "Glow (North Deep Remix)"),
        ("Glow (Downtempo Mix)", "Glow (North Downtempo Mix)"),
    ],
)
def test_tracks_of_one_release_are_apart_however_alike(
    lake: duckdb.DuckDBPyConnection, left: str, right: str
) -> None:
    release = CATALOGUE | {"catalog_number": "AUR001"}
    assert not together(
        lake, *(record("beatport", "Delta North", title, **release) for title in (left, right))
    )


def test_titles_numbered_otherwise_are_apart_whoever_lists_them(lake: duckdb.DuckDBPyConnection) -> None:
    facts = {"label": "Aurora", "bpm": 126, "duration_ms": 397_000}
    assert not together(
        lake,
        record("dj_library", "Delta North", "Chapter 2", **facts),
        record("beatport", "Delta North", "Chapter 3", **facts),
    )


@pytest.mark.parametrize(("label", "expected"), [("Aurora", True), ("Borealis", False)])
def test_one_title_on_one_label_is_by_one_artist_however_misspelt(
    lake: duckdb.DuckDBPyConnection, label: str, expected: bool
) -> None:
    line = record("mixesdb", "Julian Juwel", "Meridian", label=label)
    assert together(lake, line, record("beatport", "Julian Jeweil", "Meridian", **CATALOGUE)) is expected


def test_a_line_may_leave_out_the_subtitle_of_a_catalogue(lake: duckdb.DuckDBPyConnection) -> None:
    line = record("mixesdb", "Delta North", "Give You Light", label="Aurora")
    assert together(lake, line, record("beatport", "Delta North", "Give You Light (The Piano)", **CATALOGUE))


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("Give You Light (Some Other)", "Give You Light"),  # the bracket of a line may name a remixer
        ("Give You Light", "Give You Light (Part Two)"),
    ],
)
def test_other_brackets_are_no_subtitles(lake: duckdb.DuckDBPyConnection, line: str, listed: str) -> None:
    assert not together(
        lake,
        record("mixesdb", "Delta North", line, label="Aurora"),
        record("beatport", "Delta North", listed, **CATALOGUE),
    )


def test_videos_of_one_recording_do_not_keep_its_spellings_apart(lake: duckdb.DuckDBPyConnection) -> None:
    assert together(
        lake,
        record("soulection", "Austin Marc", "sister edit", source_entity_id="aaaaaaaaaaa"),
        record("soulection", "Austic Marc", "sister edit", source_entity_id="bbbbbbbbbbb"),
    )


def test_a_tracklist_may_leave_out_extended_where_there_is_nothing_else(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    assert together(
        lake,
        record("mixesdb", "Allen Watts", "Meteor"),
        record("beatport", "Allen Watts", "Meteor (Extended Mix)"),
    )


def test_with_both_in_the_catalogue_the_plain_line_means_the_plain_one(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    line, plain, extended = put(
        lake,
        record("mixesdb", "Allen Watts", "Meteor"),
        record("beatport", "Allen Watts", "Meteor"),
        record("beatport", "Allen Watts", "Meteor (Extended Mix)"),
    )
    match(lake)
    assert groups(lake) == {frozenset({line, plain}), frozenset({extended})}


def test_a_shared_isrc_confirms_a_bad_spelling_but_not_another_version(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    isrc = {"isrc": "NLCK40700053", "isrc_raw": "NLCK40700053"}
    good, bad, remix = put(
        lake,
        record("beatport", "Noisia", "Concussion", **isrc),
        record("spotify", "Nosia", "Conccusion", **isrc),
        record("musicbrainz", "Noisia", "Concussion (Evol Intent Remix)", **isrc),
    )
    match(lake)
    assert groups(lake) == {frozenset({good, bad}), frozenset({remix})}
    methods = dict(lake.execute("select record_id, match_method from silver.track_members").fetchall())
    assert "isrc" in {methods[good], methods[bad]}


def test_contradicting_facts_part_what_words_leave_open(lake: duckdb.DuckDBPyConnection) -> None:
    facts = {"duration_ms": 400_000, "bpm_raw": "120", "bpm": 120}
    other = {"duration_ms": 300_000, "bpm_raw": "126", "bpm": 126}
    assert not together(
        lake,
        record("beatport", "Vormack", "Neolanell", source_entity_id="1", isrc="US8KU1000019", **facts),
        record(
            "beatport", "Vormack, Seladoten", "Neolanell", source_entity_id="2", isrc="ES8KN1100047", **other
        ),
    )


def test_every_judged_pair_says_why(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        record("mixesdb", "Joseph Capriarti", "Gashouder"),
        record("beatport", "Joseph Capriati", "Gashouder"),
    )
    match(lake)
    (row,) = lake.execute(
        "select match_confidence >= 0.85, accepted, matched_fields, evidence -> 'artist' ->> 'value' "
        "from silver.track_matches"
    ).fetchall()
    assert row[:3] == (True, True, ["title", "version"])
    assert 0.85 < float(row[3]) < 1


def test_ids_survive_growth_and_merges_leave_redirects(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, record("mixesdb", "Noisia", "Concussion"), record("mixesdb", "Unrelated", "Thing"))
    match(lake)
    before = dict(lake.execute("select record_id, track_id from silver.track_members").fetchall())
    isrc = {"isrc": "NLCK40700053", "isrc_raw": "NLCK40700053"}
    put(lake, record("beatport", "Noisia", "Concussion", **isrc), day=LATER)
    put(lake, record("spotify", "Nosia", "Conccusion", **isrc), day=LATER)
    match(lake, LATER)
    after = dict(lake.execute("select record_id, track_id from silver.track_members").fetchall())
    assert all(after[one] == track for one, track in before.items())
    assert len(groups(lake)) == 2


def test_a_bridge_merges_two_tracks_into_the_older_id(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, record("beatport", "Noisia", "Concussion", isrc="NLCK40700053", isrc_raw="NLCK40700053"))
    match(lake)
    (older,) = lake.execute("select track_id from silver.track_members").fetchone() or (None,)
    put(lake, record("spotify", "Nosia", "Conccusion"), day=LATER)
    match(lake, LATER)
    ids = {row[0] for row in lake.execute("select track_id from silver.track_members").fetchall()}
    (younger,) = ids - {older}
    third = Day(LATER.date + dt.timedelta(days=1))
    put(
        lake,
        record("musicbrainz", "Nosia", "Conccusion", isrc="NLCK40700053", isrc_raw="NLCK40700053"),
        day=third,
    )
    match(lake, third)
    assert len(groups(lake)) == 1
    assert lake.execute(
        "select from_track_id, to_track_id, reason from silver.track_redirects"
    ).fetchall() == [(younger, older, "merged")]


def test_any_order_of_days_gives_the_same_groups(lake: duckdb.DuckDBPyConnection) -> None:
    records = [
        record("beatport", "Noisia", "Concussion", isrc="NLCK40700053", isrc_raw="NLCK40700053"),
        record("spotify", "Nosia", "Conccusion", isrc="NLCK40700053", isrc_raw="NLCK40700053"),
        record("mixesdb", "Noisia", "Concussion"),
        record("mixesdb", "Noisia", "Concussion (Remix)"),
    ]
    found = []
    for order in itertools.islice(itertools.permutations(records), 0, 24, 7):
        for table in ("track_records", "record_answers", "track_nodes", "track_matches", "track_members"):
            lake.execute(f"delete from silver.{table}")
        for i, one in enumerate(order):
            day = Day(DAY.date + dt.timedelta(days=i))
            put(lake, {**one, "record_id": one["title_raw"] + one["provider"]}, day=day)
            match(lake, day)
        found.append(groups(lake))
    assert all(one == found[0] for one in found)
    assert len(found[0]) == 2
