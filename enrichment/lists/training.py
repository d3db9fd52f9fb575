"""Learning the model from labelled lists: ``python -m enrichment.lists.training LIST --truth COLUMN``.

Besides the pairs blocking finds, the model learns from two kinds made of them, which lists of one catalogue
rarely show: sisters (another track of the same artist and album, with the title and mostly the length of a
third record; or another part, "Title" and "Title 2") and bare pairs (artist or album not known). Only
coefficients leave the list.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from enrichment.lists.blocking import candidates
from enrichment.lists.reading import parse_mapping, read_file
from enrichment.lists.records import TrackList, from_frame
from enrichment.matching.features import Comparable, Floats, Indices, pair_features
from enrichment.matching.fitting import fit
from enrichment.matching.model import Model, dump

SISTERS, PARTS, BARE = 0.6, 0.05, 0.3
"""Made pairs of each kind, as a share of the true pairs."""
CLOSE = 0.15
"""Share of the sisters that are as long as each other within a few seconds."""


def labelled(
    path: Path, truth: str, mapping: dict[str, str] | None = None
) -> tuple[TrackList, npt.NDArray[np.int64]]:
    """A list and the true cluster of each row; the truth is never a feature."""
    frame = read_file(path)
    known = pl.Series(frame[truth]).rank("dense").cast(pl.Int64).to_numpy()
    listed = from_frame(frame.drop(truth), mapping or {}, path)
    return listed, known.astype(np.int64)


def sisters(
    records: Comparable, left: Indices, right: Indices, *, parts: bool, seed: int
) -> tuple[Comparable, Indices]:
    """Records like `right` that are other tracks than `left`, behind the records; and their indices.

    Args:
        records: the list.
        left: rows the made records will be compared with.
        right: rows they are made of.
        parts: give the title another number; otherwise the title of a random row.
        seed: of what is drawn.
    """
    drawn = np.random.default_rng(seed)
    other = drawn.integers(0, len(records), len(right))
    joined = _take(records, np.arange(len(records)))
    numbering = drawn.integers(2, 6, len(right)).tolist()
    for k, o, n in zip(right.tolist(), other.tolist(), numbering, strict=True):
        title = f"{records.title[k]} {n}" if parts else records.title[o]
        joined.title.append(title)
        joined.numbers.append(f"{records.numbers[k]} {n}".strip() if parts else records.numbers[o])
        joined.version.append(records.version[k if parts else o])
        joined.text.append(" ".join(p for p in (title, records.artist[k], records.album[k]) if p))
        for name in ("artist", "main", "album", "release", "label", "catalog_number"):
            getattr(joined, name).append(getattr(records, name)[k])
        joined.isrc.append(frozenset())
    length = records.length[other]
    close = drawn.random(len(right)) < CLOSE
    length[close] = records.length[left[close]] + drawn.normal(0, 2, int(close.sum()))
    joined.length = np.concatenate([records.length, length])
    joined.number = np.concatenate([records.number, records.number[other]])
    joined.year = np.concatenate([records.year, records.year[right]])
    return joined, np.arange(len(records), len(records) + len(right), dtype=np.int64)


def _take(records: Comparable, rows: npt.NDArray[np.int64]) -> Comparable:
    lists = {
        name: [getattr(records, name)[i] for i in rows]
        for name in (
            "title", "artist", "main", "release", "album", "text", "version", "numbers", "isrc",
            "label", "catalog_number",
        )
    }  # fmt: skip
    return Comparable(
        **lists, length=records.length[rows], year=records.year[rows], number=records.number[rows]
    )


def training_pairs(
    records: Comparable, truth: Indices, left: Indices, right: Indices, *, seed: int = 11
) -> tuple[dict[str, Floats], npt.NDArray[np.bool_], Floats]:
    """Features, labels and weights of the pairs to learn from.

    Args:
        records: the list.
        truth: true cluster of each row.
        left: left row of each candidate pair.
        right: right row of each.
        seed: of what is drawn.
    """
    labels = truth[left] == truth[right]
    found = pair_features(records, left, right)
    parts, kinds = [found], [labels]
    true = np.flatnonzero(labels)
    drawn = np.random.default_rng(seed)
    for share, are_parts in ((SISTERS, False), (PARTS, True)):
        some = drawn.choice(true, int(len(true) * share))
        joined, made = sisters(records, left[some], right[some], parts=are_parts, seed=seed)
        parts.append(pair_features(joined, left[some], made))
        kinds.append(np.zeros(len(some), bool))
    bare = drawn.choice(len(left), int(len(true) * BARE), replace=False)
    bare = np.concatenate([bare, drawn.choice(true, int(len(true) * BARE), replace=False)])
    hidden = {name: values[bare].copy() for name, values in found.items()}
    for name in ("artist", "album", "year", "number"):
        hidden[name][drawn.random(len(bare)) < 0.5] = np.nan
    parts.append(hidden)
    kinds.append(labels[bare])
    features = {name: np.concatenate([part[name] for part in parts]) for name in found}
    return features, np.concatenate(kinds), np.ones(sum(len(k) for k in kinds))


def learn(listed: TrackList, truth: Indices, rows: npt.NDArray[np.bool_] | None = None) -> Model:
    """A model from a labelled list, or from those of its rows that are chosen."""
    found = candidates(listed.records)
    left, right = found.left, found.right
    if rows is not None:
        both = rows[left] & rows[right]
        left, right = left[both], right[both]
    features, labels, weights = training_pairs(listed.records, truth, left, right)
    return fit(features, labels, weights, about="")


def main() -> None:
    """Learn from one labelled list and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("list", type=Path)
    parser.add_argument("--truth", required=True, help="column with the true cluster")
    parser.add_argument("--map", action="append", default=[], help="NAME=field")
    parser.add_argument("--about", default="", help="what the list is, kept in the model")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    listed, truth = labelled(given.list, given.truth, parse_mapping(given.map))
    model = replace(learn(listed, truth), about=given.about)
    given.out.write_text(dump(model), encoding="utf-8")
    sys.stdout.write(dump(model))


if __name__ == "__main__":
    main()
