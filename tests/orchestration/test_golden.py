"""The stories of the source document, from payload files to published gold."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orchestration.homes import Home

pytestmark = pytest.mark.slow

BEATPORT = {
    "id": 4141, "name": "Strobe", "mix_name": "Original Mix", "artists": [{"id": 1, "name": "deadmau5"}],
    "remixers": [], "bpm": 130, "genre": {"id": 15, "name": "Progressive House"}, "sub_genre": None,
    "key": {"name": "G Minor", "camelot_number": 6, "camelot_letter": "A", "letter": "G", "is_sharp": False,
            "is_flat": False, "chord_type": {"name": "Minor"}},
    "isrc": None, "length_ms": 633000, "publish_date": "2009-09-22", "catalog_number": "MAU5CD",
    "release": {"id": 1, "name": "For Lack of a Better Name", "label": {"id": 2, "name": "mau5trap"}},
    "_confidence": {"bpm": 0.89, "key": 0.95, "genre": 0.90},
}  # fmt: skip
SPOTIFY = {
    "id": "0Qsk000000000000000000", "name": "Strobe", "artists": [{"id": "a", "name": "deadmau5"}],
    "duration_ms": 633000, "external_ids": {}, "popularity": 60, "type": "track",
    "album": {
        "id": "b", "name": "For Lack of a Better Name", "release_date": "2009-09-22",
        "release_date_precision": "day",
    },
}  # fmt: skip
FEATURES = {
    "id": "0Qsk000000000000000000", "tempo": 128.0, "key": 7, "mode": 0, "energy": 0.85, "danceability": 0.6,
    "valence": 0.2, "acousticness": 0.0, "instrumentalness": 0.9, "liveness": 0.1, "speechiness": 0.04,
    "loudness": -8.1, "duration_ms": 633000, "type": "audio_features", "_confidence": {"bpm": 0.95},
}  # fmt: skip


@pytest.fixture(scope="module")
def lake(home_factory: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(home_factory())
    files = tmp_path_factory.mktemp("answers")
    for folder, name, answer in (
        ("beatport", "tracks_api.jsonl", BEATPORT),
        ("spotify", "tracks_api.jsonl", SPOTIFY),
        ("spotify", "audio_features_api.jsonl", FEATURES),
    ):
        (files / folder).mkdir(exist_ok=True)
        (files / folder / name).write_text(json.dumps(answer) + "\n")
    home.run("ingest", "beatport_api", str(files / "beatport"))
    home.run("ingest", "spotify_api", str(files / "spotify"))
    home.run("run")
    return home


def gold(home: Home, columns: str) -> dict[str, object]:
    printed = home.run("sql", "--format", "json", f"select {columns} from track_analytics").stdout
    (line,) = printed.splitlines()
    row: dict[str, object] = json.loads(line)
    return row


def test_130_at_089_is_refused_and_128_at_095_accepted(lake: Home) -> None:
    told = json.loads(lake.run("explain", "deadmau5 - Strobe", "bpm", "--json").stdout)
    beatport, spotify = told["attempts"]
    assert (beatport["provider"], beatport["outcome"], beatport["said"]) == (
        "beatport",
        "below_threshold",
        "130",
    )
    assert (beatport["confidence"], beatport["threshold"]) == (0.89, 0.98)
    assert (spotify["provider"], spotify["outcome"], float(spotify["value"])) == (
        "spotify",
        "accepted",
        128.0,
    )
    assert (spotify["confidence"], spotify["threshold"]) == (0.95, 0.85)
    assert float(str(gold(lake, "bpm")["bpm"])) == 128.0


def test_the_score_is_stored_exactly_and_shown_half_even(lake: Home) -> None:
    # spotify_id 1.00, bpm 0.95, key 0.95, genre 0.90 -> 0.9500; completeness: only the ISRC is missing -> 7/8
    columns = (
        "quality_score::varchar as score, quality_score_display, enrichment_completeness::varchar as full"
    )
    row = gold(lake, columns)
    assert row == {"score": "0.9500", "quality_score_display": "0.95", "full": "0.8750"}


def test_names_and_keys_are_those_of_the_source_document(lake: Home) -> None:
    row = gold(lake, "full_track_name, key, compatible_keys, genre_primary")
    assert row == {
        "full_track_name": "deadmau5 - Strobe",
        "key": "6A",
        "compatible_keys": ["6A", "6B", "5A", "7A"],
        "genre_primary": "Progressive House",
    }


def test_a_lake_of_real_files_gets_no_sandbox(lake: Home) -> None:
    assert not lake.settings.sandbox.exists()


def test_files_that_do_not_fit_are_refused_with_a_remedy(lake: Home, tmp_path: Path) -> None:
    wrong = tmp_path / "tracks_api.jsonl"
    wrong.write_bytes(b"\x00\x01\x02 not json")
    printed = lake.run("ingest", "beatport_api", str(wrong), code=1).stderr
    assert "tracks_api.jsonl" in printed
    assert "Remedy" in printed
    assert "did you mean" in lake.run("ingest", "beatport_ap", str(wrong), code=1).stderr
    assert "no such file" in lake.run("ingest", "beatport_api", str(tmp_path / "absent"), code=1).stderr


def test_good_rows_of_a_partly_bad_file_go_in(lake: Home, tmp_path: Path) -> None:
    partly = tmp_path / "tracks_api.jsonl"
    partly.write_text(json.dumps(BEATPORT | {"id": 4242, "name": "Ghosts"}) + '\n{"broken": \n')
    done = lake.run("ingest", "beatport_api", str(partly))
    assert "row 2" in done.stderr
    lake.run("run")
    assert "Ghosts" in lake.run("sql", "select title from track_analytics").stdout
    kept = lake.run("sql", "--lake", "select rule, reason from silver.quarantine").stdout
    assert "row_unreadable" in kept
