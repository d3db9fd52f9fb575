"""One track as a provider names it: clean artist, title and version, and their folded keys.

Belongs here: joining what `credits` and `versions` read, for one record (`parse_record`) and for a column
batch (`parse_records`).
"""

import re
from typing import NamedTuple

import pyarrow as pa

from enrichment.text.credits import Credit, parse_credit
from enrichment.text.fold import fold, fold_key, tidy
from enrichment.text.packed import (
    is_jingle,
    is_unknown_artist,
    is_unknown_title,
    split_packed,
    without_underscores,
)
from enrichment.text.versions import TitleParts, Version, parse_title, version_key, version_kind
from enrichment.text.vocabulary import NUMBERS

INPUT_COLUMNS = ("artist_raw", "title_raw", "mix_name_raw", "remixer_raw")
"""Columns `parse_records` reads, all strings that may be null."""


class ParsedRecord(NamedTuple):
    """A track's text, parsed. Display forms keep the provider's letters; keys are for comparison only.

    Attributes:
        artist: main credit without featured artists ("Above & Beyond"); None if none is known.
        title: base title without version and featured artists; None if not known.
        version: version as written ("Dimension Remix"); None for the original.
        version_kind: kind of the main version statement ("original" if none), see `phrases.Version`.
        version_key: comparable key of the version, '' for the original, see `versions.version_key`.
        artists: main artists as written, in order.
        featured: featured artists as written, from credit and title.
        remixers: who made the version, as written.
        artist_key: folded main artists, sorted, unique, joined by ``|``: order and separators do not matter.
        title_key: base title folded, without spaces: equality.
        title_fold: base title folded, with spaces: similarity.
        artist_names: folded keys of main and featured artists, sorted, unique; equal when one side credits a
            singer among the artists and the other in the title.
        usable: names a track. False for an unknown title ("ID", "?"), an artist given as unknown, an empty
            title, talk and jingles; True for a title whose artist field is just empty.
    """

    artist: str | None
    title: str | None
    version: str | None
    version_kind: str
    version_key: str
    artists: tuple[str, ...]
    featured: tuple[str, ...]
    remixers: tuple[str, ...]
    artist_key: str
    title_key: str
    title_fold: str
    artist_names: tuple[str, ...]
    usable: bool


_NUMBERED = re.compile(r"^0\d{1,3}\s?[-.]\s?(?=[^\W\d])|^0[1-9]\s+(?=[^\W\d])|^\d{1,2}\.\s+(?=[^\W\d])")
_CUE = re.compile(r"^[\[(](?:\d{1,2}:)?\d{1,3}:[0-5]\d[\])]\s*(?=\S)")
_EXTENSION = re.compile(r"(?<=\S)\s?\.(?:wav|aiff?|mp3|flac|m4a|ogg|wma)$", re.IGNORECASE)
_FILE_NUMBER = re.compile(r"^\d{1,3}\s+(?=[^\W\d])")
_ANNOUNCED = re.compile(
    r"^\W*(?:(?:exclusive )?premi[eè]re|free (?:download|dl)|out now)\s*:\s*", re.IGNORECASE
)
_PART = re.compile(r"\b(pt|part|volume|vol)(?: ?(\d+)| ([a-z]+))\b")
_SIDE = re.compile(r"^[A-H][1-6](?:[.):]|\s-)\s+(?=\w)")
_SITE = re.compile(r"^(?:y2mate(?:\.\w+)*|\[?www\.\S+\]?|\S+\.(?:com|net|org))\s+-\s+", re.IGNORECASE)
_UNDERSCORED_VERSION = re.compile(
    r"_(?=(?:[^_]+\s)?(?:rmx|remix|mix|edit|vip|instrumental|vocal)\s*(?:_|$))", re.IGNORECASE
)
_NO_VALUE = frozenset({"null", "none", "nan", "n a"})
_UNKNOWN = frozenset({"unknown", "unknown artist"})
_OVERLAY = re.compile(r"(?<=\w)\s+w/\s+(?=\w)")
_REMIX = re.compile(r"\brmx|remix", re.IGNORECASE)
_NO_REMIXER = frozenset({"live", "continuous", "cover", "original", "remaster"})


