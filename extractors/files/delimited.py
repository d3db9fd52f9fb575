"""Delimited text (CSV, tab-separated) -> rows with their place; shared by all kinds of that shape."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from extractors.errors import SourceError
from extractors.files.reading import (
    DamagedError,
    Overlong,
    cut_off,
    flaw,
    lines,
    printable,
    refused,
    text_chunks,
)
from lake.bronze import Answer, Rejected


@dataclass(frozen=True, slots=True)
class Shape:
    """What a delimited file must look like to be of a kind.

    Attributes:
        stream: stream the rows go to.
        columns: columns that must be in the header (others may be there too and are kept).
        required: columns that must not be empty in a row.
        what: the kind in words, for messages.
        delimiter: character between cells.
        quoted: whether cells may be quoted; if not, quotation marks are plain characters.
    """

    stream: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    what: str
    delimiter: str = ","
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One good row: its 1-based record number (the header is 1, blank lines do not count) and its cells."""

    number: int
    cells: dict[str, str]

    def as_json(self) -> str:
        """The row as a JSON object of its header and its cells, untouched."""
        return json.dumps(self.cells, ensure_ascii=False)


class _Tape:
    """Hands lines to the CSV reader and remembers those of the record under way.

    An overlong line ends its record, whatever was open: a quotation mark that was cut off with its rest would
    swallow the rows after it. What is wrong with the record is then in `flaw`.
    """

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self.record: list[str] = []
        self.flaw: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        begun = bool(self.record)
        self.record.append(line)
        if isinstance(line, Overlong):
            self.flaw = flaw(line)
            return '"\n' if begun else "\n"
        return line

    def take(self) -> tuple[str, str | None]:
        """Text of the record, and what is wrong with its lines; forgets both."""
        raw, wrong = "".join(self.record), self.flaw
        self.record.clear()
        self.flaw = None
        return raw, wrong


def _check_header(path: Path, shape: Shape, header: list[str], wrong: str | None) -> None:
    remedy = f"give a file of {shape.what} with the columns " + ", ".join(shape.columns)
    problem = wrong or flaw("".join(header))
    if problem:
        raise SourceError(
            path.name, problem.replace("the row", "the header"), "save the file as UTF-8", row=1
        )
    for column in shape.columns:
        if column not in header:
            found = printable(", ".join(header))[:200]
            reason = f"this is not a file of {shape.what}: the column is missing; found: {found}"
            raise SourceError(path.name, reason, remedy, row=1, field=column)
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise SourceError(path.name, "the header names this column twice", remedy, row=1, field=twice)


def _verdict(
    shape: Shape, header: list[str], cells: list[str], wrong: str | None
) -> tuple[str, str, str] | None:
    """Field, reason and remedy if the row is refused; `wrong` is what is wrong with its lines."""
    if wrong is not None:
        return "(row)", wrong, "look whether line ends are missing there, and ingest the file again"
    flawed = ((name, flaw(cell)) for name, cell in zip_longest(header, cells, fillvalue="") if cell)
    field, problem = next(((name, found) for name, found in flawed if found), ("", None))
    if problem:
        return field or "(row)", problem, "save the file as UTF-8 text and ingest it again"
    if len(cells) != len(header):
        reason = f"{len(cells)} cells where the header has {len(header)}"
        return "(row)", reason, "correct the delimiters and quotation marks of the row and ingest it again"
    values = dict(zip(header, cells, strict=True))
    for name in shape.required:
        if not values[name].strip():
            return name, "the value is missing", "fill in the value and ingest the file again"
    return None


def read_rows(path: Path, shape: Shape) -> Iterator[Row | Rejected]:
    """Rows of a delimited file in order; refused rows in their place.

    Raises:
        SourceError: the file is not of this shape, or nothing of it can be read.
    """
    tape = _Tape(lines(text_chunks(path)))
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if shape.quoted else csv.QUOTE_NONE
    records = csv.reader(tape, delimiter=shape.delimiter, quoting=quoting)
    header: list[str] | None = None
    number = 0
    while True:
        try:
            cells = next(records, None)
        except DamagedError as damage:
            damage.rest = tape.take()[0] + damage.rest
            yield cut_off(shape.stream, path, number, damage)
            return
        except csv.Error as error:
            if header is None:
                remedy = f"give a file of {shape.what}"
                raise SourceError(path.name, f"the header cannot be read ({error})", remedy, row=1) from error
            number += 1
            reason = f"the row cannot be split into cells ({error})"
            remedy = "close the quotation marks of the row and ingest the file again"
            yield refused(
                shape.stream, path, number, field="(row)", reason=reason, remedy=remedy, raw=tape.take()[0]
            )
            continue
        if cells is None:
            return
        raw, wrong = tape.take()
        if wrong is None and (not cells or (len(cells) == 1 and not cells[0].strip())):
            continue
        number += 1
        if header is None:
            header = cells
            _check_header(path, shape, header, wrong)
            continue
        verdict = _verdict(shape, header, cells, wrong)
        if verdict is None:
            yield Row(number, dict(zip(header, cells, strict=True)))
        else:
            field, reason, remedy = verdict
            yield refused(shape.stream, path, number, field=field, reason=reason, remedy=remedy, raw=raw)


def read_answers(
    path: Path, shape: Shape, key: Callable[[dict[str, str]], str], *, entity_id: str | None = None
) -> Iterator[Answer | Rejected]:
    """Every row of a delimited file as an answer: a JSON object of its columns.

    Args:
        path: the file.
        shape: what it must look like.
        key: request key of a row, of its cells.
        entity_id: column of the provider's own id, if there is one.

    Raises:
        SourceError: the file is not of this shape, or nothing of it can be read.
    """
    for found in read_rows(path, shape):
        if isinstance(found, Rejected):
            yield found
            continue
        yield Answer(
            stream=shape.stream,
            request_key=key(found.cells),
            payload=found.as_json(),
            source_entity_id=(found.cells.get(entity_id) or None) if entity_id else None,
            source_url=f"file:{path.name}",
            source_row=found.number,
        )
