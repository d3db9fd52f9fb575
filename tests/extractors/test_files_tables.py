"""Kinds whose files are tables: label catalogues, Boiler Room rows, Spotify playlists, text exports."""

import gzip
import json
from pathlib import Path

import pytest

from extractors.errors import SourceError
from extractors.files.beatport_labels import label_of
from extractors.registry import kind
from lake.bronze import Answer, Rejected

LABEL_HEADER = "Album,Name,Artists,Remixers,Genre,Bpm,Key,Length,Catalog"
BOILER_HEADER = "TrackName,Artist,Genre,Number,DJ,Date"


def read(name: str, path: Path) -> tuple[list[Answer], list[Rejected]]:
    found = list(kind(name).read(path))
    return [x for x in found if isinstance(x, Answer)], [x for x in found if isinstance(x, Rejected)]


def write(path: Path, *rows: str, end: str = "\n") -> Path:
    path.write_bytes("".join(row + end for row in rows).encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize("end", ["\r\r\n", "\r\r", "\n"])
def test_label_catalogues_with_doubled_line_ends(tmp_path: Path, end: str) -> None:
    path = write(
        tmp_path / "night_owl_s_tapes.csv",
        LABEL_HEADER,
        "Ada Fox - Dawn,Dawn(Original Mix),AdaFox,,DeepHouse,122,F♯ min,6:32,NOT001",
        '"Ada Fox, Bo - Dusk",Dusk(Bo Remix),"AdaFox,Bo",Bo,Techno,0,None,1:02:03,NOT002',
        end=end,
    )
    answers, refused = read("beatport_labels", path)
    assert refused == []
    assert [a.request_key for a in answers] == [
        "Night Owl's Tapes/NOT001/AdaFox/Dawn(Original Mix)",
        "Night Owl's Tapes/NOT002/AdaFox,Bo/Dusk(Bo Remix)",
    ]
    assert json.loads(answers[1].payload)["Album"] == "Ada Fox, Bo - Dusk"
    assert [(a.source_row, a.source_url) for a in answers] == [
        (2, "file:night_owl_s_tapes.csv"),
        (3, "file:night_owl_s_tapes.csv"),
    ]


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("who_s_afraid_of_138.csv.gz", "Who's Afraid Of 138"),
        ("don_t_stop.csv", "Don't Stop"),
        ("Big Label Ltd.CSV", "Big Label Ltd"),
        ("s_t.csv", "S T"),
        ("mau5trap", "Mau5trap"),
    ],
)
def test_the_label_is_read_off_the_file_name(file: str, label: str) -> None:
    assert label_of(file) == label


def test_good_rows_go_in_while_bad_ones_are_refused_with_place_and_remedy(tmp_path: Path) -> None:
    path = write(
        tmp_path / "label.csv",
        LABEL_HEADER,
        "A - B,B(Original Mix),A,,House,120,A min,5:00,C1",
        "A - B,B(Original Mix),A,,House,120,A min,5:00",
        "A - C,,A,,House,120,A min,5:00,C2",
        "A - D,D(Original Mix),A\udce9,,House,120,A min,5:00,C3",
        "A - E,E\0(Original Mix),A,,House,120,A min,5:00,C4",
        "A - F,F(Original Mix),A,,House,120,A min,5:00,C5",
    )
    answers, refused = read("beatport_labels", path)
    assert [a.source_row for a in answers] == [2, 7]
    assert [(r.row, r.field) for r in refused] == [(3, "(row)"), (4, "Name"), (5, "Artists"), (6, "Name")]
    assert refused[0].reason == "8 cells where the header has 9"
    assert refused[2].reason == "the row holds bytes that are not UTF-8"
    assert "A\\xe9" in refused[2].raw
    assert all(r.file == "label.csv" and r.remedy for r in refused)


