"""Learning the model from labelled lists: ``python -m enrichment.lists.training LIST --truth COLUMN``.

Besides the pairs blocking finds, the model learns from two kinds made of them, which lists of one catalogue
rarely show: sisters (another track of the same artist and album, with the title and mostly the length of a
third record; or another part, "Title" and "Title 2") and bare pairs (artist or album not known). Only
coefficients leave the list.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from enrichment.lists.blocking import candidates
from enrichment.lists.reading import parse_mapping, read_file
from enrichment.lists.readings import Judgement, reconsider
from enrichment.lists.records import TrackList, from_frame, from_pairs
from enrichment.matching.features import (
    Comparable,
    Floats,
    Indices,
    numbers,
    pair_features,
    spelling,
    texts,
    titles,
)
from enrichment.matching.fitting import fit
from enrichment.matching.model import Model, dump, load

Kind = Literal["sister", "part", "namesake", "reissue"]
MADE: dict[Kind, float] = {"sister": 0.6, "part": 0.05, "namesake": 0.1, "reissue": 0.07}
"""Made pairs of each kind, as a share of the true pairs; all but the reissues are no matches."""
BARE = 0.3
"""Pairs whose artist, album, year and number are hidden by chance, as a share of the true pairs."""
PAIR_WEIGHT = 20.0
"""What a labelled pair counts: there are few, and each stands for a shape that real lists show often."""
LIKELY = 0.55
"""Candidates whose texts are less alike than this are never close: one in twenty is learned from."""
_ONE_IN = 20
FADED = 2.5
"""Seconds (standard deviation) by which lengths of a reissue differ: other fades, other silence."""
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
    records: Comparable, left: Indices, right: Indices, *, kind: Kind, seed: int
) -> tuple[Comparable, Indices]:
    """Records like `right` that are other tracks than `left`, behind the records; and their indices.

    Args:
        records: the list.
        left: rows the made records will be compared with.
        right: rows they are made of.
        kind: "sister": the title of a random row; "part": another number in the title; "namesake": the
            title with artist and album of a random row, or of nobody; "reissue": the same on the album of a
            random row, as a compilation has it.
        seed: of what is drawn.
    """
    drawn = np.random.default_rng(seed)
    other = drawn.integers(0, len(records), len(right))
    nobody = (drawn.random(len(right)) < 0.5) & (kind == "namesake")
    joined = records.take(np.arange(len(records)))
    numbering = drawn.integers(2, 6, len(right)).tolist()
    rows = zip(right.tolist(), other.tolist(), numbering, nobody.tolist(), strict=True)
    for k, o, n, unsaid in rows:
        title_of, credit_of = (o, k) if kind == "sister" else (k, o if kind == "namesake" else k)
        title = records.title[title_of] + (f" {n}" if kind == "part" else "")
        joined.title.append(title)
        joined.key.append(records.key[title_of] + (str(n) if kind == "part" else ""))
        joined.version.append(records.version[title_of])
        release_of = o if kind == "reissue" else credit_of
        for name in ("artist", "main"):
            getattr(joined, name).append("" if unsaid else getattr(records, name)[credit_of])
        for name in ("album", "album_written", "release", "label", "catalog_number"):
            getattr(joined, name).append("" if unsaid else getattr(records, name)[release_of])
        joined.names.append([] if unsaid else records.names[credit_of])
        joined.text.append(" ".join(p for p in (title, joined.artist[-1], joined.album[-1]) if p))
        joined.isrc.append(frozenset())
        joined.usable.append(True)
        joined.namesakes.append({})
    length = records.length[right if kind == "reissue" else other]
    close = (drawn.random(len(right)) < CLOSE) & (kind != "reissue")
    length[close] = records.length[left[close]] + drawn.normal(0, 2, int(close.sum()))
    if kind == "reissue":
        length = length + drawn.normal(0, FADED, len(length))
    length[nobody] = np.nan
    joined.length = np.concatenate([records.length, length])
    joined.number = np.concatenate([records.number, np.where(nobody, np.nan, records.number[other])])
    year = records.year[other if kind == "reissue" else right]
    joined.year = np.concatenate([records.year, np.where(nobody, np.nan, year)])
    return joined, np.arange(len(records), len(records) + len(right), dtype=np.int64)


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
    alike = numbers(records, left, right) | titles(records, left, right) | texts(records, left, right)
    drawn = np.random.default_rng(seed)
    likely = labels | (alike["title"] > LIKELY) | (alike["text_within"] > LIKELY)
    kept = np.flatnonzero(likely | (drawn.random(len(left)) < 1 / _ONE_IN))
    left, right, labels = left[kept], right[kept], labels[kept]
    found = {name: values[kept] for name, values in alike.items()} | spelling(records, left, right)
    parts, kinds = [found], [labels]
    weights = [np.where(likely[kept], 1.0, _ONE_IN)]
    true = np.flatnonzero(labels)
    for kind, share in MADE.items():
        some = drawn.choice(true, int(len(true) * share))
        joined, made = sisters(records, left[some], right[some], kind=kind, seed=seed)
        parts.append(pair_features(joined, left[some], made))
        kinds.append(np.full(len(some), kind == "reissue"))
        weights.append(np.ones(len(some)))
    bare = drawn.choice(len(left), int(len(true) * BARE), replace=False)
    bare = np.concatenate([bare, drawn.choice(true, int(len(true) * BARE), replace=False)])
    hidden = {name: values[bare].copy() for name, values in found.items()}
    for name in ("artist", "year", "number"):
        hidden[name][drawn.random(len(bare)) < 0.5] = np.nan
    nobody = np.isnan(hidden["artist"])
    hidden["same_artists"][nobody] = np.nan
    parts.append(hidden)
    kinds.append(labels[bare])
    weights.append(weights[0][bare])
    features = {name: np.concatenate([part[name] for part in parts]) for name in found}
    return features, np.concatenate(kinds), np.concatenate(weights)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Judged pairs: features, labels, and the name of each's left side, by which a set can be divided."""

    features: dict[str, Floats]
    labels: npt.NDArray[np.bool_]
    names: list[str]

    def chosen(self, rows: npt.NDArray[np.bool_]) -> "Labelled":
        """Some of the pairs."""
        return Labelled(
            {name: values[rows] for name, values in self.features.items()},
            self.labels[rows],
            [name for name, chosen in zip(self.names, rows.tolist(), strict=True) if chosen],
        )


