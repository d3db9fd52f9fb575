"""What people keep and are sent: tracklists, listening histories, record collections."""

import csv
import gzip
import io
import json
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.errors import SourceError
from extractors.files import small_text
from extractors.files.discogs_collection import collector_of
from extractors.files.listeners import listener_of
from extractors.files.tracklist_text import (
    ROWS_OF_A_LIST,
    parse_tracklist_file,
    parse_tracklist_file_json,
    rows_among,
)
from extractors.registry import kind
from lake.bronze import Answer, Rejected


def read(name: str, path: Path) -> tuple[list[Answer], list[Rejected]]:
    found = list(kind(name).read(path))
    return [x for x in found if isinstance(x, Answer)], [x for x in found if isinstance(x, Rejected)]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding, "surrogateescape"))
    return path


@pytest.mark.parametrize(
    ("file", "who"),
    [
        ("ada-StreamingHistory0.json", "ada"),
        ("StreamingHistory0.json", "me"),
        ("Streaming_History_Audio_2019-2020_1.json", "me"),
        ("user1_part_a.json.gz", "user1"),
        ("scrobbles-ada.csv", "ada"),
        ("listenbrainz_ada_1748.zip", "ada"),
        ("listenbrainz-listens-dump-2026-full.tar.zst", "me"),
    ],
)
def test_a_history_is_its_listeners_whom_the_file_is_named_after(file: str, who: str) -> None:
    assert listener_of(file) == who


def test_a_collection_is_its_collectors() -> None:
    assert collector_of("ada-collection-20260101-1200.csv") == "ada"
    assert collector_of("records.csv") == "me"


PLAY = {"endTime": "2026-01-02 10:00", "artistName": "Ada", "trackName": "Dawn", "msPlayed": 1000}
LONG = {
    "ts": "2026-01-02T10:00:03Z",
    "ms_played": 9,
    "master_metadata_track_name": "Dawn",
    "spotify_track_uri": "spotify:track:2AX5E86cn9n2dgioZEjirI",
}


def test_the_same_play_twice_in_one_file_is_two_plays(tmp_path: Path) -> None:
    bad = [{**PLAY, "msPlayed": "1"}, {**PLAY, "trackName": ""}, {**PLAY, "endTime": None}, 7]
    path = write(tmp_path / "ada-StreamingHistory0.json", json.dumps([PLAY, PLAY, *bad, LONG]))
    answers, refused = read("spotify_streaming_history", path)
    assert [one.request_key for one in answers] == [
        "plays/ada/2026-01-02 10:00",
        "plays/ada/2026-01-02 10:00+2",
        "plays/ada/2026-01-02T10:00:03Z",
    ]
    assert [(one.row, one.field) for one in refused] == [
        (3, "msPlayed"),
        (4, "trackName"),
        (5, "endTime"),
        (6, "(row)"),
    ]
    with pytest.raises(SourceError, match="neither endTime nor ts"):
        read("spotify_streaming_history", write(tmp_path / "x.json", '[{"id": 1}]'))


def test_scrobbles_of_both_shapes(tmp_path: Path) -> None:
    short = "utc_time,artist,album,track\n" + '"24 Jan 2023, 09:42",Ada,,Dawn\n' * 2 + ",Ada,,playing now\n"
    answers, refused = read("lastfm_scrobbles", write(tmp_path / "scrobbles-ada.csv", short))
    assert [one.request_key for one in answers] == [
        "scrobbles/ada/24 Jan 2023, 09:42",
        "scrobbles/ada/24 Jan 2023, 09:42+2",
    ]
    assert [(one.row, one.field) for one in refused] == [(4, "utc_time")]
    long = 'uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n9,"x",Ada,,,,Dawn,m\n'
    (answer,), _ = read("lastfm_scrobbles", write(tmp_path / "long.csv", long))
    assert (answer.request_key, answer.source_entity_id) == ("scrobbles/long/9", "m")


def listen(moment: object = 1_700_000_000, **more: object) -> str:
    return json.dumps(
        {"listened_at": moment, "track_metadata": {"artist_name": "A", "track_name": "T"}, **more}
    )


def test_listens_come_line_by_line_in_a_zip_or_alone(tmp_path: Path) -> None:
    text = "\n".join([listen(), listen("soon"), listen(user_name="bo"), "{"])
    alone = write(tmp_path / "listens-ada.jsonl", text)
    packed = tmp_path / "listenbrainz_ada_17.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("user.json", "{}")
        archive.writestr("listens/2026/1.jsonl", text)
    for path in (alone, packed):
        answers, refused = read("listenbrainz_listens", path)
        assert [one.request_key for one in answers] == ["listens/ada/1700000000", "listens/bo/1700000000"]
        assert [(one.row, one.field) for one in refused] == [(2, "listened_at"), (4, "(row)")]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("listens/1.jsonl", bytes(300 << 20))
    with pytest.raises(SourceError, match="decompression bomb"):
        read("listenbrainz_listens", packed)


