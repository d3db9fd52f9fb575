"""Judged pairs of a list -> groups without chains of weak links; where sources allow it, one row a source.

Belongs here: agglomerative grouping by mean log odds, and finding out whether a source repeats itself. The
lake's own clustering over nodes with stable ids is in `clustering`.
"""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

FLOOR = 0.1
"""Confidence below which a pair cannot begin a merge; it counts as evidence against one."""
RIVAL_FREE = 0.15
"""Confidence from which a pair joins where each source has one row to give: a pair that is the best choice of
both its rows is right much more often than its confidence, which knows nothing of the others, says."""
UNJUDGED = -3.0
"""Log odds of two rows that never met: blocking found nothing in common."""
_BOUND = 8.0
"""Log odds beyond which a pair is no surer: one pair shall not outvote all others."""
REPEATS, LINKED = 0.03, 0.1
"""A list is made of sources free of duplicates if at most this share of rows has a sure double in its own
source, while at least this share has one in another."""


def one_per_source(sources: Indices, left: Indices, right: Indices, confidence: Floats) -> bool:
    """Whether the sources list each recording at most once, by the sure pairs within and between them.

    Args:
        sources: source of each row, as a number.
        left: left row of each pair.
        right: right row of each pair.
        confidence: of each pair.
    """
    if len(np.unique(sources)) < 2:
        return False
    sure = confidence >= 0.9
    same = sources[left] == sources[right]
    within = np.unique(np.concatenate([left[sure & same], right[sure & same]])).size / len(sources)
    between = np.unique(np.concatenate([left[sure & ~same], right[sure & ~same]])).size / len(sources)
    return bool(within <= REPEATS and between >= LINKED)


def group(
    rows: int,
    left: Indices,
    right: Indices,
    confidence: Floats,
    *,
    sources: Indices | None = None,
    threshold: float = 0.5,
) -> tuple[Indices, Floats]:
    """Group of each row (the smallest row in it) and how sure the row is in its place.

    Pairs are taken from the surest down; two groups merge if the mean log odds of the pairs across them
    exceed the threshold's, pairs that never met counting as `UNJUDGED`. So a row joins a group for what it
    has in common with all of it, not with one member.

    Args:
        rows: how many rows there are.
        left: left row of each judged pair.
        right: right row of each judged pair.
        confidence: of each pair, vetoes applied.
        sources: source of each row, where a group holds at most one row of each; None for no such rule.
        threshold: confidence from which a pair is a match.

    Returns:
        groups: shape (rows,).
        certainty: shape (rows,): confidence of the row's best pair within its group; for a row alone, that
            of having no match (1 minus the best pair it was refused).
    """
    clipped = np.clip(confidence, 1e-9, 1 - 1e-9)
    odds = np.clip(np.log(clipped / (1 - clipped)) - np.log(threshold / (1 - threshold)), -_BOUND, _BOUND)
    starts = np.flatnonzero(confidence >= FLOOR)
    merging = np.zeros(rows, bool)  # rows that no merge can begin with are never looked up
    merging[left[starts]] = merging[right[starts]] = True
    keep = np.flatnonzero((confidence >= 1e-3) & merging[left] & merging[right])
    known = dict(zip((left[keep] * rows + right[keep]).tolist(), odds[keep].tolist(), strict=True))
    members: dict[int, list[int]] = {}
    of = list(range(rows))
    order = starts[np.lexsort((right[starts], left[starts], -confidence[starts]))]
    for one, other in zip(left[order].tolist(), right[order].tolist(), strict=True):
        a, b = of[one], of[other]
        if a == b:
            continue
        mine, others = members.get(a, [a]), members.get(b, [b])
        if sources is not None and not {sources[i] for i in mine}.isdisjoint(sources[j] for j in others):
            continue
        total = sum(
            known.get(i * rows + j if i < j else j * rows + i, UNJUDGED) for i in mine for j in others
        )
        if total <= 0:
            continue
        keeper, gone = min(a, b), max(a, b)
        members[keeper] = [*mine, *others]
        members.pop(gone, None)
        for i in members[keeper]:
            of[i] = keeper
    groups = np.array(of, dtype=np.int64)
    return groups, _certainty(rows, groups, left, right, confidence)


def _certainty(rows: int, groups: Indices, left: Indices, right: Indices, confidence: Floats) -> Floats:
    together = groups[left] == groups[right]
    inside, outside = np.full(rows, -1.0), np.zeros(rows)
    for side in (left, right):
        np.maximum.at(inside, side[together], confidence[together])
        np.maximum.at(outside, side[~together], confidence[~together])
    return np.where(inside >= 0, inside, 1.0 - outside)


def pairs_within(groups: Indices) -> tuple[Indices, Indices]:
    """All pairs (left < right) of rows in one group; -1 groups nothing."""
    found: dict[int, list[int]] = defaultdict(list)
    for i, one in enumerate(groups.tolist()):
        if one >= 0:
            found[one].append(i)
    pairs = [(a, b) for rows in found.values() for k, a in enumerate(rows) for b in rows[k + 1 :]]
    made = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return made[:, 0], made[:, 1]
