"""Features of a pair of records: what is alike and what differs, column by column.

Belongs here: `Comparable`, the columns records are judged by, and `pair_features`, one array of values for
each feature. A feature is NaN where a side does not say: missing values are no evidence, neither for nor
against. What a value is worth is decided in `model`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from enrichment.matching.names import CONTAINED, NAME_COLUMNS, agreements, settled
from enrichment.matching.version_conflicts import CONFLICT, NEARLY, SOFT, implied, omissible
from enrichment.text.credits import parse_credit
from enrichment.text.fold import fold, fold_key

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

FEATURES = (
    "same_title", "same_artists", "version", "other_guests", "other_numbers", "common_title", "bare_title",
    "title", "artist",
    "text_within", "length", "year", "number", "album", "isrc", "label", "catalog_number",
)  # fmt: skip
"""Names of the features, in the order they are shown.

``same_title`` to ``bare_title``: see `names.agreements`. ``title``, ``artist``: similarity 0 to 1, order of
words aside. ``text_within``: the same of title, version, artist and album together, where words only one side
has do not count. ``length``: difference in seconds. ``year``,
``number``: absolute difference. ``album``: similarity of the letters as written, which tell what folding
makes alike. ``isrc``, ``label``, ``catalog_number``: 1 the same, 0 another.
"""
_CHUNK = 200_000
_SAME_LENGTH, _SAME_RELEASE = 1.0, 90.0
"""Seconds and album similarity within which a title that names no version may have left it out."""
_BARE_VERSION = re.compile(r"^(.*\S) (remix|instrumental|acapella)$")
"""A version at the end of a folded title that nothing sets apart ("Ignition Remix")."""


@dataclass
class Comparable:
    """Columns of n records. Texts are folded (`fold`), '' where not known; numbers NaN where not known.

    Attributes:
        title: base title, without version and featured artists.
        artist: main and featured artists, as one text.
        main: main artists only.
        release: the whole album's name.
        album_written: the album's letters as written, case aside.
        album: album without what brackets add ("Deluxe Version"), "EP" and "Single".
        text: title, version, artist and album, as one text.
        version: version key (`enrichment.text.versions.version_key`).
        length: seconds.
        year: year of the release.
        number: number of the track on its release.
        isrc: ISRCs of the record, upper case without dashes.
        label: label's name.
        catalog_number: catalogue number without spaces and punctuation.
        key: base title without spaces, numberings in one form.
        names: keys of everybody credited, sorted.
        usable: names a track ("ID" does not).
        namesakes: what sets a name apart from others like it ("2" of "Somebody (2)", "nl" of
            "Somebody (NL)"), by the name's key.
    """

    title: list[str]
    artist: list[str]
    main: list[str]
    release: list[str]
    album_written: list[str]
    album: list[str]
    text: list[str]
    version: list[str]
    length: Floats
    year: Floats
    number: Floats
    isrc: list[frozenset[str]]
    label: list[str]
    catalog_number: list[str]
    key: list[str]
    names: list[list[str]]
    usable: list[bool]
    namesakes: list[dict[str, str]]

    def __len__(self) -> int:
        return len(self.title)

    def take(self, rows: Indices) -> "Comparable":
        """The records of some rows, in their order."""
        columns: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        for name, values in columns.items():
            columns[name] = values[rows] if isinstance(values, np.ndarray) else [values[i] for i in rows]
        return Comparable(**columns)

    @cached_property
    def texts(self) -> dict[str, Texts]:
        """Text columns as arrays; ``*_sorted`` with the words in alphabetical order. Made once."""
        columns = {
            "title": self.title, "artist": self.artist, "text": self.text, "label": self.label,
            "album": self.album_written,
            "catalog_number": self.catalog_number, "version": self.version,
            "title_sorted": [_sorted(one) for one in self.title],
            "artist_sorted": [_sorted(one) for one in self.artist],
            "main_sorted": [_sorted(one) for one in self.main],
        }  # fmt: skip
        return {name: np.array([*values, ""], object)[:-1] for name, values in columns.items()}


def comparable(
    parsed: pa.Table,
    *,
    albums: Sequence[str | None],
    length: Floats,
    year: Floats,
    number: Floats,
    credited: Sequence[str | None] | None = None,
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
        credited: artists as written.
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
        album_written=[a.casefold() if a else "" for a in albums],
        album=[_album(a) if a else "" for a in albums],
        text=texts,
        version=keys,
        length=length,
        year=year,
        number=number,
        isrc=[_isrcs(one) for one in isrcs or nothing],
        label=[fold(one) if one else "" for one in labels or nothing],
        catalog_number=[fold(one).replace(" ", "") if one else "" for one in catalog_numbers or nothing],
        key=title_keys,
        names=parsed["artist_names"].to_pylist(),
        usable=parsed["usable"].to_pylist(),
        namesakes=[_namesakes(one) for one in credited or nothing],
    )


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split())) if " " in text else text


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


def _namesakes(credit: str | None) -> dict[str, str]:
    if not credit or "(" not in credit:
        return {}
    return {fold_key(name): fold(what) for name, what in parse_credit(credit).disambiguators}


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
