"""Features of a pair of records: what is alike and what differs, column by column.

Belongs here: `Comparable`, the columns records are judged by, and `pair_features`, one array of values for
each feature. A feature is NaN where a side does not say: missing values are no evidence, neither for nor
against. What a value is worth is decided in `model`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from enrichment.matching.names import NAME_COLUMNS, agreements
from enrichment.matching.version_conflicts import CONFLICT, NEARLY, SOFT, implied, omissible
from enrichment.text.fold import fold, fold_key

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

FEATURES = (
    "same_title", "same_artists", "version", "no_artist", "title", "title_numbers", "artist", "album",
    "text_within", "length", "year", "number", "isrc", "label", "catalog_number",
)  # fmt: skip
"""Names of the features, in the order they are shown.

``same_title``, ``same_artists``, ``version``: see `names.agreements`. ``no_artist``: 1 if a side names no
artist. ``title``, ``artist``, ``album``: similarity 0 to 1, order of words aside. ``text_within``: the same
of title, version, artist and album together, where words only one side has do not count.
``title_numbers``: 1 if the titles hold the same numbers, else 0. ``length``: difference in seconds.
``year``, ``number``: absolute difference. ``isrc``, ``label``, ``catalog_number``: 1 the same, 0 another.
"""
_CHUNK = 200_000
_SAME_LENGTH, _SAME_RELEASE = 1.0, 90.0
"""Seconds and album similarity within which a title that names no version may have left it out."""
_BARE_VERSION = re.compile(r"^(.*\S) (remix|instrumental|acapella)$")
"""A version at the end of a folded title that nothing sets apart ("Ignition Remix")."""
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@dataclass(slots=True)
class Comparable:
    """Columns of n records. Texts are folded (`fold`), '' where not known; numbers NaN where not known.

    Attributes:
        title: base title, without version and featured artists.
        artist: main and featured artists, as one text.
        main: main artists only.
        release: the whole album's name.
        album: album without what brackets add ("Deluxe Version"), "EP" and "Single".
        text: title, version, artist and album, as one text.
        version: version key (`enrichment.text.versions.version_key`).
        numbers: numbers in the title, in order, joined by spaces.
        length: seconds.
        year: year of the release.
        number: number of the track on its release.
        isrc: ISRCs of the record, upper case without dashes.
        label: label's name.
        catalog_number: catalogue number without spaces and punctuation.
        key: base title without spaces, numberings in one form.
        names: keys of everybody credited, sorted.
        usable: names a track ("ID" does not).
    """

    title: list[str]
    artist: list[str]
    main: list[str]
    release: list[str]
    album: list[str]
    text: list[str]
    version: list[str]
    numbers: list[str]
    length: Floats
    year: Floats
    number: Floats
    isrc: list[frozenset[str]]
    label: list[str]
    catalog_number: list[str]
    key: list[str]
    names: list[list[str]]
    usable: list[bool]

    def __len__(self) -> int:
        return len(self.title)


def comparable(
    parsed: pa.Table,
    *,
    albums: Sequence[str | None],
    length: Floats,
    year: Floats,
    number: Floats,
    isrcs: Sequence[str | None] | None = None,
    labels: Sequence[str | None] | None = None,
    catalog_numbers: Sequence[str | None] | None = None,
) -> Comparable:
    """Comparable columns from `enrichment.text.record.parse_records` and the values beside the text.

    Args:
        parsed: output of `parse_records`.
        albums: album as written.
        length: seconds.
        year: year of the release.
        number: track number.
        isrcs: ISRCs as written; several divided by ``;``, ``,`` or spaces.
        labels: label as written.
        catalog_numbers: catalogue number as written.
    """
    nothing: list[str | None] = [None] * parsed.num_rows
    titles = [t or "" for t in parsed["title_fold"].to_pylist()]
    mains = [fold(" ".join(names)) for names in parsed["artists"].to_pylist()]
    guests = [fold(" ".join(names)) for names in parsed["featured"].to_pylist()]
    artists = [f"{m} {g}".strip() for m, g in zip(mains, guests, strict=True)]
    whole = [fold(a) if a else "" for a in albums]
    versions = [fold(v) if v else "" for v in parsed["version"].to_pylist()]
    keys: list[str] = parsed["version_key"].to_pylist()
    title_keys: list[str] = [one or "" for one in parsed["title_key"].to_pylist()]
    for i, title in enumerate(titles):
        bare = _BARE_VERSION.match(title) if not keys[i] else None
        if bare:
            titles[i], keys[i], versions[i], title_keys[i] = bare[1], bare[2], bare[2], fold_key(bare[1])
    texts = [
        " ".join(part for part in parts if part)
        for parts in zip(titles, versions, artists, whole, strict=True)
    ]
    return Comparable(
        title=titles,
        artist=artists,
        main=mains,
        release=whole,
        album=[_album(a) if a else "" for a in albums],
        text=texts,
        version=keys,
        numbers=[_numbers(t) for t in titles],
        length=length,
        year=year,
        number=number,
        isrc=[_isrcs(one) for one in isrcs or nothing],
        label=[fold(one) if one else "" for one in labels or nothing],
        catalog_number=[fold(one).replace(" ", "") if one else "" for one in catalog_numbers or nothing],
        key=title_keys,
        names=parsed["artist_names"].to_pylist(),
        usable=parsed["usable"].to_pylist(),
    )


def _album(text: str) -> str:
    """Folded album without brackets that name an edition, and without "- EP", "- Single"."""
    kept = text
    for mark in ("(", "["):
        if (at := kept.find(mark)) > 0:
            kept = kept[:at]
    folded = fold(kept) or fold(text)
    for end in (" ep", " single"):
        folded = folded.removesuffix(end)
    return folded


def _numbers(title: str) -> str:
    return " ".join(
        n.lstrip("0") or "0"
        for word in title.split()
        if (n := "".join(c for c in word if c.isdigit()) or _ROMAN.get(word, ""))
    )


def _isrcs(text: str | None) -> frozenset[str]:
    if not text:
        return frozenset()
    parts = text.upper().replace(";", " ").replace(",", " ").split()
    return frozenset("".join(c for c in p if c.isalnum()) for p in parts)


def pair_features(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """Value of each of `FEATURES` for the pairs (left[k], right[k]); NaN where a side does not say.

    Args:
        records: the records.
        left: indices into the records.
        right: indices into the records.
    """
    return likeness(records, left, right) | spelling(records, left, right)


def spelling(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """The features that are rules about names (`names.agreements`); they cost ten times the others."""
    named = pa.table(
        {
            "r": np.arange(len(records)),
            "title_text": records.key,
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
    return found | {"version": _with_releases(found["version"], records, left, right)}


def likeness(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    """The features that are likeness of texts and distances of numbers."""
    parts = [
        _likeness(records, left[start : start + _CHUNK], right[start : start + _CHUNK])
        for start in range(0, max(len(left), 1), _CHUNK)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _likeness(records: Comparable, left: Indices, right: Indices) -> dict[str, Floats]:
    def both(column: list[str], *scorers: Callable[..., float]) -> Floats:
        return _similarity([column[i] for i in left], [column[i] for i in right], *scorers)

    title = both(records.title, fuzz.ratio, fuzz.token_sort_ratio)
    artist = np.fmax(
        both(records.artist, fuzz.token_sort_ratio, fuzz.ratio), both(records.main, fuzz.token_sort_ratio)
    )
    contained = both(records.artist, fuzz.token_set_ratio) * 0.97
    return {
        "no_artist": np.isnan(artist).astype(float),
        "title": title,
        "title_numbers": _numbers_agree(records.numbers, left, right),
        "artist": np.fmax(artist, contained),
        "album": both(records.album, fuzz.ratio, fuzz.token_sort_ratio),
        "text_within": both(records.text, fuzz.token_set_ratio),
        "length": np.abs(records.length[left] - records.length[right]),
        "year": np.abs(records.year[left] - records.year[right]),
        "number": np.abs(records.number[left] - records.number[right]),
        "isrc": _isrc_agree(records.isrc, left, right),
        "label": both(records.label, fuzz.token_set_ratio),
        "catalog_number": _equal(records.catalog_number, left, right),
    }


def _similarity(left: list[str], right: list[str], *scorers: Callable[..., float]) -> Floats:
    """Best of the scorers, 0 to 1; NaN where a side is empty."""
    if not left:
        return np.zeros(0)
    best = np.zeros(len(left))
    for scorer in scorers:
        scores = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1)
        best = np.maximum(best, scores.astype(np.float64) / 100.0)
    absent = np.fromiter((not a or not b for a, b in zip(left, right, strict=True)), bool, len(left))
    best[absent] = np.nan
    return best


def _equal(column: list[str], left: Indices, right: Indices) -> Floats:
    codes = np.unique(np.array([*column, ""], dtype=str), return_inverse=True)[1]
    empty = codes[-1]
    a, b = codes[left], codes[right]
    return np.where((a == empty) | (b == empty), np.nan, (a == b).astype(float))


def _numbers_agree(column: list[str], left: Indices, right: Indices) -> Floats:
    """1 the same numbers, 0 other ones; NaN where neither title has one."""
    codes = np.unique(np.array([*column, ""], dtype=str), return_inverse=True)[1]
    empty = codes[-1]
    a, b = codes[left], codes[right]
    return np.where((a == empty) & (b == empty), np.nan, (a == b).astype(float))


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
