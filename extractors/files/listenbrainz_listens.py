"""Kind ``listenbrainz_listens``: listens as ListenBrainz gives them out, one JSON object per line.

Three containers of the same lines: the public listens dump (``listenbrainz-listens-dump-*.tar.zst`` with
``listens/<year>/<month>.listens``, which names each listener), a user's own export (a zip or tar with
``listens/<year>/<month>.jsonl``), and one such file by itself. A file that names no listener is the
listener's it is named after (`listener_of`). Times are seconds since 1970, under ``listened_at`` or
``timestamp``.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from extractors.errors import SourceError
from extractors.files.archives import member_lines, members
from extractors.files.json_text import jsonl_lines, parse_object, text_of
from extractors.files.listeners import listener_of
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind, Place
from lake.bronze import Answer, Rejected

STREAM = "listens"
_MEMBER = re.compile(r"\.(?:listens|jsonl)$")
_LARGEST = 1 << 20
_LATEST = 32_503_680_000  # the year 3000
_REMEDY = "take the export or dump from ListenBrainz unchanged"


def _lines_of_zip(path: Path) -> Iterator[str]:
    """Lines of a zipped export, members in the order of their names; a member is read as a stream.

    Raises:
        DamagedError: it is damaged, or a member is no file of the export.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for one in sorted(archive.infolist(), key=lambda one: one.filename):
                if not _MEMBER.search(one.filename) or "feedback" in one.filename:
                    continue
                if one.file_size > 200 * max(one.compress_size, 1 << 20):
                    raise DamagedError(f"{one.filename} is a decompression bomb")
                with archive.open(one) as content:
                    for line in member_lines(content, _LARGEST):
                        yield line.decode("utf-8", "surrogateescape")
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise DamagedError(f"the archive is damaged or none ({error})") from error


def _lines_of_tar(path: Path, place: Place) -> Iterator[str]:
    for member in members(path, _MEMBER, place):
        if member.problem:
            raise DamagedError(f"{member.name}: {member.problem}")
        for line in member_lines(cast("IO[bytes]", member.content), _LARGEST):
            yield line.decode("utf-8", "surrogateescape")


def _lines(path: Path, place: Place) -> Iterator[str]:
    name = path.name.lower()
    if ".tar" in name:
        yield from _lines_of_tar(path, place)
    elif name.endswith(".zip"):
        yield from _lines_of_zip(path)
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
    extractor_version="listenbrainz_listens/1",
)
