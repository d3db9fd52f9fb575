"""Records of huge XML files as they stand: cut out of the bytes, each checked by itself, no tree ever built.

A record is what lies between one place where a record begins and the next. So a broken record costs itself
and not its neighbours, and payloads are the file's own text. A record is good if it is one well-formed
element; nothing is expanded, fetched or declared on the way. Memory holds a piece of the file and one record.
"""

import codecs
import re
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from xml.parsers import expat

from extractors.errors import SourceError
from extractors.files.ahead import ahead
from extractors.files.reading import DamagedError, byte_chunks
from extractors.kind import Place

LARGEST = 8 << 20
"""Bytes of one record beyond which it is refused and passed over; those of real dumps have some 100 KB."""
_PIECE = 1 << 20
_PROLOG = 1 << 16
_TAG = 256
_GROUP = 1 << 18
_TRIES = 100
"""End tags of one broken record that are tried."""
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file of records looks.

    Attributes:
        root: name of its root element.
        begins: where a record begins, as bytes that are in no record's inside.
        ends: end tag of a record.
        what: the file in words.
    """

    root: str
    begins: re.Pattern[bytes]
    ends: bytes
    what: str


@dataclass(frozen=True, slots=True)
class Flawed:
    """A record that is not well-formed, or too large; ``raw`` is the beginning of what stands there."""

    reason: str
    raw: str


class _Opened(Exception):  # noqa: N818 - not an error: how a parser is left at the root element
    pass


def _utf8(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pieces of `_PIECE` bytes or more in UTF-8, whatever the file's own encoding.

    Raises:
        SourceError: the file declares an encoding that does not exist.
    """
    first = next(chunks, b"")
    encoding = "utf-8"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif declared := _DECLARED.match(first.removeprefix(codecs.BOM_UTF8)):
        encoding = declared[1].decode("ascii")
    try:
        "".encode(encoding)  # refuses what is a codec, but no encoding of text
        is_utf8 = codecs.lookup(encoding).name in {"utf-8", "ascii"}
        decoder = codecs.getincrementaldecoder(encoding)(errors="strict" if is_utf8 else "replace")
    except LookupError as error:
        reason = f"the file says it is written in {encoding}, which is no encoding"
        raise SourceError(name, reason, "take the file from its source unchanged", row=1) from error
    held, size = [first.removeprefix(codecs.BOM_UTF8)], len(first)
    for chunk in chunks:
        if size >= _PIECE:
            yield b"".join(held) if is_utf8 else decoder.decode(b"".join(held)).encode("utf-8")
            held, size = [], 0
        held.append(chunk)
        size += len(chunk)
    yield b"".join(held) if is_utf8 else decoder.decode(b"".join(held)).encode("utf-8")


def _with_damage(chunks: Iterator[bytes], damage: list[DamagedError]) -> Generator[bytes, None, None]:
    """The chunks up to any damage, which is put down instead of raised."""
    try:
        yield from chunks
    except DamagedError as error:
        damage.append(error)


def _head(pieces: Iterator[bytes]) -> bytes:
    """The beginning of the file: so many pieces that its root element is among them."""
    head = b""
    while len(head) < _PROLOG and (piece := next(pieces, b"")):
        head += piece
    return head


def _body(head: bytes, layout: Layout, name: str) -> int:
    """Where the root element begins.

    Raises:
        SourceError: the file is not XML with that root, or declares entities.
    """
    parser = expat.ParserCreate("utf-8")
    found: list[tuple[str, int]] = []
    remedy = f"give an XML file of {layout.what}"

    def root(tag: str, _: object) -> None:
        found.append((tag, parser.CurrentByteIndex))
        raise _Opened

    def entity(*_: object) -> None:
        reason = "the file declares entities of its own, which is how XML is made to attack its reader"
        raise SourceError(name, reason, "export the file again with the original program", row=1)

    parser.StartElementHandler = root
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(head[:_PROLOG])
        problem = "it does not begin with an element"
    except _Opened:
        problem = ""
    except expat.ExpatError as error:
        problem = f"it is not well-formed XML ({expat.ErrorString(error.code)})"
    if problem:
        raise SourceError(name, f"this is not a file of {layout.what}: {problem}", remedy, row=1)
    tag, place = found[0]
    if tag != layout.root:
        reason = f"this is not a file of {layout.what}: its root element is {tag}, not {layout.root}"
        raise SourceError(name, reason, remedy, row=1)
    return head.find(b">", place) + 1 or len(head)


def root_of(path: Path) -> str:
    """Name of the file's root element; empty if there is none in its beginning.

    Raises:
        SourceError: the file cannot be read or is empty.
    """
    found: list[str] = []

    def root(tag: str, _: object) -> None:
        found.append(tag)
        raise _Opened

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = root
    with closing(_with_damage(byte_chunks(path), [])) as chunks, suppress(_Opened, expat.ExpatError):
        parser.Parse(_head(_utf8(islice(chunks, _PROLOG), path.name))[:_PROLOG])
    return found[0] if found else ""


def _flaw(record: bytes) -> str | None:
    """Why `record` is not one well-formed element, or None if it is."""
    try:
        expat.ParserCreate("utf-8").Parse(record, True)  # noqa: FBT003 - takes no keywords
    except expat.ExpatError as error:
        return f"not well-formed XML: {expat.ErrorString(error.code)}"
    return None