@pytest.mark.parametrize("name", ["../listens/2.jsonl", "/listens/2.jsonl", "a\\2.jsonl", "link.jsonl"])
def test_listens_whose_names_lead_out_of_a_zip_or_tar_end_its_reading(tmp_path: Path, name: str) -> None:
    packed = [tmp_path / "listenbrainz_ada_17.zip", tmp_path / "listenbrainz-listens-ada.tar"]
    link = name.startswith("link")
    with zipfile.ZipFile(packed[0], "w") as archive:
        archive.writestr("!/1.jsonl", listen())  # the members of a zip are read in the order of their names
        member = zipfile.ZipInfo(name)
        member.external_attr = (stat.S_IFLNK if link else stat.S_IFREG) << 16
        archive.writestr(member, listen(1_700_000_001))
        archive.writestr("feedback.jsonl", "{}")
    with tarfile.open(packed[1], "w") as tar:
        for inside, text in (("1.jsonl", listen()), ("feedback.jsonl", "{}"), (name, listen(1_700_000_001))):
            header = tarfile.TarInfo(inside)
            if inside == name and link:
                header.type, header.linkname = tarfile.SYMTYPE, "/etc/passwd"
            else:
                header.size = len(text)
            tar.addfile(header, io.BytesIO(text.encode()))
    for path in packed:
        answers, refused = read("listenbrainz_listens", path)
        assert [one.request_key for one in answers] == ["listens/ada/1700000000"]
        (rest,) = refused
        why = "this is a link or a device, no file" if link else "the name leads out of the archive"
        assert (rest.row, rest.reason.partition(";")[0]) == (2, f"{name}: {why}")
        assert sorted(one.name for one in tmp_path.iterdir()) == sorted(one.name for one in packed)


COLLECTION = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added,"
    "Collection Media Condition,Collection Sleeve Condition,Collection Notes\n"
)


def test_copies_of_a_collection(tmp_path: Path) -> None:
    rows = [
        'C1,Ada,Dawn,L,"12""",4,1999,1,Techno,2021-03-01 10:20:30,Mint (M),,"=HYPERLINK(""http://x"")"',
        'C1,Ada,Dawn,L,"12""",4,1999,1,Techno,2021-03-01 10:20:30,Mint (M),,second copy',
        "C1,Ada,Dawn,L,x,9,1999,2,Techno,2021-03-01 10:20:30,,,",
        "C1,Ada,Dawn,L,x,,1999,two,Techno,2021-03-01 10:20:30,,,",
    ]
    path = write(tmp_path / "ada-collection-2026.csv", COLLECTION + "\n".join(rows))
    answers, refused = read("discogs_collection", path)
    assert [one.request_key for one in answers] == [
        "collection/ada/1/2021-03-01 10:20:30",
        "collection/ada/1/2021-03-01 10:20:30+2",
    ]
    assert json.loads(answers[0].payload)["Collection Notes"] == '=HYPERLINK("http://x")', "a text, untouched"
    assert [(one.row, one.field) for one in refused] == [(4, "Rating"), (5, "release_id")]


TEXT = """Ada @ Somewhere 2026-05-01

[00:00] Ada - Dawn (Bo Remix) [Label]
[05:30] ID - ID
+ Bo - <script>alert(1)</script>
12. Someone - Something
"""
M3U = "#EXTM3U\n#PLAYLIST:Crate\n#EXTINF:123,Ada - Dawn\n/music/a.mp3\nC:\\music\\Bo - Dusk.flac\n"
CSV = 'Position;Track Artist;Track Title;Time;Label\n1;Ada;"Dawn; Long";00:05:00;L\n2;Bo;=1+1;;\n;;;;\n'
CUE = (
    'PERFORMER "Ada"\nTITLE "Live"\nREM DATE 2026\nFILE "x.wav" WAVE\n  TRACK 01 AUDIO\n    TITLE "Dawn"\n'
    '    PERFORMER "Bo"\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    TITLE Dusk\n    INDEX 01 75:30:37\n'
)


