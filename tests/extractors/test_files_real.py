"""The real data, end to end through the readers: counts that were looked at by eye."""

import json
from collections import Counter
from pathlib import Path

import pytest

from extractors.registry import files_of, kind
from lake.bronze import Answer, Rejected

pytestmark = pytest.mark.real


_REFUSED = {"year_end_charts_spotify": 1, "1001tracklists_pages": 4}
"""Rows that are refused, with reason, by kind: text of a page among the songs of 2011; forwarding pages."""


def answers_of(name: str, folder: Path) -> list[Answer]:
    """All answers of a folder; fails if a row is refused that should not be."""
    one = kind(name)
    taken, _ = files_of(one, [folder])
    found = [item for path in taken for item in one.read(path)]
    assert len([item for item in found if isinstance(item, Rejected)]) == _REFUSED.get(name, 0)
    return [item for item in found if isinstance(item, Answer)]


def test_mixes(shared_data: Path) -> None:
    answers = answers_of("djmix_tracklists", shared_data / "djmix_tracklists")
    assert len(answers) == len({a.request_key for a in answers}) == 3024
    mixes = [json.loads(a.payload) for a in answers]
    assert sum(len(mix["tracklist"]) for mix in mixes) == 61_943
    assert sum(line["id"] is None for mix in mixes for line in mix["tracklist"]) == 12_299


def test_label_catalogues(shared_data: Path) -> None:
    answers = answers_of("beatport_labels", shared_data / "beatport_labels")
    assert len(answers) == len({(a.request_key, a.payload) for a in answers}) == 20_728
    labels = Counter(a.request_key.split("/")[0] for a in answers)
    assert len(labels) == 13
    assert (labels["Suara"], labels["Who's Afraid Of 138"], labels["Silk Music"]) == (2030, 629, 3158)
    assert sum(json.loads(a.payload)["Bpm"] == "0" for a in answers) == 36


@pytest.mark.parametrize(
    ("name", "folder", "answers", "keys"),
    [
        ("tl1001_set_index", "tl1001_set_index", 21_962, 21_962),
        ("tl1001_enriched_sets", "tl1001_enriched_sets", 147, 147),
        ("eric_prydz_1001tracklists", "eric_prydz_1001tracklists", 272, 272),
        ("1001tracklists_rows", "tl1001_html_pages", 121, 121),
        ("1001tracklists_exports", "payloads/1001tracklists/export", 3, 3),
        ("mixesdb_pages", "essential_mix_wikitext", 827, 827),
        ("spotify_playlist_archive", "spotify_playlist_archive", 52_728, 52_722),
        ("year_end_charts_spotify", "year_end_charts_spotify", 899, 899),
        ("billboard_hot100", "billboard_hot100", 418, 418),
        ("beatport_charts", "beatport_charts", 9_609, 9_609),
        ("mix_listening_log", "mix_listening_log", 2_067, 2_059),
    ],
)
def test_every_folder_is_read_to_its_end(
    shared_data: Path, name: str, folder: str, answers: int, keys: int
) -> None:
    found = answers_of(name, shared_data / folder)
    assert (len(found), len({(a.stream, a.request_key) for a in found})) == (answers, keys)


def test_boiler_room_rows(shared_data: Path) -> None:
    answers = answers_of("boiler_room_1001tracklists", shared_data / "boiler_room_1001tracklists")
    assert len(answers) == len({a.request_key for a in answers}) == 6295
    sets = {
        (a.request_key.split("/")[1], json.loads(a.payload)["DJ"], json.loads(a.payload)["Date"])
        for a in answers
    }
    assert len({(dj, day) for _, dj, day in sets}) == 373
    assert len(sets) == 374, "one DJ played twice on one day"


def test_spotify_playlists(shared_data: Path) -> None:
    answers = answers_of("spotify_playlist_tracks", shared_data / "spotify_playlist_tracks")
    assert len(answers) == len({a.request_key for a in answers}) == 19_510
    assert len({a.source_entity_id for a in answers}) == 17_577


def test_shows(shared_data: Path) -> None:
    answers = answers_of("soulection_radio", shared_data / "soulection_radio")
    assert len(answers) == 263
    assert sum(len(c["markers"]) for a in answers for c in json.loads(a.payload)["chapters"]) == 10_286


def test_releases(shared_data: Path) -> None:
    answers = answers_of("discogs_dump", shared_data / "discogs_dump")
    assert len({a.request_key for a in answers}) == len(answers)
    streams = {"releases_xml": 600, "masters_xml": 600, "artists_xml": 600, "labels_xml": 600}
    assert Counter(a.stream for a in answers) == streams
    releases = [a.payload for a in answers if a.stream == "releases_xml"]
    assert sum(text.count("<position") for text in releases) == 4994 + 126, "rows, and parts of index rows"


def test_libraries(shared_data: Path) -> None:
    folder = shared_data / "dj_libraries"
    answers = answers_of("dj_libraries", folder)
    assert len({a.request_key for a in answers}) == len(answers)
    found = Counter((a.stream, *a.request_key.split("/")[:2]) for a in answers)
    assert found["traktor_nml", "traktor_collection_a", "track"] == 1442
    assert found["traktor_nml", "traktor_collection_a", "playlist"] == 119
    assert found["traktor_nml", "traktor_collection_c", "track"] == 1978
    assert found["traktor_nml", "traktor_collection_c", "playlist"] == 31
    assert found["rekordbox_xml", "rekordbox_a", "track"] == 1720
    assert found["rekordbox_xml", "rekordbox_a", "playlist"] == 35
    assert found["rekordbox_txt", "rekordbox_playlist_export_a", "position"] == 1228
    history = [a for a in answers if a.request_key.startswith("history_") and "/playlist/" in a.request_key]
    assert len(history) == 16
    assert sum(a.payload.count("<PRIMARYKEY") for a in history) == 746
    _, left = files_of(kind("dj_libraries"), [folder])
    assert Counter(path.suffix for path in left) == {".cue": 11, ".csv": 1, ".md": 1}


def test_pages(shared_data: Path) -> None:
    answers = answers_of("1001tracklists_pages", shared_data / "tl1001_html_pages")
    assert len(answers) == 22, "four of the 26 are forwarding pages"
    assert len({a.source_entity_id for a in answers}) == 21, "one set was saved twice"
