"""Staging of DJ libraries: tracks, playlists and played sets, over several exports."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.extractors.file_staging import Staging, pick


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    made = Staging(tmp_path)
    yield made
    made.connection.close()


REKORDBOX = """<DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="2">
<TRACK TrackID="7" Name="{title}" Artist="Ada" AverageBpm="120.00" Tonality="Fm" TotalTime="172" Year="0"
  Kind="MP3 File" BitRate="320" Location="file://localhost/a.mp3"/>
<TRACK TrackID="8" Name="Dusk" Artist="Bo" AverageBpm="0.00" Tonality="" TotalTime="0" Year="1999"
  Kind="FLAC File" BitRate="0" Location="file://localhost/b.mp3"/></COLLECTION>
<PLAYLISTS><NODE Type="0" Name="ROOT"><NODE Type="1" Name="ids" KeyType="0"><TRACK Key="8"/><TRACK Key="7"/>
<TRACK Key="99"/>{more}</NODE><NODE Type="1" Name="files" KeyType="1"><TRACK Key="file://localhost/a.mp3"/></NODE>
</NODE></PLAYLISTS></DJ_PLAYLISTS>"""


def test_rekordbox_libraries(staging: Staging) -> None:
    staging.ingest("dj_libraries", "ada.xml", REKORDBOX.format(title="Dawn", more=""), date(2026, 1, 2))
    tracks = sorted(
        staging.build("stg_dj_library__rekordbox_tracks"), key=lambda row: row["source_entity_id"]
    )
    assert pick(tracks, "source_entity_id", "bpm_raw", "key_raw", "duration_ms", "release_date_raw") == [
        ("ada/7", "120.00", "Fm", 172_000, None),
        ("ada/8", "0.00", None, None, "1999"),
    ]
    assert pick(tracks, "formats_raw") == [("MP3 File 320 kbps",), ("FLAC File",)]
    plays = staging.build("stg_dj_library__rekordbox_plays")
    assert sorted(pick(plays, "playlist_key", "position", "kind", "title_raw", "source_entity_id")) == [
        ("ada/files", 1, "track", "Dawn", "ada/7"),
        ("ada/ids", 1, "track", "Dusk", "ada/8"),
        ("ada/ids", 2, "track", "Dawn", "ada/7"),
        ("ada/ids", 3, "unknown", None, None),
    ]


def test_a_later_export_does_not_change_what_an_earlier_playlist_said(staging: Staging) -> None:
    staging.ingest("dj_libraries", "ada.xml", REKORDBOX.format(title="Dawn", more=""), date(2026, 1, 2))
    later = REKORDBOX.format(title="Dawn (Edit)", more='<TRACK Key="8"/>')
    staging.ingest("dj_libraries", "ada.xml", later, date(2026, 1, 9))
    plays = staging.build("stg_dj_library__rekordbox_plays")
    second = [row for row in plays if row["playlist_key"] == "ada/ids" and row["position"] == 2]
    assert sorted(pick(second, "ingest_date", "title_raw")) == [
        (date(2026, 1, 2), "Dawn"),
        (date(2026, 1, 9), "Dawn (Edit)"),
    ]
    again = [row for row in plays if row["ingest_date"] == date(2026, 1, 9) and row["position"] in {1, 4}]
    assert pick(again, "title_raw") == [("Dusk",), ("Dusk",)], (
        "tracks that did not change are found in older answers"
    )


TRAKTOR = """<NML VERSION="19"><COLLECTION ENTRIES="2">
<ENTRY TITLE="Dawn" ARTIST="Ada; Bo"><LOCATION DIR="/:M/:" FILE="a.mp3" VOLUME="D"></LOCATION>
<INFO GENRE="House" LABEL="One" KEY="off" BITRATE="319966" PLAYTIME="338" PLAYTIME_FLOAT="337.763275"
  RELEASE_DATE="2015/1/1"></INFO>