def test_the_four_formats_of_tracklists() -> None:
    found = parse_tracklist_file(TEXT)
    assert (found["format"], found["title"], found["dj"], found["date"]) == (
        "text",
        "Ada @ Somewhere 2026-05-01",
        "Ada",
        "2026-05-01",
    )
    assert [row["line"] for row in found["rows"]] == [line for line in TEXT.splitlines()[2:] if line]
    found = parse_tracklist_file(M3U)
    assert (found["format"], found["title"]) == ("m3u", "Crate")
    assert [(row["line"], row.get("duration_ms")) for row in found["rows"]] == [
        ("Ada - Dawn", 123_000),
        ("Bo - Dusk", None),
    ]
    found = parse_tracklist_file(CSV)
    assert found["format"] == "csv"
    assert [(row["artist"], row["title"], row.get("clock")) for row in found["rows"]] == [
        ("Ada", "Dawn; Long", "00:05:00"),
        ("Bo", "=1+1", None),
    ]
    found = parse_tracklist_file(CUE)
    assert (found["format"], found["title"], found["dj"], found["date"]) == ("cue", "Live", "Ada", "2026")
    assert [(row["artist"], row["title"], row["cue_ms"]) for row in found["rows"]] == [
        ("Bo", "Dawn", 0),
        ("Ada", "Dusk", 4_530_493),
    ]


def test_times_within_one_file_of_several_tell_no_place_in_the_whole() -> None:
    found = parse_tracklist_file(CUE.replace("  TRACK 02", 'FILE "y.wav" WAVE\n  TRACK 02'))
    assert [(row["cue"], "cue_ms" in row) for row in found["rows"]] == [
        ("00:00:00", False),
        ("75:30:37", False),
    ]


ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "cp1252",
)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [CUE, TEXT, M3U, CSV])
def test_people_write_in_every_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    text = text.replace("Dusk", "Düsk")
    (answer,), _ = read("tracklist_files", write(tmp_path / "friday night.txt", text, encoding))
    assert answer.payload == text
    title = {CUE: ": Live", TEXT: ": Ada @ Somewhere 2026-05-01", M3U: ": Crate"}
    heading = title.get(text.replace("Düsk", "Dusk"), "")
    assert answer.request_key == f"tracklists/friday night.txt{heading}"


def test_a_list_is_known_by_its_name_and_heading(tmp_path: Path) -> None:
    for folder, name, text in (
        ("a", "set.txt", "Ada @ Owl 2026\nAda - Dawn\n"),
        ("b", "set.txt", "Bo @ Owl 2026\nBo - Dusk\n"),
        ("b", "set.m3u", "#EXTM3U\nAda - Dawn.mp3\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        write(tmp_path / folder / name, text)
    found = [read("tracklist_files", path)[0][0] for path in sorted(tmp_path.rglob("*.*"))]
    assert len({answer.request_key for answer in found}) == 3
    again = write(tmp_path / "set.txt", "Ada @ Owl 2026\nAda - Dawn (Bo Remix)\n")
    assert read("tracklist_files", again)[0][0].request_key in {answer.request_key for answer in found}


@pytest.mark.parametrize("number", ["#", "Nr", "Position", "Track Number"])
def test_overlays_of_tables_keep_their_group(number: str) -> None:
    table = f"{number},Artist Name(s),Titel\n1,Ada,Dawn\nw/,Bo,Dusk\n2,w/ Cy,Noon\n3,Di,Moon\n"
    rows = parse_tracklist_file(table)["rows"]
    assert [(row["artist"], row.get("with_previous", False)) for row in rows] == [
        ("Ada", False),
        ("Bo", True),
        ("Cy", True),
        ("Di", False),
    ]


def test_names_of_files_without_their_numbers() -> None:
    names = ("02 - Bo - Dusk", "A1. Ada - Dawn", "Ada - 01 - Dawn", "311 - Down", "01 Ada - Dawn")
    found = parse_tracklist_file("#EXTM3U\n" + "".join(f"C:\\m\\{name}.mp3\n" for name in names))
    assert [row["line"] for row in found["rows"]] == [
        "Bo - Dusk",
        "Ada - Dawn",
        "Ada - Dawn",
        "311 - Down",
        "01 Ada - Dawn",
    ]


def test_a_table_of_unknown_columns_is_told_which_it_has(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "Urheber,Werk\nAda,Dawn\n")
    with pytest.raises(SourceError, match="columns Urheber, Werk"):
        read("tracklist_files", path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"hello there", "no track in it"),
        (b"Ada - Dawn\0\0\0 and on", "NUL bytes"),
        (bytes(range(256)) * 8, "NUL bytes"),
        (b'artist,title\n"Ada,Dawn' + b"x" * 200_000, "cannot be split"),
    ],
)
def test_what_is_no_tracklist_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=reason):
        read("tracklist_files", path)


