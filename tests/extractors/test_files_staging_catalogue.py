"""Staging of releases, collections, tracklist files and listens: from files and answers to typed rows."""

import datetime as dt
import json
from pathlib import Path

import pytest

from lake import bronze
from lake.bronze import Answer
from tests.extractors.file_staging import Staging, pick

RELEASE = """<releases><release id="5" status="Accepted"><artists><artist><id>1</id><name>Ada (2)</name>
<join>&amp;</join></artist></artists><title>Dawn</title><labels>
<label name="Owl (3)" catno="OWL 1" id="9"/></labels>
<formats><format name="Vinyl" qty="2" text="Clear"><descriptions><description>12"</description><description>EP
</description></descriptions></format></formats><genres><genre>Electronic</genre></genres><styles>
<style>Techno</style></styles><country>UK</country><released>1999-03-00</released>
<master_id is_main_release="true">7</master_id>
<tracklist><track><position>A</position><title>One</title></track></tracklist><identifiers>
<identifier type="Barcode" value="123"/><identifier type="Matrix / Runout" value="OWL-A"/>
<identifier type="Matrix / Runout" value="OWL-B"/></identifiers><companies><company><name>MPO</name>
<entity_type_name>Pressed By</entity_type_name></company>
</companies></release></releases>"""
ANSWER = {
    "id": 5, "title": "Dawn", "artists": [{"name": "Ada (2)", "join": "&"}], "country": "UK",
    "labels": [{"name": "Owl (3)", "catno": "OWL 1"}], "released": "1999-03-00", "year": 1999,
    "formats": [{"name": "Vinyl", "qty": "2", "text": "Clear", "descriptions": ['12"', "EP"]}],
    "genres": ["Electronic"], "styles": ["Techno"], "master_id": 7,
    "tracklist": [{"position": "A", "type_": "track", "title": "One"}, {"type_": "heading", "title": "Side"}],
    "identifiers": [
        {"type": "Barcode", "value": "123"}, {"type": "Matrix / Runout", "value": "OWL-A"},
        {"type": "Matrix / Runout", "value": "OWL-B"},
    ],
    "companies": [{"name": "MPO", "entity_type_name": "Pressed By"}],
    "num_for_sale": 3, "lowest_price": 4.5,
}  # fmt: skip


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path)


def put(staging: Staging, provider: str, *answers: Answer) -> None:
    root = staging.home / "bronze"
    bronze.ensure_stream(root, provider, "fetches")
    bronze.write(root, provider, answers, ingest_date=dt.date(2026, 1, 2), extractor_version="test/1")


def test_a_release_is_read_alike_from_a_dump_and_from_an_answer(staging: Staging) -> None:
    staging.ingest("discogs_dump", "releases.xml", RELEASE)
    put(staging, "discogs", Answer("releases_api", "releases/5", json.dumps(ANSWER)))
    (dumped,) = staging.build("stg_discogs__dump_release_entries")
    (answered,) = staging.build("stg_discogs__api_release_entries")
    own = {"bronze_id", "stream", "fetched_at", "source_url", "for_sale", "lowest_price"}
    assert {k: v for k, v in dumped.items() if k not in own} == {
        k: v for k, v in answered.items() if k not in own
    }
    assert (answered["for_sale"], answered["lowest_price"]) == (3, 4.5)
    assert pick([dumped], "provider_release_id", "labels", "catalog_number", "barcode", "track_count") == [
        ("5", ["Owl"], "OWL 1", "123", 1)
    ]
    assert pick([dumped], "released_raw", "provider_master_id", "release_type_raw", "matrix_runout") == [
        ("1999-03-00", "7", "ep", "OWL-A | OWL-B")
    ]
    assert dumped["pressing_plant"] == "MPO"


def test_masters_and_labels(staging: Staging) -> None:
    master = '<master id="7"><main_release>5</main_release><year>0</year><title>Dawn</title></master>'
    text = f"<masters>{master}</masters>"
    staging.ingest("discogs_dump", "masters.xml", text)
    (row,) = staging.build("stg_discogs__dump_master_entries")
    assert (row["title"], row["main_release_id"], row["year"]) == ("Dawn", "5", None)
    text = (
        "<labels><label><id>9</id><name>Owl</name><contactinfo/><urls><url>http://x</url></urls><sublabels>"
        '<label id="10">Owlet</label></sublabels><parentLabel id="8">Bird</parentLabel></label></labels>'
    )
    staging.ingest("discogs_dump", "labels.xml", text)
    (label,) = staging.build("stg_discogs__dump_label_entries")
    assert (label["name"], label["parent_label"], label["parent_label_id"]) == ("Owl", "Bird", "8")
    assert (label["sublabels"], label["urls"], label["contact_info"]) == (["Owlet"], ["http://x"], None)


