"""A full rebuild and increments agree: over any days, in any order, with records that change on the way."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from enrichment import config, matching
from enrichment.engine import Day
from enrichment.matching import blocking
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

DAYS = [Day(DAY.date + dt.timedelta(days=i)) for i in range(4)]
STATE = {
    "track_nodes": "*",
    "track_matches": "*",
    "match_review": "*",
    "cut_blocks": "*",
    "track_members": "* exclude (changed_on)",
}
_NAMES_DAYS = (
    "exclude (record_a, record_b, evidence)"  # these name the node's first record, which days decide
)
WITHOUT_DAYS = STATE | {
    "track_nodes": "* exclude (first_seen, first_record)",
    "track_matches": f"* {_NAMES_DAYS}, evidence",
    "match_review": f"* {_NAMES_DAYS}, json_merge_patch(evidence, '{{\"runner_up\": null}}')",
    "track_members": "record_id, node_id, match_confidence, match_method, is_anchor",
}


@pytest.fixture
def small_caps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Caps so low that a handful of records crosses them, up and down."""
    monkeypatch.setattr(blocking, "CAP", 2)
    monkeypatch.setattr(blocking, "RARE", 2)
    return


RECORDS = st.fixed_dictionaries(
    {
        "provider": st.sampled_from(["beatport", "musicbrainz", "musicbrainz", "mixesdb", "mixesdb"]),
        "artist_raw": st.sampled_from(
            ["Noisia", "Nosia", "Noisia feat. Phace", "Noisia feat. Evol Intent", "Noisia & Phace"]
        ),
        "title_raw": st.sampled_from(
            ["Concussion", "Conccusion", "Concusion", "Concussion (Extended Mix)", "Concussion (Phace Remix)"]
        ),
        "isrc": st.sampled_from([None, None, None, "NLCK40700053", "NLCK40700054"]),
    }
)


SPELLINGS: list[list[tuple[int, dict[str, Any]]]] = [
    [(number, {"provider": "mixesdb", "artist_raw": "Noisia", "title_raw": title, "isrc": None})]
    for number, title in enumerate(("Concussion", "Conccusion", "Concusion", "Concussion (Phace Remix)"))
]


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[tuple[int, dict[str, Any]]]]:
    """Days of (record number, what is said of it); a record said again says something else."""
    said = [*enumerate(draw(st.lists(RECORDS, min_size=3, max_size=9)))]
    again = draw(st.lists(st.tuples(st.sampled_from(range(len(said))), RECORDS), max_size=2))
    days: list[list[tuple[int, dict[str, Any]]]] = [[] for _ in DAYS]
    for number, record in [*draw(st.permutations(said)), *again]:
        provider = said[number][1]["provider"]
        first = max((i for i, day in enumerate(days) for n, _ in day if n == number), default=0)
        days[draw(st.integers(first, len(days) - 1))].append((number, record | {"provider": provider}))
    return days


def bring(lake: duckdb.DuckDBPyConnection, number: int, record: dict[str, Any], day: Day) -> None:
    """One answer about a record: it takes the place of what was said before; the first day stays."""
    record_id = f"record-{number}"
    entity = {} if record["provider"] == "mixesdb" else {"source_entity_id": str(number)}
    known = lake.execute(
        "select first_seen from silver.track_records where record_id = ?", [record_id]
    ).fetchone()
    lake.execute("delete from silver.track_records where record_id = ?", [record_id])
    put(lake, record | entity | {"record_id": record_id, "bronze_id": f"{record_id}-{day.date}"}, day=day)
    if known:
        lake.execute(
            "update silver.track_records set first_seen = ? where record_id = ?", [known[0], record_id]
        )


def state(lake: duckdb.DuckDBPyConnection, columns: dict[str, str]) -> dict[str, list[Any]]:
    return {
        table: sorted(map(repr, lake.execute(f"select {listed} from silver.{table}").fetchall()))
        for table, listed in columns.items()
    }