def test_no_list_is_as_large_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_text, "LARGEST", 1000)
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        read("tracklist_files", write(tmp_path / "x.txt", "Ada - Dawn\n" * 200))


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from([TEXT, M3U, CSV, CUE, "\0", "é", '"']), max_size=4).map("".join),
    )
)
def test_no_text_stops_the_reading_of_tracklists(text: str) -> None:
    found = json.loads(parse_tracklist_file_json(text))
    assert all(isinstance(row["raw"], str) for row in found["rows"])


def _jsonl(rows: list[str]) -> str:
    return "\n".join(rows)


def _array(rows: list[str]) -> str:
    return "[" + ",".join(rows) + "]"


def _table(header: str) -> Callable[[list[str]], str]:
    return lambda rows: header + "\n".join(rows)


def _cells(*cells: str) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
_FORMS = {
    "spotify_streaming_history": (
        "ada-StreamingHistory0.json", _array,
        _WORDS.map(lambda word: json.dumps({**PLAY, "trackName": word})),
        st.sampled_from(['{"endTime": 1}', "17", '"text ]"', '{"ts": "x"}', '{"endTime": "\udcff"}', "[[]]"]),
    ),
    "listenbrainz_listens": (
        "listens.jsonl", _jsonl,
        st.integers(1, 10**9).map(listen),
        st.sampled_from(
            ["{", "null", listen("x"), listen(-1), "\udcff", '{"track_metadata": 1}', "[" * 2000]
        ),
    ),
    "lastfm_scrobbles": (
        "scrobbles.csv", _table("utc_time,artist,album,track\n"),
        _WORDS.map(lambda word: _cells("24 Jan 2023, 09:42", "Ada", "", word)),
        st.sampled_from(["a,b", ",Ada,,Dawn", "x,,,", "1,2,3,4,5", "\udcff,a,b,c", "x,a\0,b,c"]),
    ),
    "discogs_collection": (
        "ada-collection.csv", _table(COLLECTION),
        _WORDS.map(
            lambda word: _cells("C", word, word, "L", "F", "4", "1999", "12", "All", "2026", "", "", "")
        ),
        st.sampled_from(["a,b", "C,A,T,L,F,7,1999,12,All,2026,,,", "C,A,T,L,F,,1999,,All,2026,,,", "\udcff"]),
    ),
}  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(sorted(_FORMS)))
def test_a_bad_row_costs_no_good_one(tmp_path: Path, data: st.DataObject, name: str) -> None:
    file, whole, good, bad = _FORMS[name]
    rows = data.draw(
        st.lists(st.one_of(good.map(lambda row: (row, True)), bad.map(lambda row: (row, False))), max_size=8)
    )
    first = data.draw(good)  # the first row tells what the file is
    path = write(tmp_path / file, whole([first, *(row for row, _ in rows)]))
    answers, refused = read(name, path)
    assert len(answers) == 1 + sum(is_good for _, is_good in rows)
    assert len(refused) == sum(not is_good for _, is_good in rows)


PROSE = """Dear all - the night was long, and nobody wrote anything down.
We opened with something slow - I forget what it was called -
and went on from there until the lights came on.
Ada played last - as she always does - and then we left.
"""


def test_prose_with_dashes_in_it_is_no_tracklist(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"notes\.txt.* 1 of 4 lines look like rows .*Remedy: give one track"
    ):
        read("tracklist_files", write(tmp_path / "notes.txt", PROSE))


@pytest.mark.parametrize(
    "text",
    [
        "Ada @ Club 2024\nAda - Dawn\nBo - Dusk (Cy Remix) [One]\nthe lights went out here\n",
        "1. Dawn\n2. Dusk\n3. ID\n",
        "[00:00] Ada - Is This It?\n[05:30] ?\n+ Bo - Dusk!\n",
        "00:00 Ada - Dawn\n05:30 ID - ID\n",
        "Ada – Dawn...\n",
    ],
)
def test_lists_as_people_write_them_are_tracklists(tmp_path: Path, text: str) -> None:
    answers, _ = read("tracklist_files", write(tmp_path / "set.txt", text))
    assert [answer.payload for answer in answers] == [text]


def test_no_real_tracklist_is_taken_for_prose(shared_data: Path) -> None:
    mixes = json.loads(
        gzip.decompress(next((shared_data / "djmix_tracklists").glob("*.json.gz")).read_bytes())
    )
    lists = [[row["title"] for row in mix["tracklist"]] for mix in mixes]
    shares = [rows_among(lines) / len(lines) for lines in lists if len(lines) >= 3]
    assert len(shares) > 3_000
    assert min(shares) > 0.8 > ROWS_OF_A_LIST
