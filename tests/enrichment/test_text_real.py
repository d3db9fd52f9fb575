"""How much of the real data the parsers read, with floors that a change must not fall through."""

import csv
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from enrichment.text.record import ParsedRecord, parse_record
from enrichment.text.tracklist import parse_tracklist_line, split_artist_title

pytestmark = pytest.mark.real

CATALOGUES = {
    "Anjunabeats": "anjunabeats",
    "Drumcode": "drumcode",
    "Suara": "suara",
    "Kompakt": "kompakt",
    "Diynamic": "diynamic",
    "Vandit": "vandit_records",
}


def report(text: str) -> None:
    """Shown by ``pytest -rP``."""
    sys.stdout.write(f"{text}\n")


@pytest.fixture(scope="module")
def djmix(shared_data: Path) -> list[dict[str, object]]:
    with gzip.open(shared_data / "djmix_tracklists" / "djmix_part_a.json.gz", "rt", encoding="utf-8") as file:
        return [parse_tracklist_line(row["title"]) for mix in json.load(file) for row in mix["tracklist"]]


def test_nearly_every_djmix_line_has_artist_and_title(djmix: list[dict[str, object]]) -> None:
    kinds = Counter(str(line["kind"]) for line in djmix)
    read = sum(1 for line in djmix if line["artist"] and line["title"]) / len(djmix)
    cues = [line for line in djmix if line["cue_raw"]]
    timed = sum(1 for line in cues if line["cue_ms"] is not None or "?" in str(line["cue_raw"])) / len(cues)
    report(f"djmix: {len(djmix)} lines, artist and title {read:.4f}, cues read {timed:.4f}, {dict(kinds)}")
    assert read > 0.995
    assert timed > 0.999
    assert kinds["jingle"] + kinds["note"] < 0.005 * len(djmix)


def test_soulection_jingles_are_not_tracks(shared_data: Path) -> None:
    with gzip.open(
        shared_data / "soulection_radio" / "shows_part_a.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        chapters = [chapter for line in file for chapter in json.loads(line)["chapters"]]
    raw = [marker["rawTrack"] for chapter in chapters for marker in chapter["markers"] if marker["rawTrack"]]
    lines = [split_artist_title(text) for text in raw]
    kinds = Counter(line["kind"] for line in lines)
    read = sum(1 for line in lines if line["artist"] and line["title"]) / len(lines)
    report(f"soulection: {len(lines)} markers, artist and title {read:.4f}, {dict(kinds)}")
    assert read > 0.98
    hosted = [text for text in raw if text.startswith("Hosted by")]
    assert len(hosted) > 50
    assert all(split_artist_title(text)["kind"] == "jingle" for text in hosted)


def catalogue(folder: Path, name: str) -> list[ParsedRecord]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        text = re.sub(r"\r\r\n?", "\n", file.read())
    rows = csv.DictReader(text.splitlines())
    return [parse_record(row["Artists"], row["Name"], None, row["Remixers"]) for row in rows]


def test_a_played_track_is_found_in_its_label_catalogue(
    shared_data: Path, djmix: list[dict[str, object]]
) -> None:
    """By exact keys alone; some 15 % of these plays are younger than the catalogues (2018)."""
    played = {}
    for line in djmix:
        label = CATALOGUES.get(str(line["label"]))
        if label and line["kind"] == "track" and isinstance(line["title"], str):
            record = parse_record(str(line["artist"]), line["title"])
            played[label, record.artist_key, record.title_key, record.version_key] = record
    titles: dict[tuple[str, str], list[ParsedRecord]] = {}
    for label in CATALOGUES.values():
        for record in catalogue(shared_data / "beatport_labels", label):
            titles.setdefault((label, record.title_key), []).append(record)
    counts: Counter[str] = Counter()
    for (label, *_), record in played.items():
        same_title = titles.get((label, record.title_key), [])
        found = {r.version_key for r in same_title if set(r.artist_names) & set(record.artist_names)}
        counts["artist and title"] += bool(found)
        counts["version too"] += bool(
            found & {record.version_key, f"{record.version_key}|extended".strip("|")}
        )
    shares = {what: n / len(played) for what, n in counts.items()}
    report(f"label catalogues: {len(played)} tracks, {shares}")
    assert shares["artist and title"] > 0.80
    assert shares["version too"] > 0.94 * shares["artist and title"]
