"""What people decide about matches: obeyed, reversible, independent of the order in which it arrives."""

import datetime as dt
import json
from itertools import permutations
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from enrichment import config, matching
from enrichment.engine import Day
from enrichment.matching import decisions
from enrichment.matching.decisions import Event
from lake import bronze
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

LATER = Day(DAY.date + dt.timedelta(days=1))
LAST = Day(DAY.date + dt.timedelta(days=2))
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def decide(lake: duckdb.DuckDBPyConnection, root: Path, *events: Event, day: Day = LATER) -> None:
    bronze.write(
        root,
        decisions.PROVIDER,
        [event.answer() for event in events],
        ingest_date=day.date,
        extractor_version=decisions.VERSION,
    )
    decisions.fold(lake, bronze.read_sql(root, decisions.PROVIDER, decisions.STREAM))
    matching.match_day(lake, day, config.load())


def track_of(lake: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(lake.execute("select record_id, track_id::varchar from silver.track_members").fetchall())


def names(*titles: str) -> list[dict[str, str]]:
    providers = ("beatport", "spotify", "mixesdb", "discogs")
    return [
        {"provider": provider, "artist_raw": "Moby", "title_raw": title}
        for provider, title in zip(providers, titles, strict=False)
    ]


def test_a_confirmed_pair_is_one_track_even_across_versions_until_it_is_undone(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    plain, remix = put(lake, *names("Go", "Go (Woodtick Mix)"))
    matching.match_day(lake, DAY, config.load())
    before = track_of(lake)
    assert before[plain] != before[remix]

    confirmed = decisions.same([plain, remix], "ada", "the sleeve says so")
    decide(lake, tmp_path, confirmed)
    joined = track_of(lake)
    assert joined[plain] == joined[remix]
    assert lake.execute(
        "select match_method, match_confidence::double, verified, evidence ->> 'reason' "
        "from silver.track_matches"
    ).fetchall() == [("manual", 1.0, True, "the sleeve says so")]

    taken_back = Event(kind="undo", undoes=confirmed.event_id, actor="ada", reason="misread")
    decide(lake, tmp_path, taken_back, day=LAST)
    assert track_of(lake) == before


def test_a_rejected_pair_stays_apart_whatever_the_evidence(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    one, other = put(lake, *names("Porcelain", "Porcelaine"))
    matching.match_day(lake, DAY, config.load())
    assert len(set(track_of(lake).values())) == 1

    rejected = decisions.apart([(one, other)], "ada", "two songs")
    decide(lake, tmp_path, rejected)
    assert len(set(track_of(lake).values())) == 2
    # the evidence comes in again, and is still overruled
    matching.match_day(lake, DAY, config.load())
    assert len(set(track_of(lake).values())) == 2


def test_the_latest_decision_about_a_pair_counts_in_whatever_order_they_arrive(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    one, other = put(lake, *names("Go", "Go (Woodtick Mix)"))
    matching.match_day(lake, DAY, config.load())
    first = Event(kind="same", pairs=((one, other),), actor="a", reason="r", occurred_at=NOON)
    second = Event(
        kind="apart", pairs=((other, one),), actor="b", reason="r", occurred_at=NOON + dt.timedelta(hours=1)
    )
    undo = Event(
        kind="undo", undoes=second.event_id, actor="a", reason="r", occurred_at=NOON + dt.timedelta(hours=2)
    )
    redo = Event(
        kind="undo", undoes=undo.event_id, actor="b", reason="r", occurred_at=NOON + dt.timedelta(hours=3)
    )
    folded = set()
    for number, order in enumerate(permutations((first, second, undo, redo))):
        root = tmp_path / str(number)
        bronze.write(
            root, "people", [e.answer() for e in order], ingest_date=LATER.date, extractor_version="1"
        )
        decisions.fold(lake, bronze.read_sql(root, decisions.PROVIDER, decisions.STREAM))
        folded.add(
            tuple(lake.execute("select event_id, active from silver.match_decisions order by 1").fetchall())
        )
    assert folded == {tuple(sorted([(first.event_id, True), (second.event_id, True)]))}
    matching.match_day(lake, LATER, config.load())
    assert len(set(track_of(lake).values())) == 2


def test_pairs_below_the_threshold_wait_for_review_until_they_are_decided(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    said = {"title_raw": "Deeper Shades"}
    one, other = put(  # alike in words, while all else speaks against it
        lake,
        said | {"provider": "beatport", "artist_raw": "Sasha Dive", "bpm": 120},
        said | {"provider": "spotify", "artist_raw": "Sasha Diver", "bpm": 128},
    )
    matching.match_day(lake, DAY, config.load())
    waiting = lake.execute("select record_a, record_b, plays from silver.match_review").fetchall()
    assert [sorted(pair[:2]) for pair in waiting] == [sorted([one, other])]
    decide(lake, tmp_path, decisions.apart([(one, other)], "ada", "two songs"))
    assert lake.execute("select count(*) from silver.match_review").fetchone() == (0,)


def test_an_event_is_checked_when_it_is_made_and_when_it_is_read() -> None:
    with pytest.raises(ValidationError, match="kind"):
        Event.model_validate_json(json.dumps({"kind": "maybe", "actor": "a", "reason": "r"}))
    event = decisions.same(["a", "b", "c"], "ada", "three spellings")
    assert event.pairs == (("a", "b"), ("a", "c"))
    assert Event.model_validate_json(event.answer().payload) == event


def said(kind: str, *pair: str) -> Event:
    return Event.model_validate({"kind": kind, "pairs": [pair], "actor": "ada", "reason": "heard it"})


def test_decisions_contradict_each_other_only_round_a_corner() -> None:
    ab, bc, cd = said("same", "a", "b"), said("same", "b", "c"), said("same", "c", "d")
    node_of = {one: one for one in "abcd"} | {"a2": "a"}
    assert decisions.contradicted([ab, bc, cd], said("apart", "a2", "d"), node_of) == (ab, bc, cd)
    not_ac = said("apart", "a", "c")
    assert set(decisions.contradicted([not_ac, ab], bc, node_of)) == {not_ac, ab}
    # of two decisions about one pair the later one counts
    assert decisions.contradicted([ab], said("apart", "a", "b"), node_of) == ()
    assert decisions.contradicted([not_ac, ab], said("same", "a", "c"), node_of) == ()
    # what contradicts itself already is no reason to refuse something else
    assert decisions.contradicted([not_ac, ab, bc], said("same", "x", "y"), node_of) == ()
