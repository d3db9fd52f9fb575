"""Other readings of a row: what its artist and title may be if the cells are not what their names say.

Belongs here: texts in which one can't see where the title begins or ends ("EXIT041_Somebody_Wonder Where",
"A1 Strings", a store's or a label's name in place of the artist, a title cut off), and judging pairs by them.
A reading proves itself: it counts only where the other row gives the very names it finds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from enrichment.matching.comparable import Comparable, Floats, Indices
from enrichment.matching.features import similarity
from enrichment.matching.judging import judge_pairs
from enrichment.matching.model import THRESHOLD, Judged, Model
from enrichment.matching.names import SAME_PEOPLE
from enrichment.text.fold import fold
from enrichment.text.phrases import read_phrase
from enrichment.text.record import without_opening

_MOST = 6
"""Readings tried of one row."""
_PARTS = re.compile(r"\s+[-–—]+\s+|(?<=\S)[-–—]+\s+|\s+[-–—]+(?=\S)|\s*_+-?_*\s*")
_CATALOGUE = r"(?:[A-Z]{2,10}[ -]?\d{2,5}[A-Z]?)"
_OPENING = re.compile(rf"^(?:[A-H][1-9]\s+|\d{{1,2}}[-.]\d{{1,2}}\s+|{_CATALOGUE}\s*[-_:]\s*)(?=\w)")
_CLOSING = re.compile(rf"(?<=\S)\s*[(\[](?:[A-H][1-9]?|{_CATALOGUE})[)\]]$")
"""A side of a record, disc and track, a catalogue number: before the title, or in brackets behind it."""
_MARKED = re.compile(r"^(.*\S)\s*\[([^\[\]]+)\]$")
_TWICE = re.compile(r"^(.*\S)\s*[(\[]([^()\[\]]+)[)\]]$")
_LATIN_ENDS = "\u024f"
_CUT = re.compile(r"(?:\.{2,}|…)\s*$")
_LONG_ENOUGH = 12
"""Letters a title that was cut off must have left to be known by them."""
_SAME_TITLE, _WITHIN = 0.95, 0.6
"""How far names must agree under another reading, and how much alike all words must be to try one."""
_AT_MOST = 0.95
"""Confidence above which another reading does not bring a pair."""
_UNBEATEN = "version and length"
"""The veto that no reading lifts."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Rows and their other readings.

    Attributes:
        everything: the n rows, then their other readings.
        of: row of each reading; shape (readings,).
        cut: folded beginning of each row's title that was cut off, '' for whole ones; length n.
        titles: titles as written; length n.
    """

    everything: Comparable
    of: Indices
    cut: Sequence[str]
    titles: Sequence[str | None]


def other_readings(artist: str | None, title: str | None) -> list[tuple[str, str]]:
    """(artist, title) as a row may be meant, besides what its cells say; at most `_MOST`."""
    if not title:
        return []
    found: dict[tuple[str, str], None] = {}
    for one in _read(artist or "", title):
        if all(one) or (one[1] and not artist):
            found.setdefault(one)
    found.pop((artist or "", title), None)
    return list(found)[:_MOST]


def _read(artist: str, title: str) -> Iterator[tuple[str, str]]:
    title = without_opening(title)
    divided = [(artist, title), *_divisions(artist, title)]
    yield from divided
    for who, text in divided:
        bare = _CLOSING.sub("", _OPENING.sub("", text)).strip()
        if (mark := _MARKED.match(bare)) and not read_phrase(mark[2], square=True):
            bare = mark[1]  # a label, a shop, a blog
        if bare != text:
            yield who, bare
    yield from ((artist, one) for one in _scripts(title))
    yield from ((one, title) for one in _scripts(artist))


def _divisions(artist: str, title: str) -> Iterator[tuple[str, str]]:
    """Artist and title in one text, with more between them, or the other way round."""
    if "_" not in title and not ("-" in title or "–" in title or "—" in title):
        return
    parts = [part.strip() for part in _PARTS.split(title) if part.strip()]
    if len(parts) < 2:
        return
    if fold(artist) in {fold(part) for part in parts[:-1]}:
        yield artist, parts[-1]
    yield parts[-2], parts[-1]
    yield parts[0], parts[-1]
    yield parts[-1], " ".join(parts[:-1])


def _scripts(text: str) -> tuple[str, ...]:
    """Both spellings of a name given in two scripts, one in brackets; nothing for other names."""
    twice = None if text.isascii() else _TWICE.match(text)
    return (twice[1], twice[2]) if twice and _other_script(twice[1], twice[2]) else ()


def _other_script(a: str, b: str) -> bool:
    """Whether one text has letters beyond Latin and the other none."""
    return any(c > _LATIN_ENDS and c.isalpha() for c in a) != any(c > _LATIN_ENDS and c.isalpha() for c in b)


def cut_off(title: str | None) -> str:
    """The folded beginning of a title that ends in dots because it was cut off; '' if it was not."""
    if not title or not _CUT.search(title):
        return ""
    left = fold(_CUT.sub("", title))
    return left if len(left) >= _LONG_ENOUGH else ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Pairs (left[k], right[k]) of rows with their features and what was judged."""

    left: Indices
    right: Indices
    features: dict[str, Floats]
    judged: Judged

    def better(
        self, at: Indices, features: dict[str, Floats], judged: Judged, chosen: Indices
    ) -> "Judgement":
        """The same with the pairs `at` judged as the `chosen` ones of other features and judgements."""

        def put(old: Floats, new: Floats) -> Floats:
            out = old.copy()
            out[at] = new[chosen]
            return out

        vetoes = self.judged.vetoes.copy()
        vetoes[at] = judged.vetoes[chosen]
        verdict = Judged(
            confidence=put(self.judged.confidence, np.minimum(judged.confidence, _AT_MOST)),
            terms={name: put(values, judged.terms[name]) for name, values in self.judged.terms.items()},
            vetoes=vetoes,
            log_odds=put(self.judged.log_odds, judged.log_odds),
        )
        seen = {name: put(values, features[name]) for name, values in self.features.items()}
        return replace(self, features=seen, judged=verdict)


