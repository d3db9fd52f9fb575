"""Features of a pair of records: what is alike and what differs, column by column.

Belongs here: `pair_features`, one array of values for each feature. A feature is NaN where a side does not
say: missing values are no evidence, neither for nor against. What a value is worth is decided in `model`.
"""

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process

from enrichment.matching.comparable import Comparable, Floats, Indices, Texts
from enrichment.matching.names import CONTAINED, NAME_COLUMNS, agreements, settled
from enrichment.matching.version_conflicts import CONFLICT, NEARLY, SOFT, implied, omissible

FEATURES = (
    "same_title", "same_artists", "version", "other_guests", "other_numbers", "common_title", "bare_title",
    "title", "artist",
    "text_within", "length", "year", "number", "album", "isrc", "label", "catalog_number",
)  # fmt: skip
"""Names of the features, in the order they are shown.

``same_title`` to ``bare_title``: see `names.agreements`. ``title``, ``artist``: similarity 0 to 1, order of
words aside. ``text_within``: the same of title, version, artist and album together, where words only one side
has do not count. ``length``: difference in seconds. ``year``, ``number``: absolute difference. ``album``:
similarity of the letters as written, which tell what folding makes alike. ``isrc``, ``label``,
``catalog_number``: 1 the same, 0 another.
"""
_CHUNK = 200_000
_SAME_LENGTH, _SAME_RELEASE = 1.0, 90.0
"""Seconds and album similarity within which a title that names no version may have left it out."""


def pair_features(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """Value of each of `FEATURES` for the pairs (left[k], right[k]); NaN where a side does not say.

    Args:
        records: the records.
        left: indices into the records.
        right: indices into the records.
    """
    return settled(
        numbers(records, left, right)
        | titles(records, left, right)
        | texts(records, left, right)
        | spelling(records, left, right)
    )


def numbers(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """The features that are distances of numbers or equality of codes: cheapest."""
    return {
        "length": np.abs(records.length[left] - records.length[right]),
        "year": np.abs(records.year[left] - records.year[right]),
        "number": np.abs(records.number[left] - records.number[right]),
        "isrc": _isrc_agree(records.isrc, left, right),
        "label": similarity(records.texts["label"], left, right, fuzz.token_set_ratio),
        "catalog_number": _equal(records.texts["catalog_number"], left, right),
    }


def titles(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """Likeness of the titles."""
    return {"title": _either_order(records.texts["title"], records.texts["title_sorted"], left, right)}


def texts(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """Likeness of the artists, and of all that is said in words."""
    artist = np.fmax(
        _either_order(records.texts["artist"], records.texts["artist_sorted"], left, right),
        similarity(records.texts["main_sorted"], left, right, fuzz.ratio),
    )
    contained = similarity(records.texts["artist"], left, right, fuzz.token_set_ratio) * CONTAINED
    return {
        "artist": np.fmax(artist, contained),
        "album": similarity(records.texts["album"], left, right, fuzz.ratio),
        "text_within": similarity(records.texts["text"], left, right, fuzz.token_set_ratio),
    }


def spelling(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """The features that are rules about names (`names.agreements`): dearest."""
    named = pa.table(
        {
            "r": np.arange(len(records)),
            "title_text": records.key,
            "title_words": records.title,
            "artist_names": pa.array(records.names, pa.list_(pa.string())),
            "version_key": records.version,
        }
    )
    parts = []
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.register("named", named)
        for start in range(0, max(len(left), 1), _CHUNK):
            some = slice(start, start + _CHUNK)
            connection.register(
                "pairs", pa.table({"k": np.arange(len(left[some])), "l": left[some], "r": right[some]})
            )
            pairs = connection.execute(
                f"""
                with sides as (select *, true as version_stated from named)
                select {NAME_COLUMNS}
                from pairs p join sides a on p.l = a.r join sides b on p.r = b.r order by k
                """
            ).to_arrow_table()
            parts.append(agreements(pairs))
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    others = found["other_guests"]
    if any(records.namesakes):
        others = np.maximum(others, _other_namesakes(records.namesakes, left, right))
    return found | {
        "version": _with_releases(found["version"], records, left, right),
        "other_guests": others,
    }


def _other_namesakes(column: list[dict[str, str]], left: Indices, right: Indices) -> Floats:
    """1 where one name is set apart in two ways: "Somebody (2)" and "Somebody (3)"."""
    other = np.zeros(len(left))
    named = np.fromiter((bool(one) for one in column), bool, len(column))
    for k in np.flatnonzero(named[left] & named[right]).tolist():
        a, b = column[left[k]], column[right[k]]
        other[k] = any(a[name] != b[name] and a[name].isdigit() == b[name].isdigit() for name in a.keys() & b)
    return other


def similarity(column: Texts, left: Indices, right: Indices, scorer: Callable[..., float]) -> Floats:
    """Likeness of two texts of a column for each pair, 0 to 1; NaN where a side is empty."""
    empty = column == ""
    values = np.full(len(left), np.nan)
    said = np.flatnonzero(~(empty[left] | empty[right]))
    if len(said):
        scores = process.cpdist(
            column[left[said]], column[right[said]], scorer=scorer, dtype=np.float32, workers=-1
        )
        values[said] = scores.astype(np.float64) / 100.0
    return values


def _either_order(column: Texts, ordered: Texts, left: Indices, right: Indices) -> Floats:
    """Likeness of two texts, or of their words in alphabetical order."""
    return np.fmax(similarity(column, left, right, fuzz.ratio), similarity(ordered, left, right, fuzz.ratio))


def _equal(column: Texts, left: Indices, right: Indices) -> Floats:
    """1 the same, 0 another; NaN where a side is empty."""
    empty = column == ""
    return np.where(empty[left] | empty[right], np.nan, (column[left] == column[right]).astype(float))


def _with_releases(values: Floats, records: Comparable, left: Indices, right: Indices) -> Floats:
    """Agreement of versions, where a title's silence may be made good by its release's name.

    "Over" on "Caught in the Act: Live" agrees with "Over (Live)". And where one title is silent, but release
    and length are the same, the silence is likelier an omission: another recording keeps neither.
    """
    near = np.abs(records.length[left] - records.length[right]) <= _SAME_LENGTH
    for k in np.flatnonzero(values == CONFLICT).tolist():
        a, b = int(left[k]), int(right[k])
        silent, stating = (a, b) if not records.version[a] else (b, a)
        if not records.version[silent] and implied(records.version[stating], records.release[silent]):
            values[k] = NEARLY
        elif near[k] and not records.version[silent] and omissible(records.version[stating]):
            alike = fuzz.ratio(records.album[a], records.album[b]) if records.album[a] else 0.0
            values[k] = SOFT if alike >= _SAME_RELEASE else CONFLICT
    return values


def _isrc_agree(column: list[frozenset[str]], left: Indices, right: Indices) -> Floats:
    """Share of the smaller set that both have (1: all of it); NaN where a side has none."""
    has = np.fromiter((bool(one) for one in column), bool, len(column))
    agree = np.full(len(left), np.nan)
    for k in np.flatnonzero(has[left] & has[right]).tolist():
        a, b = column[left[k]], column[right[k]]
        agree[k] = len(a & b) / len(a | b)
    return agree