def parse_record(
    artist_raw: str | None, title_raw: str | None, mix_name: str | None = None, remixer: str | None = None
) -> ParsedRecord:
    """Parse one record. Never raises; what cannot be read stays in the title.

    Args:
        artist_raw: credit as the provider writes it; may hold featured artists, or be missing.
        title_raw: title; may hold the version, featured artists, or "Artist - Title".
        mix_name: the provider's own version field ("Original Mix").
        remixer: the provider's own remixer field.
    """
    artist, title = _divide(tidy(artist_raw), tidy(title_raw))
    if "w/" in title and "w/" in artist:
        title = _OVERLAY.sub(" vs ", title)  # "A w/ B - One w/ Two": two tracks at once, nobody is a guest
    credit = parse_credit(artist)
    if remixer and {*parse_credit(tidy(remixer)).keys} <= {*credit.keys, *credit.featured_keys}:
        remixer = None  # the artists themselves: no remix
    parts = parse_title(title, mix_name or None, remixer or None)
    featured, featured_keys = _featured(credit, parts)
    names = {*credit.keys, *featured_keys}
    own = (names, {*credit.keys})  # a guest one side leaves out makes nobody else's version
    version, kind, key, remixers = _version(parts.versions, own) if parts.versions else _ORIGINAL
    unknown = credit.unknown or bool(artist and is_unknown_artist(artist))
    return ParsedRecord(
        artist=None if unknown else credit.main_display or None,
        title=parts.title or None,
        version=version,
        version_kind=kind,
        version_key=key,
        artists=() if unknown else credit.main,
        featured=featured,
        remixers=remixers,
        artist_key="" if unknown else "|".join(sorted(credit.keys)),
        title_key=_title_key(parts.title),
        title_fold=fold(parts.title),
        artist_names=() if unknown else tuple(sorted(names)),
        usable=not (unknown or not parts.title or is_unknown_title(parts.title) or is_jingle(artist, title)),
    )


def _title_key(title: str) -> str:
    """`fold_key` in which "Pt. 2", "Part II" and "Part Two" are one; so are "Vol. 2" and "Volume 2"."""
    key = fold_key(title)
    if "pt" in key or "part" in key or "vol" in key:
        folded = fold(title)
        counted = _PART.sub(_count, folded)
        return key if counted == folded else fold_key(counted)
    return key


def _count(match: re.Match[str]) -> str:
    number = match[2] or NUMBERS.get(match[3])
    return f"{'part' if match[1][0] == 'p' else 'vol'} {number}" if number else match[0]


_ORIGINAL: tuple[str | None, str, str, tuple[str, ...]] = (None, "original", "", ())


def _version(
    versions: tuple[Version, ...], names: tuple[set[str], set[str]]
) -> tuple[str | None, str, str, tuple[str, ...]]:
    """(version as written, kind, key, remixers) of a title's versions."""
    own = tuple(_own(v, names) for v in versions)
    raws = dict.fromkeys(v.raw for v in own if v.kind != "original")
    made = [v.by for v in own if v.by and v.kind not in _NO_REMIXER]
    remixers = dict.fromkeys(
        name for by in made for c in (parse_credit(by),) for name in (*c.main, *c.featured)
    )
    return ", ".join(raws) or None, version_kind(own), version_key(own), tuple(remixers)


def _divide(artist: str, title: str) -> tuple[str, str]:
    """(artist, title) with the artist taken out of the title where it is packed or repeated there."""
    if artist and not title:
        packed = split_packed(artist)
        return packed or (artist, title)
    title = _EXTENSION.sub("", title)
    if "_" in title:
        plain = without_underscores(title)
        title = _UNDERSCORED_VERSION.sub(" - ", plain if plain == title else _FILE_NUMBER.sub("", plain))
    folded = fold(artist)
    if folded in _NO_VALUE or artist == "unk." or (folded in _UNKNOWN and " - " in title):
        artist = ""
    title = without_opening(title)
    if "." in title:
        title = _SITE.sub("", title)
    if " - " not in title and "–" not in title and "—" not in title:
        return artist, title
    packed = split_packed(title)
    if packed is None:
        return artist, title
    if not artist:
        return packed
    if fold_key(packed[0]) == fold_key(artist) or _same_names(packed[0], artist):
        return artist, packed[1]
    return artist, title


