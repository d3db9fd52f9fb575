"""A list as comparable columns: `enrichment.matching.features.Comparable`.

Belongs here: the order of the steps from a file's cells to what pairs are judged by.
"""

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from enrichment.lists import moved, packed, units
from enrichment.lists.blocking import Candidates, candidates
from enrichment.lists.reading import FIELDS, as_fields, fields_of, meant
from enrichment.lists.readings import Judgement, Readings, cut_off, other_readings, reconsider
from enrichment.matching.comparable import Comparable, Floats, Indices, comparable
from enrichment.matching.judging import judge_pairs
from enrichment.matching.model import Judged, Model, load
from enrichment.text.record import parse_records
from lake.errors import LakeError
from lake.parallel import Workers, collector_paused

_SPACED = re.compile(r"(?<=[(\[])\s+|\s+(?=[)\],;:!?])|(?<=\w)\s+(?=\.(?:\s|$|\)))|(?<=\w)\s+(?=['’]\w)")
_DIGITS = re.compile(r"\d+")
_WORTH = 20_000
"""Rows a worker process is worth starting for."""


@dataclass(slots=True, kw_only=True)
class Listed(ABC):
    """A list read and understood; of what, its subclasses say, each with its own way to find and judge pairs.

    Attributes:
        ids: record id of each row (the row's number, from 1, where the file has none).
        sources: source of each row; one empty name where the file names none.
        fields: which column means what.
        habits: packed and moved values that were found.
        lengths: what lengths are, by source.
        copies: first row of which each row is a copy, cell by cell; None if not looked for.
        shown: some cells of each row (title and artist first) as the file has them, for reports.
    """

    noun: ClassVar[str]
    ids: list[str] = field(default_factory=list)
    sources: list[str]
    fields: dict[str, str] = field(default_factory=dict)
    habits: list[packed.Habit] = field(default_factory=list)
    lengths: list[units.Unit] = field(default_factory=list)
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    copies: Indices | None = None

    @abstractmethod
    def candidates(self) -> Candidates:
        """Pairs worth judging."""

    @abstractmethod
    def judge(self, model: Model, left: Indices, right: Indices) -> tuple[dict[str, Floats], Judged]:
        """Features and judgement of pairs of rows."""

    @abstractmethod
    def model(self) -> Model:
        """The model kept with the code for lists of this kind."""

    @abstractmethod
    def names_something(self) -> npt.NDArray[np.bool_]:
        """Whether each row names what it is about."""


@dataclass(slots=True, kw_only=True)
class TrackList(Listed):
    """A list of tracks.

    Attributes:
        records: the comparable columns.
        readings: what rows may be meant to say instead.
    """

    noun = "recordings"
    records: Comparable
    readings: Readings

    def candidates(self) -> Candidates:
        """Pairs worth judging."""
        return candidates(self.records)

    def judge(self, model: Model, left: Indices, right: Indices) -> tuple[dict[str, Floats], Judged]:
        """Features and judgement of pairs of rows."""
        features, judged = judge_pairs(model, self.records, left, right)
        again = reconsider(model, self.readings, Judgement(left, right, features, judged))
        return again.features, again.judged

    def model(self) -> Model:
        """The model kept with the code."""
        return load()

    def names_something(self) -> npt.NDArray[np.bool_]:
        """Whether each row names a track ("ID" does not)."""
        return np.array(self.records.usable, bool)


def from_frame(frame: pl.DataFrame, mapping: Mapping[str, str], path: Path) -> TrackList:
    """A list whose rows are records.

    Raises:
        LakeError: no title column, a wrong mapping, or record ids that are not unique.
    """
    fields = fields_of(frame.columns, mapping, str(path))
    values = as_fields(frame, fields, path)
    ids = record_ids(values, fields, mapping, frame.height, path)
    sources = [one or "" for one in values.get("source") or [""] * frame.height]
    used = set(fields.values())
    others = {c: meant(frame[c]) for c in frame.columns if c not in used and c not in mapping}
    made = understand(values, others, sources, moving=False)
    made.ids, made.fields = ids, fields
    return made


def record_ids(
    values: packed.Fields, fields: dict[str, str], mapping: Mapping[str, str], rows: int, path: Path
) -> list[str]:
    """Record ids; numbers of the rows where there are none, or a column only named like ids is not unique."""
    numbered = [str(i) for i in range(1, rows + 1)]
    ids = values.get("record_id")
    if ids is None:
        return numbered
    column = fields["record_id"]
    seen: dict[str, int] = {}
    for row, one in enumerate(ids, start=1):
        if one is not None and one not in seen:
            seen[one] = row
            continue
        if column != "record_id" and column not in mapping:
            del fields["record_id"]
            return numbered
        what = "is missing" if one is None else f"{one!r} stands in row {seen[one]} too"
        raise LakeError(
            f"{path}: column {column}, row {row}: the record id {what}",
            f"make the ids unique, or number the rows instead with --map {column}=ignore",
        )
    return list(seen)


