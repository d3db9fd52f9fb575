"""Sets, shows, festivals, performances and charts in a real lake, from staging rows put there by hand."""

import datetime as dt
import json
from typing import Any

import duckdb
import pytest

from enrichment import charts, sets
from enrichment.engine import Day
from lake import tables

pytestmark = pytest.mark.slow

ONE, TWO = Day(dt.date(2026, 3, 1)), Day(dt.date(2026, 3, 2))
_COMMON = "ingest_date date, bronze_id varchar, provider varchar, stream varchar, fetched_at timestamptz"
_PLAYLISTS = (
    f"{_COMMON}, source_url varchar, playlist_key varchar, title varchar, dj_names varchar[], "
    "event_date date, "
    "event_date_precision varchar, venue varchar, set_type varchar, genres varchar[], duration_ms bigint, "
    "source_url_external varchar"
)
_SETS = (
    f"{_COMMON}, source_url varchar, set_key varchar, tracklist_1001_id varchar, title varchar, "
    "dj_names varchar[], event_date date, event_date_precision varchar, set_type varchar, genres varchar[], "
    "duration_ms bigint, stated_tracks integer, stated_identified integer, play_count integer, "
    "favorite_count integer, recording_urls varchar[], sources json"
)
_TABLES = ("dj_sets", "radio_shows", "festivals", "performances")
FESTIVAL = [{"id": "f1", "name": "Some Gathering", "type": "Open Air / Festival", "country": "Norway"}]


def staged(lake: duckdb.DuckDBPyConnection) -> None:
    lake.execute(f"create table staging.stg_1001tracklists__page_playlists ({_PLAYLISTS})")
    lake.execute(f"create table staging.stg_1001tracklists__index_sets ({_SETS})")


def _row(day: Day, number: int, title: str, **more: Any) -> dict[str, Any]:
    return {
        "ingest_date": day.date,
        "bronze_id": f"b{number}",
        "provider": "1001tracklists",
        "stream": "pages",
        "fetched_at": dt.datetime.combine(day.date, dt.time(12), dt.UTC),
        "title": title,
        "event_date": dt.date(2024, 5, 17),
        "event_date_precision": "day",
        "set_type": "live" if " @ " in title else "radio",
        "genres": ["Techno"],
        **more,
    }


