"""Matching on open data: every bar in one table, beside what others published on the same sets.

    python -m benchmarks.matching --data DIR

DIR holds the sets by their usual names; one that is missing is left out. The 20K figures are held out:
learned on one half of the true clusters, measured on the other, both ways. So are those of the discs, once
within each half and once on the whole list, where a pair across the halves, which neither model saw, gets
the mean of both. Everything else is measured with the model kept with the code, which never saw it.
"""

import argparse
import json
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from enrichment.lists import release_training
from enrichment.lists.blocking import candidates
from enrichment.lists.pairs import judge_frame
from enrichment.lists.reading import read_file
from enrichment.lists.records import understand
from enrichment.lists.training import labelled, labelled_pairs, learn, together
from enrichment.matching.evaluation import calibration, pair_labels, pairwise, precision_at
from enrichment.matching.grouping import RIVAL_FREE, group, one_per_source
from enrichment.matching.judging import judge_pairs
from enrichment.matching.model import THRESHOLD, load

PUBLISHED = {
    "20K": "MultiEM (unsupervised) P .911; Linkage .958 (P .964 R .952); logistic baseline .991",
    "structured": "Magellan .912; DeepMatcher .885; BERT .931; Ditto .978; GPT-3, 10 examples .982",
    "dirty": "Magellan .468; DeepMatcher .794; BERT .947; Ditto .957",
    "discs": "exact (artist, title) .745; half title and artist, half track list .903",
    "scenarios": "baseline 24 of 27",
}
PAIRS = [Path("tests/enrichment") / name for name in ("version_pairs.csv", "record_pairs.csv")]
SPLITS = range(3, 9)
"""Seeds of the splits of the discs into halves: with 300 true pairs one split says little."""
Row = tuple[str, str, str, str]