def clusters(lake: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    rows = lake.execute("select list(record_id) from silver.track_members group by track_id").fetchall()
    return {frozenset(ids) for (ids,) in rows}


def rebuild(lake: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Match everything there is as one day's records, from nothing."""
    for table in (*STATE, "track_redirects"):
        lake.execute(f"delete from silver.{table}")
    lake.execute("update silver.record_answers set ingest_date = ?", [day.date])
    matching.match_day(lake, day, config.load())


def differing(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        name: (sorted(set(one[name]) - set(other[name])), sorted(set(other[name]) - set(one[name])))
        for name in one
        if one[name] != other[name]
    }


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=deliveries())
@example(days=SPELLINGS)  # the third spelling brings every block of the two before it above its cap
def test_increments_and_a_full_rebuild_give_the_same_state(
    lake: duckdb.DuckDBPyConnection, small_caps: None, days: list[list[tuple[int, dict[str, Any]]]]
) -> None:
    for table in (*STATE, "track_redirects", "track_records", "record_answers"):
        lake.execute(f"delete from silver.{table}")
    for day, answers in zip(DAYS, days, strict=True):
        for number, record in answers:
            bring(lake, number, record, day)
        if answers:
            matching.match_day(lake, day, config.load())
    increments, grouped = state(lake, STATE), clusters(lake)
    without_days = state(lake, WITHOUT_DAYS)
    rebuild(lake, DAYS[-1])
    assert not differing(increments, state(lake, STATE))
    # and as if all had come on one day: only names that days give may differ
    lake.execute("update silver.track_records set first_seen = ?", [DAYS[-1].date])
    rebuild(lake, DAYS[-1])
    assert clusters(lake) == grouped
    assert not differing(without_days, state(lake, WITHOUT_DAYS))


def test_a_block_that_grows_past_its_cap_and_shrinks_again_is_as_it_was(
    lake: duckdb.DuckDBPyConnection, small_caps: None
) -> None:
    def record(artist: str) -> dict[str, Any]:
        return {"provider": "mixesdb", "artist_raw": artist, "title_raw": "Concussion"}

    bring(lake, 0, record("Noisia"), DAYS[0])
    bring(lake, 1, record("Boisia"), DAYS[0])
    matching.match_day(lake, DAYS[0], config.load())
    few = state(lake, {"cut_blocks": "*"})
    assert few == {"cut_blocks": []}
    bring(lake, 2, record("Somebody Else"), DAYS[1])
    matched = matching.match_day(lake, DAYS[1], config.load())
    assert matched.nodes_touched == 3  # all of the block, not the new node alone
    assert blocking.cut_by_kind(lake) == [("title", 1, 3, 3)]
    bring(lake, 2, record("Somebody Else") | {"title_raw": "Other"}, DAYS[2])
    matching.match_day(lake, DAYS[2], config.load())
    assert state(lake, {"cut_blocks": "*"}) == few


def test_what_a_lost_link_held_together_falls_apart_on_both_sides(lake: duckdb.DuckDBPyConnection) -> None:
    shared = {"isrc": "NLCK40700053"}
    bring(
        lake,
        0,
        {"provider": "beatport", "artist_raw": "Noisia", "title_raw": "Concussion", **shared},
        DAYS[0],
    )
    bring(
        lake, 1, {"provider": "spotify", "artist_raw": "Noisia", "title_raw": "Konkussjon", **shared}, DAYS[0]
    )
    matching.match_day(lake, DAYS[0], config.load())
    assert len(clusters(lake)) == 1
    (before,) = {row[0] for row in lake.execute("select track_id from silver.track_members").fetchall()}
    bring(lake, 0, {"provider": "beatport", "artist_raw": "Noisia", "title_raw": "Other"}, DAYS[1])
    matching.match_day(lake, DAYS[1], config.load())
    after = dict(lake.execute("select record_id, track_id from silver.track_members").fetchall())
    assert after["record-0"] == before
    assert lake.execute(
        "select from_track_id, to_track_id, reason from silver.track_redirects"
    ).fetchall() == [(before, after["record-1"], "split")]