def without_opening(title: str) -> str:
    """Title without a track number, a side of a record ("A1. ") and an announcement ("PREMIERE: ")."""
    if title[:1] in "[(":
        title = _CUE.sub("", title)
    if title[:1].isdigit():
        title = _NUMBERED.sub("", title)
    elif title[1:2].isdigit():
        title = _SIDE.sub("", title)
    return _ANNOUNCED.sub("", title) if ":" in title else title


def _same_names(left: str, artist: str) -> bool:
    a, b = parse_credit(left), parse_credit(artist)
    return bool(a.keys) and {*a.keys, *a.featured_keys} == {*b.keys, *b.featured_keys}


def _featured(credit: Credit, parts: TitleParts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(names as written, keys) of everyone featured, in the credit or in the title."""
    if not parts.featured:
        return credit.featured, credit.featured_keys
    names, keys = list(credit.featured), list(credit.featured_keys)
    known = {*credit.keys, *credit.featured_keys}
    for text in parts.featured:
        guest = parse_credit(text)
        for name in (*guest.main, *guest.featured):
            if not known.issuperset(parse_credit(name).keys):
                names.append(name)  # noqa: PERF401 - the condition reads what the loop changes
        fresh = [k for k in (*guest.keys, *guest.featured_keys) if k not in known]
        keys += fresh
        known.update(fresh)
    return tuple(names), tuple(keys)


def _own(version: Version, names: tuple[set[str], set[str]]) -> Version:
    """A version naming just the track's own artists names nobody: "(Somebody VIP)" of Somebody is "VIP".

    `names`: everybody credited, and the main artists.
    """
    if version.name:
        makers = set(parse_credit(version.name).keys)
        if makers in names or (version.kind == "vip" and makers <= names[0]):
            kind = version.kind if "mix" not in version.kind or _REMIX.search(version.raw) else "mix"
            return Version(kind, version.by, version.year, version.raw)
    return version


_LISTS = frozenset({"artists", "featured", "remixers", "artist_names"})
OUTPUT_SCHEMA = pa.schema(
    [
        pa.field(
            name, pa.list_(pa.string()) if name in _LISTS else pa.bool_() if name == "usable" else pa.string()
        )
        for name in ParsedRecord._fields
    ]
)
"""Columns of `parse_records`: the fields of `ParsedRecord`, in that order."""
_CHUNK = 10_000


def parse_records(table: pa.Table) -> pa.Table:
    """Parse a batch: one output row per input row, in order (columns: `OUTPUT_SCHEMA`).

    Every distinct input is parsed once, in this process; `lake.parallel.map_table` runs it in several.

    Args:
        table: columns `INPUT_COLUMNS`; a missing column counts as null.

    Raises:
        KeyError: the table has no ``title_raw``.
    """
    names = set(table.column_names)
    if "title_raw" not in names:
        raise KeyError(f"parse_records needs a column title_raw; the table has {sorted(names)}")
    columns = [table.column(c).to_pylist() if c in names else [None] * table.num_rows for c in INPUT_COLUMNS]
    positions: dict[tuple[str | None, ...], int] = {}
    indices = [positions.setdefault(row, len(positions)) for row in zip(*columns, strict=True)]
    distinct = list(positions)
    chunks = [distinct[i : i + _CHUNK] for i in range(0, len(distinct), _CHUNK)]
    parsed = pa.Table.from_batches([_parse_chunk(chunk) for chunk in chunks], OUTPUT_SCHEMA)
    return parsed if len(distinct) == table.num_rows else parsed.take(pa.array(indices, pa.int64()))


def _parse_chunk(rows: list[tuple[str | None, ...]]) -> pa.RecordBatch:
    columns = zip(*[parse_record(*row) for row in rows], strict=True)
    arrays = [pa.array(c, field.type) for c, field in zip(columns, OUTPUT_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=OUTPUT_SCHEMA)
