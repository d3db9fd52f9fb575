"""Kind ``dj_libraries``: collections, playlists and played sets of DJs, in the formats of their programs.

rekordbox XML (``DJ_PLAYLISTS``: COLLECTION/TRACK, PLAYLISTS/NODE), Traktor NML (``NML``: COLLECTION/ENTRY,
PLAYLISTS//NODE; a history file's playlist is the record of a set) and rekordbox's text export of a playlist.

A library is named after its file (without extensions), and every key begins with that name: two DJs'
libraries never meet under one key. Keys: ``<library>/track/<id>`` and ``<library>/playlist/<path>``; a
playlist's path is the names of its folders and its own, ``/`` in a name written ``%2F``, ``#2`` and so on
behind a path that occurs again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.etree

from extractors.errors import SourceError
from extractors.files.delimited import Row, Shape, read_rows
from extractors.files.reading import DamagedError, cut_off, refused, text_chunks
from extractors.files.xml import element_text, elements
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

REKORDBOX_XML = "rekordbox_xml"
REKORDBOX_TXT = "rekordbox_txt"
TRAKTOR_NML = "traktor_nml"
_SNIFFED = 4096
_REMEDY = "export the library again with the original program"
_TEXT_EXPORT = Shape(
    stream=REKORDBOX_TXT,
    columns=("#", "Track Title", "Artist"),  # the others depend on the columns shown when exporting
    required=("#",),
    what="rekordbox text exports",
    delimiter="\t",
    quoted=False,
)


def library_of(file_name: str) -> str:
    """Name of the library in a file: its name without ``.gz`` and its extension."""
    return re.sub(r"(\.(xml|nml|txt))?(\.gz)?$", "", file_name, count=1, flags=re.IGNORECASE)


class _Paths:
    """Unique playlist paths within one library."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, names: list[str]) -> str:
        path = "/".join(name.replace("/", "%2F") for name in names)
        self._seen[path] += 1
        return path if self._seen[path] == 1 else f"{path}#{self._seen[path]}"


def _folders(node: lxml.etree._Element, attribute: str, root: str) -> list[str]:
    """Names of a playlist's folders, outermost first, and its own; without the root folder."""
    chain = [step for step in (node, *node.iterancestors()) if step.tag == "NODE"]
    names = [step.get(attribute, "") for step in reversed(chain)]
    return names[1:] if len(names) > 1 and names[0] == root else names


def _rekordbox_wanted(element: lxml.etree._Element) -> bool:
    parent = element.getparent()
    is_track = element.tag == "TRACK" and parent is not None and parent.tag == "COLLECTION"
    return bool(is_track or (element.tag == "NODE" and element.get("Type") == "1"))


def _rekordbox_key(element: lxml.etree._Element, paths: _Paths) -> str:
    if element.tag == "NODE":
        return "playlist/" + paths.of(_folders(element, "Name", "ROOT"))
    identity = element.get("TrackID", "")
    return f"track/{identity}" if identity else ""


def _traktor_wanted(element: lxml.etree._Element) -> bool:
    parent = element.getparent()
    is_entry = element.tag == "ENTRY" and parent is not None and parent.tag == "COLLECTION"
    return bool(is_entry or (element.tag == "NODE" and element.get("TYPE") == "PLAYLIST"))


def _traktor_key(element: lxml.etree._Element, paths: _Paths) -> str:
    """The entry's key is what playlists call it by: volume, directory and file name."""
    if element.tag == "NODE":
        return "playlist/" + paths.of(_folders(element, "NAME", "$ROOT"))
    place = element.find("LOCATION")
    if place is None or not place.get("FILE"):
        return ""
    return "track/" + "".join(place.get(part, "") for part in ("VOLUME", "DIR", "FILE"))


@dataclass(frozen=True, slots=True)
class _Format:
    stream: str
    root_tag: str
    wanted: Callable[[lxml.etree._Element], bool]
    key: Callable[[lxml.etree._Element, _Paths], str]
    key_field: str
    what: str


_REKORDBOX = _Format(
    REKORDBOX_XML, "DJ_PLAYLISTS", _rekordbox_wanted, _rekordbox_key, "TrackID", "rekordbox libraries"
)
_TRAKTOR = _Format(TRAKTOR_NML, "NML", _traktor_wanted, _traktor_key, "LOCATION", "Traktor collections")


def _read_xml(path: Path, shape: _Format) -> Iterator[Answer | Rejected]:
    library = library_of(path.name)
    paths = _Paths()
    row = 0
    try:
        for row, element in enumerate(elements(path, shape.root_tag, shape.wanted, shape.what), start=1):
            key = shape.key(element, paths)
            text = element_text(element)
            if key:
                yield Answer(
                    stream=shape.stream,
                    request_key=f"{library}/{key}",
                    payload=text,
                    content_type="application/xml",
                    source_entity_id=f"{library}/{key.partition('/')[2]}",
                    source_url=f"file:{path.name}",
                    source_row=row,
                )
            else:
                reason = "the track has no identity, so no playlist can name it"
                yield refused(
                    shape.stream, path, row, field=shape.key_field, reason=reason, remedy=_REMEDY, raw=text
                )
    except DamagedError as damage:
        yield cut_off(shape.stream, path, row, damage)


def _read_text(path: Path) -> Iterator[Answer | Rejected]:
    library = library_of(path.name)
    for found in read_rows(path, _TEXT_EXPORT):
        if isinstance(found, Row):
            yield Answer(
                stream=REKORDBOX_TXT,
                request_key=f"{library}/position/{found.cells['#']}",
                payload=found.as_json(),
                source_url=f"file:{path.name}",
                source_row=found.number,
            )
        else:
            yield found


def _beginning(path: Path) -> str:
    """The first characters of a file, as many as tell its format."""
    text = ""
    try:
        for chunk in text_chunks(path):
            text += chunk
            if len(text) >= _SNIFFED:
                break
    except DamagedError:
        pass  # what there is may do; the reader proper reports the damage
    return text[:_SNIFFED]


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every track and playlist of a library, whatever its program, recognised by its contents.

    Raises:
        SourceError: the file is no library of a known program, or nothing of it can be read.
    """
    beginning = _beginning(path)
    if "<DJ_PLAYLISTS" in beginning:
        yield from _read_xml(path, _REKORDBOX)
    elif "<NML" in beginning:
        yield from _read_xml(path, _TRAKTOR)
    elif beginning.startswith("#\t"):
        yield from _read_text(path)
    else:
        reason = "this is neither a rekordbox XML or text export nor a Traktor NML file"
        raise SourceError(path.name, reason, "export the collection as rekordbox XML or Traktor NML", row=1)


KIND = Kind(
    name="dj_libraries",
    provider="dj_library",
    streams=(REKORDBOX_XML, TRAKTOR_NML, REKORDBOX_TXT),
    summary="DJ libraries: rekordbox XML and text exports, Traktor NML collections and history sets",
    example="cratelake ingest dj_libraries rekordbox.xml collection.nml",
    patterns=("*.xml", "*.nml", "*.txt"),
    read=read,
    extractor_version="dj_libraries/1",
)
