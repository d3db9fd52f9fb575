"""Reading a list: the file, which column means what, and which values mean nothing.

Belongs here: everything that can be wrong with a file, said with the file's, column's and row's name.
"""

import csv
import gzip
import itertools
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from lake.errors import LakeError

FIELDS = (
    "record_id", "source", "title", "artist", "album", "length", "year", "isrc", "label", "catalog_number",
    "number", "mix_name", "remixer", "tracks",
)  # fmt: skip
"""What a column can mean."""
RELEASE_FIELDS = ("record_id", "source", "title", "artist", "tracks", "year", "genre")
"""What a column can mean in a list of releases, which is one with a column of track lists."""
ALIASES = {
    "record_id": ("recordid", "id", "key"),
    "source": ("sourceid", "sourcename", "provider", "dataset", "origin"),
    "title": ("songname", "song", "track", "tracktitle", "trackname", "songtitle", "name", "recording"),
    "artist": (
        "artistname", "artistnames", "artists", "mainartist", "trackartists", "interpret", "performer",
        "trackartist", "artistcredit", "band",
    ),
    "album": ("albumname", "albumtitle", "release", "releasetitle", "releasename", "record"),
    "length": (
        "duration", "time", "trackduration", "trackdurationms", "totaltime", "lengthms", "durationms",
        "lengths", "seconds", "runtime", "playtime",
    ),
    "year": ("releaseyear", "date", "released", "releasedate"),
    "isrc": ("isrcs", "isrccode"),
    "label": ("labelname", "recordlabel", "publisher"),
    "catalog_number": ("catno", "catalognumber", "catalogue", "cataloguenumber", "cat"),
    "number": ("trackno", "tracknumber", "position", "tracknum"),
    "mix_name": ("mix", "mixname", "version"),
    "remixer": ("remixers", "remixedby"),
    "tracks": ("tracklist", "tracklisting", "tracknames", "tracktitles", "songs"),
    "genre": ("genres", "style", "styles", "category"),
}  # fmt: skip
NOTHING = (
    "", "null", "none", "nan", "n/a", "n.a.", "na", "unk.", "unk", "unknown", "[unknown]", "<unknown>", "-",
    "?", "nil", "(null)", "\\n",
)  # fmt: skip
"""Values that mean "not known", in lower case."""
LONGEST = 20_000
"""Characters of a cell that can be a name or a track list."""
_PLAIN = re.compile(r"[^a-z0-9]")


