"""Files that others read while they are written anew: built aside, moved into place in one step.

A reader keeps the file it opened; the name moves to the new one when that is whole and on disk.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def aside(file: Path, before: Callable[[], object] = lambda: None) -> Iterator[Path]:
    """A path to write to, which takes the place of `file` when the block ends well; else nothing changes.

    Args:
        file: the file; its folder is made, and what a killed run left of it there is removed.
        before: called when the new file is on disk and the old one still in place.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    for leftover in file.parent.glob(f".{file.stem}-*.building*"):
        leftover.unlink()  # of a run that was killed
    building = file.with_name(f".{file.stem}-{uuid.uuid4().hex}.building")
    try:
        yield building
        with building.open("rb") as written:
            os.fsync(written.fileno())
        before()
        building.replace(file)
    finally:
        building.unlink(missing_ok=True)
