"""The version torture set: hand-judged pairs of spellings through the parsers and the matcher's judgement.

``version_pairs.csv`` is the truth: each pair was judged by what a DJ would call one entry of a catalogue. A
remaster is a version of its own, and "Rework", "Bootleg" and "Remix" of one maker are the same (`versions`).
"""

import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa
import pytest

from enrichment.lists.pairs import judge_frame
from enrichment.lists.reading import read_file
from enrichment.matching.evaluation import pair_labels
from enrichment.matching.judging import judge_names
from enrichment.text.record import INPUT_COLUMNS, parse_records

PAIRS = Path(__file__).parent / "version_pairs.csv"
FIELDS = ("artist", "title", "mix_name", "remixer")
PRECISION, RECALL = 0.995, 0.97


class Judged(NamedTuple):
    """A pair and what was found; `found` is the acceptance."""

    shape: str
    same: bool
    found: bool
    text: str

    @property
    def right(self) -> bool:
        return self.same == self.found


def parsed(rows: list[dict[str, str]], side: str) -> pa.Table:
    columns = [pa.array([row[f"{side}_{field}"] or None for row in rows], pa.string()) for field in FIELDS]
    return parse_records(pa.table(columns, names=list(INPUT_COLUMNS)))


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    verdicts = judge_names(parsed(rows, "left"), parsed(rows, "right")).to_pylist()
    return [
        Judged(
            row["shape"],
            row["same"] == "1",
            verdict["accepted"],
            " | ".join(row[f"{side}_{field}"] for side in ("left", "right") for field in FIELDS)
            + f" -> {verdict['match_confidence']} {verdict['veto'] or ''} {verdict['evidence']}",
        )
        for row, verdict in zip(rows, verdicts, strict=True)
    ]


def report(judged: list[Judged]) -> str:
    """Counts by shape, and every error."""
    total = Counter(pair.shape for pair in judged)
    wrong = Counter(pair.shape for pair in judged if not pair.right)
    lines = [f"{shape}: {count} pairs, {wrong[shape]} wrong" for shape, count in total.items()]
    lines += [f"{'MISSED' if p.same else 'MERGED'} [{p.shape}] {p.text}" for p in judged if not p.right]
    return "\n".join(lines)


def test_versions_are_told_apart_and_spellings_brought_together(judged: list[Judged]) -> None:
    merged = sum(pair.found for pair in judged)
    true = sum(pair.found and pair.same for pair in judged)
    precision, recall = true / merged, true / sum(pair.same for pair in judged)
    text = f"{len(judged)} pairs: precision {precision:.4f}, recall {recall:.4f}\n{report(judged)}"
    print(text)  # noqa: T201 - shown by ``pytest -rP`` and on failure
    assert precision >= PRECISION, text
    assert recall >= RECALL, text


def test_whole_records_are_told_apart_as_well() -> None:
    """``record_pairs.csv``: rows with album, length, year, label and ISRC, as dirty as lists are."""
    frame = read_file(PAIRS.with_name("record_pairs.csv"))
    found = judge_frame(frame.drop("same", "shape"), "left_", "right_", {}, PAIRS)
    same = frame["same"].to_numpy() == "1"
    wrong = frame.filter(pl.Series(found.matches != same)).rows()
    scores = pair_labels(found.matches, same)
    assert scores.precision >= PRECISION, wrong
    assert scores.recall >= RECALL, wrong


def test_the_set_is_large_and_balanced(judged: list[Judged]) -> None:
    assert len(judged) >= 600
    assert 0.4 < sum(pair.same for pair in judged) / len(judged) < 0.6
    assert len({pair.text for pair in judged}) == len(judged)


def names(*rows: tuple[str, str]) -> pa.Table:
    return parse_records(
        pa.table({"artist_raw": [row[0] for row in rows], "title_raw": [row[1] for row in rows]})
    )


def test_a_verdict_says_what_forbids_a_pair() -> None:
    left = names(("Oat", "Strobe"), ("Oat", "Strobe"), ("ID", "ID"), ("Oat", "Strobe"))
    right = names(
        ("Oat", "Strobe (Original Mix)"), ("Oat", "Strobe (Live)"), ("ID", "ID"), ("Ada", "Harbour")
    )
    verdicts = judge_names(left, right).to_pylist()
    assert [(v["accepted"], v["veto"]) for v in verdicts] == [
        (True, None),
        (False, "version"),
        (False, "unusable"),
        (False, None),
    ]
    assert [float(v["match_confidence"]) for v in verdicts[1:3]] == [0, 0]


def test_the_judgement_has_no_side() -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    left, right = parsed(rows, "left"), parsed(rows, "right")
    there, back = judge_names(left, right), judge_names(right, left)
    assert there["match_confidence"].to_pylist() == back["match_confidence"].to_pylist()


def test_unequal_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 rows"):
        judge_names(names(("Oat", "A"), ("Oat", "B")), names(("Oat", "A")))
