"""How far the reading of a large file came: what a reading that was killed goes on from.

A small JSON file below the bronze root, beside what it speaks of, so that whoever removes bronze removes it
too. It names rows of which it is certain that they are in bronze; a few more may be, and are then known by
their content.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from extractors.kind import Kind

_EDGE = 1 << 16


def _identity(kind: Kind, file: Path) -> str:
    """What tells this file, read by this code, from others: wherever it lies and whenever it was copied."""
    size = file.stat().st_size
    with file.open("rb") as content:
        head = content.read(_EDGE)
        content.seek(max(size - _EDGE, 0))
        tail = content.read()
    told = f"{kind.name}\0{kind.extractor_version}\0{file.name}\0{size}\0".encode()
    return hashlib.sha256(told + head + tail).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The bookmark of one file, which may be there or not."""

    path: Path

    @classmethod
    def of(cls, root: Path, kind: Kind, file: Path) -> "Bookmark":
        """The bookmark for reading `file` as `kind` into the bronze at `root`.

        Raises:
            OSError: the file cannot be read.
        """
        return cls(root / kind.provider / ".reading" / f"{_identity(kind, file)}.json")

    def row(self) -> int:
        """Rows that are in bronze; 0 without a bookmark, or with one that was cut off by a crash."""
        try:
            return int(json.loads(self.path.read_text(encoding="utf-8"))["row"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return 0

    def put(self, file: Path, row: int) -> None:
        """Say that the first `row` rows are in bronze."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".tmp")
        beside.write_text(json.dumps({"file": file.name, "row": row}), encoding="utf-8")
        beside.replace(self.path)

    def remove(self) -> None:
        """The file was read to its end."""
        self.path.unlink(missing_ok=True)
