"""Fields that hold two values: "Artist - Title", "Title - Album", "Title (Album)", "007-Title".

Belongs here: finding out by a source's own values that it writes so, and taking the values apart. Nothing is
known of a source beforehand; a habit counts when most of its rows show it and what is cut out is what other
rows, or the same row, give as a value of that field.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from enrichment.text.fold import fold
from enrichment.text.phrases import read_phrase

Fields = dict[str, list[str | None]]

MOST = 0.6
"""Share of a source's rows that must show a habit."""
EVIDENCE = 0.25
"""Share of the cut out values that must be known values of their field; chance gives a few percent."""
_SAMPLE = 4_000
"""Rows of a source that are looked at to find its habits."""
_NUMBERED = re.compile(r"^\W?(\d{1,3}|[A-H]\d{1,2})\s?[-.)]\s*(?=\S|$)")
_YEAR_END = re.compile(r"^(.*\S)?\s*[(\[]((?:19|20)\d\d)[)\]]\s*$")
_DASH = re.compile(r"\s+[-–—]\s+")
_ALIKE = 75.0


@dataclass(frozen=True, slots=True)
class Habit:
    """One habit of one source: what its rows look like, in how many, and how much evidence says so."""

    source: str
    form: str
    rows: int
    evidence: float


def unpack(fields: Fields, sources: list[str]) -> list[Habit]:
    """Take packed values apart in place; what was found."""
    rows_of: dict[str, list[int]] = {}
    for i, source in enumerate(sources):
        rows_of.setdefault(source, []).append(i)
    habits: list[Habit] = []
    for source, rows in sorted(rows_of.items()):
        habits += _numbers(fields, source, rows)
        habits += _album_years(fields, source, rows)
    known = {name: _vocabulary(fields.get(name, ())) for name in ("artist", "album")}
    for source, rows in sorted(rows_of.items()):
        habits += _brackets(fields, source, rows, known["album"])
        habits += _dashes(fields, source, rows, known)
    return habits


def _vocabulary(values: Iterable[str | None]) -> set[str]:
    return {fold(v) for v in values if v}


def _column(fields: Fields, name: str) -> list[str | None]:
    return fields.setdefault(name, [None] * len(fields["title"]))


def _numbers(fields: Fields, source: str, rows: list[int]) -> list[Habit]:
    titles = fields["title"]
    found = [(i, m) for i in rows if (t := titles[i]) and (m := _NUMBERED.match(t))]
    titled = sum(titles[i] is not None for i in rows)
    if titled < 5 or len(found) < MOST * titled:
        return []
    numbers = _column(fields, "number")
    for i, match in found:
        titles[i] = (titles[i] or "")[match.end() :] or None
        numbers[i] = numbers[i] or match[1]
    return [Habit(source, "number-title in title", len(found), len(found) / titled)]


def _album_years(fields: Fields, source: str, rows: list[int]) -> list[Habit]:
    albums = fields.get("album")
    if albums is None:
        return []
    found = [(i, m) for i in rows if (a := albums[i]) and (m := _YEAR_END.match(a))]
    named = sum(albums[i] is not None for i in rows)
    if named < 5 or len(found) < 0.4 * named:
        return []
    years = _column(fields, "year")
    for i, match in found:
        albums[i] = match[1]
        years[i] = years[i] or match[2]
    return [Habit(source, "album (year) in album", len(found), len(found) / named)]


def _brackets(fields: Fields, source: str, rows: list[int], known: set[str]) -> list[Habit]:
    """Titles like "Title (Album)": the bracket repeats the row's own album, or is one of other rows."""
    titles, albums = fields["title"], _column(fields, "album")
    groups = {i: g for i in rows if (t := titles[i]) and (g := list(_last_groups(t)))}
    titled = sum(titles[i] is not None for i in rows)
    if titled < 5 or len(groups) < 0.5 * titled:
        return []
    sample = list(groups)[:_SAMPLE]
    shown = sum(
        any(_alike(inner, a) for _, inner in groups[i])
        if (a := albums[i])
        else any(fold(inner) in known for _, inner in groups[i])
        for i in sample
    )
    evidence = shown / len(sample)
    if evidence < EVIDENCE or shown < 0.3 * min(titled, _SAMPLE):
        return []
    for i, options in groups.items():
        album = albums[i]
        if album:
            best = max(options, key=lambda o: _likeness(o[1], album))
            if _likeness(best[1], album) >= 55:
                titles[i] = best[0]
            continue
        head, inner = next((o for o in options if fold(o[1]) in known), options[-1])
        if fold(inner) in known or not read_phrase(inner):
            titles[i], albums[i] = head, inner
    return [Habit(source, "title (album) in title", len(groups), evidence)]


def _last_groups(title: str) -> Iterable[tuple[str, str]]:
    """(before, inside) of the brackets the title ends with, from the outermost reading to the innermost."""
    text = title.rstrip()
    if not text.endswith((")", "]")):
        return
    for match in re.finditer(r"\s*[(\[]", text):
        head, inner = text[: match.start()].strip(), text[match.end() : -1].strip()
        if head and inner and head.count("(") == head.count(")"):
            yield head, inner


def _likeness(a: str, b: str) -> float:
    return fuzz.ratio(fold(a), fold(b))


def _alike(a: str, b: str) -> bool:
    return _likeness(a, b) >= _ALIKE


_ROLES = (("artist", 0), ("album", 1), ("artist", 1), ("album", 0))
"""What stands beside the title: field, and on which side of the dash (0 left, 1 right)."""


def _dashes(fields: Fields, source: str, rows: list[int], known: dict[str, set[str]]) -> list[Habit]:
    titles = fields["title"]
    split = {i: s for i in rows if (t := titles[i]) and (s := list(_splits(t)))}
    titled = sum(titles[i] is not None for i in rows)
    if titled < 5 or len(split) < MOST * titled:
        return []
    sample = list(split)[:_SAMPLE]
    scores = {}
    for field, side in _ROLES:
        values = _column(fields, field)
        empty = sum(values[i] is None for i in rows) / len(rows)
        vocabulary = known[field]
        shown = sum(
            any(_alike(s[side], v) if (v := values[i]) else fold(s[side]) in vocabulary for s in split[i])
            for i in sample
        )
        scores[field, side] = shown / len(sample) if empty >= MOST or shown >= MOST * len(sample) else 0.0
    (field, side), evidence = max(scores.items(), key=lambda item: item[1])
    if evidence < EVIDENCE:
        return []
    values, vocabulary = fields[field], known[field]
    for i, options in split.items():
        own = values[i]
        if own:
            fitting = [s for s in options if _alike(s[side], own)]
            if fitting:
                titles[i] = fitting[0][1 - side]
                continue
            # a year or a leftover in the place of the value: what the dash shows is the value
            if any(c.isalpha() for c in own):
                continue
        by_list = next((s for s in options if fold(s[side]) in vocabulary), None)
        pair = by_list or options[0 if side == 0 else -1]
        values[i], titles[i] = pair[side], pair[1 - side]
    form = f"{field} - title" if side == 0 else f"title - {field}"
    return [Habit(source, f"{form} in title", len(split), evidence)]


def _splits(title: str) -> Iterable[tuple[str, str]]:
    for match in _DASH.finditer(title):
        left, right = title[: match.start()].strip(), title[match.end() :].strip()
        if left and right:
            yield left, right
