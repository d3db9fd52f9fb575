"""Releases, collections, listens and ownership in silver: the latest answer, ties to tracks, counted once."""

import datetime as dt
import json
from typing import Any

import duckdb
import pytest

from enrichment import listens, ownership, releases
from enrichment.config import load
from enrichment.engine import Day
from enrichment.matching import match_day
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

NEXT = Day(DAY.date + dt.timedelta(days=1))
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


def stage(
    lake: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], *rows: dict[str, Any]
) -> None:
    """Rows in a staging table with these columns; what a row does not say is null."""
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    lake.execute(f"create table if not exists staging.{table} ({listed})")
    for number, row in enumerate(rows):
        told = {"ingest_date": DAY.date, "fetched_at": NOON, "bronze_id": f"{table}{number}", **row}
        names, marks = ", ".join(told), ", ".join(f"${name}" for name in told)
        lake.execute(f"insert into staging.{table} ({names}) values ({marks})", told)


def rows(lake: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return lake.execute(query).fetchall()


def vinyl(*said: str, text: str = "", qty: str = "1") -> str:
    return json.dumps([{"name": "Vinyl", "qty": qty, "text": text, "descriptions": list(said)}])


def release(number: str, **more: Any) -> dict[str, Any]:
    return {"provider": "discogs", "provider_release_id": number, "title": "Dawn", **more}


def test_the_latest_answer_holds_and_an_old_day_run_again_changes_nothing(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    later = {"ingest_date": NEXT.date, "fetched_at": NOON + dt.timedelta(days=1)}
    stage(
        lake, "stg_discogs__dump_release_entries", releases._RELEASE,
        release("5", provider_master_id="7", released_raw="1999-03-00", release_type_raw="maxi-single"),
        release("6", provider_master_id="7"),
    )  # fmt: skip
    stage(lake, "stg_discogs__api_release_entries", releases._RELEASE, release("5", title="Later", **later))
    stage(
        lake, "stg_discogs__dump_master_entries", releases._MASTER,
        {"provider": "discogs", "provider_master_id": "7", "title": "Dawn", "main_release_id": "5"},
    )  # fmt: skip
    first = releases.build(lake, DAY)
    assert (first["releases"].written, first["masters"].written) == (2, 1)
    columns = "title, release_date, release_date_precision, release_type"
    assert rows(lake, f"select {columns} from silver.releases where provider_release_id = '5'") == [
        ("Dawn", dt.date(1999, 3, 1), "month", "single")
    ]
    assert rows(lake, "select versions_seen from silver.masters") == [(2,)]
    joined = (
        "select count(*) from silver.masters m join silver.releases r on m.main_release_id = r.release_id"
    )
    assert rows(lake, joined) == [(1,)]
    releases.build(lake, NEXT)
    again = releases.build(lake, DAY)
    assert all(changes.written == changes.deleted == 0 for changes in again.values())
    assert rows(lake, "select title from silver.releases order by all") == [("Dawn",), ("Later",)]


@pytest.mark.parametrize(
    ("details", "notes", "expected"),
    [
        (vinyl('12"', "33 ⅓ RPM", "Limited Edition", text="Clear"), None,
         ('12"', 33, "Clear", None, True, None)),
        (vinyl('7"', "45 RPM", text="180g"), "Limited to 300 copies.", ('7"', 45, None, 180, False, 300)),
        (vinyl("LP", "Album", text="Black Cover"), "Edition of 1,500", ("LP", None, None, None, False, 1500)),
        (vinyl("Shape", "78 RPM", text="Red Marbled, 140 Gram"), "Limited to 1 per customer",
         (None, 78, "Red Marbled, 140 Gram", 140, False, None)),
    ],
)  # fmt: skip
def test_vinyl_is_read_out_of_formats(
    lake: duckdb.DuckDBPyConnection, details: str, notes: str | None, expected: tuple[Any, ...]
) -> None:
    stage(
        lake, "stg_discogs__dump_release_entries", releases._RELEASE,
        release("5", format_details=details, notes=notes, pressing_plant="MPO"),
        release("6", format_details=json.dumps([{"name": "CD", "qty": "1"}])),
    )  # fmt: skip
    releases.build(lake, DAY)
    columns = "format, rpm, color, weight_g, limited_edition, edition_size"
    assert rows(lake, f"select {columns} from silver.vinyl_records") == [expected]


def test_a_collection_knows_its_releases(lake: duckdb.DuckDBPyConnection) -> None:
    stage(lake, "stg_discogs__dump_release_entries", releases._RELEASE, release("5"))
    item = {
        "provider": "discogs",
        "user_name": "ada",
        "provider_release_id": "5",
        "folder": "Techno",
        "rating": 4,
    }
    stage(
        lake, "stg_discogs__collection_items", releases._ITEM,
        {**item, "item_key": "ada/5/2021"}, {**item, "item_key": "ada/5/2021+2"},
    )  # fmt: skip
    releases.build(lake, DAY)
    found = rows(
        lake,
        "select user_name, title, rating "
        "from silver.collection_items join silver.releases using (release_id)",
    )
    assert found == [("ada", "Dawn", 4)] * 2


def heard(provider: str, seconds: int, title: str = "Dawn", **more: Any) -> dict[str, Any]:
    moment = NOON + dt.timedelta(seconds=seconds)
    return {
        "provider": provider, "user_name": "ada", "listened_at": moment, "artist_raw": "Ada",
        "title_raw": title, "occurrence": 1, **more,
    }  # fmt: skip


def test_a_listen_told_by_several_services_keeps_all_and_counts_once(lake: duckdb.DuckDBPyConnection) -> None:
    stage(
        lake, "stg_x__listens", listens._COLUMNS,
        heard("spotify", 0), heard("lastfm", 54), heard("listenbrainz", 54), heard("lastfm", 400),
        heard("lastfm", 54, title="Dawn (Bo Remix)"), heard("lastfm", 60, user_name="bo"),
        heard("lastfm", 54, bronze_id="another page"), heard("spotify", 0, occurrence=2),
    )  # fmt: skip
    listens.build(lake, DAY)
    second = f"epoch(listened_at)::bigint - {int(NOON.timestamp())}"
    query = f"select provider, {second}, title_raw, user_name, counted from silver.listen_events"
    assert sorted(rows(lake, query)) == [
        ("lastfm", 54, "Dawn", "ada", False),
        ("lastfm", 54, "Dawn (Bo Remix)", "ada", True),
        ("lastfm", 60, "Dawn", "bo", True),
        ("lastfm", 400, "Dawn", "ada", True),
        ("listenbrainz", 54, "Dawn", "ada", False),
        ("spotify", 0, "Dawn", "ada", True),
        ("spotify", 0, "Dawn", "ada", True),
    ]
    assert listens.build(lake, DAY).written == 0


def test_a_listen_told_later_by_a_service_that_knows_more_takes_the_count(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    stage(
        lake,
        "stg_x__listens",
        listens._COLUMNS,
        heard("lastfm", 30),
        heard("spotify", 0, ingest_date=NEXT.date),
    )
    listens.build(lake, DAY)
    assert rows(lake, "select provider, counted from silver.listen_events") == [("lastfm", True)]
    listens.build(lake, NEXT)
    found = rows(lake, "select provider, counted from silver.listen_events order by 1")
    assert found == [("lastfm", False), ("spotify", True)]


def test_listens_find_tracks_also_those_that_come_later(lake: duckdb.DuckDBPyConnection) -> None:
    spotify_id = "2AX5E86cn9n2dgioZEjirI"
    stage(
        lake, "stg_x__listens", listens._COLUMNS,
        heard("lastfm", 0), heard("spotify", 900, title="Dawn (feat. Cy)", spotify_id=spotify_id),
        heard("lastfm", 1800, title="Unknown here"),
        heard("listenbrainz", 2700, title="Else", musicbrainz_id="m"),
    )  # fmt: skip
    listens.build(lake, DAY)
    assert rows(lake, "select count(track_id) from silver.listen_events") == [(0,)]
    put(
        lake,
        {"provider": "spotify", "artist_raw": "ADA", "title_raw": "Dawn", "spotify_id": spotify_id},
        {"provider": "musicbrainz", "artist_raw": "Bo", "title_raw": "Night", "musicbrainz_id": "m"},
        day=NEXT,
    )
    match_day(lake, NEXT, load())
    listens.build(lake, NEXT)
    found = rows(
        lake, "select title_raw, matched_by from silver.listen_events where track_id is not null order by 1"
    )
    assert found == [("Dawn", "words"), ("Dawn (feat. Cy)", "spotify_id"), ("Else", "musicbrainz_id")]


def test_the_best_file_of_a_track_is_the_one_that_is_owned(lake: duckdb.DuckDBPyConnection) -> None:
    file = {"provider": "dj_library", "library": "ada"}
    files = (
        {
            **file,
            "stream": "rekordbox_xml",
            "source_entity_id": "ada/7",
            "program": "rekordbox",
            "format": "MP3",
            "bitrate_kbps": 320,
        },
        {
            **file,
            "stream": "traktor_nml",
            "source_entity_id": "ada/x",
            "program": "traktor",
            "format": "FLAC",
        },
    )
    stage(lake, "stg_dj_library__x_owned_files", ownership._COLUMNS, *files)
    ids = [
        lake.execute(
            "select md5(concat_ws(chr(31), 'dj_library', $stream, 'id', $id))",
            {"stream": one["stream"], "id": one["source_entity_id"]},
        ).fetchone()
        for one in files
    ]
    put(
        lake,
        *(
            {"provider": "dj_library", "stream": one["stream"], "record_id": (found or ("",))[0],
             "artist_raw": "Ada", "title_raw": "Dawn"}
            for one, found in zip(files, ids, strict=True)
        ),
    )  # fmt: skip
    match_day(lake, DAY, load())
    ownership.build(lake, DAY)
    columns = "owned_in_rekordbox, owned_in_traktor, owned_format, formats, libraries, files"
    assert rows(lake, f"select {columns} from silver.owned_tracks") == [
        (True, True, "FLAC", ["FLAC", "MP3 320"], ["ada"], 2)
    ]
    files_again, tracks_again = ownership.build(lake, DAY)
    assert files_again.written == tracks_again.written == 0