<TEMPO BPM="123.98"></TEMPO><MUSICAL_KEY VALUE="15"></MUSICAL_KEY></ENTRY>
<ENTRY TITLE="Dusk" ARTIST=""><LOCATION DIR="/:M/:" FILE="b.mp3" VOLUME="D"></LOCATION>
<INFO KEY="7m" RELEASE_DATE="2016/5/9"></INFO></ENTRY></COLLECTION>
<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES><NODE TYPE="PLAYLIST" NAME="HISTORY">
<PLAYLIST ENTRIES="3" TYPE="PROTOCOL">
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="D/:M/:a.mp3"></PRIMARYKEY>
<EXTENDEDDATA STARTDATE="131730192" STARTTIME="86390"></EXTENDEDDATA></ENTRY>
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="D/:M/:Cy Hare - Night (Live) [Two].mp3"></PRIMARYKEY>
<EXTENDEDDATA STARTDATE="131730193" STARTTIME="50"></EXTENDEDDATA></ENTRY>
</PLAYLIST></NODE></SUBNODES></NODE></PLAYLISTS></NML>"""


def test_traktor_collections_and_history(staging: Staging) -> None:
    staging.ingest("dj_libraries", "history_x.nml", TRAKTOR)
    tracks = sorted(staging.build("stg_dj_library__traktor_tracks"), key=lambda row: row["source_entity_id"])
    assert pick(tracks, "artist_raw", "title_raw", "key_raw", "release_date_raw", "duration_ms") == [
        ("Ada, Bo", "Dawn", "pc:3:0", "2015", 337_763),
        (None, "Dusk", "7m", "2016-05-09", None),
    ]
    assert pick(tracks, "formats_raw") == [("mp3 320 kbps",), ("mp3",)], "bits are rounded: 319966"
    owned = staging.build("stg_dj_library__traktor_owned_files")
    assert sorted(pick(owned, "source_entity_id", "bitrate_kbps")) == [
        ("history_x/D/:M/:a.mp3", 320),
        ("history_x/D/:M/:b.mp3", None),
    ]
    (playlist,) = staging.build("stg_dj_library__traktor_playlists")
    assert (playlist["title"], playlist["set_type"]) == ("history_x", "live")
    assert playlist["event_date"] == date(2010, 11, 16)
    plays = sorted(staging.build("stg_dj_library__traktor_plays"), key=lambda row: row["position"])
    assert pick(plays, "kind", "artist_raw", "title_raw", "label_raw", "cue_ms", "source_entity_id") == [
        ("track", "Ada, Bo", "Dawn", "One", 0, "history_x/D/:M/:a.mp3"),
        ("track", "Cy Hare", "Night (Live)", "Two", 60_000, None),
    ]


def test_a_traktor_history_counts_what_was_heard_of_one_night(staging: Staging) -> None:
    def entry(clock: int, day: int = 131730192, public: str = "") -> str:
        return (
            '<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="D/:M/:a.mp3"></PRIMARYKEY>'
            f'<EXTENDEDDATA STARTDATE="{day}" STARTTIME="{clock}"{public}></EXTENDEDDATA></ENTRY>'
        )

    cued, heard = ' PLAYEDPUBLIC="0"', ' PLAYEDPUBLIC="1"'
    entries = (
        entry(60_000, public=cued),
        entry(60_100, public=heard),
        entry(60_400),
        entry(60_500, public=cued),
        entry(82_000),  # six hours after the last that was heard, to the second
        entry(20_000, day=131730193, public=heard),
        entry(20_300, day=131730193),
    )
    head, rest = TRAKTOR.split('<PLAYLIST ENTRIES="3" TYPE="PROTOCOL">')
    history = f'{head}<PLAYLIST TYPE="PROTOCOL">{"".join(entries)}</PLAYLIST>{rest.split("</PLAYLIST>")[1]}'
    staging.ingest("dj_libraries", "history_x.nml", history)
    plays = sorted(staging.build("stg_dj_library__traktor_plays"), key=lambda row: row["position"])
    assert pick(plays, "position", "kind", "title_raw", "cue_ms") == [
        (1, "note", "Dawn", None),
        (2, "track", "Dawn", 0),
        (3, "track", "Dawn", 300_000),
        (4, "note", "Dawn", None),
        (5, "track", "Dawn", 21_900_000),
        (6, "track", "Dawn", None),
        (7, "track", "Dawn", None),
    ]


def test_rekordbox_text_exports(staging: Staging) -> None:
    text = "#\tTrack Title\tArtist\tBPM\tTime\tKey\n1\tDawn\tAda\t120.00\t05:10\tFm\n2\t \t\t93.00\t\t\n"
    staging.ingest("dj_libraries", "friday.txt", text)
    tracks = sorted(staging.build("stg_dj_library__rekordbox_txt_tracks"), key=lambda row: row["bpm_raw"])
    assert pick(tracks, "artist_raw", "title_raw", "bpm_raw", "key_raw", "duration_ms") == [
        ("Ada", "Dawn", "120.00", "Fm", 310_000),
        (None, None, "93.00", None, None),
    ]
    (playlist,) = staging.build("stg_dj_library__rekordbox_txt_playlists")
    assert playlist["playlist_key"] == "friday"
    plays = sorted(staging.build("stg_dj_library__rekordbox_txt_plays"), key=lambda row: row["position"])
    assert pick(plays, "position", "kind") == [(1, "track"), (2, "unknown")]
