"""What a *kind* of source file is: the shape every reader package exports as ``KIND``.

What belongs here: the type alone, so that readers can import it without the registry that lists them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lake.bronze import Answer, Rejected


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
    """

    name: str
    provider: str
    streams: tuple[str, ...]
    summary: str
    example: str
    patterns: tuple[str, ...]
    read: Callable[[Path], Iterator[Answer | Rejected]]
    extractor_version: str
