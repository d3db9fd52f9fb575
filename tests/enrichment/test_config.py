"""The waterfall's configuration: refused with place and remedy, identified by its content."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from enrichment import config
from enrichment.eligibility import Only
from enrichment.fields import FIELDS
from lake.errors import LakeError

THRESHOLDS = {
    ("bpm", "beatport"): "0.98", ("bpm", "spotify"): "0.85", ("bpm", "acousticbrainz"): "0.75",
    ("bpm", "mixesdb"): "0.60", ("key", "beatport"): "0.95", ("genre", "beatport"): "0.90",
    ("spotify_id", "spotify"): "0.95",
}  # fmt: skip
FILE = """\
critical: [bpm]
completeness: [bpm]
providers:
  beatport: beatport
  spotify: spotify
fields:
  bpm:
    beatport: [0.98, 0.98]
    spotify: {confidence: [0.85, 0.90], only: {genres: [House, Techno], released: [1990-01-01, null]}}
"""


def test_the_thresholds_of_the_source_document_are_the_default() -> None:
    stated = {(one.field, one.provider): one.min_confidence for one in config.load().sources}
    assert {place: stated[place] for place in THRESHOLDS} == {
        place: Decimal(number) for place, number in THRESHOLDS.items()
    }


def test_the_default_fills_every_field_that_records_carry() -> None:
    assert set(config.load().fields) == set(FIELDS)


def test_a_snapshot_gives_the_same_configuration_back(tmp_path: Path) -> None:
    for loaded in (config.load(), config.load(_file(tmp_path, FILE))):
        again = config.parse(json.loads(loaded.snapshot))
        assert again == loaded
        assert again.hash == loaded.hash


def test_any_change_gives_another_version(tmp_path: Path) -> None:
    changed = [
        FILE,
        FILE.replace("0.90", "0.91"),
        FILE.replace("Techno", "Trance"),
        FILE.replace("spotify: spotify", "spotify: beatport"),
        FILE + "corroborate: [bpm]\n",
    ]
    assert len({config.load(_file(tmp_path, text)).hash for text in changed}) == len(changed)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("0.98, 0.98", "1.2, 0.9", ["line 8", "fields.bpm.beatport holds 1.2", "0 to 1"]),
        ("0.98, 0.98", "0.98", ["line 8", "fields.bpm.beatport is [0.98]", "[min_confidence,"]),
        ("beatport: [0", "beatprot: [0", ["line 8", "beatprot is no provider", "did you mean beatport"]),
        ("  bpm:", "  bmp:", ["line 7", "fields.bmp", "did you mean bpm"]),
        ("    spotify: {", "    beatport: {", ["line 9", "fields.bpm.beatport stands twice"]),
        ("critical: [bpm]", "critical: [key]", ["line 1: critical", "key", "use some of: bpm"]),
        ("critical:", "criticall:", ["line 1: criticall is unknown", "did you mean critical"]),
        ("spotify: spotify", "spotify: deezer", ["line 5", "'deezer', which is no provider"]),
        ("only: {genres", "only: {moods", ["line 9", "only knows no moods", "genres: [...]"]),
        ("[House, Techno]", "House", ["line 9", "only.genres is 'House'"]),
        ("1990-01-01, null", "1990, 1991", ["line 9", "only.released"]),
        ("1990-01-01, null", "1990-01-01, 1980-01-01", ["line 9", "ends before it begins"]),
        ("fields:", "corroborate: [title]\nfields:", ["line 6: corroborate", "title", "use some of: bpm"]),
    ],
)
def test_a_wrong_file_is_refused_with_line_field_provider_and_remedy(
    tmp_path: Path, wrong: str, right: str, words: list[str]
) -> None:
    assert wrong in FILE
    with pytest.raises(LakeError) as refused:
        config.load(_file(tmp_path, FILE.replace(wrong, right, 1)))
    for word in words:
        assert word in str(refused.value)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({}, "no mapping 'fields'"),
        ({"fields": {"bpm": {"beatport": [0.98765, 0.9]}}}, "holds 0.98765"),
        ({"fields": {"bpm": {"beatport": [True, 0.9]}}}, "holds True"),
        ({"fields": {"bpm": {"beatport": [float("nan"), 0.9]}}}, "holds nan"),
        (
            {
                "critical": ["bpm", "bpm"],
                "completeness": ["bpm"],
                "fields": {"bpm": {"beatport": [0.9, 0.9]}},
            },
            "critical names bpm twice",
        ),
        ({"fields": {"bpm": []}}, "fields.bpm names no provider"),
        ({"fields": {"mood": {"beatport": [0.9, 0.9]}}}, "unknown fields: mood"),
        ({"fields": {"bpm": {"beatport": {"only": {}}}}}, "fields.bpm.beatport is None"),
    ],
)
def test_a_wrong_document_is_refused_by_name(document: dict[str, Any], problem: str) -> None:
    with pytest.raises(LakeError, match=problem):
        config.parse(document)


def test_conditions_read_back() -> None:
    only = Only.parse({"streams": ["tracks_api"], "released": [None, "2022-12-31"]}, "here")
    assert only
    assert Only.parse(only.document, "here") == only
    assert not Only.parse({}, "here")


def _file(folder: Path, text: str) -> Path:
    file = folder / "waterfall.yml"
    file.write_text(text)
    return file