def from_pairs(
    frame: pl.DataFrame, left: str, right: str, mapping: Mapping[str, str], path: Path
) -> TrackList:
    """A list whose rows are pairs: the left records first, then the right ones, as two sources.

    Raises:
        LakeError: a side has no title column, or the mapping is wrong.
    """
    sides = [fields_of(frame.columns, mapping, str(path), prefix=p) for p in (left, right)]
    cells = [as_fields(frame, side, path) for side in sides]
    values: packed.Fields = {}
    for name in FIELDS:
        if name in {"record_id", "source"} or not any(name in side for side in sides):
            continue
        values[name] = [cell for side in cells for cell in side.get(name, [None] * frame.height)]
    others: dict[str, list[str | None]] = {}
    for k, (prefix, side) in enumerate(zip((left, right), sides, strict=True)):
        for column in frame.columns:
            if column.startswith(prefix) and column not in side.values():
                name = "\0" + column.removeprefix(prefix)
                filled = others.setdefault(name, [None] * (2 * frame.height))
                filled[k * frame.height : (k + 1) * frame.height] = meant(frame[column])
    sources = [left] * frame.height + [right] * frame.height
    made = understand(values, others, sources, moving=True)
    made.fields = {**sides[1], **sides[0]}
    return made


def understand(
    values: packed.Fields, others: Mapping[str, list[str | None]], sources: list[str], *, moving: bool = True
) -> TrackList:
    """Put values into their fields, read units and versions, fold text.

    Args:
        values: cells by field, None for not known; changed in place.
        others: further columns, for values moved into the title.
        sources: source of each row.
        moving: look for values moved into the title.
    """
    titles = values["title"]
    albums = values.get("album") or [None] * len(titles)
    artists = values.get("artist") or [None] * len(titles)
    shown = [(t or "", a or "", b or "") for t, a, b in zip(titles, artists, albums, strict=True)]
    with collector_paused():
        habits = packed.unpack(values, sources)
        for name in ("artist", "album", "length", "year"):
            values.setdefault(name, [None] * len(titles))
        if moving:
            habits += moved.put_back(values, others, sources)
        for name in ("title", "artist", "album"):
            values[name] = [v and _SPACED.sub("", v) for v in values[name]]
        readings, found_units = _read(values, sources)
    rows = len(sources)
    everything = readings.everything
    return TrackList(
        sources=sources,
        records=everything.take(np.arange(rows)) if len(everything) > rows else everything,
        readings=readings,
        habits=habits,
        lengths=found_units,
        shown=shown,
    )


def _read(values: packed.Fields, sources: list[str]) -> tuple[Readings, list[units.Unit]]:
    """The rows, and what else they may be meant to say, as comparable columns."""
    titles = values["title"]
    rows = len(titles)
    more = [
        (i, reading)
        for i, cells in enumerate(zip(values["artist"], titles, strict=True))
        for reading in other_readings(*cells)
    ]
    of = np.array([i for i, _ in more], dtype=np.int64)
    everyone = np.concatenate([np.arange(rows), of])
    artists = [*values["artist"], *(artist for _, (artist, _) in more)]
    spellings = pa.table(
        {
            "artist_raw": pa.array(artists, pa.string()),
            "title_raw": pa.array([*titles, *(title for _, (_, title) in more)], pa.string()),
            "mix_name_raw": pa.array(_again(values.get("mix_name"), everyone), pa.string()),
            "remixer_raw": pa.array(_again(values.get("remixer"), everyone), pa.string()),
        }
    )
    with Workers(parse_records, processes=os.cpu_count() or 1) as workers:
        parsed = workers.map(spellings, worth=_WORTH)
    seconds, found_units = units.lengths(values["length"], sources)
    everything = comparable(
        parsed,
        albums=_again(values["album"], everyone),
        length=seconds[everyone],
        year=np.array([units.year(one) for one in values["year"]])[everyone],
        number=np.array([_number(one) for one in _again(values.get("number"), everyone)]),
        credited=artists,
        isrcs=_again(values.get("isrc"), everyone),
        labels=_again(values.get("label"), everyone),
        catalog_numbers=_again(values.get("catalog_number"), everyone),
    )
    return Readings(everything, of, [cut_off(one) for one in titles], titles), found_units


def _again(column: list[str | None] | None, rows: Indices) -> list[str | None]:
    """Cells of a column by row; nothing known where there is no such column."""
    return [column[i] for i in rows.tolist()] if column else [None] * len(rows)


def _number(text: str | None) -> float:
    found = _DIGITS.findall(text or "")
    return float(found[-1]) if found and len(found[-1]) < 6 else np.nan
