"""Bringing files of a kind into bronze, file by file."""

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.bookmark import Bookmark
from extractors.errors import SourceError
from extractors.files.reading import CutOff
from extractors.kind import Place
from extractors.registry import Kind, files_of
from lake import bronze
from lake.bronze import Answer, Rejected

REASONS_KEPT = 1000
"""Reasons of one file that are told apart; rows refused for further ones are only counted."""
_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class Refusals:
    """Rows that were refused for one reason; reasons that differ in their numbers alone are one.

    Attributes:
        first: the first of them, without its raw text.
        rows: how many there are.
    """

    first: Rejected
    rows: int = 0

    @staticmethod
    def reason(row: Rejected) -> tuple[str, str]:
        """What rows refused for the same reason have in common."""
        return row.field, _NUMBER.sub("0", row.reason)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        file: the file.
        answers: good rows read.
        new: rows bronze did not hold yet.
        rejected: rows refused, each kept with its reason.
        refusals: why: one entry a reason, in the order of the first row; without the unreadable rest of a
            file, which is in `refused`.
        refused: why the file was refused: wholly, because no row of it is good, or from some row on, where
            its reading broke off; None if it was read to its end.
        resumed: rows that a reading that was killed had brought in before; not read again.
    """

    file: Path
    answers: int
    new: int
    rejected: int
    refusals: tuple[Refusals, ...]
    refused: SourceError | None
    resumed: int = 0

    @property
    def broken_off(self) -> bool:
        """Whether its reading ended before the file did, with good rows before that place."""
        return self.refused is not None and self.answers + self.resumed > 0

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.refused is None:
            return "in bronze"
        if not self.broken_off:
            return "refused"
        return "broken off" if self.refused.row is None else f"broken off at row {self.refused.row:,}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of one file is.

    Attributes:
        file: the file.
        rows: rows read so far, in this reading.
        bytes_read: bytes of it read so far; 0 if its reader does not say.
        size: its size in bytes.
        stored: rows of it that are in bronze, those of a reading that was killed before among them.
    """

    file: Path
    rows: int
    bytes_read: int
    size: int
    stored: int


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
    def refused(self) -> list[FileReport]:
        """The files that could not be read to their end."""
        return [file for file in self.files if file.refused is not None]


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
        self.good = self.bad = self.size = self.on_disk = 0
        self.refusals: dict[tuple[str, str], Refusals] = {}
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
                    self._note(row)
                else:
                    self.good += 1
                if (self.good + self.bad) % 1000 == 0:
                    self.tell()
                    self._passed.append((self.good + self.bad, self.place.row))
                yield row
        except SourceError as error:  # rows before the broken place are kept
            self.refused = error
        if self.bad and not self.good and not self.resumed and self.refused is None:
            self.refused = self._nothing_good()

    def _note(self, row: Rejected) -> None:
        if isinstance(row, CutOff):
            self.refused = SourceError(row.file, row.reason, row.remedy, row.row)
            return
        reason = Refusals.reason(row)
        if reason not in self.refusals and len(self.refusals) < REASONS_KEPT:
            self.refusals[reason] = Refusals(replace(row, raw=""))
        if reason in self.refusals:
            self.refusals[reason].rows += 1

    def _nothing_good(self) -> SourceError:
        first = next(iter(self.refusals.values())).first
        none = "its only row is bad" if self.bad == 1 else f"none of its {self.bad:,} rows is good"
        return SourceError(first.file, f"{none}: {first.reason}", first.remedy, first.row, first.field)

    def tell(self) -> None:
        """Say how far the reading is."""
        if self.progress:
            rows, stored = self.good + self.bad, self.resumed + self.on_disk
            self.progress(Progress(self.file, rows, self.place.bytes_read, self.size, stored))

    def stored(self, count: int) -> None:
        """Note that the first `count` rows are on disk."""
        self.on_disk = count
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
    try:
        written = bronze.write(
            root,
            kind.provider,
            reading.rows(),
            ingest_date=ingest_date,
            extractor_version=f"{kind.name}/{kind.extractor_version}",
            run_id=run_id,
            stored=reading.stored,
        )
    finally:
        reading.tell()  # also to whoever is stopped here
    if reading.bookmark:
        reading.bookmark.remove()
    return FileReport(
        file,
        reading.good,
        written.new,
        reading.bad,
        tuple(reading.refusals.values()),
        reading.refused,
        reading.resumed,
    )
