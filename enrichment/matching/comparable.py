"""Columns of records as pairs are compared by: `Comparable`.

Belongs here: what of a record counts, folded and cleaned. What a pair of them has in common: `features`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrichment.text.credits import parse_credit
from enrichment.text.fold import fold, fold_key

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

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
