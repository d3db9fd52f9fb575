"""Kind ``listenbrainz_listens``: listens as ListenBrainz gives them out, one JSON object per line.

Three containers of the same lines: the public listens dump (``listenbrainz-listens-dump-*.tar.zst`` with
``listens/<year>/<month>.listens``, which names each listener), a user's own export (a zip or tar with
``listens/<year>/<month>.jsonl``), and one such file by itself. A file that names no listener is the
listener's it is named after (`listener_of`). Times are seconds since 1970, under ``listened_at`` or
``timestamp``.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.errors import SourceError
from extractors.files.archives import Member, member_lines, members, zip_members
from extractors.files.json_text import jsonl_lines, parse_object, text_of
from extractors.files.listeners import listener_of
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind, Place
from lake.bronze import Answer, Rejected

STREAM = "listens"
_MEMBER = re.compile(r"^(?!.*feedback).*\.(?:listens|jsonl)$")
_LARGEST = 1 << 20
_LATEST = 32_503_680_000  # the year 3000
_REMEDY = "take the export or dump from ListenBrainz unchanged"


def _lines_of(archive: Iterator[Member]) -> Iterator[str]:
    """Lines of all members, each read as a stream.

    Raises:
        DamagedError: a member is no file of the export.
    """
    for member in archive:
        if member.content is None:
            raise DamagedError(f"{member.name}: {member.problem}")
        for line in member_lines(member.content, _LARGEST):
            yield line.decode("utf-8", "surrogateescape")


def _lines(path: Path, place: Place) -> Iterator[str]:
    name = path.name.lower()
    if ".tar" in name:
        yield from _lines_of(members(path, _MEMBER, place))
    elif name.endswith(".zip"):
        yield from _lines_of(zip_members(path, _MEMBER))
    else:
        yield from (text for _, text in jsonl_lines(path))


def read_from(path: Path, place: Place) -> Iterator[Answer | Rejected]:
    """Every listen behind `place`, its line as it stands there.

    Raises:
        SourceError: the file holds no listens, or nothing of it can be read.
    """
    listener = listener_of(path.name)
    row, good, passed = 0, 0, place.row
    try:
        for row, text in enumerate(_lines(path, place), start=1):
            if row <= passed or not text.strip():
                continue
            found = _answer(path, row, text, listener)
            good += isinstance(found, Answer)
            if row == 1 and isinstance(found, Rejected) and '"track_metadata"' not in text:
                raise SourceError(path.name, f"this is not a file of listens: {found.reason}", _REMEDY, 1)
            yield found
            place.row = row
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)
    if row == 0:
        raise SourceError(path.name, "there are no listens in it", _REMEDY)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every listen of the file, as `read_from` gives it."""
    return read_from(path, Place())


def _verdict(listen: dict[str, Any]) -> tuple[str, str] | None:
    """Field and reason if the listen is refused."""
    moment = listen.get("listened_at", listen.get("timestamp"))
    if type(moment) is not int or not 0 < moment < _LATEST:
        return "listened_at", "this is no time in seconds since 1970"
    track = listen.get("track_metadata")
    for name in ("artist_name", "track_name"):
        if not isinstance(track, dict) or text_of(track.get(name)) is None:
            return f"track_metadata.{name}", "the value is missing or is not a text"
    return None


def _answer(path: Path, row: int, text: str, listener: str) -> Answer | Rejected:
    listen, problem = parse_object(text)
    verdict = ("(row)", problem) if problem else _verdict(listen)
    if len(text) > _LARGEST:
        verdict = ("(row)", f"the line has more than {_LARGEST:,} bytes, which no listen has")
    if verdict:
        field, reason = verdict
        return refused(STREAM, path, row, field=field, reason=reason, remedy=_REMEDY, raw=text)
    moment = listen.get("listened_at", listen.get("timestamp"))
    who = listen.get("user_name") or listen.get("user_id") or listener
    return Answer(
        stream=STREAM,
        request_key=f"listens/{who}/{moment}",
        payload=text,
        source_entity_id=text_of(listen.get("recording_msid")),
        source_url=f"file:{path.name}",
        source_row=row,
    )


KIND = Kind(
    name="listenbrainz_listens",
    provider="listenbrainz",
    streams=(STREAM,),
    summary="listens from ListenBrainz: the public dump, or a listener's own export; one answer per listen",
    example="cratelake ingest listenbrainz_listens listenbrainz-listens-dump-2026-full.tar.zst",
    patterns=("*listens*.tar*", "*listen*.jsonl", "*.listens", "listenbrainz_*.zip"),
    read=read,
    read_from=read_from,
    extractor_version="listenbrainz_listens/2",
)