def reconsider(model: Model, readings: Readings, first: Judgement) -> Judgement:
    """The judgement of pairs of rows, better where another reading of a side says so."""
    shortened = np.fromiter((bool(one) for one in readings.cut), bool, len(readings.cut))
    has = np.zeros(len(readings.cut), bool)
    has[readings.of] = True
    undecided = (first.judged.confidence < THRESHOLD) & (first.judged.vetoes != _UNBEATEN)
    cut = np.flatnonzero(undecided & (shortened[first.left] != shortened[first.right]))
    second = _completed(model, readings, first, cut)
    other = np.flatnonzero(undecided & (has[first.left] | has[first.right]))
    texts = readings.everything.texts["text"]
    alike = similarity(texts, first.left[other], first.right[other], fuzz.token_set_ratio) >= _WITHIN
    return _otherwise(model, readings, second, other[alike])


def _otherwise(model: Model, readings: Readings, pairs: Judgement, tried: Indices) -> Judgement:
    """Pairs judged by the reading that gives the most, if the names agree under it."""
    others: dict[int, list[int]] = {}
    for reading, row in enumerate(readings.of.tolist(), start=len(readings.titles)):
        others.setdefault(row, []).append(reading)
    trials = []
    for k in tried.tolist():
        a, b = int(pairs.left[k]), int(pairs.right[k])
        # never both sides, or "Untitled (A1)" and "Untitled (B2)" would be one
        trials += [(k, reading, b) for reading in others.get(a, ())]
        trials += [(k, a, reading) for reading in others.get(b, ())]
    if not trials:
        return pairs
    at, left, right = (np.array(column, dtype=np.int64) for column in zip(*trials, strict=True))
    features, judged = judge_pairs(model, readings.everything, left, right)
    proven = (features["same_title"] >= _SAME_TITLE) & (features["same_artists"] >= SAME_PEOPLE)
    proven &= (judged.vetoes == "") & (judged.confidence > pairs.judged.confidence[at])
    order = np.argsort(judged.confidence, kind="stable")  # the best of a pair is written last
    chosen = order[proven[order]]
    return pairs.better(at[chosen], features, judged, chosen)


def _completed(model: Model, readings: Readings, pairs: Judgement, tried: Indices) -> Judgement:
    """Pairs of a title that was cut off and one that begins like it count as one title in one version."""
    same = []
    for k in tried.tolist():
        a, b = int(pairs.left[k]), int(pairs.right[k])
        start, whole = (readings.cut[a], b) if readings.cut[a] else (readings.cut[b], a)
        if fold(readings.titles[whole] or "").startswith(start):
            same.append(k)
    at = np.array(same, dtype=np.int64)
    at = at[pairs.features["same_artists"][at] >= SAME_PEOPLE]
    features = {name: values[at] for name, values in pairs.features.items()}
    one = np.ones(len(at))
    features |= {"same_title": one, "title": one, "version": np.full(len(at), np.nan)}
    return pairs.better(at, features, model.judge(features), np.arange(len(at)))
