"""Opening files of unknown quality: plain or gzip, UTF-8 with or without mark, whole or cut off.

What belongs here: bytes -> text and text -> lines, without ever losing what came before a damaged place. All
readers of kinds build on it, so that each of them treats damage, odd line ends and undecodable bytes alike.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from extractors.errors import SourceError
from extractors.kind import Place
from lake.bronze import Rejected

CHUNK = 1 << 16
"""Bytes per read, and the order of magnitude of what is held in memory."""
LONGEST = 1 << 26
"""Characters (64 Mi) beyond which a line is refused, and an element ends the reading of its file."""
RAW_KEPT = 1 << 20
"""Characters of a refused row that are kept with the refusal."""
BOMB_BYTES, BOMB_RATIO = 1 << 28, 200
"""What becomes 256 MiB and 200 times its size is a decompression bomb; dumps become some ten times theirs."""

_GZIP = b"\x1f\x8b"
_LINE_END = re.compile(r"\r\r\n|\r\n|\r\r|\r|\n")
_ENDS_LINE = re.compile(r"[\r\n]")
_LINE_ENDS = re.compile(r"([\r\n])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class DamagedError(Exception):
    """The rest of the file cannot be read; everything before has been handed on.

    Attributes:
        reason: what is wrong, in words.
        rest: text read but not handed on (a row cut in its middle).
    """

    def __init__(self, reason: str, rest: str = "") -> None:
        self.reason = reason
        self.rest = rest
        super().__init__(reason)


class Overlong(str):
    """The beginning of a line of more than `LONGEST` characters, whose rest was passed over; see `flaw`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CutOff(Rejected):
    """Stands for the rest of a file whose reading broke off: not one bad row, but all that is missing."""


def _plain(raw: BinaryIO, first: bytes) -> Iterator[bytes]:
    while first:
        yield first
        first = raw.read(CHUNK)


def _inflate(raw: BinaryIO, first: bytes) -> Iterator[bytes]:
    """Decompressed pieces of a gzip file of one or several members (RFC 1952), up to any damage."""
    member = zlib.decompressobj(wbits=31)
    compressed = first
    made = 0
    while True:
        while compressed:
            try:
                piece = member.decompress(compressed, CHUNK * 16)
            except zlib.error as error:
                raise DamagedError(f"the gzip data is damaged ({error})") from error
            made += len(piece)
            refuse_bomb(made, raw.tell())
            yield piece
            compressed = member.unconsumed_tail
            if member.eof:
                compressed = member.unused_data.lstrip(b"\0") or raw.read(CHUNK).lstrip(b"\0")
                if not compressed:
                    return
                member = zlib.decompressobj(wbits=31)
        compressed = raw.read(CHUNK)
        if not compressed:
            raise DamagedError("the gzip data ends in the middle (truncated file)")


def refuse_bomb(made: int, read: int) -> None:
    """Raise `DamagedError` if `read` compressed bytes became `made` bytes, which no honest file does."""
    if made > BOMB_BYTES and made > BOMB_RATIO * read:
        raise DamagedError(f"it decompresses to more than {BOMB_RATIO} times its size (a decompression bomb)")


def byte_chunks(path: Path, place: Place | None = None) -> Iterator[bytes]:
    """Contents of a plain or gzip file, recognised by its first bytes, piece by piece.

    How much of the file was read is told to `place`.

    Raises:
        SourceError: the file cannot be opened or read, or is empty.
        DamagedError: after everything readable, if the gzip data is truncated or damaged.
    """
    try:
        with path.open("rb") as raw:
            first = raw.read(CHUNK)
            if not first:
                raise SourceError(path.name, "the file is empty", "repeat the download or export")
            place = place or Place()
            for piece in _inflate(raw, first) if first.startswith(_GZIP) else _plain(raw, first):
                place.bytes_read = raw.tell()
                yield piece
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror})"
        raise SourceError(path.name, reason, "check that it exists and that you may read it") from error


def text_chunks(path: Path) -> Iterator[str]:
    """Contents as text: UTF-8, or UTF-16 if a byte order mark says so; the mark is removed.

    Undecodable bytes come as lone surrogates, which `flaw` finds.

    Raises:
        SourceError: the file cannot be opened or read, or is empty.
        DamagedError: after everything readable, if the file is truncated or damaged.
    """
    decoder: codecs.IncrementalDecoder | None = None
    for piece in byte_chunks(path):
        if decoder is None:
            if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                decoder = codecs.getincrementaldecoder("utf-16")(errors="surrogatepass")
            else:
                decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape")
        text = decoder.decode(piece)
        if text:
            yield text
    if decoder is not None:
        try:
            tail = decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise DamagedError("the file ends in the middle of a character") from error
        if tail:
            yield tail


