"""Duplicates of a list: candidates, judgement, groups.

Belongs here: the order of the steps. `Deduped` keeps what they found, for files, reports and measuring.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from enrichment.lists import records, releases
from enrichment.lists.blocking import Candidates
from enrichment.lists.reading import fields_of
from enrichment.lists.records import Listed
from enrichment.matching.comparable import Floats, Indices
from enrichment.matching.grouping import RIVAL_FREE, group, one_per_source
from enrichment.matching.model import THRESHOLD, Model

_CHUNK = 500_000
"""Pairs judged at a time: of all their features one figure is kept."""
Step = Callable[[str], None]
"""Told what is being done."""


@dataclass(frozen=True, slots=True)
class Deduped:
    """What was found in a list of n rows.

    Attributes:
        listed: the list, as it was understood.
        left: left row of each candidate pair.
        right: right row of each.
        confidence: of each pair.
        groups: group of each row (its first row), shape (n,).
        certainty: how sure each row is in its group, shape (n,).
        one_per_source: whether sources were found free of duplicates, and groups hold one row of each.
        cut_keys: blocking keys too common to use.
        keyless_rows: rows that met nobody for that.
    """

    listed: Listed
    left: Indices
    right: Indices
    confidence: Floats
    groups: Indices
    certainty: Floats
    one_per_source: bool
    cut_keys: int
    keyless_rows: int


def quiet(_: str) -> None:
    """No report."""


def dedupe_frame(
    frame: pl.DataFrame,
    mapping: Mapping[str, str],
    path: Path,
    *,
    model: Model | None = None,
    step: Step = quiet,
) -> Deduped:
    """Group the rows of a file that are one recording, or one release where they have track lists.

    Raises:
        LakeError: the columns or the mapping are wrong.
    """
    step(f"reading {frame.height:,} rows")
    return dedupe(understood(frame, mapping, path), model=model, step=step)


def understood(frame: pl.DataFrame, mapping: Mapping[str, str], path: Path) -> Listed:
    """The rows of a file as the list they are: of releases if they have track lists, else of tracks.

    Raises:
        LakeError: the columns or the mapping are wrong.
    """
    frame = releases.gathered(frame, mapping)
    listed: Listed
    if releases.has_track_lists(frame, fields_of(frame.columns, mapping, str(path))):
        listed = releases.from_frame(frame, mapping, path)
    else:
        listed = records.from_frame(frame, mapping, path)
    said = [column for name, column in listed.fields.items() if name != "record_id"]
    rows = frame.select(said).with_row_index("row of the file")
    first = pl.col("row of the file").first().over(said).cast(pl.Int64)
    copies = rows.select(first)[:, 0].to_numpy()
    # two rows that name nothing ("ID - ID") say the same of two things
    listed.copies = np.where(listed.names_something(), copies, np.arange(len(copies)))
    return listed


def dedupe(listed: Listed, *, model: Model | None = None, step: Step = quiet) -> Deduped:
    """Group the rows of a list that are one.

    Args:
        listed: the list.
        model: judges the pairs; by default the one kept with the code.
        step: told what is being done.
    """
    step("looking for candidates")
    found = listed.candidates()
    step(f"judging {len(found.left):,} pairs")
    confidence = _confidence(listed, found, model or listed.model())
    sources = np.unique(np.array(listed.sources), return_inverse=True)[1].astype(np.int64)
    single = one_per_source(sources, found.left, found.right, confidence)
    step("grouping")
    groups, certainty = group(
        len(listed.sources),
        found.left,
        found.right,
        confidence,
        sources=sources if single else None,
        threshold=RIVAL_FREE if single else THRESHOLD,
    )
    if listed.copies is not None:
        groups = _with_copies(groups, listed.copies)
    return Deduped(
        listed, found.left, found.right, confidence, groups, certainty, single,
        found.cut_keys, found.keyless_rows,
    )  # fmt: skip


def _with_copies(groups: Indices, copies: Indices) -> Indices:
    """Groups in which copies, rows that say the same in every cell, are together, whatever sources do."""
    joined = groups.copy()
    for row in np.flatnonzero(copies != np.arange(len(copies))).tolist():
        a, b = sorted((int(joined[copies[row]]), int(joined[row])))
        joined[joined == b] = a
    return joined


def _confidence(listed: Listed, found: Candidates, model: Model) -> Floats:
    """Confidence of each candidate pair; features are made and forgotten in chunks, one on each core."""
    cores = os.cpu_count() or 1
    size = max(1, min(_CHUNK, -(-len(found.left) // cores)))

    def judged(at: int) -> Floats:
        return listed.judge(model, found.left[at : at + size], found.right[at : at + size])[1].confidence

    with ThreadPoolExecutor(cores) as pool:  # NumPy and rapidfuzz work outside the interpreter's lock
        return np.concatenate(list(pool.map(judged, range(0, max(len(found.left), 1), size))))
