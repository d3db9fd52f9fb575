"""Kind ``discogs_dump``: the monthly Discogs dumps (``discogs_YYYYMMDD_releases.xml.gz`` and the like, CC0).

Releases, masters, artists and labels, told apart by the file's root element; one answer per element, its text
as it stands in the dump. A full dump has many millions of them and is read in constant memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.files.xml_records import Flawed, Layout, records, root_of
from extractors.kind import Kind, Place
from lake.bronze import Answer, Rejected

_REMEDY = "take the file from the Discogs dumps unchanged"
_ATTRIBUTE = re.compile(r"""<[a-z]+\s(?:[^>]*?\s)?id\s*=\s*["']([^"']*)["']""")
_ELEMENT = re.compile(r"<id>([^<]*)</id>")


@dataclass(frozen=True, slots=True)
class _Dump:
    """One of the four dumps: its layout, stream, and where the number of a record stands."""

    layout: Layout
    stream: str
    number: re.Pattern[str]


def _dump(tag: str, begins: bytes, number: re.Pattern[str]) -> _Dump:
    layout = Layout(f"{tag}s", re.compile(begins), f"</{tag}".encode(), f"Discogs {tag}s")
    return _Dump(layout, f"{tag}s_xml", number)


_DUMPS = {
    one.layout.root: one
    for one in (
        _dump("release", rb"<release(?=[\s/>])", _ATTRIBUTE),
        _dump("master", rb"<master(?=[\s/>])", _ATTRIBUTE),
        _dump("artist", rb"<artist(?=[\s/>])", _ELEMENT),
        # a label lists its sublabels as <label> too, but these hold text alone
        _dump("label", rb"<label>(?=\s*<[a-z])", _ELEMENT),
    )
}


def read_from(path: Path, place: Place) -> Iterator[Answer | Rejected]:
    """Every element behind `place` as its own XML text.

    Raises:
        SourceError: the file is none of the four dumps, or nothing of it can be read.
    """
    root = root_of(path)
    if root not in _DUMPS:
        what = f"its root element is {root}" if root else "it is not XML"
        reason = f"this is no Discogs dump: {what}, not one of {', '.join(_DUMPS)}"
        raise SourceError(path.name, reason, "give a file of the monthly dumps, as it is or as .gz", row=1)
    dump = _DUMPS[root]
    stream, source, what = dump.stream, f"file:{path.name}", dump.layout.root
    row = place.row
    found: str | Flawed
    try:
        for row, found in records(path, dump.layout, place):
            number = dump.number.search(found) if isinstance(found, str) else None
            if isinstance(found, Flawed):
                yield refused(
                    stream, path, row, field="(row)", reason=found.reason, remedy=_REMEDY, raw=found.raw
                )
            elif number is not None and number[1].isascii() and number[1].isdigit():
                yield Answer(
                    stream=stream,
                    request_key=f"{what}/{number[1]}",
                    payload=found,
                    content_type="application/xml",
                    source_entity_id=number[1],
                    source_url=source,
                    source_row=row,
                )
            else:
                reason = f"the id is not a number: {number[1]}" if number else "the element has no id"
                yield refused(stream, path, row, field="id", reason=reason, remedy=_REMEDY, raw=found)
    except DamagedError as damage:
        yield cut_off(stream, path, row, damage)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every element of the file, as `read_from` gives it."""
    return read_from(path, Place())


KIND = Kind(
    name="discogs_dump",
    provider="discogs",
    streams=tuple(one.stream for one in _DUMPS.values()),
    summary="monthly Discogs dumps: releases, masters, artists, labels; one answer per element, any size",
    example="cratelake ingest discogs_dump discogs_20200806_releases.xml.gz",
    patterns=("*releases*.xml", "*masters*.xml", "*artists*.xml", "*labels*.xml"),
    read=read,
    read_from=read_from,
    extractor_version="discogs_dump/2",
)
