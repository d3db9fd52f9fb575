"""Track lists in the cells of one column: how they are divided, and what they say.

Belongs here: from a cell to the titles on a release. A list that names no track ("Track 01, Track 02", one
word over and over, letters that a wrong encoding broke) says nothing and counts as not known.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from enrichment.text.fold import fold, tidy

JSON, RUNNING = "JSON lists", "running text"
SEPARATORS = ("|", "\n", " / ", ";")
"""What may stand between two tracks, the surest first."""
_SHARE = 0.5
"""Share of the cells that must hold a separator for the column to be divided by it."""
_NUMBERED = re.compile(r"^\s*(?:\d{1,3}\s*[.):]\s*|\d{2}\s+-?\s*)(?=\S)")
_FEWEST, _DISTINCT = 4, 2
"""A list of at least so many words, of which at most so many differ, names no track ("Audio Track 01 Audio
Track 02"), unless its numbers are other ones than 1, 2, 3 and so on: a chapter has a number."""
MOST = 2_000
"""Words and tracks of a list that are looked at; the longest box sets have fewer."""
_NUMBER = re.compile(r"\d+")
_BROKEN = 0.5
"""Share of lone letters among the words of a text that no language writes."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How a column divides its tracks, and how many of its cells say something."""

    form: str
    named: int
    unnamed: int

    @property
    def divided(self) -> bool:
        """Whether it is known where a track ends."""
        return self.form != RUNNING

    def __str__(self) -> str:
        form = f"divided by {self.form.strip()!r}" if self.form in SEPARATORS else self.form
        return f"{form}, {self.unnamed:,} name no track" if self.unnamed else form


def read(cells: Sequence[str | None]) -> tuple[list[list[str]], Notation]:
    """Folded titles of each cell's tracks in order, [] where none is named; and how the column writes them.

    Running text is one title of many words.
    """
    filled = [c for c in cells if c]
    form = _form(filled)
    lists = [_named(_tracks(c, form)) if c else [] for c in cells]
    named = sum(bool(one) for one in lists)
    return lists, Notation(form, named, len(filled) - named)


def legible(text: str) -> str:
    """Folded text; where a wrong encoding left almost nothing but lone letters, one word for all of it.

    Such words are the same or not: lone letters are alike by chance.
    """
    folded = fold(tidy(text))
    words = folded.split()
    if len(words) < 3 or sum(len(w) == 1 and w.isalpha() for w in words) <= _BROKEN * len(words):
        return folded
    return (
        "broken" + hashlib.blake2b("".join(_NUMBER.sub("", text).split()).encode(), digest_size=8).hexdigest()
    )


def is_a_list(cells: Sequence[str | None]) -> bool:
    """Whether the cells are lists of tracks and not, say, how many there are."""
    filled = [c for c in cells if c]
    return not filled or sum(bool(re.search(r"[^\W\d_]", c)) for c in filled) > _SHARE * len(filled)


def _form(filled: Sequence[str]) -> str:
    if not filled:
        return RUNNING
    if sum(_json(c) is not None for c in filled) > _SHARE * len(filled):
        return JSON
    share = {s: sum(s in c.strip(s) for c in filled) / len(filled) for s in SEPARATORS}
    best = max(SEPARATORS, key=lambda s: share[s])
    return best if share[best] > _SHARE else RUNNING


def _json(cell: str) -> list[str] | None:
    if not cell.lstrip().startswith("["):
        return None
    try:
        made = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    if not isinstance(made, list):
        return None
    titles = [(t.get("title") or t.get("name")) if isinstance(t, dict) else t for t in made]
    return [str(t) for t in titles if t is not None]


def _tracks(cell: str, form: str) -> list[str]:
    if form == RUNNING:
        return [cell]
    listed = _json(cell) if form == JSON else None
    divided = cell.split("|" if form == JSON else form) if listed is None else listed
    return [_NUMBERED.sub("", t) for t in divided]


_SIDE = re.compile(r"^\W*[a-h]?\d{0,2}\W*$", re.IGNORECASE)
"""A place on a record: "A1", "B"."""


def _named(tracks: list[str]) -> list[str]:
    """The folded tracks, or [] if they name none."""
    whole = legible(" ".join(tracks))
    numbers = [int(n) for n in _NUMBER.findall(whole)]
    words = _NUMBER.sub(" ", whole).split()
    divided = len(tracks) > 1
    empty = len(words) >= _FEWEST and len(set(words)) <= _DISTINCT
    counted = divided and len(set(words)) == 1 and numbers == list(range(1, len(tracks) + 1))
    sides = divided and all(_SIDE.match(track) for track in tracks)
    if not words or counted or sides or (empty and numbers in ([], list(range(1, len(numbers) + 1)))):
        return []
    folded = [fold(tidy(track)) for track in tracks] if " " in whole else [whole]
    return [" ".join(track.split()[:MOST]) for track in folded if track][:MOST]