def _cut(chunks: Iterator[str]) -> Iterator[str]:
    """Chunks without what stands behind the first `LONGEST` characters of a line and one more."""
    length = 0  # of the line under way
    for chunk in chunks:
        if length + len(chunk) <= LONGEST:
            last = max(chunk.rfind("\n"), chunk.rfind("\r"))
            length = len(chunk) - last - 1 if last >= 0 else length + len(chunk)
            yield chunk
            continue
        kept: list[str] = []
        for piece in _LINE_ENDS.split(chunk):
            if piece in {"\n", "\r"}:
                length = 0
                kept.append(piece)
            else:
                kept.append(piece[: max(LONGEST + 1 - length, 0)])
                length += len(piece)
        yield "".join(kept)


def _gathered(chunks: Iterator[str]) -> Iterator[str]:
    """Chunks put together so that each has the end of a line, or more than `LONGEST` characters.

    Put together once: a line of many chunks would otherwise be copied with each.
    """
    held: list[str] = []
    size = 0
    try:
        for chunk in chunks:
            held.append(chunk)
            size += len(chunk)
            if size > LONGEST or _ENDS_LINE.search(chunk):
                yield "".join(held)
                held, size = [], 0
    except DamagedError:
        yield "".join(held)
        raise
    yield "".join(held)


def lines(chunks: Iterator[str]) -> Iterator[str]:
    r"""Lines with their ends: ``\n``, ``\r\n``, ``\r`` and the doubled ``\r\r\n``, ``\r\r`` of bad exports.

    Of a line of over `LONGEST` characters comes the beginning, as `Overlong`; it is never held whole.

    Raises:
        DamagedError: from the file below (`rest` is the line that was cut).
    """
    chunks = _gathered(_cut(chunks))
    rest = ""
    searched = 0  # how much of `rest` holds no line end for sure
    damage: DamagedError | None = None
    while damage is None:
        try:
            chunk = next(chunks, None)
        except DamagedError as error:
            damage = error
            break
        if chunk is None:
            break
        rest += chunk
        start, pending = 0, len(rest)
        for end in _LINE_END.finditer(rest, searched):
            if end.end() > len(rest) - 2:  # the next chunk may continue this line end
                pending = end.start()
                break
            yield _bounded(rest[start : end.end()])
            start = end.end()
        rest = rest[start:]
        searched = pending - start
    start = 0
    for end in _LINE_END.finditer(rest):
        yield _bounded(rest[start : end.end()])
        start = end.end()
    if damage is not None:
        raise DamagedError(damage.reason, rest[start:])
    if start < len(rest):
        yield _bounded(rest[start:])


def _bounded(line: str) -> str:
    text = line.rstrip("\r\n")
    return line if len(text) <= LONGEST else Overlong(text[:RAW_KEPT] + "\n")


def flaw(text: str) -> str | None:
    """Why `text` cannot be stored as it is (overlong, undecodable or NUL bytes), or None if it can."""
    if isinstance(text, Overlong):
        return f"the row has more than {LONGEST:,} characters"
    if _SURROGATE.search(text):
        return "the row holds bytes that are not UTF-8"
    if "\0" in text:
        return "the row holds NUL bytes"
    return None


def printable(text: str) -> str:
    r"""`text` with undecodable bytes and NULs written as ``\xNN``, cut after `RAW_KEPT` characters."""
    shown = text[:RAW_KEPT].encode("utf-8", "surrogateescape" if _bytes_only(text) else "backslashreplace")
    return shown.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def _bytes_only(text: str) -> bool:
    return all("\udc80" <= found.group() <= "\udcff" for found in _SURROGATE.finditer(text))


def refused(stream: str, path: Path, row: int, *, field: str, reason: str, remedy: str, raw: str) -> Rejected:
    """A `Rejected` whose texts can be stored whatever the row held."""
    return Rejected(stream, path.name, row, printable(field), printable(reason), remedy, printable(raw))


def cut_off(stream: str, path: Path, rows_read: int, damage: DamagedError) -> CutOff:
    """The refusal that stands for the unreadable rest of a file.

    Raises:
        SourceError: nothing at all could be read.
    """
    remedy = "fetch or export the file again and ingest it again; rows already taken are not stored twice"
    if rows_read == 0:
        raise SourceError(path.name, damage.reason, remedy, row=1) from damage
    reason = f"{damage.reason}; {rows_read} rows before this place were read, the rest is missing"
    return CutOff(
        stream, path.name, rows_read + 1, "(file)", printable(reason), remedy, printable(damage.rest)
    )
