"""Staging of the services beyond the catalogues: recorded and made-up answers in the common shape."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.extractors.staging_sql import columns, filled, rows
from tests.extractors.test_sandbox_staging import COMMON

DEEZER, BY_ISRC = "stg_deezer__api_tracks", "stg_deezer__isrc_tracks"
LASTFM = "stg_lastfm__info_tracks"
MEASURED = "stg_acousticbrainz__low_level_tracks"
RECORDINGS = "stg_listenbrainz__recording_tracks"
SONGS = "stg_soundcharts__song_tracks"
TRACK_VIEWS = (DEEZER, BY_ISRC, LASTFM, MEASURED, RECORDINGS, SONGS)
MBID = "0dad432b-16cc-4bf0-8961-fd31d124b01b"


def recorded(shared_data: Path, place: str) -> str:
    return (shared_data / "payloads" / place).read_text()


@pytest.mark.parametrize("model", TRACK_VIEWS)
def test_every_track_view_has_exactly_the_common_columns(model: str) -> None:
    assert columns(model) == COMMON


@pytest.mark.parametrize("model", [DEEZER, BY_ISRC, MEASURED, SONGS])
@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"id": None, "object": 5, "metadata": {"tags": "x"}, "rhythm": [], "track": 7},
        {"object": {"audio": 1, "isrc": [], "artists": [None]}, "contributors": None, "bpm": 0},
    ],
)
def test_an_answer_that_lacks_everything_gives_an_empty_view(model: str, payload: dict[str, Any]) -> None:
    (row,) = rows(model, payload)
    assert filled(row) == {}


@pytest.mark.parametrize("payload", [{}, {"track": 5}, {"track": {"name": "x", "toptags": ""}}])
def test_what_nobody_heard_is_no_track_of_lastfm(payload: dict[str, Any]) -> None:
    assert rows(LASTFM, payload) == []


@pytest.mark.real
@pytest.mark.parametrize(
    ("model", "pattern", "least"),
    [
        (DEEZER, "deezer/track/[0-9]*.json", 1),
        (BY_ISRC, "deezer/track/isrc_*.json", 1),
        (MEASURED, "acousticbrainz/low-level/0*.json", 1),
        (RECORDINGS, "listenbrainz/metadata_recording.json", 1),
        (SONGS, "soundcharts/song/song_by_*.json", 2),
        ("stg_lastfm__track_statistics", "lastfm/json/track.getInfo*.json", 2),
        ("stg_lastfm__listens", "lastfm/json/user.getRecentTracks*.json", 1),
        ("stg_listenbrainz__listens", "listenbrainz/listens_page.json", 25),
    ],
)
def test_each_recorded_answer_of_a_staged_stream_gives_rows(
    shared_data: Path, model: str, pattern: str, least: int
) -> None:
    paths = sorted((shared_data / "payloads").glob(pattern))
    found = rows(model, *(path.read_text() for path in paths))
    assert len(found) >= max(least, len(paths) - 1)
    assert all(row["source_url"] is None and row["ingest_date"] for row in found)


@pytest.mark.real
def test_deezer_tracks(shared_data: Path) -> None:
    text = recorded(shared_data, "deezer/track/3135556.json")
    (row,) = rows(DEEZER, text)
    assert filled(row) == {
        "source_entity_id": "3135556",
        "deezer_id": "3135556",
        "artist_raw": "Daft Punk",
        "title_raw": "Harder Better Faster Stronger",
        "album_raw": "Discovery",
        "track_position": "4",
        "isrc_raw": "GBDUW0000059",
        "bpm_raw": "123.0",
        "release_date_raw": "2001-03-07",
        "duration_ms": 224_000,
    }
    (row,) = rows(BY_ISRC, recorded(shared_data, "deezer/track/isrc_GBUM71029604.json"))
    assert row["isrc_raw"] == "GBUM71029604"
    assert (row["album_raw"], row["release_date_raw"]) == (None, None)  # of any of its releases
    (unknown,) = rows(DEEZER, json.dumps({**json.loads(text), "bpm": 0, "duration": 0}))
    assert (unknown["bpm_raw"], unknown["duration_ms"]) == (None, None)


@pytest.mark.real
def test_lastfm_tracks_and_what_is_told_of_them(shared_data: Path) -> None:
    text = recorded(shared_data, "lastfm/json/track.getInfo_with_user_parameter.json")
    (row,) = rows(LASTFM, text)
    assert filled(row) == {
        "source_entity_id": "https://www.last.fm/music/Linkin+Park/_/One+Step+Closer",
        "artist_raw": "Linkin Park",
        "title_raw": "One Step Closer",
        "album_raw": "Road To Revolution: Live at Milton Keynes",
        "genre_raw": "Nu Metal",
        "duration_ms": 157_000,
    }
    (told,) = rows("stg_lastfm__track_statistics", text)
    assert (told["listeners"], told["play_count"], told["tags"][:2]) == (
        1315650,
        11022708,
        ["Nu Metal", "rock"],
    )
    nonsense = recorded(shared_data, "lastfm/json/track.getInfo_of_a_track_artist_that_doesnt_exist.json")
    assert rows(LASTFM, nonsense) == []
    assert len(rows("stg_lastfm__track_statistics", nonsense)) == 1


@pytest.mark.parametrize(
    ("toptags", "tags"),
    [
        ({"tag": [{"name": "a"}, {"name": "b"}]}, ["a", "b"]),
        ({"tag": {"name": "a"}}, ["a"]),
        ("", []),
        (None, []),
    ],
)
def test_tags_are_a_list_whatever_the_conversion_from_xml_made_of_them(toptags: Any, tags: list[str]) -> None:
    answer = {"track": {"name": "x", "url": "u", "listeners": "10", "playcount": "20", "toptags": toptags}}
    (told,) = rows("stg_lastfm__track_statistics", answer)
    assert told["tags"] == tags
    (track,) = rows(LASTFM, answer)
    assert track["genre_raw"] == (tags[0] if tags else None)


@pytest.mark.real
def test_acousticbrainz_measurements(shared_data: Path) -> None:
    text = recorded(shared_data, f"acousticbrainz/low-level/{MBID}.json")
    (row,) = rows(MEASURED, text)
    assert filled(row) == {
        "source_entity_id": MBID,
        "musicbrainz_id": MBID,
        "artist_raw": "Austin Wintory",
        "title_raw": "Nascence",
        "album_raw": "Journey",
        "bpm_raw": "139.93",
        "key_raw": "D major",
        "duration_ms": 107_572,
    }


def test_of_several_submissions_the_middle_tempo_and_the_commonest_key_count() -> None:
    def submission(bpm: float, key: str) -> dict[str, Any]:
        tags = {"musicbrainz_recordingid": [MBID], "title": [key]}
        return {
            "metadata": {"tags": tags},
            "rhythm": {"bpm": bpm},
            "tonal": {"key_key": key, "key_scale": "minor"},
        }

    told = [submission(87.0, "C#"), submission(174.02, "Db"), submission(174.0, "Db"), submission(175.0, "A")]
    (row,) = rows(MEASURED, *told)
    assert (row["bpm_raw"], row["key_raw"], row["bronze_id"]) == ("174.0", "Db minor", "2")


@pytest.mark.real
def test_soundcharts_songs_of_each_version(shared_data: Path) -> None:
    (old,) = rows(SONGS, recorded(shared_data, "soundcharts/song/song_by_isrc.json"))
    assert (old["isrc_raw"], old["label_raw"]) == ("USAT22003158", "Elektra (NEK)")
    # midnight in Paris, which in UTC is the day before
    assert old["release_date_raw"] == "2020-05-28"
    (newer,) = rows(SONGS, recorded(shared_data, "soundcharts/song/song_by_platform_1.json"))
    assert (newer["isrc_raw"], newer["artist_raw"]) == ("USAT22003425", "Tones and I")
    assert newer["genre_raw"]
    audio = {"tempo": 124.5, "key": 9, "mode": 0, "energy": 0.5}
    (newest,) = rows(
        SONGS, {"object": {"uuid": "u", "labels": [{"name": "L"}], "duration": 200, "audio": audio}}
    )
    assert filled(newest) == {
        "source_entity_id": "u", "label_raw": "L", "duration_ms": 200_000, "bpm_raw": "124.5",
        "key_raw": "pc:9:0", "energy": 0.5,
    }  # fmt: skip


@pytest.mark.real
def test_listenbrainz_recordings_come_one_row_each(shared_data: Path) -> None:
    (row,) = rows(RECORDINGS, recorded(shared_data, "listenbrainz/metadata_recording.json"))
    assert (row["artist_raw"], row["album_raw"]) == ("Portishead", "Dummy")
    assert row["genre_raw"] == "trip hop"  # eight votes
    assert row["musicbrainz_id"] == row["source_entity_id"] == "e97f805a-ab48-4c52-855e-07049142113d"
    two = {"a": {"recording": {"name": "x", "length": 5}}, "b": {"recording": {"name": "y"}}}
    assert {(one["source_entity_id"], one["title_raw"]) for one in rows(RECORDINGS, two)} == {
        ("a", "x"),
        ("b", "y"),
    }
    assert rows(RECORDINGS, {}) == []


@pytest.mark.real
def test_listens_come_one_row_each_and_what_is_playing_waits(shared_data: Path) -> None:
    page = recorded(shared_data, "listenbrainz/listens_page.json")
    listens = rows("stg_listenbrainz__listens", page)
    told = json.loads(page)["payload"]["listens"]
    assert [int(one["listened_at"].timestamp()) for one in listens] == [one["listened_at"] for one in told]
    assert listens[0]["duration_ms"] == 250_407
    assert listens[0]["isrc_raw"] == "GBAFL1600378"
    now = recorded(shared_data, "lastfm/json/user.getRecentTracks_of_a_user_currently_scrobbling.json")
    heard = rows("stg_lastfm__listens", now)
    with_date = [one for one in json.loads(now)["recenttracks"]["track"] if "date" in one]
    assert len(heard) == len(with_date) < len(json.loads(now)["recenttracks"]["track"])
    assert heard[0]["user_name"] == "user-4"
    single = {"recenttracks": {"@attr": {"user": "u"}, "track": {"name": "x", "artist": {"#text": "a"},
              "date": {"uts": "1600000000"}, "album": {"#text": ""}, "mbid": ""}}}  # fmt: skip
    (one,) = rows("stg_lastfm__listens", single)
    assert (one["artist_raw"], one["album_raw"], one["musicbrainz_id"]) == ("a", None, None)
    assert rows("stg_lastfm__listens", {"recenttracks": {"track": "", "@attr": {}}}) == []
