"""The true clusters a list is measured against: a column of the list, or a file of pairs.

Belongs here: reading a truth and everything that can be wrong with it.
"""

from pathlib import Path

import numpy as np
import polars as pl

from enrichment.lists.reading import meant, read_file
from enrichment.lists.records import Listed
from enrichment.matching.features import Indices
from lake.errors import LakeError


def by_column(frame: pl.DataFrame, column: str, path: Path) -> Indices:
    """True cluster of each row, numbered.

    Raises:
        LakeError: there is no such column, or a row has no value.
    """
    if column not in frame.columns:
        raise LakeError(
            f"{path}: there is no column {column}, which --truth names",
            f"the columns are {', '.join(frame.columns)}",
        )
    values = pl.Series(meant(frame[column]), dtype=pl.String)
    if values.null_count():
        row = int(values.is_null().arg_true()[0]) + 1
        raise LakeError(f"{path}: column {column}, row {row}: no true cluster", "fill it or drop the row")
    return values.rank("dense").cast(pl.Int64).to_numpy().astype(np.int64)


def by_pairs(listed: Listed, pairs: Path) -> Indices:
    """True cluster of each row, numbered, from a file whose first two columns are record ids of matches.

    What matches the same row is one cluster; rows without a pair are clusters of one. A file without a header
    begins with a pair at once.

    Raises:
        LakeError: the file cannot be read, has one column, or names a record that the list has not.
    """
    frame = read_file(pairs)
    if frame.width < 2:
        raise LakeError(f"{pairs}: one column", "give two: the record ids of each matching pair")
    first, second = frame.columns[:2]
    row_of = {one: row for row, one in enumerate(listed.ids)}
    ids = [meant(frame[column]) for column in (first, second)]
    if first in row_of and second in row_of:
        ids = [[name, *column] for name, column in zip((first, second), ids, strict=True)]
    for column, values in zip((first, second), ids, strict=True):
        for row, one in enumerate(values, start=1):
            if one not in row_of:
                what = "no record id" if one is None else f"the list has no record {one!r}"
                column_of = listed.fields.get("record_id")
                known = (
                    f"column {column_of}"
                    if column_of
                    else "the number of the row; --map NAME=record_id changes that"
                )
                raise LakeError(
                    f"{pairs}: column {column}, row {row}: {what}", f"record ids of the list are {known}"
                )
    left, right = (np.array([row_of[str(one)] for one in column], dtype=np.int64) for column in ids)
    truth = np.arange(len(listed.ids), dtype=np.int64)
    while (truth[left] != truth[right]).any():  # the smaller number spreads along the pairs
        smaller = np.minimum(truth[left], truth[right])
        np.minimum.at(truth, left, smaller)
        np.minimum.at(truth, right, smaller)
    return np.unique(truth, return_inverse=True)[1].astype(np.int64)
