"""How good a grouping is: precision, recall, F1, calibration, and how sure these are.

Definitions: pairwise figures count pairs of rows together in one group; cluster figures count clusters of
two and more rows that are exactly right (Menestrina et al., VLDB 2010); the expected calibration error is the
mean distance of confidence and share of matches over bins, weighted by rows (Guo et al., ICML 2017).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enrichment.matching.grouping import pairs_within

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1, each with the bounds of its 95 % interval."""

    precision: float
    recall: float
    f1: float
    precision_interval: tuple[float, float] = (np.nan, np.nan)
    recall_interval: tuple[float, float] = (np.nan, np.nan)
    f1_interval: tuple[float, float] = (np.nan, np.nan)


def scores(true_positives: float, found: float, wanted: float) -> Scores:
    """Precision, recall and F1 from counts; nothing found or wanted counts as all right."""
    precision = true_positives / found if found else 1.0
    recall = true_positives / wanted if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Scores(float(precision), float(recall), float(f1))


def pair_labels(confident: Flags, labels: Flags, *, seed: int = 7, rounds: int = 500) -> Scores:
    """Scores of judged pairs, each pair drawn by itself in the bootstrap."""
    counts = np.column_stack([confident & labels, confident, labels]).astype(float)
    return _bootstrap(counts, seed, rounds)


def pairwise(groups: Indices, truth: Indices, *, seed: int = 7, rounds: int = 500) -> Scores:
    """Pairwise scores of a grouping; true clusters are drawn in the bootstrap, with the pairs they own.

    A wrong pair joins two clusters and is owned half by each, so that it is drawn as often as they are.

    Args:
        groups: group of each row.
        truth: true cluster of each row.
        seed: of the bootstrap.
        rounds: of the bootstrap.
    """
    left, right = pairs_within(groups)
    clusters, of = np.unique(truth, return_inverse=True)
    counts = np.zeros((len(clusters), 3))
    good = of[left] == of[right]
    np.add.at(counts[:, 0], of[left[good]], 1.0)
    for side in (left, right):
        np.add.at(counts[:, 1], of[side], 0.5)
    sizes = np.bincount(of)
    counts[:, 2] = sizes * (sizes - 1) / 2
    return _bootstrap(counts, seed, rounds)


def cluster_level(groups: Indices, truth: Indices, *, seed: int = 7, rounds: int = 500) -> Scores:
    """Scores over whole clusters of two and more rows: right only if no row is missing or too many."""
    sizes: dict[int, int] = {}
    for one in truth.tolist():
        sizes[one] = sizes.get(one, 0) + 1
    rows: list[tuple[float, float, float]] = []
    found: dict[int, list[int]] = {}
    for i, one in enumerate(groups.tolist()):
        found.setdefault(one, []).append(i)
    for members in found.values():
        if len(members) > 1:
            names = {int(truth[i]) for i in members}
            exact = len(names) == 1 and sizes[next(iter(names))] == len(members)
            rows.append((float(exact), 1.0, float(exact)))
            if exact:
                sizes[next(iter(names))] = 1
    rows += [(0.0, 0.0, 1.0) for size in sizes.values() if size > 1]
    return _bootstrap(np.array(rows).reshape(-1, 3), seed, rounds)


def _bootstrap(counts: Floats, seed: int, rounds: int) -> Scores:
    """Scores of summed counts (true positives, found, wanted), with percentile intervals."""
    point = scores(*counts.sum(axis=0))
    if not len(counts) or not rounds:
        return point
    drawn = np.random.default_rng(seed)
    tries = np.empty((rounds, 3))
    for k in range(rounds):
        some = counts[drawn.integers(0, len(counts), len(counts))].sum(axis=0)
        one = scores(*some)
        tries[k] = one.precision, one.recall, one.f1
    low, high = np.percentile(tries, (2.5, 97.5), axis=0)
    bounds = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
    return Scores(point.precision, point.recall, point.f1, *bounds)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error, and bins as (mean confidence, share of matches, pairs)."""

    error: float
    bins: list[tuple[float, float, int]]


def calibration(confidence: Floats, labels: Flags, *, bins: int = 10, above: float = 0.0) -> Calibration:
    """Calibration of judged pairs over bins of equal width.

    Args:
        confidence: of each pair.
        labels: whether it matches.
        bins: how many.
        above: only pairs of more confidence count; blocking yields masses of sure non-matches, which make
            every figure look good.
    """
    chosen = confidence >= above
    values, matches = confidence[chosen], labels[chosen]
    place = np.minimum((values * bins).astype(int), bins - 1)
    made = [
        (float(values[here].mean()), float(matches[here].mean()), int(here.sum()))
        for k in range(bins)
        if (here := place == k).any()
    ]
    total = sum(n for *_, n in made)
    error = sum(abs(p - share) * n for p, share, n in made) / total if total else 0.0
    return Calibration(error, made)


def precision_at(confidence: Floats, labels: Flags, level: float) -> float:
    """Share of matches among pairs of at least this confidence; NaN if there are none."""
    sure = confidence >= level
    return float(labels[sure].mean()) if sure.any() else float("nan")
