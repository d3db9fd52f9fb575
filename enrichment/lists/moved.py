"""Values that stand in the wrong field: a title followed by the artist, the price and the date of its row.

Belongs here: finding such values by what the file itself gives for them elsewhere, and cutting the title
where they begin. A field's values count as moved in a source when its empty rows have a known value of it
in their titles much more often than its filled rows do.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from enrichment.lists.packed import Fields, Habit
from enrichment.text.fold import fold

RATE, LIFT = 0.3, 3.0
"""Share of empty rows that must show a moved value, and how many times the share of filled rows."""
_LONGEST = 40
"""Words of the longest value looked for."""
_BEGINNING = 5
"""Words by which a long value, such as a copyright notice, is known."""
_STAY = frozenset({"title", "record_id", "source", "mix_name", "remixer"})
"""Fields whose values are not looked for in titles: a title that names its version is as it should be."""
_DASHES = (["-"], ["–"], ["—"])
_BRACKETS = re.compile(r"(?<=\S)\s*[(\[]")
_CLOCK = re.compile(r"^\d{1,2}:[0-5]\d$")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[- ]{_MONTH}[- ,]+\d{{2,4}}|{_MONTH} \d{{1,2}} ?, ?\d{{4}})(?=\s|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    value: str
    words: int = 1


class _Title:
    """A title as raw words, and its folded words with the raw word each comes from."""

    def __init__(self, text: str) -> None:
        self.raw = text.split()
        self.words: list[str] = []
        self.origin: list[int] = []
        for i, word in enumerate(self.raw):
            for folded in fold(word).split():
                if folded.isascii() and folded.isalnum():
                    self.words.append(folded)
                    self.origin.append(i)

    def hits(self, vocabulary: set[str], *, keep: int = 1) -> Iterable[_Hit]:
        """Known values in the title behind its first `keep` words, each the longest that begins there."""
        for start in range(keep, len(self.words)):
            for length in range(min(_LONGEST, len(self.words) - start), 0, -1):
                text = " ".join(self.words[start : start + length])
                if text in vocabulary:
                    if self.raw[self.origin[start + length - 1] + 1 :][:1] in _DASHES:
                        break  # "Artist - Title" is packed, not moved
                    first, end = self.origin[start], self._closed(self.origin[start + length - 1] + 1)
                    yield _Hit(first, end, " ".join(self.raw[first:end]), length)
                    break

    def _closed(self, end: int) -> int:
        """End of a value with the brackets that follow it ("Recovery ( Deluxe ) [ Explicit ]")."""
        depth, at = 0, end
        while at < len(self.raw):
            word = self.raw[at]
            if depth == 0 and not word.startswith(("(", "[")):
                break
            depth += word.count("(") + word.count("[") - word.count(")") - word.count("]")
            at += 1
            if depth <= 0:
                end, depth = at, 0
        return end


def put_back(fields: Fields, others: Mapping[str, list[str | None]], sources: list[str]) -> list[Habit]:
    """Move values from titles to the empty fields they belong to, in place; what was found.

    Args:
        fields: the list's fields; ``title`` is cut, empty ``artist``, ``album``, ``length``, ``year`` filled.
        others: further columns of the file (genre, price, copyright): only cut out of titles.
        sources: source of each row.
    """
    titles = fields["title"]
    columns = {n: v for n, v in {**others, **fields}.items() if n not in _STAY}
    vocabularies = {name: _vocabulary(values) for name, values in columns.items()}
    parsed = {i: _Title(t) for i, t in enumerate(titles) if t}
    habits = []
    moved: dict[str, set[str]] = {}
    for source in sorted(set(sources)):
        rows = [i for i in parsed if sources[i] == source]
        for name, values in columns.items():
            empty = [i for i in rows if values[i] is None]
            filled = [i for i in rows if values[i] is not None]
            if len(empty) < 5 or len(filled) < 5:
                continue
            rate = _rate(parsed, empty, vocabularies[name], name)
            usual = _rate(parsed, filled, vocabularies[name], name)
            if rate >= RATE and rate >= LIFT * usual:
                moved.setdefault(source, set()).add(name)
                habits.append(Habit(source, f"{name} moved into title", len(empty), rate))
    for i, title in parsed.items():
        names = [n for n in moved.get(sources[i], ()) if columns[n][i] is None]
        if names:
            titles[i] = _cut(title, i, names, columns, vocabularies)
    return habits


def _vocabulary(values: list[str | None]) -> set[str]:
    known: set[str] = set()
    for value in {v for v in values if v}:
        words = fold(value).split()
        known.add(" ".join(words[:_LONGEST]))
        known.add(fold(_BRACKETS.split(value, maxsplit=1)[0]))
        if len(words) > 2 * _BEGINNING:
            known.add(" ".join(words[:_BEGINNING]))
    return {v for v in known if len(v) > 2}


def _found(title: _Title, vocabulary: set[str], name: str) -> list[_Hit]:
    hits: list[_Hit] = []
    if name == "length":
        return [_Hit(k, k + 1, w, 2) for k, w in enumerate(title.raw) if k and _CLOCK.match(w)]
    if name == "year":
        joined = " ".join(title.raw)
        for match in _DATE.finditer(joined):
            first = joined[: match.start()].count(" ")
            hits.append(_Hit(first, first + match[0].count(" ") + 1, match[0], 3))
        return hits
    hits += title.hits(vocabulary)
    return hits


def _rate(parsed: Mapping[int, _Title], rows: list[int], vocabulary: set[str], name: str) -> float:
    sample = rows[:2_000]
    return sum(bool(_found(parsed[i], vocabulary, name)) for i in sample) / len(sample)


def _cut(
    title: _Title,
    i: int,
    names: list[str],
    columns: Mapping[str, list[str | None]],
    vocabularies: Mapping[str, set[str]],
) -> str:
    """Fill the row's empty fields from its title; the title as far as where the first of them begins.

    Of several places a value may stand the last counts, the longest first. A lone word that nothing else
    stands behind may be a word of the title and cuts nothing.
    """
    best: dict[str, _Hit] = {}
    for name in names:
        hits = _found(title, vocabularies[name], name)
        if hits:
            enough = min(2, max(h.words for h in hits))
            best[name] = max((h for h in hits if h.words >= enough), key=lambda h: (h.end, -h.start))
    covered: set[int] = set()
    for hit in best.values():
        covered.update(range(hit.start, hit.end))
    for hit in sorted(best.values(), key=lambda hit: hit.start):
        behind = len(title.raw) - hit.start
        if hit.words < 2 and sum(k >= hit.start for k in covered) < 0.5 * behind:
            covered -= set(range(hit.start, hit.end))
            continue
        start = hit.start
        for other, there in best.items():
            if there.start >= start:
                columns[other][i] = there.value
        while before := _ending_at(title, start, names, vocabularies):
            other, there = before  # the artist before the album that bears its name
            start, columns[other][i] = there.start, there.value
            names = [n for n in names if n != other]
        return " ".join(title.raw[:start])
    return " ".join(title.raw)


def _ending_at(
    title: _Title, end: int, names: Iterable[str], vocabularies: Mapping[str, set[str]]
) -> tuple[str, _Hit] | None:
    """A known value of one of the fields that ends where the title is cut, the longest."""
    found = [
        (name, hit)
        for name in names
        if name not in {"length", "year"}
        for hit in title.hits(vocabularies[name])
        if hit.end == end
    ]
    return min(found, key=lambda one: one[1].start) if found else None