def read_file(path: Path) -> pl.DataFrame:
    """All columns of a CSV (comma, semicolon or tab; .gz) or Parquet file, as text.

    Lists of texts in a Parquet column of track lists become JSON.

    Raises:
        LakeError: the file is missing, empty or of another kind, or its header or its text is broken.
    """
    if not path.is_file():
        what = "a folder, not a file" if path.is_dir() else "no such file"
        raise LakeError(f"{path}: {what}", "give the path of a CSV or Parquet file")
    try:
        if path.name.lower().endswith((".parquet", ".pq")):
            frame = _listed_tracks(pl.read_parquet(path))
            nested = [n for n, t in frame.schema.items() if t.is_nested()]
            if nested:
                raise LakeError(
                    f"{path}: column {nested[0]} holds lists or records, not single values",
                    "write it as text, several values divided by ';' (only tracks may be lists of text)",
                )
            frame = frame.with_columns(pl.all().cast(pl.String))
        else:
            dialect = _dialect(path)
            _single(_header(path, dialect), path)
            frame = _rows(path, dialect)
    except pl.exceptions.NoDataError:
        raise LakeError(f"{path}: the file is empty", "give a file with a header and rows") from None
    except (pl.exceptions.PolarsError, csv.Error, UnicodeError, OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error
    _readable(frame, path)
    if not frame.height:
        raise LakeError(f"{path}: no rows below the header", "give a file with rows")
    return frame


_KINDS = {b"PK\x03\x04": "an Excel workbook or a zip archive", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""What files are that begin so."""


def _unreadable(path: Path, error: Exception) -> LakeError:
    """Why a file is no table, as far as its first bytes and the reader tell."""
    with path.open("rb") as file:
        head = file.read(4)
    kind = next((kind for start, kind in _KINDS.items() if head.startswith(start)), None)
    if kind or isinstance(error, UnicodeError):
        remedy = 'save it as CSV in UTF-8 (spreadsheets call it "CSV UTF-8")'
        if kind in {None, "UTF-16"}:
            remedy += f", or convert it: iconv -f {kind or 'WINDOWS-1252'} -t UTF-8 {path.name}"
        return LakeError(f"{path}: this is {kind or f'not UTF-8 ({error})'}", remedy)
    return LakeError(
        f"{path}: cannot be read as a table: {str(error).strip().splitlines()[0]}",
        "give a CSV file in UTF-8 with a header and the same number of fields in each row, or Parquet",
    )


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a CSV file is written.

    Attributes:
        separator: what stands between cells.
        before: lines before the header: one where it says the separator, as spreadsheets write it.
    """

    separator: str
    before: int


def _dialect(path: Path) -> _Dialect:
    with _opened(path, errors="replace") as file:
        head = file.readline()
    said = re.match(r"sep=(.)\s*$", head, re.IGNORECASE)
    return _Dialect(said[1], 1) if said else _Dialect(max(",;\t", key=head.count), 0)


def _opened(path: Path, errors: str = "strict") -> TextIO:
    opener: Callable[..., Any] = gzip.open if path.name.lower().endswith(".gz") else open
    file: TextIO = opener(path, "rt", encoding="utf-8-sig", errors=errors, newline="")
    return file


def _rows(path: Path, dialect: _Dialect) -> pl.DataFrame:
    """Rows of a CSV file; quotes within a cell ("Go (12" Mix)") are letters of it.

    Raises:
        LakeError: a row has more fields than the header.
    """
    try:
        return pl.read_csv(path, infer_schema=False, separator=dialect.separator, skip_lines=dialect.before)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError, pl.exceptions.ShapeError):
        # the fast reader knows no quotes within a cell
        with _opened(path) as file:
            lines = list(csv.reader(file, delimiter=dialect.separator, strict=True))
        header, *rows = lines[dialect.before :]
    for number, row in enumerate(rows, start=1):
        if len(row) > len(header):
            raise LakeError(
                f"{path}: row {number} has {len(row)} fields, the header {len(header)}",
                'put cells that hold the separator in quotes ("A, B")',
            )
    filled = [row + [""] * (len(header) - len(row)) for row in rows if row]
    return pl.DataFrame(filled, schema=dict.fromkeys(header, pl.String), orient="row")


def _listed_tracks(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with lists of texts in columns of track lists as JSON."""
    named = ("tracks", *ALIASES["tracks"])
    lists = [
        name
        for name, kind in frame.schema.items()
        if kind == pl.List(pl.String) and _PLAIN.sub("", name.lower()).endswith(named)
    ]
    return frame.with_columns(
        pl.Series(
            name, [None if one is None else json.dumps(one) for one in frame[name].to_list()], dtype=pl.String
        )
        for name in lists
    )


def _single(header: Sequence[str | None], path: Path) -> None:
    """Refuse a header that names a column twice: which of them is meant cannot be known."""
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice is not None:
        raise LakeError(
            f"{path}: the header names the column {twice} twice", "give each column a name of its own"
        )


def _readable(frame: pl.DataFrame, path: Path) -> None:
    """Refuse what decodes but is no text: another encoding, or a file of another kind."""
    for name in frame.columns:
        bad = frame[name].str.contains("\0", literal=True)
        if "\0" in name or bad.any():
            where = "the header" if "\0" in name else f"column {name}, row {int(bad.arg_max() or 0) + 1}"
            raise LakeError(
                f"{path}: {where}: a NUL byte, which no text holds",
                "save the file as UTF-8 (UTF-16 has such bytes), or remove them",
            )
        if "\r" in name:
            raise LakeError(f"{path}: lines end in CR alone", "save the file with line ends LF or CR LF")


def _header(path: Path, dialect: _Dialect) -> list[str]:
    with _opened(path) as file:
        lines = csv.reader(file, delimiter=dialect.separator)
        return next(itertools.islice(lines, dialect.before, None), [])


def fields_of(
    columns: Sequence[str], mapping: Mapping[str, str], place: str, *, prefix: str = ""
) -> dict[str, str]:
    """Which column means what: {field: column}, from the mapping first, then from the columns' names.

    Args:
        columns: the file's columns.
        mapping: {column without prefix: field}, the caller's word; the field ``ignore`` leaves one out.
        place: the file, for messages.
        prefix: only columns that begin so count.

    Raises:
        LakeError: the mapping names what is not there, or nothing means the title.
    """
    named = {c.removeprefix(prefix): c for c in columns if c.startswith(prefix)}
    if not named:
        raise LakeError(f"{place}: no column begins with {prefix!r}", f"the columns are {', '.join(columns)}")
    found = _mapped(named, columns, mapping, place, prefix)
    free = {_PLAIN.sub("", k.lower()): c for k, c in named.items() if k not in mapping}
    for field in (*FIELDS, "genre"):
        if field == "genre" and "tracks" not in found:
            continue  # a track's genre may stand in its title and is told apart by the values (`moved`)
        names = (field.replace("_", ""), *ALIASES.get(field, ()))
        if field not in found and (name := next((n for n in names if n in free), None)):
            found[field] = free[name]
    if "tracks" in found and "title" not in found and "album" in found:
        found["title"] = found.pop("album")
    if "title" not in found:
        raise LakeError(
            f"{place}: no column {prefix}title",
            f"name the column that holds it: --map NAME=title (the columns are {', '.join(named)})",
        )
    return found


def _mapped(
    named: Mapping[str, str], columns: Sequence[str], mapping: Mapping[str, str], place: str, prefix: str
) -> dict[str, str]:
    """{field: column} of the fields the mapping names."""
    found: dict[str, str] = {}
    for column, field in mapping.items():
        if column not in named:
            raise LakeError(
                f"{place}: there is no column {prefix}{column}, which --map {column}={field} names",
                f"the columns are {', '.join(columns)}",
            )
        if field == "ignore":
            continue
        if field not in (*FIELDS, "genre"):
            raise LakeError(
                f"--map {column}={field}: {field} is no field",
                f"use one of {', '.join(FIELDS)}, genre, or ignore",
            )
        if field in found:
            raise LakeError(f"--map gives two columns for {field}", "keep one of them")
        found[field] = named[column]
    return found


def parse_mapping(given: Sequence[str]) -> dict[str, str]:
    """``NAME=field`` options as {column: field}.

    Raises:
        LakeError: an option has another form.
    """
    mapping = {}
    for one in given:
        column, equals, field = one.rpartition("=")
        if not equals or not column or not field:
            raise LakeError(f"--map {one}: not of the form NAME=field", "for example --map Song_Name=title")
        mapping[column.strip()] = field.strip()
    return mapping


def meant(values: pl.Series) -> list[str | None]:
    """The values without surrounding spaces; None for all that mean "not known"."""
    stripped = values.cast(pl.String).str.strip_chars()
    known = pl.select(
        pl.when(stripped.str.to_lowercase().is_in(NOTHING)).then(None).otherwise(stripped).alias("v")
    )
    return known["v"].to_list()


def as_fields(frame: pl.DataFrame, fields: Mapping[str, str], path: Path) -> dict[str, list[str | None]]:
    """The columns that mean something, cleaned of values that mean nothing.

    Raises:
        LakeError: a cell is longer than any name or track list.
    """
    for column in fields.values():
        long = frame[column].str.len_chars().fill_null(0) > LONGEST
        if long.any():
            raise LakeError(
                f"{path}: column {column}, row {int(long.arg_max() or 0) + 1}: over {LONGEST:,} characters",
                f"shorten it, close a quote left open, or leave the column out: --map {column}=ignore",
            )
    return {field: meant(frame[column]) for field, column in fields.items()}
