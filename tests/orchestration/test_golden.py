"""The stories of the source document, from payload files to published gold."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orchestration.conftest import Build
from tests.orchestration.homes import BEATPORT, Home, golden_answers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lake(after: Callable[[Build], Home]) -> Home:
    return after(golden_answers)


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
