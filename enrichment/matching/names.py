"""How far two records' names agree: title, artists and version, by rules about spelling and by likeness.

Belongs here: what a slip is and what is another name, for the columns `NAME_COLUMNS` of pairs. The rules give
degrees of agreement; what these are worth beside other evidence is learned (`model`).
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from enrichment.matching.letters import another_word
from enrichment.matching.version_conflicts import NEARLY, SAME, SOFT, agreement

Floats = npt.NDArray[np.float64]

_GLUED = 2
"""Letters by which titles of more and of fewer words differ if the words are only glued together."""
_SLIP = 0.78
"""Words less alike than this are two words, not a slip of the hand."""
_OTHERS = 0.8
"""Agreement of the artists where both sides credit somebody else beside the one they share."""
_OTHER_NAMES = 0.8
"""Names less alike than this, credited on one side each, are other people."""
SAME_PEOPLE = 0.92
"""Agreement of the artists from which on they are the same, some of them left out ("A aka B" and "B")."""
_NUMBERED_ALIKE = 80.0
"""Titles this much alike without their numbers are told apart by the numbers."""
LENGTH_APART = 15.0
"""Seconds by which the lengths of one recording hardly differ."""
CONTAINED = 0.97
"""Likeness of names one of which holds all words of the other."""
_NUMBER = re.compile(r"[a-h]?\d+$|\d+")
ON_EVERY_ALBUM = frozenset(
    (
        "intro", "introduction", "outro", "interlude", "skit", "untitled", "prelude", "prologue", "epilogue",
        "reprise", "bonustrack",
    )
)  # fmt: skip
"""Titles (keys) an artist uses again and again."""
_FILLERS = frozenset({"the", "a", "an", "and", "of", "n"})
_DENIALS = frozenset({"not", "no", "never", "dont", "cant", "wont", "aint", "doesnt", "isnt", "without"})
_DJ = re.compile(r"(?<![^ ])dj(?=[a-z0-9]{3})")

_ORDINAL = "first|second|third|fourth|fifth|sixth"
_UNSHARED = """coalesce(array_to_string(list_filter({side}.artist_names, lambda name:
            not list_contains({other}.artist_names, name)
            and not contains(translate(a.version_key, ':+', '||') || '|', '|' || name || '|')
        ), ' '), '') as unshared_{side}"""
"""SQL of the names only this side credits; a remixer listed among the artists does not count."""
NAME_COLUMNS = f"""
        coalesce(a.title_text, '') as title_a, coalesce(b.title_text, '') as title_b,
        coalesce(array_to_string(a.artist_names, ' '), '') as artist_a,
        coalesce(array_to_string(b.artist_names, ' '), '') as artist_b,
        coalesce(a.title_words, '') as title_words_a, coalesce(b.title_words, '') as title_words_b,
        coalesce(a.version_key, '') as version_a, coalesce(b.version_key, '') as version_b,
        a.version_stated as stated_a, b.version_stated as stated_b,
        len(a.artist_names) as names_a, len(b.artist_names) as names_b,
        len(list_intersect(a.artist_names, b.artist_names)) as common,
        {_UNSHARED.format(side="a", other="b")},
        {_UNSHARED.format(side="b", other="a")},
        regexp_replace(a.title_text, '[^0-9]', '', 'g') = regexp_replace(b.title_text, '[^0-9]', '', 'g')
            -- "Part II" and "Part III", "First" and "Third", "Untitled A" and "Untitled B": numbering, not
            -- spelling
            and regexp_extract(a.title_text, '[ivx]+$') = regexp_extract(b.title_text, '[ivx]+$')
            and regexp_extract(a.title_text, '[a-h][0-9]$') = regexp_extract(b.title_text, '[a-h][0-9]$')
            and regexp_extract(a.title_text, '{_ORDINAL}') = regexp_extract(b.title_text, '{_ORDINAL}')
            and not (left(a.title_text, -1) = left(b.title_text, -1)) as numbering"""
"""SQL of what `agreements` reads, over two relations ``a`` and ``b`` with the columns title_text (folded
without spaces), title_words (folded, with them), artist_names (folded keys), version_key, version_stated."""
WORD_COLUMNS = """
        coalesce(a.artist_words, '') as words_a, coalesce(b.artist_words, '') as words_b,
        coalesce(a.all_words, '') as all_a, coalesce(b.all_words, '') as all_b"""
"""SQL of what `likeness` reads besides: everybody credited, and title, version and artists, folded."""


def agreements(pairs: pa.Table) -> dict[str, Floats]:
    """Degree to which the names of each pair agree; NaN where a side does not say.

    Args:
        pairs: the columns of `NAME_COLUMNS`.

    Returns:
        ``same_title``: 1 the same, less for a slip (the shorter the title, the more it costs), 0 another
        title. ``same_artists``: 1 the same names, less for names one side leaves out or misspells, down to
        0 for others. ``version``: see `version_conflicts.agreement`. ``other_guests``: 1 if both credit
        somebody beside the artist they share, and these are other people ("feat. A", "feat. B"), else 0.
        ``other_numbers``: 1 if the titles are alike but for the numbers both bear ("Part 1", "Part 2").
        ``common_title``: 1 if the title is one that many albums have ("Intro"). ``bare_title``: letters of
        the title where a side names no artist, and all rests on the title; NaN elsewhere.
    """
    columns = {
        name: column.to_pylist() for name, column in zip(pairs.column_names, pairs.columns, strict=True)
    }
    wordless = _unsaid(columns["title_a"], columns["title_b"])
    version = agreement(columns["version_a"], columns["version_b"], columns["stated_a"], columns["stated_b"])
    others = _others(columns)
    by_remixer = _remixer_credited(columns)
    artists = np.where(others, _OTHERS, _artists(columns))
    artists = np.where(by_remixer, SAME_PEOPLE, artists)
    version = np.where(by_remixer, SAME, version)
    letters = np.fromiter(map(len, columns["title_a"]), float, len(others))
    common = np.fromiter((title in ON_EVERY_ALBUM for title in columns["title_a"]), float, len(others))
    return {
        "same_title": _titles(columns),
        "same_artists": artists,
        "bare_title": np.where(np.isnan(artists), letters, np.nan),
        "common_title": common,
        "version": np.where(wordless, np.nan, version),
        "other_guests": others.astype(float),
        "other_numbers": _numbered_apart(columns).astype(float),
    }


def settled(features: dict[str, Floats]) -> dict[str, Floats]:
    """Features that hold each other.

    Artists found to be the same count as alike, whatever names each side lists. A maker of a version who is
    spelt otherwise is another one where the length is another, too.
    """
    same, version = features["same_artists"], features["version"]
    apart = (version == NEARLY) & (features["length"] > LENGTH_APART)
    return features | {
        "artist": np.where(same >= SAME_PEOPLE, np.fmax(features["artist"], same), features["artist"]),
        "version": np.where(apart, SOFT, version),
    }


def likeness(pairs: pa.Table) -> dict[str, Floats]:
    """Likeness of the texts of each pair: title, artist and text_within of `features`.

    Args:
        pairs: the columns of `NAME_COLUMNS` and `WORD_COLUMNS`.
    """
    title, title_b = pairs["title_a"].to_pylist(), pairs["title_b"].to_pylist()
    left, right = pairs["words_a"].to_pylist(), pairs["words_b"].to_pylist()
    within = _ratio(pairs["all_a"].to_pylist(), pairs["all_b"].to_pylist(), fuzz.token_set_ratio)
    nobody = _unsaid(left, right)
    artist = np.maximum(
        np.maximum(_ratio(left, right, fuzz.token_sort_ratio), _ratio(left, right, fuzz.ratio)),
        _ratio(left, right, fuzz.token_set_ratio) * CONTAINED,
    )
    wordless = _unsaid(title, title_b)
    return {
        "title": np.where(wordless, np.nan, _ratio(title, title_b, fuzz.ratio)),
        "artist": np.where(nobody, np.nan, artist),
        "text_within": np.where(wordless, np.nan, within),
    }


def _ratio(left: list[str], right: list[str], scorer: Callable[..., float]) -> Floats:
    if not left:
        return np.zeros(0)
    scores: Floats = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1).astype(
        np.float64
    )
    return scores / 100.0


def _unsaid(left: list[str], right: list[str]) -> npt.NDArray[np.bool_]:
    return np.fromiter((not a or not b for a, b in zip(left, right, strict=True)), bool, len(left))


def _titles(columns: dict[str, list[Any]]) -> Floats:
    """1 for equal titles; a misspelling costs more the shorter the title; other numbers are other titles."""
    left, right = columns["title_a"], columns["title_b"]
    ratio = _ratio(left, right, fuzz.ratio)
    shorter = np.fromiter((min(len(a), len(b)) for a, b in zip(left, right, strict=True)), int, len(left))
    usable = np.array(columns["numbering"], bool) & (shorter >= 5) & (ratio >= 0.8)
    for i in np.flatnonzero(usable & (ratio < 1.0)).tolist():
        usable[i] = not another_word(left[i], right[i]) and not _another_title(
            columns["title_words_a"][i].split(), columns["title_words_b"][i].split()
        )
    factor = np.where(ratio == 1.0, 1.0, np.where(usable, 1.0 - 1.25 * (1.0 - ratio), 0.0))
    return np.where(_unsaid(left, right), np.nan, factor)


def _another_title(a: list[str], b: list[str]) -> bool:
    """Whether the words of two titles differ by more than a slip.

    One goes on behind the other ("Suicide", "Suicide Commando"), one word is unlike ("Water", "Winter";
    "Urban", "Suburban"), or one denies what the other says ("Don't Stop", "Do Stop"). A word cut short ("U"
    for "You") or with its letters in another order ("Teh") is a slip.
    """
    if not _DENIALS.isdisjoint({*a} ^ {*b}):
        return True
    if len(a) != len(b):
        both = min(len(a), len(b))
        more = abs(sum(map(len, a)) - sum(map(len, b))) > _GLUED
        return a[:both] == b[:both] or (more and not _FILLERS.issuperset({*a} ^ {*b}))
    other = [pair for pair in zip(a, b, strict=True) if pair[0] != pair[1]]
    if len(other) != 1:
        return False
    shorter, longer = sorted(other[0], key=len)
    if longer.startswith(shorter) or (len(shorter) == 1 and shorter in longer):
        return False
    if sorted(shorter) == sorted(longer):
        return False
    return fuzz.ratio(shorter, longer) < _SLIP * 100


def _artists(columns: dict[str, list[Any]]) -> Floats:
    """1 for the same names; less for names only one side lists, partly other names, misspelt names.

    A guest whom one side leaves out costs little.
    """
    common = np.array(columns["common"], float)
    fewer = np.minimum(np.array(columns["names_a"], float), np.array(columns["names_b"], float))
    more = np.maximum(np.array(columns["names_a"], float), np.array(columns["names_b"], float))
    left = [without_dj(one) for one in columns["artist_a"]]
    right = [without_dj(one) for one in columns["artist_b"]]
    spelt = np.maximum(
        _ratio(left, right, fuzz.token_sort_ratio), _ratio(left, right, fuzz.token_set_ratio) * 0.95
    )
    alike = spelt >= 0.84
    for i in np.flatnonzero(alike & (common < more)).tolist():
        # within a name one wrong letter is a slip; a name that begins otherwise is another ("Joy", "Roy")
        alike[i] = spelt[i] >= _least_ratio(left[i], right[i]) and (
            common[i] > 0 or left[i][:1] == right[i][:1] or not another_word(left[i], right[i])
        )
    misspelt = np.where(alike, 1.0 - 0.6 * (1.0 - spelt), spelt * 0.8)
    listed = np.where(common == more, 1.0, np.where(common == fewer, 0.97, 0.92))
    factor = np.where(common > 0, np.maximum(listed, misspelt), np.minimum(misspelt, 0.97))
    return np.where(_unsaid(left, right), np.nan, factor)


def _others(columns: dict[str, list[Any]]) -> npt.NDArray[np.bool_]:
    """Whether the sides share one name and credit other people beside it.

    Usually two recordings, unless both are the remix of one maker.
    """
    others: npt.NDArray[np.bool_] = np.array(columns["common"]) == 1
    for i in np.flatnonzero(others).tolist():
        others[i] = ":" not in columns["version_a"][i] and _other_people(
            columns["unshared_a"][i], columns["unshared_b"][i]
        )
    return others


def _remixer_credited(columns: dict[str, list[Any]]) -> npt.NDArray[np.bool_]:
    """Whether one side credits a remix to who made it: "Skrillex - Levels (Skrillex Remix)" by Avicii.

    A version by the track's own artists bears no name (`text.record`), so this side's names nobody.
    """
    credited = np.zeros(len(columns["title_a"]), bool)
    for one, other in (("a", "b"), ("b", "a")):
        keys = zip(columns[f"version_{one}"], columns[f"version_{other}"], strict=True)
        for i, (own, named) in enumerate(keys):
            if own and ":" in named and ":" not in own:
                kind, _, makers = named.partition(":")
                names = columns[f"artist_{one}"][i].split()
                credited[i] |= own == kind and bool(names) and set(names) == set(makers.split("+"))
    return credited


def _numbered_apart(columns: dict[str, list[Any]]) -> npt.NDArray[np.bool_]:
    """Whether the titles of each pair are spellings of one title but for the numbers both bear.

    "Chapter 2" and "Chapter 3", "Side A1" and "Side A2"; a number that only one side has may be a remark.
    """
    apart = np.zeros(len(columns["title_a"]), bool)
    for i, (a, b) in enumerate(zip(columns["title_a"], columns["title_b"], strict=True)):
        if a != b and (left := _NUMBER.findall(a)) and (right := _NUMBER.findall(b)) and left != right:
            apart[i] = fuzz.ratio(_NUMBER.sub("", a), _NUMBER.sub("", b)) >= _NUMBERED_ALIKE
    return apart


def _other_people(a: str, b: str) -> bool:
    """Whether both sides name somebody, and neither name is the other, misspelt or cut short.

    "Paul & Fritz Kalkbrenner" and "Romboy" do not spell out what "Paul Kalkbrenner, Fritz Kalkbrenner" and
    "Marc Romboy" do.
    """
    if not a or not b:
        return False
    cut = min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a) or a.endswith(b) or b.endswith(a))
    return not cut and fuzz.token_sort_ratio(a, b) < _OTHER_NAMES * 100


def _least_ratio(a: str, b: str) -> float:
    """From which ratio on two names may be spellings of one; short names leave less room."""
    return 0.84 if min(len(a), len(b)) >= 14 else 0.87


def without_dj(names: str) -> str:
    """Folded names without a leading "DJ", which many lists leave out."""
    return _DJ.sub("", names) if "dj" in names else names
