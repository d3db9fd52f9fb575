"""Kind ``acousticbrainz_dump``: documents of the dumps that remain of AcousticBrainz (June 2022, CC0).

An archive (``acousticbrainz-lowlevel-json-20220623-0.tar.zst``, or the sample) holds a file per submission,
``.../<mbid>-<number>.json``. They go to the streams of the API that is gone, under the keys that were asked
there, so that what reads or asks for one reads the other. Archives are read as streams, a document at a time.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.archives import Member, members
from extractors.files.json_text import parse_object
from extractors.files.reading import LONGEST, DamagedError, cut_off, refused
from extractors.kind import Kind, Place
from lake.bronze import Answer, Rejected

_DOCUMENT = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d+)\.json")
_LEVELS = {
    "high_level_api": ("high-level", {"highlevel"}),
    "low_level_api": ("low-level", {"rhythm", "tonal"}),
}
"""Streams, what their documents are called in requests, and the members that make them."""
_REMEDY = "take the archive from the AcousticBrainz dumps unchanged"


def read_from(path: Path, place: Place) -> Iterator[Answer | Rejected]:
    """Every submission of the archive behind `place` as it stands there.

    Raises:
        SourceError: the file is no archive of submissions, or nothing of it can be read.
    """
    row, passed = 0, place.row
    try:
        for row, member in enumerate(members(path, _DOCUMENT, place), start=1):
            if row > passed:
                yield _answer(path, row, member)
                place.row = row
    except DamagedError as damage:
        yield cut_off("low_level_api", path, row, damage)
    if row == 0:
        raise SourceError(path.name, "there is no submission (<mbid>-<number>.json) in it", _REMEDY)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every submission of the archive, as `read_from` gives it."""
    return read_from(path, Place())


def _answer(path: Path, row: int, member: Member) -> Answer | Rejected:
    text, problem = "", member.problem
    document: dict[str, object] = {}
    if member.size > LONGEST:
        problem = f"it has {member.size:,} bytes, which no submission has"
    elif member.content is not None:
        # undecodable bytes come as lone surrogates, which `parse_object` finds
        text = member.content.read().decode("utf-8", "surrogateescape")
        document, problem = parse_object(text)
    stream = next((stream for stream, (_, keys) in _LEVELS.items() if keys <= set(document)), None)
    if stream is None:
        reason = problem or "this is neither a low-level nor a high-level document"
        return refused("low_level_api", path, row, field=member.name, reason=reason, remedy=_REMEDY, raw=text)
    found = _DOCUMENT.search(member.name)
    mbid, number = found.groups() if found else ("", "0")
    key = f"{mbid}/{_LEVELS[stream][0]}"
    return Answer(
        stream=stream,
        request_key=key if int(number) == 0 else f"{key}?n={int(number)}",
        payload=text,
        source_entity_id=mbid,
        source_url=f"file:{path.name}",
        source_row=row,
    )


KIND = Kind(
    name="acousticbrainz_dump",
    provider="acousticbrainz",
    streams=tuple(sorted(_LEVELS)),
    summary="submissions of the AcousticBrainz dumps of 2022, low or high level: one answer per document",
    example="cratelake ingest acousticbrainz_dump acousticbrainz-sample-json-20220623-0.tar.zst",
    patterns=("acousticbrainz-*.tar.zst", "acousticbrainz-*.tar"),
    read=read,
    read_from=read_from,
    extractor_version="acousticbrainz_dump/1",
)
