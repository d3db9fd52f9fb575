"""Files that commands write their results to (``--out``)."""

from pathlib import Path

import polars as pl

from lake.errors import LakeError


def writable(target: Path) -> None:
    """Refuse a place that cannot be written to, before the work is done.

    Raises:
        LakeError: it is a folder, in no folder, or neither CSV nor Parquet.
    """
    if target.is_dir():
        raise LakeError(f"{target}: a folder, not a file", "choose another --out")
    if not target.parent.is_dir():
        raise LakeError(f"{target}: there is no folder {target.parent}", "create it or choose another --out")
    if not target.name.lower().endswith((".csv", ".parquet")):
        raise LakeError(f"{target}: neither .csv nor .parquet", "end the name of --out in one of them")


def write(frame: pl.DataFrame, target: Path) -> None:
    """Write rows as the name of the file says.

    Raises:
        LakeError: the file cannot be written.
    """
    try:
        if target.name.lower().endswith(".parquet"):
            frame.write_parquet(target)
        else:
            frame.write_csv(target)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise LakeError(f"{target}: cannot be written: {error}", "choose another --out") from error
