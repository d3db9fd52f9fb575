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


class _Reading:
    """One file on its way into bronze: what was read of it, and how much of that is on disk."""

    def __init__(
        self, kind: Kind, file: Path, root: Path, progress: Callable[[Progress], None] | None
    ) -> None:
        self.kind, self.file, self.progress = kind, file, progress
        self.good = self.bad = self.size = 0
        self.first_rejected: Rejected | None = None
        self.refused: SourceError | None = None
        self.place = Place()
        self.bookmark: Bookmark | None = None
        self._passed: deque[tuple[int, int]] = deque()  # (rows handed to bronze, row of the file then)
        try:
            self.size = file.stat().st_size
            if kind.read_from:
                self.bookmark = Bookmark.of(root, kind, file)
                self.place.row = self.bookmark.row()
        except OSError:
            pass  # its reader says that and why it cannot be read
        self.resumed = self.place.row

    def rows(self) -> Iterator[Answer | Rejected]:
        """The file's rows, up to where it is refused."""
        read = self.kind.read_from
        try:
            for row in read(self.file, self.place) if read else self.kind.read(self.file):
                if isinstance(row, Rejected):
                    self.bad += 1
                    self.first_rejected = self.first_rejected or row
                else:
                    self.good += 1
                if (self.good + self.bad) % 1000 == 0:
                    self.tell()
                    self._passed.append((self.good + self.bad, self.place.row))
                yield row
        except SourceError as error:  # rows before the broken place are kept
            self.refused = error

    def tell(self) -> None:
        """Say how far the reading is."""
        if self.progress:
            self.progress(Progress(self.file, self.good + self.bad, self.place.bytes_read, self.size))

    def stored(self, count: int) -> None:
        """Note that the first `count` rows are on disk."""
        reached = 0
        while self._passed and self._passed[0][0] <= count:
            _, reached = self._passed.popleft()
        if reached and self.bookmark:
            self.bookmark.put(self.file, reached)


def _ingest_file(
    kind: Kind,
    file: Path,
    *,
    root: Path,
    ingest_date: dt.date,
    run_id: str | None,
    progress: Callable[[Progress], None] | None,
) -> FileReport:
    reading = _Reading(kind, file, root, progress)
    written = bronze.write(
        root,
        kind.provider,
        reading.rows(),
        ingest_date=ingest_date,
        extractor_version=f"{kind.name}/{kind.extractor_version}",
        run_id=run_id,
        stored=reading.stored,
    )
    reading.tell()
    if reading.bookmark:
        reading.bookmark.remove()
    return FileReport(
        file,
        reading.good,
        written.new,
        reading.bad,
        reading.first_rejected,
        reading.refused,
        reading.resumed,
    )
