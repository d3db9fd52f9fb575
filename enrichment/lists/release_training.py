"""Learning the model of releases from a labelled list.

    python -m enrichment.lists.release_training LIST --matches PAIRS --about TEXT --out release_model.json

PAIRS names record ids that match; instead of it ``--truth`` names a column with the true cluster. Besides
the pairs blocking finds, the model learns from made ones that few lists show: other discs of one set (the
same artist and title, another number and other tracks). Only coefficients leave the list.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from enrichment.lists import truth as truths
from enrichment.lists.reading import parse_mapping, read_file
from enrichment.lists.releases import ReleaseList, from_frame, gathered
from enrichment.matching.comparable import Floats, Indices
from enrichment.matching.fitting import fit
from enrichment.matching.model import Curve, Model, dump

_NAMES, _LISTS = (0.3, 0.65, 1.0), (0.3, 0.6, 0.8, 1.0)
KNOTS: dict[str, tuple[float, ...]] = {
    "title": _NAMES,
    "title_within": (0.5, 0.8, 1.0),
    "title_numbers": (0.0, 0.5, 1.0),
    "artist": _NAMES,
    "text_within": (0.5, 0.8, 1.0),
    "tracks_order": (0.5, 0.7, 0.85, 1.0),
    "tracks_within": _LISTS,
    "tracks_phrases": (0.0, 0.2, 0.5, 0.8, 1.0),
    "tracks_shared": (0.0, 3.0, 8.0, 20.0, 50.0),
    "tracks_count": (0.3, 0.7, 1.0),
    "year": (0.0, 1.0, 3.0, 10.0),
    "genre": (0.3, 1.0),
}
"""Where a learned curve may bend."""
FALLING = frozenset({"year"})
"""Features that speak for a match the smaller they are."""
GIVEN = {"tracks_matched": Curve((0.0, 0.3, 0.7, 1.0), (-1.5, -0.5, 0.3, 1.0))}
"""Curves no open labelled list teaches: those that have labels come as running text. The learned curves hold
for divided lists too, which are compared word by word all the same; this one adds what the division tells."""
DISCS = 0.1
"""Made pairs (other discs), as a share of the true pairs."""
EASY, SHARE = 0.6, 0.1
"""Pairs less alike than this in names and tracks are learned from by a share, which counts for all."""


def labelled(
    path: Path, mapping: dict[str, str], *, truth: str | None = None, matches: Path | None = None
) -> tuple[ReleaseList, Indices]:
    """A list of releases and the true cluster of each row, by a column or a file of pairs.

    Raises:
        LakeError: the list or the truth is wrong.
    """
    frame = gathered(read_file(path), mapping)
    if truth is not None:
        return from_frame(frame.drop(truth), mapping, path), truths.by_column(frame, truth, path)
    listed = from_frame(frame, mapping, path)
    return listed, truths.by_pairs(listed, matches or path)


def learn(
    listed: ReleaseList, truth: Indices, rows: npt.NDArray[np.bool_] | None = None, *, seed: int = 11
) -> Model:
    """A model from a labelled list, or from those of its rows that are chosen.

    Args:
        listed: the list.
        truth: true cluster of each row.
        rows: rows to learn from; default all.
        seed: of what is drawn.
    """
    found = listed.candidates()
    left, right = found.left, found.right
    if rows is not None:
        both = rows[left] & rows[right]
        left, right = left[both], right[both]
    return learn_pairs(listed.features(left, right), truth[left] == truth[right], seed=seed)


def learn_pairs(features: dict[str, Floats], labels: npt.NDArray[np.bool_], *, seed: int = 11) -> Model:
    """A model from candidate pairs, see `training_pairs`."""
    made, matches, weights = training_pairs(features, labels, seed=seed)
    return fit(made, matches, weights, knots=KNOTS, falling=FALLING, given=GIVEN)


def training_pairs(
    features: dict[str, Floats], labels: npt.NDArray[np.bool_], *, seed: int
) -> tuple[dict[str, Floats], npt.NDArray[np.bool_], Floats]:
    """Features, labels and weights of the pairs to learn from: true and hard ones, some easy ones, made ones.

    Args:
        features: of the candidate pairs.
        labels: whether they match.
        seed: of what is drawn.
    """
    drawn = np.random.default_rng(seed)
    alike = np.fmax(features["text_within"], features["tracks_within"])
    easy = ~labels & ~(alike >= EASY)
    kept = np.flatnonzero(~easy | (drawn.random(len(labels)) < SHARE))
    weights = np.where(easy[kept], 1 / SHARE, 1.0)
    # another disc: names as of a true pair, another number, tracks as of a pair of strangers
    names = drawn.choice(np.flatnonzero(labels), int(DISCS * labels.sum()))
    strangers = drawn.choice(np.flatnonzero(easy), len(names))
    made = {
        n: np.concatenate([v[kept], v[strangers if n.startswith("tracks") else names]])
        for n, v in features.items()
    }
    made["title_numbers"][len(kept) :] = 0.0
    return (
        made,
        np.concatenate([labels[kept], np.zeros(len(names), bool)]),
        np.concatenate([weights, np.ones(len(names))]),
    )


def main() -> None:
    """Learn from one labelled list and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("list", type=Path)
    known = parser.add_mutually_exclusive_group(required=True)
    known.add_argument("--truth", help="column with the true cluster")
    known.add_argument("--matches", type=Path, help="file of matching record ids")
    parser.add_argument("--map", action="append", default=[], help="NAME=field")
    parser.add_argument("--about", default="", help="what the list is, kept in the model")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    listed, truth = labelled(given.list, parse_mapping(given.map), truth=given.truth, matches=given.matches)
    model = replace(learn(listed, truth), about=given.about)
    given.out.write_text(dump(model), encoding="utf-8")
    sys.stdout.write(dump(model))


if __name__ == "__main__":
    main()