def test_releases_of_the_store_and_of_musicbrainz(staging: Staging) -> None:
    one = {
        "id": 3,
        "name": "Dawn",
        "label": {"name": "Owl"},
        "upc": "1",
        "price": {"value": 2.5},
        "track_count": 4,
    }
    put(staging, "beatport", Answer("releases_api", "releases/3", json.dumps(one)))
    (row,) = staging.build("stg_beatport__api_release_entries")
    assert (row["title"], row["labels"], row["barcode"], row["lowest_price"]) == ("Dawn", ["Owl"], "1", 2.5)
    group = {"id": "g", "primary-type": "Album", "secondary-types": ["Compilation"]}
    media = [{"format": "CD", "track-count": 3}, {"format": "CD", "track-count": 4}]
    one = {
        "id": "m",
        "title": "Dawn",
        "release-group": group,
        "media": media,
        "label-info": [{"label": None}],
    }
    put(staging, "musicbrainz", Answer("releases_api", "release/m", json.dumps(one)))
    (row,) = staging.build("stg_musicbrainz__api_release_entries")
    assert (row["release_type_raw"], row["track_count"], row["labels"]) == ("compilation", 7, [])
    assert row["provider_master_id"] == "g"


def test_a_collection(staging: Staging) -> None:
    head = (
        "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added,"
        "Collection Notes"
    )
    row = "none,Ada,Dawn,Owl,12,0,0,5,,2021-03-01 10:20:30,=1+1"
    staging.ingest("discogs_collection", "a/b-collection.csv".replace("/", "-"), f"{head}\n{row}")
    (item,) = staging.build("stg_discogs__collection_items")
    assert (item["user_name"], item["folder"], item["rating"]) == ("a-b", "Uncategorized", None)
    assert (item["catalog_number"], item["released_raw"]) == (None, None)
    assert (item["notes"], item["added_at"].isoformat()) == ("=1+1", "2021-03-01T10:20:30+00:00")


def test_tracklist_files(staging: Staging) -> None:
    text = "Ada @ Owl 2026-05-01\n[05:30] Ada - Dawn (Bo Remix) [Owl]\nID - ID\n+ Bo - Dusk\n"
    staging.ingest("tracklist_files", "friday.txt", text)
    (playlist,) = staging.build("stg_tracklist_file__playlists")
    assert pick([playlist], "playlist_key", "title", "dj_names", "event_date") == [
        ("friday.txt: Ada @ Owl 2026-05-01", "Ada @ Owl 2026-05-01", ["Ada"], dt.date(2026, 5, 1))
    ]
    plays = sorted(staging.build("stg_tracklist_file__plays"), key=lambda row: row["position"])
    assert pick(plays, "position", "kind", "with_previous", "cue_ms", "artist_raw", "title_raw") == [
        (1, "track", False, 330_000, "Ada", "Dawn (Bo Remix)"),
        (2, "unknown", False, None, None, None),
        (3, "track", True, None, "Bo", "Dusk"),
    ]


def test_listens_of_three_services(staging: Staging) -> None:
    play = {"endTime": "2026-01-02 10:00", "artistName": "Ada", "trackName": "Dawn", "msPlayed": 60_000}
    podcast = {"ts": "2026-01-02T10:00:03Z", "ms_played": 9, "master_metadata_track_name": None}
    staging.ingest("spotify_streaming_history", "ada-endsong_0.json", json.dumps([play, play, podcast]))
    plays = staging.build("stg_spotify__file_listens")
    assert {row["listened_at"].isoformat() for row in plays} == {"2026-01-02T09:59:00+00:00"}
    assert sorted(row["occurrence"] for row in plays) == [1, 2]
    assert {row["user_name"] for row in plays} == {"ada"}
    staging.ingest(
        "lastfm_scrobbles",
        "scrobbles-ada.csv",
        'utc_time,artist,album,track\n"02 Jan 2026, 09:59",Ada,,Dawn\n',
    )
    (row,) = staging.build("stg_lastfm__file_listens")
    assert (row["listened_at"].isoformat(), row["title_raw"]) == ("2026-01-02T09:59:00+00:00", "Dawn")
    text = json.dumps(
        {
            "timestamp": 1_767_347_940,
            "user_id": 7,
            "track_metadata": {"artist_name": "Ada", "track_name": "Dawn"},
        }
    )
    staging.ingest("listenbrainz_listens", "1.listens", text)
    (row,) = staging.build("stg_listenbrainz__file_listens")
    assert (row["user_name"], row["listened_at"].isoformat()) == ("7", "2026-01-02T09:59:00+00:00")