def twenty_thousand(path: Path) -> list[Row]:
    """Held-out figures of the five-source list and of the version pairs, which are learned from together."""
    versions = together([labelled_pairs(path, load()) for path in PAIRS])
    of_pair = np.array([zlib.crc32(name.encode()) % 2 for name in versions.names])
    listed, truth = labelled(path, "CID", dict.fromkeys(("TID", "CTID", "id"), "ignore"))
    sources = np.unique(np.array(listed.sources), return_inverse=True)[1].astype(np.int64)
    started = time.perf_counter()
    found = candidates(listed.records)
    judge_pairs(load(), listed.records, found.left, found.right)
    seconds = time.perf_counter() - started
    sizes = np.bincount(truth)
    wanted = int((sizes * (sizes - 1) // 2).sum())
    met = int((truth[found.left] == truth[found.right]).sum())
    half = np.random.default_rng(3).integers(0, 2, len(sizes))[truth]
    groups = np.arange(len(truth))
    confidences, labels = [], []
    version_confidence, version_labels = [], []
    for k in (0, 1):
        model = learn(listed, truth, half == k, pairs=versions.chosen(of_pair == k))
        others = versions.chosen(of_pair != k)
        version_confidence.append(model.judge(others.features).confidence)
        version_labels.append(others.labels)
        held = half != k
        both = held[found.left] & held[found.right]
        left, right = found.left[both], found.right[both]
        confidence = judge_pairs(model, listed.records, left, right)[1].confidence
        single = one_per_source(sources[held], *_within(held, left, right), confidence)
        mine, _ = group(
            len(truth), left, right, confidence,
            sources=sources if single else None, threshold=RIVAL_FREE if single else THRESHOLD,
        )  # fmt: skip
        groups[held] = mine[held]
        confidences.append(confidence)
        labels.append(truth[left] == truth[right])
    result = pairwise(groups, truth)
    confidence, match = np.concatenate(confidences), np.concatenate(labels)
    low, high = result.f1_interval
    error = calibration(confidence, match).error
    possible = calibration(confidence, match, above=0.01).error
    f1 = f"{result.f1:.4f} ({low:.4f} to {high:.4f})"
    sure, same = np.concatenate(version_confidence), np.concatenate(version_labels)
    told = pair_labels(sure >= THRESHOLD, same)
    return [
        ("20K, held out: F1", ">= .985, aim .992", f1, PUBLISHED["20K"]),
        ("20K: precision, recall", "P >= .99", f"{result.precision:.4f}, {result.recall:.4f}", ""),
        ("20K: blocking completeness", ">= .99", f"{met / wanted:.4f} ({len(match):,} pairs)", ""),
        ("20K: ECE, all / confidence > .01", "<= .03", f"{error:.4f} / {possible:.4f}", ""),
        ("20K: precision at confidence .9", ">= .99", f"{precision_at(confidence, match, 0.9):.4f}", ""),
        ("20K: blocking and judging", "dedupe < 60 s", f"{seconds:.1f} s", ""),
        (
            f"versions ({len(same)} pairs), held out: P, R", ">= .995, .97; aim .999, .99",
            f"{told.precision:.4f}, {told.recall:.4f}", "",
        ),
        ("versions: ECE", "<= .03", f"{calibration(sure, same).error:.4f}", ""),
        ("versions: precision at confidence .9", ">= .99", f"{precision_at(sure, same, 0.9):.4f}", ""),
    ]  # fmt: skip


def _within(
    held: np.ndarray[Any, Any], left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Rows renumbered to those held out."""
    place = np.cumsum(held) - 1
    return place[left], place[right]


def shops(path: Path, name: str, bar: str) -> list[Row]:
    """Figures of labelled pairs of two shops."""
    frame = read_file(path)
    labels = frame["label"].to_numpy().astype(int).astype(bool)
    judged = judge_frame(frame, "itunes_", "amazon_", {}, path)
    result = pair_labels(judged.matches, labels)
    low, high = result.f1_interval
    return [
        (f"iTunes-Amazon {name}: F1", bar, f"{result.f1:.4f} ({low:.4f} to {high:.4f})", PUBLISHED[name]),
        (f"iTunes-Amazon {name}: precision, recall", "", f"{result.precision:.4f}, {result.recall:.4f}", ""),
        (f"iTunes-Amazon {name}: ECE", "<= .03", f"{calibration(judged.confidence, labels).error:.4f}", ""),
    ]


def discs(path: Path) -> list[Row]:
    """Held-out figures of the discs with known duplicates: means (lowest to highest) of several splits."""
    listed, truth = release_training.labelled(path, {}, matches=path.with_name("cddb_matches.csv"))
    found = listed.candidates()
    left, right = found.left, found.right
    features = listed.features(left, right)
    match = truth[left] == truth[right]
    made: dict[str, list[float]] = {}
    for seed in SPLITS:
        half = np.random.default_rng(seed).integers(0, 2, truth.max() + 1)[truth]
        by_model = []
        groups = np.arange(len(truth))
        for k in (0, 1):
            taught = (half[left] == k) & (half[right] == k)
            held = (half[left] != k) & (half[right] != k)
            model = release_training.learn_pairs({n: v[taught] for n, v in features.items()}, match[taught])
            confidence = model.judge(features).confidence
            by_model.append(confidence)
            mine, _ = group(len(truth), left[held], right[held], confidence[held], threshold=THRESHOLD)
            groups[half != k] = mine[half != k]
        unseen = np.where(half[left] == 0, by_model[1], by_model[0])
        confidence = np.where(half[left] == half[right], unseen, (by_model[0] + by_model[1]) / 2)
        whole = pairwise(group(len(truth), left, right, confidence, threshold=THRESHOLD)[0], truth, rounds=0)
        for name, value in (
            ("halves", pairwise(groups, truth, rounds=0).f1),
            ("whole", whole.f1),
            ("precision", whole.precision),
            ("recall", whole.recall),
            ("ece", calibration(confidence, match).error),
            ("possible", calibration(confidence, match, above=0.01).error),
            ("sure", precision_at(confidence, match, 0.9)),
        ):
            made.setdefault(name, []).append(value)
    mean = {name: float(np.mean(values)) for name, values in made.items()}
    spread = {n: f"{mean[n]:.4f} ({min(v):.4f} to {max(v):.4f} in {len(v)} splits)" for n, v in made.items()}
    sizes = np.bincount(truth)
    wanted = int((sizes * (sizes - 1) // 2).sum())
    return [
        ("discs, held out, within halves: F1", ">= .92, aim .95", spread["halves"], PUBLISHED["discs"]),
        ("discs, held out, whole list: F1", ">= .92, aim .95", spread["whole"], ""),
        ("discs, whole list: precision, recall", "", f"{mean['precision']:.4f}, {mean['recall']:.4f}", ""),
        ("discs: blocking completeness", ">= .99", f"{match.sum() / wanted:.4f} ({len(match):,} pairs)", ""),
        ("discs: ECE, all / confidence > .01", "<= .03", f"{mean['ece']:.4f} / {mean['possible']:.4f}", ""),
        ("discs: precision at confidence .9", "", spread["sure"], ""),
    ]


def scenarios(path: Path) -> list[Row]:
    """How many files find their recording among confusable candidates."""
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    right = sum(found_right(case) for case in cases)
    return [("recording scenarios", ">= 25", f"{right} of {len(cases)}", PUBLISHED["scenarios"])]


def found_right(case: dict[str, Any]) -> bool:
    """Whether the surest candidate is the right one and no other ties."""
    rows = [case["file"], *case["candidates"]]
    listed = understand(
        {
            "title": [row.get("title") for row in rows],
            "artist": [row.get("artist") for row in rows],
            "album": [row.get("album") for row in rows],
            "length": [f"{row['length_ms']} ms" if row.get("length_ms") else None for row in rows],
            "year": [row.get("date") for row in rows],
            "isrc": [";".join(row.get("isrcs") or []) or None for row in rows],
        },
        {},
        ["file"] + ["candidates"] * len(case["candidates"]),
        moving=False,
    )
    other = np.arange(1, len(rows), dtype=np.int64)
    _, judged = judge_pairs(load(), listed.records, np.zeros_like(other), other)
    odds = np.where(judged.vetoes == "", judged.log_odds, -np.inf)
    best = {c["id"] for c, one in zip(case["candidates"], odds, strict=True) if one >= odds.max() - 1e-9}
    same = case["scenario"] == "extreme_sim_same_isrc_all"  # candidates differ by release alone
    return best == {case["correct_id"]} or (same and case["correct_id"] in best)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    table = Table("measure", "bar", "here", "published (F1)", title="Matching on open data")
    for name, measure in (
        ("musicbrainz_20k.csv.gz", twenty_thousand),
        ("itunes_amazon_structured_dev.csv.gz", lambda p: shops(p, "structured", ">= .96, aim .98")),
        ("itunes_amazon_dirty_dev.csv.gz", lambda p: shops(p, "dirty", ">= .85, aim .95")),
        ("picard_recording_scenarios.jsonl", scenarios),
        ("cddb_discs.csv.gz", discs),
    ):
        rows = measure(data / name) if (data / name).is_file() else [(name, "", "not there", "")]
        for row in rows:
            table.add_row(*row)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
