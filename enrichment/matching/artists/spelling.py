"""Spelling: how two artist names differ, and how sure that alone makes them one artist.

Belongs here: the judgement of two folded names by their letters and words. What they are credited on is
`judging`. The confidences are set by hand so that a kind alone reaches the threshold only where, on real
names, nine of ten such pairs were one artist; the tests hold the outcome against data.
"""

import re
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from enrichment.matching.letters import another_word

_LONG, _VERY_LONG = 8, 16
"""Letters from which one slip, or two, leave a name recognisable."""
_SINGLE = 10
"""Letters from which a name of one word is recognisable with a slip."""
_LEAST_RATIO = 0.80
_CONNECTIVES = frozenset(("a", "and", "n", "the"))
_TITLES = frozenset(("dj", "djs", "mc", "mr", "mrs", "ms", "dr", "doctor", "mister", "miss"))
_UMLAUTS = re.compile("(?<=[aou])e(?=[a-z])")
_ROMAN = frozenset(("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
_SOUNDS = (
    ("sch", "s"), ("sh", "s"), ("tch", "c"), ("ch", "c"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("x", "ks"), ("z", "s"), ("w", "v"), ("d", "t"), ("j", "i"),
)  # fmt: skip
_VOWELS = re.compile("[aeiouyh]")
_NO_DIGIT = re.compile("[^0-9]")


@dataclass(frozen=True, slots=True)
class Difference:
    """How two names differ.

    Attributes:
        kind: ``umlaut`` (Juergen, Jürgen), ``connective`` (Dense & Pika, Dense Pika), ``slip`` (Tenaglia,
            Teneglia), ``title`` (DJ Zinc, Zinc), ``initial`` (A. Beyer, Adam Beyer), ``sound`` (Koenig
            Cilinders, König Cylinders) or ``cut`` (Romboy, Marc Romboy).
        confidence: that the names are one artist's, knowing nothing else; 0 to 1.
        odd: the word each side has in place of the other's, in the order of the arguments; empty where the
            names differ otherwise than in one of several words.
    """

    kind: str
    confidence: float
    odd: tuple[str, str] = ("", "")


def compare(left: str, right: str) -> Difference | None:
    """How two names, as `enrichment.text.fold.fold` gives them, differ; None if they are no spellings of one.

    Names that agree but for spaces do not differ; they are asked about as ``slip`` of no letter with
    confidence 1. Other numbers are other names, whatever the rest says ("System 2", "System 7").
    """
    a, b = left.replace(" ", ""), right.replace(" ", "")
    if not a or not b or _NO_DIGIT.sub("", a) != _NO_DIGIT.sub("", b):
        return None
    if a == b:
        return Difference("slip", 1.0)
    words_a, words_b = left.split(), right.split()
    if (set(words_a) ^ set(words_b)) & _ROMAN:
        return None
    return _rewritten(words_a, words_b) or _slip(words_a, words_b) or _sound(a, b) or _cut(words_a, words_b)


def skeleton(key: str) -> str:
    """What is left of a name when it is written by ear: consonants, like sounds as one letter, no doubles."""
    for written, sound in _SOUNDS:
        key = key.replace(written, sound)
    return undoubled(_VOWELS.sub("", key))


def core(words: str) -> str:
    """The letters of a name without titles, connectives and the e of written-out umlauts."""
    kept = [word for word in words.split() if word not in _CONNECTIVES and word not in _TITLES]
    return "".join(_UMLAUTS.sub("", word) for word in kept)


def undoubled(key: str) -> str:
    """The letters with doubled ones once: "Bollmann" and "Bolman" agree."""
    return "".join(letter for letter, _ in groupby(key))


def _rewritten(a: list[str], b: list[str]) -> Difference | None:
    """Names of the same words, some of them written otherwise by custom."""
    enough = min(sum(map(len, words)) for words in (a, b)) >= _LONG
    if [_UMLAUTS.sub("", word) for word in a] == [_UMLAUTS.sub("", word) for word in b]:
        return Difference("umlaut", 0.95 if enough else 0.6)
    plain = [[word for word in words if word not in _CONNECTIVES] for words in (a, b)]
    if plain[0] and "".join(plain[0]) == "".join(plain[1]):
        return Difference("connective", 0.95 if enough and len(plain[0]) > 1 else 0.6)
    bare = [words[1:] if words[0] in _TITLES and len(words) > 1 else words for words in (a, b)]
    if "".join(bare[0]) == "".join(bare[1]):
        return Difference("title", 0.6)
    if len(a) == len(b) > 1 and a[1:] == b[1:] and len(a[-1]) > 2:
        shorter, longer = sorted((a[0], b[0]), key=len)
        if len(shorter) == 1 and longer.startswith(shorter):
            return Difference("initial", 0.5)
    return None


def _slip(a: list[str], b: list[str]) -> Difference | None:
    """Names a slip of the hand apart: a letter left out, added, swapped with the next, or another."""
    key_a, key_b = "".join(a), "".join(b)
    shorter = min(len(key_a), len(key_b))
    slips = OSA.distance(key_a, key_b, score_cutoff=2)
    if shorter < 4 or slips > (2 if shorter >= _VERY_LONG else 1):
        return None
    odd = [(x, y) for x, y in zip(a, b, strict=True) if x != y] if len(a) == len(b) > 1 else []
    if len(odd) == 1 and min(map(len, odd[0])) == 1:
        return None  # "J Wiltshire" and "T Wiltshire"
    if shorter < _LONG:
        confidence = 0.4
    elif another_word(key_a, key_b) or _continued(key_a, key_b) or (slips > 1 and key_a[0] != key_b[0]):
        confidence = 0.6
    elif len(odd) == 1:
        recognisable = slips == 1 or min(map(len, odd[0])) >= _LONG
        confidence = 0.93 if recognisable and not _continued(*odd[0]) else 0.75
    elif max(len(a), len(b)) > 1:
        confidence = 0.8  # words joined or parted besides: "Hardrive" is not "Hard Drive"
    else:
        inner = len(key_a) != len(key_b) or sorted(key_a) == sorted(key_b)
        confidence = 0.91 if inner and shorter >= _SINGLE else 0.75
    return Difference("slip", confidence, odd[0] if len(odd) == 1 else ("", ""))


def _continued(a: str, b: str) -> bool:
    """Whether one name is the other with more before or behind: "Chris Rea" and "Chris Read".

    A doubled last letter ("Bollman", "Bollmann") does not count.
    """
    return (a in b or b in a) and undoubled(a) != undoubled(b)


def _sound(a: str, b: str) -> Difference | None:
    alike = skeleton(a) == skeleton(b) and min(len(a), len(b)) >= 6 and fuzz.ratio(a, b) >= 100 * _LEAST_RATIO
    return Difference("sound", 0.5) if alike else None


def _cut(a: list[str], b: list[str]) -> Difference | None:
    """One name is the other's beginning or end. What "and" joins on is other people: a band, a guest."""
    shorter, longer = sorted((a, b), key=lambda words: (len(words), words))
    rest: list[str] | None = None
    if longer[: len(shorter)] == shorter:
        rest = longer[len(shorter) :]
    elif longer[-len(shorter) :] == shorter:
        rest = longer[: -len(shorter)]
    if not rest or len("".join(shorter)) < 3 or not _CONNECTIVES.isdisjoint(rest):
        return None
    return Difference("cut", 0.35)