def _only_comments(text: bytes) -> bool:
    """Whether XML between elements says nothing."""
    return not re.sub(rb"<!--.*?-->", b"", text, flags=re.DOTALL).strip()


def records(path: Path, layout: Layout, place: Place) -> Iterator[tuple[int, str | Flawed]]:
    """Every record of the file in order: its number from 1, and its own text or what is wrong with it.

    Begins behind record ``place.row``. What stands where no record is comes under the number of the record
    before it.

    Raises:
        SourceError: the file is no file of this layout, declares entities, or cannot be read.
        DamagedError: after everything readable, if the file is damaged or ends before its root element does.
    """
    damage: list[DamagedError] = []
    pieces = _utf8(_with_damage(ahead(byte_chunks(path, place), depth=16), damage), path.name)
    passed = place.row
    try:
        for group in _grouped(_cut(pieces, layout, path.name), after=passed):
            sound = _sound(group, layout)
            for number, record in group:
                place.row = max(number - 1, 0)
                if sound:
                    yield number, record.decode("utf-8")
                else:
                    for found in _judged(record, layout):
                        yield number, found
                place.row = number
    except SourceError:
        if damage:
            raise damage[0] from None
        raise
    except DamagedError as cut_off:
        raise damage[0] if damage else cut_off from None
    if damage:
        raise damage[0]


def _grouped(cut: Iterator[bytes | None], after: int) -> Iterator[list[tuple[int, bytes]]]:
    """The records behind number `after`, some together, with their numbers.

    What stands before the first record has number 0.

    Raises:
        DamagedError: after the last group, if the file is cut off.
    """
    group: list[tuple[int, bytes]] = []
    size = 0
    for number, record in enumerate(cut):
        if record is None:
            yield group
            raise DamagedError("the file ends before its root element does")
        if number > after or (after == 0 and not record.isspace() and record):
            group.append((number, record if number == 0 else record.rstrip()))
            size += len(record)
        if size >= _GROUP:
            yield group
            group, size = [], 0
    yield group


def _sound(group: list[tuple[int, bytes]], layout: Layout) -> bool:
    """Whether these are plain records, each well-formed: found out with one parser for all of them.

    Plain is what begins and ends as a record does, has no other end tag, and no comments or the like. Of such
    records one cannot make up for what another lacks.
    """
    ends = layout.ends + b">"
    plain = all(
        record.endswith(ends)
        and record.count(layout.ends) == 1
        and b"<!" not in record
        and b"<?" not in record
        and len(record) <= LARGEST
        and layout.begins.match(record)
        for _, record in group
    )
    return plain and _flaw(b"<r>" + b"".join(record for _, record in group) + b"</r>") is None


def _judged(record: bytes, layout: Layout) -> Iterator[str | Flawed]:
    """The record, and what stands behind it; or what is wrong with it."""
    if len(record) > LARGEST:
        head = record[:_PROLOG].decode("utf-8", "replace")
        yield Flawed(f"the record has more than {LARGEST:,} bytes", head)
        return
    whole, rest = b"", record
    if layout.begins.match(record):
        whole, rest, flaw = _parted(record, layout)
        if flaw is not None:
            yield Flawed(f"the record is {flaw}", record.decode("utf-8", "surrogateescape"))
            return
        yield whole.decode("utf-8")
    if rest.strip() and not _only_comments(rest):
        raw = rest.decode("utf-8", "surrogateescape")
        yield Flawed("this stands between records and belongs to none", raw)


def _parted(record: bytes, layout: Layout) -> tuple[bytes, bytes, str | None]:
    """The record up to its end tag, what follows that, and what is wrong with the record.

    The end tag is the last one there; if that makes no sense, the first that does.
    """
    end = record.rfind(layout.ends)
    close = record.find(b">", end) + 1 if end >= 0 else 0
    whole = record[:close] if close else record.rstrip()
    flaw = _flaw(whole)
    if flaw is None:
        return whole, record[len(whole) :], None
    for tag, _ in zip(re.finditer(re.escape(layout.ends) + rb"\s*>", record), range(_TRIES), strict=False):
        if _flaw(record[: tag.end()]) is None:
            return record[: tag.end()], record[tag.end() :], None
    return whole, record[len(whole) :], flaw


def _cut(pieces: Iterator[bytes], layout: Layout, name: str) -> Iterator[bytes | None]:
    """What stands before the first record, then the bytes from each beginning of a record to the next.

    None comes at the end of a file that is cut off. Of a record larger than `LARGEST` only that many bytes
    (and one) are handed on.
    """
    buffer = _head(pieces)
    buffer = buffer[_body(buffer, layout, name) :]
    started = b""  # of the record under way, what is in the buffer no more
    more = True
    while more:
        piece = next(pieces, None)
        more = piece is not None
        # a beginning that the next piece may complete stays for the next round
        last = len(buffer) - (_TAG if more else 0)
        position = 0
        for begin in layout.begins.finditer(buffer):
            if begin.start() >= last:
                break
            yield (started + buffer[position : begin.start()])[: LARGEST + 1]
            started, position = b"", begin.start()
        if piece is not None:
            keep = max(last, position)
            started = (started + buffer[position:keep])[: LARGEST + 1]
            buffer = buffer[keep:] + piece
    tail = started + buffer[position:]
    end = tail.rfind(f"</{layout.root}".encode())
    yield (tail if end < 0 else tail[:end])[: LARGEST + 1]
    if end < 0:
        yield None