def _insert(lake: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join(f"${name}" for name in row)
    lake.execute(f"insert into staging.{table} ({', '.join(row)}) values ({marks})", row)


def playlist(lake: duckdb.DuckDBPyConnection, day: Day, key: str, title: str, **more: Any) -> None:
    row = _row(day, len(key) + day.date.day * 10, title, playlist_key=key, **more)
    _insert(lake, "stg_1001tracklists__page_playlists", row)


def listed(lake: duckdb.DuckDBPyConnection, day: Day, key: str, title: str, **more: Any) -> None:
    row = _row(day, 1000 + day.date.day * 10, title, set_key=key, tracklist_1001_id=key, **more)
    row.setdefault("recording_urls", [])
    row["sources"] = json.dumps(row.get("sources", []))
    _insert(lake, "stg_1001tracklists__index_sets", row)


def shown(lake: duckdb.DuckDBPyConnection, columns: str, table: str) -> list[tuple[Any, ...]]:
    return lake.execute(f"select {columns} from silver.{table} order by all").fetchall()


def test_what_several_answers_say_of_a_set_is_one_set(lake: duckdb.DuckDBPyConnection) -> None:
    staged(lake)
    title = "Ada & Bo @ Main Stage, Some Gathering, Norway"
    playlist(lake, ONE, "1abc2de3", title, dj_names=["Ada", "Bo"], source_url_external="https://y.example/1")
    listed(lake, ONE, "1abc2de3", title, play_count=7, favorite_count=2, duration_ms=3_600_000)
    listed(lake, TWO, "1abc2de3", title, play_count=9, sources=FESTIVAL)
    for day in (ONE, TWO):
        sets.build(lake, day)
    (row,) = shown(
        lake,
        "set_key, dj_names, event_name, stage, venue, country, play_count, favorite_count, duration_ms, "
        "recording_url, tracklist_1001_id, len(bronze_ids)",
        "dj_sets",
    )
    assert row == (
        *("1001tracklists/1abc2de3", ["Ada", "Bo"], "Some Gathering", "Main Stage", None, "Norway"),
        *(9, 2, 3_600_000, "https://y.example/1", "1abc2de3", 3),
    )
    assert shown(lake, "position, dj_name, stage, event_date", "performances") == [
        (1, "Ada", "Main Stage", dt.date(2024, 5, 17)),
        (2, "Bo", "Main Stage", dt.date(2024, 5, 17)),
    ]
    assert shown(
        lake, "name, edition, location, start_date, stages, set_count, festival_1001_id", "festivals"
    ) == [("Some Gathering", 2024, "Norway", dt.date(2024, 5, 17), ["Main Stage"], 1, "f1")]


def test_one_page_that_calls_a_place_a_festival_tells_it_of_older_sets(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    staged(lake)
    listed(lake, ONE, "1aaaa", "Ada @ bassPIT, Some Gathering, Norway")
    sets.build(lake, ONE)
    assert shown(lake, "event_name, stage, venue, festival_id", "dj_sets") == [
        ("bassPIT", None, "Some Gathering", None)
    ]
    listed(lake, TWO, "2bbbb", "Bo @ topTENT, Some Gathering Weekend 2, Norway", sources=FESTIVAL)
    sets.build(lake, TWO)
    assert shown(lake, "event_name, stage, venue", "dj_sets") == [
        ("Some Gathering", "bassPIT", None),
        ("Some Gathering", "topTENT", None),
    ]
    assert shown(lake, "name, edition, set_count, evidence", "festivals") == [
        ("Some Gathering", 2024, 2, "source")
    ]
    assert shown(lake, "dj_name, event_name", "performances") == [
        ("Ada", "Some Gathering"),
        ("Bo", "Some Gathering"),
    ]


def test_days_in_any_order_and_again_give_the_same(lake: duckdb.DuckDBPyConnection) -> None:
    staged(lake)
    playlist(lake, ONE, "1aaaa", "Ada @ bassPIT, Some Gathering, Norway", dj_names=["Ada"])
    listed(lake, ONE, "3cccc", "Ada - Night Radio 011", event_date=dt.date(2024, 5, 10))
    listed(lake, TWO, "2bbbb", "Bo @ topTENT, Some Gathering, Norway", sources=FESTIVAL)
    listed(lake, TWO, "4dddd", "Ada & Cy - Night Radio 012 (Some FM)")

    def contents() -> list[str]:
        return [tables.fingerprint(lake, f"silver.{table}") for table in _TABLES]

    for day in (ONE, TWO):
        sets.build(lake, day)
    forward = contents()
    again = [sets.build(lake, day) for day in (TWO, ONE)]
    assert all(one.written == one.deleted == 0 for changes in again for one in changes.values())
    for table in _TABLES:
        lake.execute(f"delete from silver.{table}")
    for day in (TWO, ONE):
        sets.build(lake, day)
    assert contents() == forward
    columns = "show_name, host_dj, station, episode_count, latest_episode, first_air_date, recurring"
    assert shown(lake, columns, "radio_shows") == [
        ("Night Radio", "Ada", "Some FM", 2, 12, dt.date(2024, 5, 10), True)
    ]


def test_a_lake_without_staging_has_no_sets(lake: duckdb.DuckDBPyConnection) -> None:
    assert all(one.written == 0 for one in sets.build(lake, ONE).values())
    assert all(one.written == 0 for one in charts.build(lake, ONE))


def test_places_on_charts_are_tied_to_tracks_and_an_edition_is_replaced_as_a_whole(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    lake.execute(
        f"create table staging.stg_some__chart_heads ({_COMMON}, source_url varchar, chart_key varchar, "
        "chart_name varchar, chart_type varchar, genre_raw varchar, dj_name varchar)"
    )
    lake.execute(
        f"create table staging.stg_some__chart_entries ({_COMMON}, source_url varchar, chart_key varchar, "
        "chart_date date, position integer, previous_position integer, peak_position integer, "
        "weeks_on_chart integer, source_entity_id varchar, artist_raw varchar, title_raw varchar, "
        "mix_name_raw varchar, remixer_raw varchar, label_raw varchar, catalog_number varchar)"
    )
    base = {"provider": "some", "stream": "chart", "chart_key": "top"}

    def entry(day: Day, position: int | None, track: str) -> None:
        at = dt.datetime.combine(day.date, dt.time(12), dt.UTC)
        row = {**base, "ingest_date": day.date, "bronze_id": f"{day.date}{track}", "fetched_at": at}
        row |= {"chart_date": dt.date(2026, 1, 5), "position": position, "source_entity_id": track}
        _insert(lake, "stg_some__chart_entries", row)

    entry(ONE, 1, "t1")
    entry(ONE, 2, "t2")
    entry(ONE, None, "t3")
    (record,) = lake.execute("select md5(concat_ws(chr(31), 'some', 'chart', 'id', 't1'))").fetchone() or (
        "",
    )
    track = "00000000-0000-0000-0000-000000000001"
    lake.execute(
        "insert into silver.track_members values (?, ?, ?, 1, 'only', true, ?)",
        [record, record, track, ONE.date],
    )
    written = charts.build(lake, ONE)
    assert [one.written for one in written] == [1, 2]
    assert [(p, str(t) if t else None) for p, t in shown(lake, "position, track_id", "chart_entries")] == [
        (1, track),
        (2, None),
    ]
    assert [one.written for one in charts.build(lake, ONE)] == [0, 0]
    entry(TWO, 1, "t2")
    head = {**base, "ingest_date": TWO.date, "bronze_id": "h", "chart_name": "Top", "chart_type": "genre"}
    head |= {"fetched_at": dt.datetime.combine(TWO.date, dt.time(12), dt.UTC), "genre_raw": "techno"}
    _insert(lake, "stg_some__chart_heads", head)
    charts.build(lake, TWO)
    assert shown(lake, "position, track_id", "chart_entries") == [(1, None)]
    assert shown(lake, "name, chart_type, genre, editions", "charts") == [("Top", "genre", "techno", 1)]


def test_a_stage_in_two_spellings_is_one_stage_called_as_most_sets_call_it(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    staged(lake)
    listed(lake, ONE, "1aaaa", "Ada @ Mainstage, Some Gathering, Norway", sources=FESTIVAL)
    sets.build(lake, ONE)
    assert shown(lake, "stage", "dj_sets") == [("Mainstage",)]
    for number, stage in enumerate(("Main Stage", "The Main-Stage", "Main Stage", "Tent Stage"), 2):
        listed(lake, TWO, f"{number}bbbb", f"Bo @ {stage}, Some Gathering, Norway")
    listed(lake, TWO, "6cccc", "Cy @ Mainstage, Another Place, Norway")
    sets.build(lake, TWO)
    assert shown(lake, "stages", "festivals") == [(["Main Stage", "Tent Stage"],)]
    assert shown(lake, "event_name, stage, count(*)", "dj_sets group by 1, 2") == [
        ("Another Place", "Mainstage", 1),
        ("Some Gathering", "Main Stage", 4),
        ("Some Gathering", "Tent Stage", 1),
    ]


def test_a_place_with_one_stage_in_two_spellings_is_no_festival_for_it(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    staged(lake)
    for number, stage in enumerate(("Mainstage", "Main Stage")):
        listed(lake, ONE, f"{number}aaaa", f"Ada @ {stage}, Some Place, Norway")
    sets.build(lake, ONE)
    assert shown(lake, "name", "festivals") == []
    listed(lake, TWO, "5bbbb", "Ada @ Second Stage, Some Place, Norway")
    sets.build(lake, TWO)
    assert shown(lake, "name, evidence, stages", "festivals") == [
        ("Some Place", "stages", ["Main Stage", "Second Stage"])
    ]
