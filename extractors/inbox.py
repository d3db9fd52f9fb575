"""The drop folder: files laid into ``inbox/<kind>/`` come into bronze and move on.

What was taken moves to ``done/`` in the same folder; what was refused, or broke off before its end, to
``refused/``, beside a text file that says why and what to do. Nothing is deleted or written over. A file that
changed in the last seconds is left for the next time: it may still be copied.
"""

import datetime as dt
import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from extractors.errors import SourceError
from extractors.ingest import FileReport, IngestReport, Progress, ingest
from extractors.registry import KINDS, Kind, kind

__all__ = ["KINDS", "BusyError", "Taken", "astray", "prepare", "take", "waiting"]
DONE, REFUSED = "done", "refused"
SETTLED_SECONDS = 5.0
"""How long a file must not have changed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of the drop folder.

    Attributes:
        kind: name of its folder.
        file: where it lies now.
        report: what was read of it; None if nothing was, because there is no such kind.
        refused: why it was refused, wholly or from some row on; None if it is done.
    """

    kind: str
    file: Path
    report: FileReport | None
    refused: SourceError | None

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.refused is None:
            return "done"
        return self.report.state if self.report else "refused"


class BusyError(Exception):
    """Somebody else is taking files from this inbox."""


def prepare(inbox: Path) -> None:
    """Make a folder for each kind, so that one sees where to lay files."""
    for name in KINDS:
        (inbox / name).mkdir(parents=True, exist_ok=True)


def waiting(inbox: Path, *, settled: float = SETTLED_SECONDS) -> list[tuple[str, Path]]:
    """Kind and path of each file that waits and did not change for `settled` seconds, in name order."""
    if not inbox.is_dir():
        return []
    latest = time.time() - settled
    found = []
    for folder in sorted(one for one in inbox.iterdir() if one.is_dir() and not one.name.startswith(".")):
        for file in sorted(folder.rglob("*")):
            inside = file.relative_to(folder).parts
            if inside[0] in {DONE, REFUSED} or any(part.startswith(".") for part in inside):
                continue
            if file.is_symlink() or (file.is_file() and file.stat().st_mtime <= latest):
                found.append((folder.name, file))
    return found


def astray(inbox: Path) -> list[Path]:
    """Files that lie in the inbox itself, in no folder that says their kind; nobody takes them."""
    if not inbox.is_dir():
        return []
    return sorted(one for one in inbox.iterdir() if not one.is_dir() and not one.name.startswith("."))


def take(
    inbox: Path,
    bronze_root: Path,
    *,
    ingest_date: dt.date,
    run_id: str | None = None,
    settled: float = SETTLED_SECONDS,
    progress: Callable[[Progress], None] | None = None,
) -> list[Taken]:
    """Bring the files that wait into bronze, one by one, and move each on.

    A file moves after all of it is in bronze: whoever is killed in between finds it again, and what is in
    adds nothing.

    Raises:
        BusyError: somebody else is taking files.
    """
    with _alone(inbox):
        bring = partial(ingest, root=bronze_root, ingest_date=ingest_date, run_id=run_id, progress=progress)
        taken = []
        for name, file in waiting(inbox, settled=settled):
            report, refused = _bring(name, file, bring)
            taken.append(Taken(name, _move(inbox / name, file, refused, report), report, refused))
        return taken


def _bring(
    name: str, file: Path, bring: Callable[[Kind, Sequence[Path]], IngestReport]
) -> tuple[FileReport | None, SourceError | None]:
    if file.is_symlink():
        return None, SourceError(file.name, "this is a link, no file", "lay the file itself here")
    try:
        wanted = kind(name)
    except SourceError as error:
        reason = f"there is no kind of source file called {error.file}, as its folder is"
        return None, SourceError(file.name, reason, f"lay it into the folder of its kind; {error.remedy}")
    try:
        (report,) = bring(wanted, [file]).files
    except SourceError as error:
        return None, error
    return report, report.refused


def _move(folder: Path, file: Path, refused: SourceError | None, report: FileReport | None) -> Path:
    target = folder / (REFUSED if refused else DONE)
    target.mkdir(exist_ok=True)
    place = target / file.name
    number = 1
    while place.exists() or place.is_symlink():
        number += 1
        place = target / f"{file.stem}-{number}{file.suffix}"
    if refused:  # first the reason: a file that lies there without one would be a riddle
        rows = report.answers if report else 0
        taken = f"{rows:,} rows before this place were taken.\n" if rows else ""
        reason = f"{refused}\n{taken}Laid into the folder again, it is tried again.\n"
        place.with_name(place.name + ".reason.txt").write_text(reason, encoding="utf-8")
    file.rename(place)
    return place


@contextmanager
def _alone(inbox: Path) -> Iterator[None]:
    """Only one process takes files at a time.

    Raises:
        BusyError: another one does.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    with (inbox / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError from error
        yield