def labelled_pairs(path: Path, model: Model) -> Labelled:
    """Pairs of a file with columns ``left_…``, ``right_…`` and ``same`` (1 or 0), where both name tracks.

    `model` chooses between the readings of a row (`readings`).
    """
    frame = read_file(path)
    listed = from_pairs(frame.drop("same"), "left_", "right_", {}, path)
    first = np.arange(frame.height, dtype=np.int64)
    second = first + frame.height
    features = pair_features(listed.records, first, second)
    judgement = Judgement(first, second, features, model.judge(features))
    usable = np.array(listed.records.usable)
    found = Labelled(
        reconsider(model, listed.readings, judgement).features,
        frame["same"].cast(pl.Int64).to_numpy() == 1,
        [f"{artist} {title}" for title, artist, _ in listed.shown[: frame.height]],
    )
    return found.chosen(usable[first] & usable[second])


def together(sets: Sequence[Labelled]) -> Labelled:
    """All pairs of several sets."""
    return Labelled(
        {name: np.concatenate([one.features[name] for one in sets]) for name in sets[0].features},
        np.concatenate([one.labels for one in sets]),
        [name for one in sets for name in one.names],
    )


def learn(
    listed: TrackList,
    truth: Indices,
    rows: npt.NDArray[np.bool_] | None = None,
    *,
    pairs: Labelled | None = None,
) -> Model:
    """A model from a labelled list, or from those of its rows that are chosen, and labelled pairs."""
    found = candidates(listed.records)
    left, right = found.left, found.right
    if rows is not None:
        both = rows[left] & rows[right]
        left, right = left[both], right[both]
    features, labels, weights = training_pairs(listed.records, truth, left, right)
    if pairs is not None:
        features = {name: np.concatenate([features[name], pairs.features[name]]) for name in features}
        labels = np.concatenate([labels, pairs.labels])
        weights = np.concatenate([weights, np.full(len(pairs.labels), PAIR_WEIGHT)])
    return fit(features, labels, weights, about="")


def main() -> None:
    """Learn from one labelled list and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("list", type=Path)
    parser.add_argument("--truth", required=True, help="column with the true cluster")
    parser.add_argument(
        "--pairs", type=Path, nargs="+", required=True, help="labelled pairs: left_…, right_…, same"
    )
    parser.add_argument("--map", action="append", default=[], help="NAME=field")
    parser.add_argument("--about", default="", help="what the list is, kept in the model")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    listed, truth = labelled(given.list, given.truth, parse_mapping(given.map))
    pairs = together([labelled_pairs(path, load()) for path in given.pairs])
    model = replace(learn(listed, truth, pairs=pairs), about=given.about)
    given.out.write_text(dump(model), encoding="utf-8")
    sys.stdout.write(dump(model))


if __name__ == "__main__":
    main()
