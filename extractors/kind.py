"""What a *kind* of source file is: the shape every reader package exports as ``KIND``.

What belongs here: the types alone, so that readers can import them without the registry that lists them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lake.bronze import Answer, Rejected


@dataclass(slots=True)
class Place:
    """Where in a large file its reader is.

    Attributes:
        row: rows handed on; a reader that is given a place begins behind them and keeps it up to date.
        bytes_read: bytes of the file read so far.
    """

    row: int = 0
    bytes_read: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A file shape that ``cratelake ingest KIND PATH...`` understands.

    Attributes:
        name: what the person types.
        provider: provider the answers belong to.
        streams: streams of that provider the reader fills.
        summary: one line: what such a file is and where it comes from.
        example: one command line that would work.
        patterns: file names (``*.json``) taken from a folder; the same name with ``.gz`` is taken as well.
        read: file -> its answers in file order, refused rows among them as `Rejected`; raises
            `extractors.errors.SourceError` if the file is not of this kind at all or cannot be read.
        extractor_version: changes whenever `read` would make other answers from the same file.
        read_from: for files that take long: the same from a `Place` on, row for row what `read` gives after
            the rows skipped, so that a reading that was killed goes on where it was.
    """

    name: str
    provider: str
    streams: tuple[str, ...]
    summary: str
    example: str
    patterns: tuple[str, ...]
    read: Callable[[Path], Iterator[Answer | Rejected]]
    extractor_version: str
    read_from: Callable[[Path, Place], Iterator[Answer | Rejected]] | None = None
