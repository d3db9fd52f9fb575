"""Whether two version statements can be of one recording.

Belongs here: what differing version keys mean. How a version is read:
`enrichment.text.versions`.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

SAME, NEARLY, UNSAID, SOFT, CONFLICT = 1.0, 0.8, 0.6, 0.4, 0.0
"""Agreement of two statements: the same; spelt differently; one side says nothing where sources often leave
it out; another cut of the same performance; another recording."""
_LEFT_OUT = frozenset({"remaster", "radio", "extended", "album", "single", "original", "main", "club"})
"""Statements that many sources leave out of the title."""
_MISSPELT = 86.0


@lru_cache(maxsize=65_536)
def compare(a: str, b: str) -> float:
    """Agreement of two version keys: NaN if both are empty (nothing said), else see the constants.

    A key is ``|``-joined parts ``kind`` or ``kind:name``, '' for the original.
    """
    if a == b:
        return SAME if a else np.nan
    kinds_a, kinds_b = (_kinds(one) for one in (a, b))
    if not a or not b:
        return UNSAID if kinds_a | kinds_b <= _LEFT_OUT else CONFLICT
    names_a, names_b = _names(a), _names(b)
    if kinds_a == kinds_b and names_a and names_b:
        return NEARLY if fuzz.ratio(names_a, names_b) >= _MISSPELT else CONFLICT
    if names_a == names_b and (kinds_a ^ kinds_b) <= _LEFT_OUT:
        return UNSAID if kinds_a <= kinds_b or kinds_b <= kinds_a else SOFT
    if (not names_a or not names_b) and (kinds_a & kinds_b) - _LEFT_OUT:
        return SOFT  # "Remix" beside "Somebody Remix"
    return CONFLICT


def _kinds(key: str) -> frozenset[str]:
    return frozenset(part.partition(":")[0] for part in key.split("|") if part and not part.isdigit())


def _names(key: str) -> str:
    return "+".join(name for part in key.split("|") if (name := part.partition(":")[2]))


def omissible(key: str) -> bool:
    """Whether a version changes the length, so that the same length tells of it where the title does not.

    An instrumental or a cappella has the length of what it is made of.
    """
    return _kinds(key) - _LEFT_OUT <= {"remix", "live"}


def implied(key: str, release: str) -> bool:
    """Whether the folded name of a release says what a version key does: its kind, and its maker if named."""
    words = f" {release} "
    kinds = _kinds(key) - _LEFT_OUT
    named = all(name in release.replace(" ", "") for name in _names(key).split("+"))
    return named and bool(kinds) and all(f" {kind} " in words for kind in kinds)


def agreement(
    column: list[str], left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """`compare` of the version keys of each pair; every distinct pair of keys is compared once."""
    if not len(left):
        return np.zeros(0)
    keys, codes = np.unique(np.array(column, dtype=str), return_inverse=True)
    both = codes[left].astype(np.int64) * len(keys) + codes[right]
    distinct, inverse = np.unique(both, return_inverse=True)
    values = np.array(
        [compare(str(keys[one // len(keys)]), str(keys[one % len(keys)])) for one in distinct.tolist()]
    )
    return values[inverse]
