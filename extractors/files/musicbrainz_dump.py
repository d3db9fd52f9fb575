"""Kind ``musicbrainz_dump``: MusicBrainz' JSON dumps of recordings, releases and artists (CC0).

An archive (``recording.tar.xz``) holds ``mbdump/recording``: one JSON document per line, in the shape of the
web service's look-ups. They go to the streams of the web service, under the keys that are asked there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.archives import Member, member_lines, members
from extractors.files.json_text import parse_object
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind, Place
from lake.bronze import Answer, Rejected

_ENTITIES = ("recording", "release", "artist")
_MEMBER = re.compile(rf"(?:^|/)({'|'.join(_ENTITIES)})$")
_MBID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST = 16 << 20
_REMEDY = "take the archive from the MusicBrainz JSON dumps unchanged"


def read_from(path: Path, place: Place) -> Iterator[Answer | Rejected]:
    """Every document behind `place`, its line as it stands in the dump.

    Raises:
        SourceError: the file is no such archive, or nothing of it can be read.
    """
    row, passed = 0, place.row
    stream = "recordings_api"
    try:
        for member in members(path, _MEMBER, place):
            entity = member.name.rpartition("/")[2]
            stream = f"{entity}s_api"
            for line in _lines(member):
                row += 1
                if row > passed:
                    yield _answer(path, row, entity, line)
                    place.row = row
            if member.problem:
                row += 1
                yield refused(
                    stream, path, row, field=member.name, reason=member.problem, remedy=_REMEDY, raw=""
                )
    except DamagedError as damage:
        yield cut_off(stream, path, row, damage)
    if row == 0:
        reason = "there is no mbdump/recording, mbdump/release or mbdump/artist in it"
        raise SourceError(path.name, reason, _REMEDY)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every document of the archive, as `read_from` gives it."""
    return read_from(path, Place())


def _lines(member: Member) -> Iterator[bytes]:
    if member.content is not None:
        yield from member_lines(member.content, _LARGEST)


def _answer(path: Path, row: int, entity: str, line: bytes) -> Answer | Rejected:
    stream = f"{entity}s_api"
    text = line.decode("utf-8", "surrogateescape")
    if len(line) > _LARGEST:
        reason = f"the line has more than {_LARGEST:,} bytes, which no document has"
        return refused(stream, path, row, field="(row)", reason=reason, remedy=_REMEDY, raw=text)
    document, problem = parse_object(text)
    mbid = document.get("id")
    if problem or not isinstance(mbid, str) or not _MBID.fullmatch(mbid):
        field, reason = ("(row)", problem) if problem else ("id", "this is no id of MusicBrainz")
        return refused(stream, path, row, field=field, reason=reason, remedy=_REMEDY, raw=text)
    return Answer(
        stream=stream,
        request_key=f"{entity}/{mbid}",
        payload=text,
        source_entity_id=mbid,
        source_url=f"file:{path.name}",
        source_row=row,
    )


KIND = Kind(
    name="musicbrainz_dump",
    provider="musicbrainz",
    streams=tuple(f"{entity}s_api" for entity in _ENTITIES),
    summary="MusicBrainz JSON dumps (recording, release, artist): one answer per document, any size",
    example="cratelake ingest musicbrainz_dump recording.tar.xz",
    patterns=tuple(f"{entity}.tar*" for entity in _ENTITIES),
    read=read,
    read_from=read_from,
    extractor_version="musicbrainz_dump/1",
)
