"""Whether two version statements can be of one recording.

Belongs here: what differing version keys mean. How a version is read:
`enrichment.text.versions`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from enrichment.matching.letters import another_word, by_ear
from enrichment.text.vocabulary import STYLES

SAME, SILENT, NEARLY, UNSAID, SOFT, CONFLICT = 1.0, 0.9, 0.8, 0.6, 0.4, 0.0
"""Agreement of two statements: the same; "Extended" left out by somebody who names no versions; spelt
differently; one side says nothing where sources often leave it out; another cut of the same performance;
another recording."""
_LEFT_OUT = frozenset({"radio", "extended", "album", "single", "original", "main", "club"})
"""Statements that many sources leave out of the title."""
_MAKER_RATIO = 87.0
_REMASTERED = re.compile(r"remaster:(\d{4})")
_NOT_DIGITS = re.compile(r"[^0-9]")
_EXTENDED = re.compile(r"(^|[|])extended")
_DJ = re.compile(r"^dj(?=[a-z0-9]{3})")


@lru_cache(maxsize=262_144)
def compare(a: str, b: str, stated_a: bool = True, stated_b: bool = True) -> float:
    """Agreement of two version keys: NaN if both are empty (nothing said), else see the constants.

    Args:
        a: parts ``kind`` or ``kind:name`` or a year, joined by ``|``; '' for the original.
        b: the same of the other record.
        stated_a: whether the source names the versions it means; a line typed into a tracklist may not.
        stated_b: the same of the other record.
    """
    if a == b:
        return SAME if a else np.nan
    if "remaster:" in a or "remaster:" in b:
        years = [set(_REMASTERED.findall(key)) for key in (a, b)]
        if all(years) and years[0] != years[1]:
            return CONFLICT
        a, b = (_REMASTERED.sub("remaster", key) for key in (a, b))  # one leaves the year out
        if a == b:
            return NEARLY
    extended = "extended" in a
    if extended != ("extended" in b) and _without_extended(a) == _without_extended(b):
        return UNSAID if (stated_b if extended else stated_a) else SILENT
    if not a or not b:
        return UNSAID if _kinds(a) | _kinds(b) <= _LEFT_OUT else CONFLICT
    return _both_stated(a, b)


def _both_stated(a: str, b: str) -> float:
    kinds_a, kinds_b = _kinds(a), _kinds(b)
    names_a, names_b = _names(a), _names(b)
    if _plain(a) == _plain(b) and names_a and names_b:
        return NEARLY if same_makers(names_a, names_b) else CONFLICT
    if names_a == names_b and (kinds_a ^ kinds_b) <= _LEFT_OUT and _years(a) == _years(b):
        return UNSAID if kinds_a <= kinds_b or kinds_b <= kinds_a else SOFT
    if (not names_a or not names_b) and (kinds_a & kinds_b) - _LEFT_OUT:
        return SOFT  # "Remix" beside "Somebody Remix"
    return CONFLICT


def _without_extended(key: str) -> str:
    return _EXTENDED.sub("", key)


def _plain(key: str) -> str:
    """The key without names: kinds, qualifiers and years."""
    return "|".join(part.partition(":")[0] for part in key.split("|"))


def _kinds(key: str) -> frozenset[str]:
    return frozenset(part.partition(":")[0] for part in key.split("|") if part and not part.isdigit())


def _years(key: str) -> frozenset[str]:
    return frozenset(part for part in key.split("|") if part.isdigit())


def _names(key: str) -> str:
    return "+".join(name for part in key.split("|") if (name := part.partition(":")[2]))


def same_makers(a: str, b: str) -> bool:
    """Whether two lists of folded names (joined by ``+``) are spellings of one."""
    if a.replace("+", "") == b.replace("+", "") or _one_of(a, b.split("aka")) or _one_of(b, a.split("aka")):
        return True  # "Above & Beyond" in a list without spaces; "Adolf Noise aka DJ Koze"
    if a.count("+") != b.count("+") or _NOT_DIGITS.sub("", a) != _NOT_DIGITS.sub("", b):
        return False
    a, b = (" ".join(_DJ.sub("", name) for name in names.split("+")) for names in (a, b))
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) < 5 or by_ear(a, b):
        return len(shorter) >= 5 or a == b  # "Sasha", "Sacha"
    if longer.endswith(shorter):
        return shorter not in STYLES  # "Oakenfold" for "Paul Oakenfold"; the "Classic Mix" may be another's
    if shorter in longer and len(longer) - len(shorter) > 2:
        return False  # "Somebody Acid Remix" says more than "Somebody Remix"
    return fuzz.ratio(a, b) >= _MAKER_RATIO and not another_word(a, b)


def _one_of(name: str, names: list[str]) -> bool:
    return len(names) > 1 and len(name) > 2 and name in names


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
    left: Sequence[str],
    right: Sequence[str],
    stated_left: Sequence[bool] | None = None,
    stated_right: Sequence[bool] | None = None,
) -> npt.NDArray[np.float64]:
    """`compare` of the version keys of each pair."""
    always = [True] * len(left)
    rows = zip(left, right, stated_left or always, stated_right or always, strict=True)
    return np.fromiter((compare(*row) for row in rows), float, len(left))
