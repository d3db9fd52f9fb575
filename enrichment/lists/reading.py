"""Reading a list: the file, which column means what, and which values mean nothing.

Belongs here: everything that can be wrong with a file, said with the file's, column's and row's name.
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from lake.errors import LakeError

FIELDS = (
    "record_id", "source", "title", "artist", "album", "length", "year", "isrc", "label", "catalog_number",
    "number", "mix_name", "remixer",
)  # fmt: skip
"""What a column can mean."""
ALIASES = {
    "record_id": ("recordid", "id", "key"),
    "source": ("sourceid", "sourcename", "provider", "dataset", "origin"),
    "title": ("songname", "song", "track", "tracktitle", "trackname", "songtitle", "name", "recording"),
    "artist": ("artistname", "artists", "performer", "trackartist", "artistcredit", "band"),
    "album": ("albumname", "albumtitle", "release", "releasetitle", "releasename", "record"),
    "length": ("duration", "time", "lengthms", "durationms", "lengths", "seconds", "runtime", "playtime"),
    "year": ("releaseyear", "date", "released", "releasedate"),
    "isrc": ("isrcs", "isrccode"),
    "label": ("labelname", "recordlabel", "publisher"),
    "catalog_number": ("catno", "catalognumber", "catalogue", "cataloguenumber", "cat"),
    "number": ("trackno", "tracknumber", "position", "tracknum"),
    "mix_name": ("mix", "mixname", "version"),
    "remixer": ("remixers", "remixedby"),
}
NOTHING = (
    "", "null", "none", "nan", "n/a", "n.a.", "na", "unk.", "unk", "unknown", "[unknown]", "<unknown>", "-",
    "?", "nil", "(null)", "\\n",
)  # fmt: skip
"""Values that mean "not known", in lower case."""
_PLAIN = re.compile(r"[^a-z0-9]")


def read_file(path: Path) -> pl.DataFrame:
    """All columns of a CSV (comma, semicolon or tab; .gz) or Parquet file, as text.

    Raises:
        LakeError: the file is missing, empty or of another kind.
    """
    if not path.is_file():
        raise LakeError(f"{path}: no such file", "give the path of a CSV or Parquet file")
    try:
        if path.name.lower().endswith((".parquet", ".pq")):
            frame = pl.read_parquet(path)
            nested = [n for n, t in frame.schema.items() if t.is_nested()]
            if nested:
                raise LakeError(
                    f"{path}: column {nested[0]} holds lists or records, not single values",
                    "write it as text, several values divided by ';'",
                )
            frame = frame.with_columns(pl.all().cast(pl.String))
        else:
            frame = pl.read_csv(path, infer_schema=False, separator=_separator(path))
    except pl.exceptions.NoDataError:
        raise LakeError(f"{path}: the file is empty", "give a file with a header and rows") from None
    except (pl.exceptions.PolarsError, UnicodeError, OSError, EOFError) as error:
        reason = str(error).strip().splitlines()[0]
        raise LakeError(
            f"{path}: cannot be read as a table: {reason}",
            "give a CSV file in UTF-8 with a header and the same number of fields in each row, or Parquet",
        ) from error
    if not frame.height:
        raise LakeError(f"{path}: no rows below the header", "give a file with rows")
    return frame


def _separator(path: Path) -> str:
    opener = gzip.open if path.name.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as file:
        head = file.readline()
    return max(",;\t", key=head.count)


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
    for field in FIELDS:
        names = (field.replace("_", ""), *ALIASES.get(field, ()))
        if field not in found and (name := next((n for n in names if n in free), None)):
            found[field] = free[name]
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
        if field not in FIELDS:
            raise LakeError(
                f"--map {column}={field}: {field} is no field", f"use one of {', '.join(FIELDS)}, or ignore"
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


def as_fields(frame: pl.DataFrame, fields: Mapping[str, str]) -> dict[str, list[str | None]]:
    """The columns of `FIELDS` that the file has, cleaned of values that mean nothing."""
    return {field: meant(frame[column]) for field, column in fields.items()}
