"""Features of a pair of releases: what is alike and what differs, above all in their track lists.

Belongs here: `Releases`, the columns releases are judged by, and `release_features`. As with tracks
(`enrichment.matching.features`), a feature is NaN where a side does not say, and what a value is worth is
decided by a model. Words are compared as letters of an alphabet of their own (`_encoded`), so that rapidfuzz
compares track lists word by word, in order or as sets.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from enrichment.lists.tracklists import MOST, legible
from enrichment.matching.comparable import Floats, Indices
from enrichment.matching.features import FEATURES as OF_TRACKS

FEATURES = (
    "title", "title_within", "title_numbers", "artist", "text_within", "tracks_order", "tracks_within",
    "tracks_phrases", "tracks_shared", "tracks_count", "tracks_matched", "year", "genre",
)  # fmt: skip
"""Names of the features, in the order they are shown.

``title`` (without "CD 2", "Vol. 2"), ``artist``: similarity 0 to 1, order of words aside. ``title_within``,
``text_within`` (title and artist together), ``genre``: the same, where words only one side has do not count.
``title_numbers``: 1 if the titles hold the same numbers, 0.5 if only one holds any, 0 if others.
``tracks_order``: similarity of the lists' letters in order, spaces aside. ``tracks_within``: share of the
shorter list's words that the longer one has in the same order. ``tracks_phrases``: share of the phrases of
three words of the list with fewer that the other has, wherever they stand. ``tracks_shared``: how many that
is. ``tracks_count``: words of the shorter list for each of the longer one's. ``tracks_matched``: where
tracks are divided, share of the shorter list's tracks that the longer one has, spelling aside. ``year``:
absolute difference.
"""
_CHUNK = 100_000
_SURROGATES, _BEHIND, _FIRST, _LAST = 0xD800, 0xE000, 0x20, 0x10FFFF
"""Characters that words are encoded as: from the first on, without the surrogates, which are none."""
_VARIOUS = re.compile(
    r"v ?a|various( artists?| interprets?)?|varios( artistas)?|varia|diverse|verschiedene( interpreten)?"
    r"|compilation|artisti vari|aa ?vv|sampler|(original )?(motion picture )?soundtrack"
    r"|ost|unknown( artist)?|no artist"
)
_PART = r"(?:cd|dis[ck]|disque|disco|vol|volume|part|pt|teil|tome)"
_GLUED = re.compile(rf"\b({_PART})(?=\d)")
_STATED = re.compile(rf"\b{_PART} (?:\d+|[ivx]+|one|two|three|four|five|six)\b(?: of \d+\b)?")
_WORDS = {
    **dict(zip(("one", "two", "three", "four", "five", "six"), "123456", strict=True)),
    **dict(zip(("ii", "iii", "iv", "vi", "vii", "viii", "ix"), "2346789", strict=True)),
}  # fmt: skip
_LONGEST = 500
"""Characters of a name that are looked at."""
_OFTEN = 3
"""Times a track list names the release's artist from which on he stands beside the titles, not in them."""
_SPELT = 80.0
"""Similarity (0 to 100) from which two tracks are one title in two spellings."""


@dataclass(slots=True)
class Releases:
    """Columns of n releases. Texts are folded (`fold`), '' where not known; numbers NaN where not known.

    Attributes:
        title: title without the number of a disc or volume.
        numbers: numbers in the title, those of discs and volumes among them, joined by spaces.
        artist: artist; '' for "Various" and the like.
        text: whole title and artist, as one text.
        tracks: titles of the tracks; one text of them all where they are not divided.
        words: the tracks as one text, without the artist where he stands beside each title.
        divided: whether it is known where a track ends.
        year: year of the release.
        genre: genre or category.
    """

    title: list[str]
    numbers: list[str]
    artist: list[str]
    text: list[str]
    tracks: list[list[str]]
    words: list[str]
    divided: bool
    year: Floats
    genre: list[str]

    def __len__(self) -> int:
        return len(self.title)


def releases(
    titles: Sequence[str | None],
    artists: Sequence[str | None],
    tracks: list[list[str]],
    *,
    divided: bool,
    year: Floats,
    genres: Sequence[str | None],
) -> Releases:
    """Comparable columns of releases.

    Args:
        titles: title as written.
        artists: artist as written.
        tracks: folded titles of the tracks (`tracklists.read`).
        divided: whether it is known where a track ends.
        year: year of the release.
        genres: genre as written.
    """
    whole = [_GLUED.sub(r"\1 ", _known(t)) for t in titles]
    named = ["" if _VARIOUS.fullmatch(a) else a for a in (_known(a) for a in artists)]
    return Releases(
        title=[" ".join(_STATED.sub(" ", t).split()) or t for t in whole],
        numbers=[_numbers(t) for t in whole],
        artist=named,
        text=[f"{t} {a}".strip() for t, a in zip(whole, named, strict=True)],
        tracks=tracks,
        words=[_words(one, a) for one, a in zip(tracks, named, strict=True)],
        divided=divided,
        year=year,
        genre=[_known(g) for g in genres],
    )


def _known(text: str | None) -> str:
    return legible(text[:_LONGEST]) if text else ""


def _numbers(title: str) -> str:
    return " ".join(
        n.lstrip("0") or "0"
        for word in title.split()
        if (n := "".join(c for c in word if c.isdigit()) or _WORDS.get(word, ""))
    )


