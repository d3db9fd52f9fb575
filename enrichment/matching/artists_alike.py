"""Artists alike: whether two credits name the same people, spelt otherwise.

Belongs here: the judgement of two credits by themselves, without a track. With a title at hand the guards can
be looser: that is `scoring`.
"""

from itertools import groupby

from rapidfuzz import fuzz

from enrichment.matching.letters import another_word
from enrichment.text.credits import Credit, parse_credit
from enrichment.text.fold import fold_key

THRESHOLD = 0.90
"""Names at least this alike are one artist (ARTIST_MATCH_THRESHOLD of the source documents)."""
_SHORT = 8
"""Names of fewer letters must agree exactly: "Zomboy" and "Zomby" are two people."""


def same_artist(left: str, right: str) -> float:
    """How sure it is that two credits name the same artists: 1 for equal names, at least `THRESHOLD` or 0.

    Order and separators do not matter. Every name of one side needs its like on the other.
    """
    one_side, other_side = parse_credit(left), parse_credit(right)
    a, b = _names(one_side), _names(other_side)
    if not a or not b or _told_apart(one_side, other_side):
        return 0.0
    if a == b:
        return 1.0
    if len(a) != len(b):
        return 0.0
    rest = zip(sorted(a - b), sorted(b - a), strict=True)
    return min(_alike(one, other) for one, other in rest)


def _names(credit: Credit) -> frozenset[str]:
    return frozenset() if credit.unknown else frozenset((*credit.keys, *credit.featured_keys))


def _told_apart(left: Credit, right: Credit) -> bool:
    """Whether a name has another disambiguator on each side: "Sully (UK)" and "Sully (US)"."""
    notes = {fold_key(name): fold_key(note) for name, note in left.disambiguators}
    return any(
        notes.get(fold_key(name), fold_key(note)) != fold_key(note) for name, note in right.disambiguators
    )


def _alike(a: str, b: str) -> float:
    ratio = fuzz.ratio(a, b) / 100
    if ratio < THRESHOLD or min(len(a), len(b)) < _SHORT:
        return 0.0
    if _digits(a) != _digits(b) or another_word(a, b):
        return 0.0
    if (a in b or b in a) and _undoubled(a) != _undoubled(b):
        return 0.0  # "Christopher" and "Christopher K", "Submerge" and "Submerged"; but "Bollman", "Bollmann"
    return ratio


def _digits(name: str) -> str:
    return "".join(c for c in name if c.isdigit())


def _undoubled(name: str) -> str:
    return "".join(letter for letter, _ in groupby(name))