def test_an_open_quotation_mark_costs_its_rows_and_no_others(tmp_path: Path) -> None:
    rows = [f"A - B{n},B{n}(Original Mix),A,,House,120,A min,5:00,C{n}" for n in range(4000)]
    rows[5] = 'A - "B,"B(Original Mix),A,,House,120,A min,5:00,C5'
    answers, refused = read("beatport_labels", write(tmp_path / "label.csv", LABEL_HEADER, *rows))
    assert {a.source_row for a in answers} >= {2, 6}
    assert len(answers) > 1000
    assert refused
    stored = sum(r.raw.count("\n") for r in refused) + len(answers)
    assert stored == 4000, "every line is either an answer or in a refusal"


def test_a_table_of_another_kind_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "sets.csv", BOILER_HEADER, "A - B,A,,1.0,Ada,2019-01-01")
    with pytest.raises(SourceError, match=r"sets.csv, row 1, field 'Album': this is not a file of Beatport"):
        list(kind("beatport_labels").read(path))
    with pytest.raises(SourceError, match="Remedy: give a file of Spotify playlist tracks"):
        list(kind("spotify_playlist_tracks").read(path))


def test_rows_before_the_cut_of_a_truncated_file_are_kept(tmp_path: Path) -> None:
    rows = "\n".join(
        [BOILER_HEADER, *(f"A - B{n * n % 9973},A,,{n}.0,Ada {n},2019-01-01" for n in range(1, 20_000))]
    )
    packed = gzip.compress(rows.encode())
    path = tmp_path / "sets.csv.gz"
    path.write_bytes(packed[: len(packed) - 2000])
    answers, refused = read("boiler_room_1001tracklists", path)
    assert len(answers) > 5000
    assert [r.field for r in refused] == ["(file)"]
    assert refused[0].row == answers[-1].source_row + 1


def test_two_sets_of_one_dj_on_one_day_and_overlays_have_keys_of_their_own(tmp_path: Path) -> None:
    path = write(
        tmp_path / "sets.csv",
        BOILER_HEADER,
        "A - B,A,,1.0,Ada/Bo,2019-01-01",
        "A - C,A,,2.0,Ada/Bo,2019-01-01",
        "A - D,A,,2.0,Ada/Bo,2019-01-01",
        "A - B,A,Techno,1.0,Ada/Bo,2019-01-01",
        "A - B,A,Techno,first,Ada/Bo,2019-01-01",
    )
    answers, _ = read("boiler_room_1001tracklists", path)
    assert [a.request_key for a in answers] == [
        "2019-01-01/1/1.0/Ada/Bo",
        "2019-01-01/1/2.0/Ada/Bo",
        "2019-01-01/1/2.0+2/Ada/Bo",
        "2019-01-01/2/1.0/Ada/Bo",
        "2019-01-01/2/first/Ada/Bo",
    ]


def test_spotify_rows_are_keyed_by_playlist_and_track(tmp_path: Path) -> None:
    names = (
        "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,"
        "track_album_release_date,playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy,"
        "key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,duration_ms"
    )
    row = (
        't1,"Song, long",Ada,50,al1,Album,2019,Mixed,p1,edm,big room,'
        "0.5,0.6,1,-5,0,0.1,0.1,0,0.1,0.3,128.01,200"
    )
    answers, refused = read("spotify_playlist_tracks", write(tmp_path / "songs.csv", names, row, row[3:]))
    assert [(a.request_key, a.source_entity_id) for a in answers] == [("playlists/p1/big room/t1", "t1")]
    assert json.loads(answers[0].payload)["track_name"] == "Song, long"
    assert len(refused) == 1


def test_a_text_export_in_utf_16_with_quotation_marks_in_titles(tmp_path: Path) -> None:
    path = tmp_path / "friday.txt"
    rows = ["#\tArtwork\tTrack Title\tArtist\tBPM", '1\t\tThe "12" Mix\tAda\t120.00', "2\t\t\t\t"]
    path.write_text("\r\n".join(rows), encoding="utf-16", newline="")
    answers, refused = read("dj_libraries", path)
    assert refused == []
    assert [a.request_key for a in answers] == ["friday/position/1", "friday/position/2"]
    assert json.loads(answers[0].payload)["Track Title"] == 'The "12" Mix'
