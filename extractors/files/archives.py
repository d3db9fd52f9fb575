"""Archives of dumps, read as streams: members of a zip or a tar, plain or packed (zstd, gzip, xz, bzip2).

Belongs here: everything about the container. Names of members are words in messages and keys, never paths:
nothing is unpacked to disk. Memory holds one piece of one member.
"""

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

import pyarrow as pa

from extractors.errors import SourceError
from extractors.files.reading import BOMB_RATIO, DamagedError, refuse_bomb
from extractors.kind import Place

_BLOCK = tarfile.BLOCKSIZE
_ZSTD = b"\x28\xb5\x2f\xfd"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes:
        name: its name, as the archive has it.
        size: bytes it unpacks to.
        content: its bytes; None if `problem` says why it is not read.
        problem: why not: a name that leads out of the archive, or a link.
    """

    name: str
    size: int
    content: IO[bytes] | None
    problem: str | None


def _unpacked(raw: IO[bytes]) -> _Readable:
    magic = raw.read(6)
    raw.seek(0)
    if magic.startswith(_ZSTD):
        return cast("_Readable", pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"))
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if magic.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMAFile(raw)
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    return raw


class _Tail:
    """Reads on behalf of `tarfile`: notes the last bytes, how much was read, and refuses bombs.

    `tarfile` takes an archive that was cut off between two files for a whole one; the last bytes tell.
    """

    def __init__(self, raw: IO[bytes], unpacked: _Readable, place: Place) -> None:
        self._raw, self._unpacked, self._place = raw, unpacked, place
        self._made = 0
        self._last = b""

    def read(self, size: int) -> bytes:
        data = self._unpacked.read(size)
        self._made += len(data)
        self._place.bytes_read = self._raw.tell()
        refuse_bomb(self._made, self._place.bytes_read)
        self._last = data or self._last
        return data

    @property
    def marks_the_end(self) -> bool:
        """Whether what was read ends in a block of zeros."""
        return self._last[-_BLOCK:] == bytes(_BLOCK)


def _problem(name: str, *, is_file: bool) -> str | None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        return "the name leads out of the archive"
    return None if is_file else "this is a link or a device, no file"


def members(path: Path, wanted: re.Pattern[str], place: Place) -> Iterator[Member]:
    """The members whose names `wanted` finds, in order; each may be read until the next is asked for.

    Raises:
        SourceError: the file cannot be opened, or is empty.
        DamagedError: after everything readable, if the archive is damaged, cut off, a bomb, or none at all.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror})"
        raise SourceError(path.name, reason, "check that it exists and that you may read it") from error
    with raw:
        if not raw.read(1):
            raise SourceError(path.name, "the file is empty", "repeat the download or export")
        raw.seek(0)
        try:
            with closing(_unpacked(raw)) as unpacked:
                yield from _read(_Tail(raw, unpacked, place), wanted)
        except (tarfile.TarError, OSError, EOFError, lzma.LZMAError, ValueError) as error:
            raise DamagedError(f"the archive is damaged or none ({error})") from error


def _read(tail: _Tail, wanted: re.Pattern[str]) -> Iterator[Member]:
    with tarfile.open(fileobj=cast("IO[bytes]", tail), mode="r|") as archive:
        for member in archive:
            if member.isdir() or not wanted.search(member.name):
                continue
            problem = _problem(member.name, is_file=member.isfile())
            content = None if problem else archive.extractfile(member)
            yield Member(member.name, member.size, content, problem)
        if not tail.marks_the_end:
            raise DamagedError("the archive is damaged: it ends without its end mark (truncated file)")


def zip_members(path: Path, wanted: re.Pattern[str]) -> Iterator[Member]:
    """The same of a zip archive, in the order of the members' names.

    Raises:
        DamagedError: after everything readable, if the archive is damaged, a bomb, or none at all.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for one in sorted(archive.infolist(), key=lambda one: one.filename):
                if one.is_dir() or not wanted.search(one.filename):
                    continue
                if one.file_size > BOMB_RATIO * max(one.compress_size, 1 << 20):
                    raise DamagedError(f"{one.filename} is a decompression bomb")
                mode = stat.S_IFMT(one.external_attr >> 16)  # 0 where the archive is not from Unix
                problem = _problem(one.filename, is_file=mode in {0, stat.S_IFREG})
                if problem:
                    yield Member(one.filename, one.file_size, None, problem)
                    continue
                with archive.open(one) as content:
                    yield Member(one.filename, one.file_size, content, None)
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError
    ) as error:  # fmt: skip
        raise DamagedError(f"the archive is damaged or none ({error})") from error


def member_lines(content: IO[bytes], longest: int) -> Iterator[bytes]:
    """Lines of a member without their ends; of a longer one the first `longest` bytes and one more.

    What follows in a line that is too long is passed over without being kept.
    """
    while line := content.readline(longest + 1):
        if len(line) > longest and not line.endswith(b"\n"):
            while (more := content.readline(longest)) and not more.endswith(b"\n"):
                pass
        yield line.rstrip(b"\r\n") if len(line) <= longest else line
