"""Finding kinds and files; and that no kind ever crashes, whatever a file holds."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.errors import SourceError
from extractors.registry import KINDS, files_of, kind
from lake.bronze import Answer, Rejected


def test_every_kind_says_what_it_is_for() -> None:
    for name, one in KINDS.items():
        assert one.name == name
        assert one.streams
        assert one.patterns
        assert one.example.startswith(f"cratelake ingest {name} ")
        assert one.extractor_version.startswith(f"{name}/")


def test_a_misspelt_kind_is_answered_with_the_likely_ones() -> None:
    with pytest.raises(SourceError, match=r"beatport_label: there is no kind.*did you mean beatport_labels"):
        kind("beatport_label")
    with pytest.raises(SourceError, match=r"use one of .*soulection_radio"):
        kind("zzz")


def test_folders_are_searched_and_what_is_left_alone_is_told(tmp_path: Path) -> None:
    for name in ("b.csv", "sub/a.CSV.gz", "README.md", ".hidden.csv", "sub/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    taken, left = files_of(kind("beatport_labels"), [tmp_path, tmp_path / "b.csv", tmp_path / "README.md"])
    assert [path.name for path in taken] == ["b.csv", "a.CSV.gz", "README.md"]
    assert {path.name for path in left} == {".hidden.csv", "notes.txt"}
    with pytest.raises(SourceError, match=r"nowhere: no such file or folder\. Remedy: check the path"):
        files_of(kind("beatport_labels"), [tmp_path / "nowhere"])


_SEEDS = (
    b"TrackName,Artist,Genre,Number,DJ,Date\n",
    b"Album,Name,Artists,Remixers,Genre,Bpm,Key,Length,Catalog\r\r\n",
    b"#\tTrack Title\tArtist\n",
    b'[{"id": "a", "title": "b", "tracklist": []}, ',
    b'{"id": "a", "chapters": []}\n',
    b'{"url": "u", "html": "h"}\n',
    b"<releases><release id='1'>",
    b"<NML><COLLECTION><ENTRY>",
    b"<DJ_PLAYLISTS><PLAYLISTS><NODE Type='1' Name='x'>",
    b"<html>1001tracklists<div class='tlpItem'>",
    b'{"/w/a": {"tracklist": "# A - B"}, ',
    b'{"parse": {"title": "a", "wikitext": "# A - B"}}',
    b"# [00] Ada - Dawn\n",
    b"Ada @ Club\n[00:00] Ada - Dawn [ONE]\n",
    b"### Ada @ Club 2022-03-21\n> 7/10\n- Dawn - [Ada](#)\n",
    b"artists:\n  - name: Ada\n",
    b"snapshot_id,track_id,rank\na:2026-01-05,1,1\n",
    b"id,title,url,artists,remixers,mix_name\n1,a,,b,,\n",
    b'{"set_id": "a", "row_index": 0, "raw_html": "<p>"}\n',
    b'{"date": "2011-01-01", "data": []}\n',
    b"<labels><label><id>1</id>",
    b'[{"endTime": "2026-01-02 10:00", "artistName": "a", "trackName": "b", "msPlayed": 1}, ',
    b"utc_time,artist,album,track\n",
    b'{"listened_at": 1, "track_metadata": {"artist_name": "a", "track_name": "b"}}\n',
    b"Artist,Title,Label,Format,Rating,release_id,CollectionFolder,Date Added\n",
    b"TRACK 01 AUDIO\nTITLE x\n",
    b"#EXTM3U\n#EXTINF:1,a - b\n",
    b"artist;title\na;b\n",
    b"",
)
_NAMES = st.sampled_from(
    [
        "x.csv",
        "x.json",
        "x.jsonl",
        "x.html",
        "x.xml",
        "tracks_api.jsonl",
        "x.wiki",
        "x.txt",
        "x.md",
        "x.yaml",
        "x.zip",
        "x.tar.zst",
    ]
)


_BODIES = st.one_of(
    st.binary(max_size=200), st.text(alphabet='{}[]",:<>&;/=a1\\\r\n\t\0é', max_size=200).map(str.encode)
)


def _storable(item: Answer | Rejected) -> bool:
    """Whether every text of the item can be written (no half characters)."""
    if isinstance(item, Answer):
        texts = (item.request_key, item.payload, item.source_entity_id or "", item.source_url or "")
    else:
        texts = (item.file, item.field, item.reason, item.remedy, item.raw)
    return "\0" not in "".join(texts).encode().decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_NAMES, seed=st.sampled_from(_SEEDS), body=_BODIES, packed=st.booleans(), cut=st.integers(0, 20))
def test_arbitrary_files_give_answers_refusals_or_a_source_error(
    tmp_path: Path, *, name: str, seed: bytes, body: bytes, packed: bool, cut: int
) -> None:
    data = gzip.compress(seed + body) if packed else seed + body
    path = tmp_path / name
    path.write_bytes(data[: len(data) - cut] if cut else data)
    for one in KINDS.values():
        told = ""
        try:
            found = list(one.read(path))
        except SourceError as error:
            found, told = [], str(error)
        assert str(tmp_path) not in told
        assert not told or "Remedy: " in told
        assert all(item.stream in one.streams and _storable(item) for item in found)


_ARCHIVE = (
    "playlist_id,playlist_name,track_id,track_name,artist_names,artist_ids,album_name,album_id,length,"
    "added,removed"
)
_ROWS = {
    "1001tracklists_pages": ("pages.jsonl", "", '{"url": "u", "html": "<div class=tlpItem>@"}\n'),
    "1001tracklists_rows": ("set_rows.jsonl", "", '{"set_id": "a", "row_index": 0, "raw_html": "@"}\n'),
    "beatport_labels": (
        "label.csv",
        "Album,Name,Artists,Remixers,Genre,Bpm,Key,Length,Catalog\n",
        "A,@,Ada,,House,120,Am,5:00,C1\n",
    ),
    "billboard_hot100": ("hot.jsonl", "", '{"date": "2011-01-01", "data": [], "x": "@"}\n'),
    "boiler_room_1001tracklists": (
        "sets.csv",
        "TrackName,Artist,Genre,Number,DJ,Date\n",
        "@,Ada,House,1,Bo,2015-01-01\n",
    ),
    "discogs_collection": (
        "ada-collection-20260101.csv",
        "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added\n",
        "C1,Ada,@,One,LP,5,2001,7,All,2020-01-01 10:00:00\n",
    ),
    "lastfm_scrobbles": (
        "scrobbles.csv",
        "uts,utc_time,artist,album,track\n",
        '1,"01 Jan 2026, 10:00",@,X,Dawn\n',
    ),
    "listenbrainz_listens": (
        "listens.jsonl",
        "",
        '{"listened_at": 1, "track_metadata": {"artist_name": "@", "track_name": "b"}}\n',
    ),
    "soulection_radio": ("shows.jsonl", "", '{"id": "a", "title": "@", "chapters": []}\n'),
    "spotify_playlist_archive": ("archive.csv", _ARCHIVE + "\n", "p,P,t,@,Ada,a,A,b,5:00,2020-01-01,\n"),
    "tl1001_set_index": ("index.jsonl", "", '{"tracklist_id": "1a", "title": "@"}\n'),
}
"""Kinds whose files are rows: name of a file, what stands before the rows, a good row with @ for a word."""
_JUNK = st.binary(max_size=80).filter(lambda junk: not set(junk) & set(b'\r\n\0"'))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", _ROWS)
@given(junk=_JUNK)
def test_no_good_row_is_lost_beside_a_bad_one(tmp_path: Path, name: str, junk: bytes) -> None:
    file, head, row = _ROWS[name]
    first, last = (row.replace("@", word).encode() for word in ("wordone", "wordtwo"))
    path = tmp_path / file
    path.write_bytes(head.encode() + first + junk + b"\n" + last)
    answers = " ".join(item.payload for item in kind(name).read(path) if isinstance(item, Answer))
    assert "wordone" in answers
    assert "wordtwo" in answers


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize(
    ("name", "file", "row"),
    [
        ("djmix_tracklists", "mixes.json", '{"id": "@", "title": "@", "tracklist": []}'),
        (
            "spotify_streaming_history",
            "StreamingHistory0.json",
            '{"endTime": "2026-01-02 10:00", "artistName": "@", "trackName": "b", "msPlayed": 1}',
        ),
        ("eric_prydz_1001tracklists", "sets.json", '{"event": "@", "url": "@", "tracks": []}'),
    ],
)
@given(junk=st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one, max_size=3)))
def test_no_good_element_is_lost_beside_a_bad_one(
    tmp_path: Path, name: str, file: str, row: str, junk: object
) -> None:
    path = tmp_path / file
    elements = (row.replace("@", "wordone"), json.dumps(junk), row.replace("@", "wordtwo"))
    path.write_text(f"[{', '.join(elements)}]")
    answers = " ".join(item.payload for item in kind(name).read(path) if isinstance(item, Answer))
    assert "wordone" in answers
    assert "wordtwo" in answers