def _words(tracks: list[str], artist: str) -> str:
    text = " ".join(" ".join(tracks).split()[:MOST])
    if artist and f" {text} ".count(f" {artist} ") >= _OFTEN:
        kept = " ".join(f" {text} ".replace(" ", "  ").replace(f" {artist.replace(' ', '  ')} ", " ").split())
        return kept or text
    return text


def release_features(records: Releases, left: Indices, right: Indices) -> dict[str, Floats]:
    """Value of each of `FEATURES` for the pairs (left[k], right[k]); NaN where a side does not say.

    The features of tracks that releases have not (an ISRC, a length) are among them, all NaN, so that one
    `Model.judge` serves both.

    Args:
        records: the releases.
        left: indices into the releases.
        right: indices into the releases.
    """
    lists = _Lists.of(records.words)
    parts = [
        _features(records, lists, left[start : start + _CHUNK], right[start : start + _CHUNK])
        for start in range(0, max(len(left), 1), _CHUNK)
    ]
    found = {name: np.concatenate([part[name] for part in parts]) for name in FEATURES}
    return {**{name: np.full(len(left), np.nan) for name in OF_TRACKS}, **found}


@dataclass(frozen=True, slots=True)
class _Lists:
    """Track lists as strings: of letters, of words (a character is a word), of phrases in a fixed order."""

    letters: list[str]
    words: list[str]
    phrases: list[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Lists":
        words = [text.split() for text in texts]
        phrases = [sorted({" ".join(w[k : k + 3]) for k in range(len(w) - 2)}) for w in words]
        return cls(
            ["".join(w) for w in words], _encoded(words), ["".join(sorted(p)) for p in _encoded(phrases)]
        )


def _encoded(lists: Sequence[Sequence[str]]) -> list[str]:
    """Each list as a string, a character for each of its elements."""
    codes: dict[str, int] = {}
    return ["".join(_character(codes.setdefault(one, len(codes))) for one in elements) for elements in lists]


def _character(number: int) -> str:
    gap = _BEHIND - _SURROGATES
    at = number % (_LAST + 1 - gap - _FIRST) + _FIRST  # beyond a million words two may share a character
    return chr(at if at < _SURROGATES else at + gap)


def _features(records: Releases, lists: _Lists, left: Indices, right: Indices) -> dict[str, Floats]:
    def both(column: list[str], *scorers: Callable[..., float]) -> Floats:
        best: Floats = np.fmax.reduce([_scores(column, left, right, one) for one in scorers]) / 100.0
        return best

    lengths = np.array([len(one) for one in lists.words], float)
    phrases = np.array([len(one) for one in lists.phrases], float)
    lengths[lengths == 0] = np.nan
    phrases[phrases == 0] = np.nan
    a, b = lengths[left], lengths[right]
    ordered = _scores(lists.words, left, right, LCSseq.similarity)
    shared = _scores(lists.phrases, left, right, LCSseq.similarity)
    return {
        "title": both(records.title, fuzz.ratio, fuzz.token_sort_ratio),
        "title_within": both(records.title, fuzz.token_set_ratio),
        "title_numbers": _numbers_agree(records.numbers, left, right),
        "artist": both(records.artist, fuzz.ratio, fuzz.token_sort_ratio),
        "text_within": both(records.text, fuzz.token_set_ratio),
        "tracks_order": both(lists.letters, fuzz.ratio),
        "tracks_within": ordered / np.minimum(a, b),
        "tracks_phrases": shared / np.minimum(phrases[left], phrases[right]),
        "tracks_shared": shared,
        "tracks_count": np.minimum(a, b) / np.maximum(a, b),
        "tracks_matched": _matched(records, left, right),
        "year": np.abs(records.year[left] - records.year[right]),
        "genre": both(records.genre, fuzz.token_set_ratio),
    }


def _scores(column: list[str], left: Indices, right: Indices, scorer: Callable[..., float]) -> Floats:
    """The scorer's values; NaN where a side is empty."""
    if not len(left):
        return np.zeros(0)
    first, second = [column[i] for i in left.tolist()], [column[i] for i in right.tolist()]
    scores: Floats = process.cpdist(first, second, scorer=scorer, dtype=np.float64, workers=-1)
    empty = np.fromiter((not one for one in column), bool, len(column))
    scores[empty[left] | empty[right]] = np.nan
    return scores


def _numbers_agree(column: list[str], left: Indices, right: Indices) -> Floats:
    """1 the same numbers, 0 others, 0.5 numbers on one side only; NaN where neither title has one."""
    numbers = np.array(column, dtype=object)
    a, b = numbers[left], numbers[right]
    none, one = (a == "") & (b == ""), (a == "") | (b == "")
    agree = np.where(a == b, 1.0, np.where(one, 0.5, 0.0))
    return np.where(none, np.nan, agree)


def _matched(records: Releases, left: Indices, right: Indices) -> Floats:
    share = np.full(len(left), np.nan)
    if not records.divided:
        return share
    for k, (i, j) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        shorter, longer = sorted((records.tracks[i], records.tracks[j]), key=len)
        if shorter:
            alike: npt.NDArray[np.float32] = process.cdist(
                shorter, longer, scorer=fuzz.ratio, score_cutoff=_SPELT
            )
            share[k] = min((alike.max(axis=0) > 0).sum(), (alike.max(axis=1) > 0).sum()) / len(shorter)
    return share
