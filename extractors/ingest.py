"""Bringing files of a kind into bronze, file by file."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.bookmark import Bookmark
from extractors.errors import SourceError
from extractors.kind import Place
from extractors.registry import Kind, files_of
from lake import bronze
from lake.bronze import Answer, Rejected


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        file: the file.
        answers: good rows read.
        new: rows bronze did not hold yet.
        rejected: rows refused, each kept with its reason.
        first_rejected: the first of them, to show.
        refused: why the file was refused (wholly, or from some row on); None if it was read to its end.
        resumed: rows that a reading that was killed had brought in before; not read again.
    """

    file: Path
    answers: int
    new: int
    rejected: int
    first_rejected: Rejected | None
    refused: SourceError | None
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of one file is.

    Attributes:
        file: the file.
        rows: rows read so far, in this reading.
        bytes_read: bytes of it read so far; 0 if its reader does not say.
        size: its size in bytes.
    """

    file: Path
    rows: int
    bytes_read: int
    size: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What `ingest` did."""

    kind: Kind
    files: tuple[FileReport, ...]
    left_alone: tuple[Path, ...]

    @property
    def new(self) -> int:
        """Rows added to bronze."""
        return sum(file.new for file in self.files)

    @property
    def refused(self) -> list[SourceError]:
        """Errors of the files that could not be read to their end."""
        return [file.refused for file in self.files if file.refused is not None]


def ingest(
    kind: Kind,
    paths: Sequence[Path],
    root: Path,
    *,
    ingest_date: dt.date,
    run_id: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> IngestReport:
    """Read files of one kind into bronze; content already there adds nothing.

    A large file whose reading was killed is read on from where it was.

    Args:
        kind: the shape of the files.
        paths: files or folders; of a folder the files that fit the kind's patterns are taken.
        root: bronze root.
        ingest_date: partition (UTC day) to land in.
        run_id: Dagster run, where there is one.
        progress: told how far a file is, every thousand rows.

    Raises:
        SourceError: a path does not exist. A file that cannot be read is reported, not raised.
    """
    taken, left_alone = files_of(kind, paths)
    for stream in kind.streams:
        bronze.ensure_stream(root, kind.provider, stream)
    bronze.ensure_stream(root, kind.provider, bronze.REJECTED_STREAM)
    reports = [
        _ingest_file(kind, file, root=root, ingest_date=ingest_date, run_id=run_id, progress=progress)
        for file in taken
    ]
    return IngestReport(kind, tuple(reports), tuple(left_alone))


def _ingest_file(
    kind: Kind,
    file: Path,
    *,
    root: Path,
    ingest_date: dt.date,
    run_id: str | None,
    progress: Callable[[Progress], None] | None,
) -> FileReport:
    good = bad = 0
    first_rejected: Rejected | None = None
    refused: SourceError | None = None
    place = Place()
    bookmark: Bookmark | None = None
    passed: deque[tuple[int, int]] = deque()  # (rows handed to bronze, row of the file then)

    def tell() -> None:
        if progress:
            progress(Progress(file, good + bad, place.bytes_read, size))

    def rows() -> Iterator[Answer | Rejected]:
        nonlocal good, bad, first_rejected, refused
        try:
            for row in kind.read_from(file, place) if kind.read_from else kind.read(file):
                if isinstance(row, Rejected):
                    bad += 1
                    first_rejected = first_rejected or row
                else:
                    good += 1
                if (good + bad) % 1000 == 0:
                    tell()
                    passed.append((good + bad, place.row))
                yield row
        except SourceError as error:  # rows before the broken place are kept
            refused = error

    def stored(count: int) -> None:
        reached = 0
        while passed and passed[0][0] <= count:
            _, reached = passed.popleft()
        if reached and bookmark:
            bookmark.put(file, reached)

    try:
        size = file.stat().st_size
        if kind.read_from:
            bookmark = Bookmark.of(root, kind, file)
            place.row = bookmark.row()
    except OSError:
        size = 0  # its reader says that and why it cannot be read
    resumed = place.row
    written = bronze.write(
        root,
        kind.provider,
        rows(),
        ingest_date=ingest_date,
        extractor_version=f"{kind.name}/{kind.extractor_version}",
        run_id=run_id,
        stored=stored,
    )
    tell()
    if bookmark:
        bookmark.remove()
    return FileReport(file, good, written.new, bad, first_rejected, refused, resumed)
