"""Kind ``acousticbrainz_dump``: documents of the dumps that remain of AcousticBrainz (June 2022, CC0).

An archive (``acousticbrainz-lowlevel-json-20220623-0.tar.zst``, or the sample) holds a file per submission,
``.../<mbid>-<number>.json``. They go to the streams of the API that is gone, under the keys that were asked
there, so that what reads or asks for one reads the other. Archives are read as streams, a document at a time.
"""

import re
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from extractors.errors import SourceError
from extractors.files.json_text import parse_object
from extractors.files.reading import LONGEST, DamagedError, cut_off, refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

_DOCUMENT = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d+)\.json")
_BLOCK = tarfile.BLOCKSIZE
_COMPRESSIONS = {b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x8b": "gzip"}
_LEVELS = {
    "high_level_api": ("high-level", {"highlevel"}),
    "low_level_api": ("low-level", {"rhythm", "tonal"}),
}
"""Streams, what their documents are called in requests, and the members that make them."""
_REMEDY = "take the archive from the AcousticBrainz dumps unchanged"


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every submission of the archive as it stands there.

    Raises:
        SourceError: the file is no archive of submissions, or nothing of it can be read.
    """
    row = 0
    try:
        for row, (name, text) in enumerate(_documents(path), start=1):
            yield _answer(path, row, name, text)
    except DamagedError as damage:
        yield cut_off("low_level_api", path, row, damage)
    if row == 0:
        raise SourceError(path.name, "there is no submission (<mbid>-<number>.json) in it", _REMEDY)


def _answer(path: Path, row: int, name: str, text: str) -> Answer | Rejected:
    document, problem = parse_object(text)
    stream = next((stream for stream, (_, keys) in _LEVELS.items() if keys <= set(document)), None)
    if stream is None:
        reason = problem or "this is neither a low-level nor a high-level document"
        return refused("low_level_api", path, row, field=name, reason=reason, remedy=_REMEDY, raw=text)
    found = _DOCUMENT.search(name)
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


def _documents(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each submission in the archive.

    Raises:
        SourceError: the file cannot be opened, or is empty.
        DamagedError: after everything readable, if the archive is damaged or none at all.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror})"
        raise SourceError(path.name, reason, "check that it exists and that you may read it") from error
    if not magic:
        raise SourceError(path.name, "the file is empty", "repeat the download or export")
    compression = next((name for start, name in _COMPRESSIONS.items() if magic.startswith(start)), None)
    try:
        with (
            closing(pa.input_stream(str(path), compression=compression)) as raw,
            tarfile.open(fileobj=cast("IO[bytes]", tail := _Tail(raw)), mode="r|") as archive,
        ):
            for member in archive:
                if member.isfile() and _DOCUMENT.search(member.name):
                    yield member.name, _text(archive, member)
            if not tail.marks_the_end:
                raise DamagedError("the archive is damaged: it ends without its end mark (truncated file)")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DamagedError(f"the archive is damaged or none ({error})") from error


class _Tail:
    """Reads on behalf of `tarfile`, which takes an archive cut off between two files for a whole one."""

    def __init__(self, raw: pa.NativeFile) -> None:
        self._raw = raw
        self._last = b""

    def read(self, size: int) -> bytes:
        data: bytes = self._raw.read(size)
        self._last = data or self._last
        return data

    @property
    def marks_the_end(self) -> bool:
        """Whether what was read ends in a block of zeros."""
        return self._last[-_BLOCK:] == bytes(_BLOCK)


def _text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    """Text of a submission; undecodable bytes come as lone surrogates, which `parse_object` finds."""
    content = archive.extractfile(member)
    if content is None or member.size > LONGEST:
        raise DamagedError(f"{member.name} has {member.size:,} bytes, which no submission has")
    return content.read().decode("utf-8", "surrogateescape")


KIND = Kind(
    name="acousticbrainz_dump",
    provider="acousticbrainz",
    streams=tuple(sorted(_LEVELS)),
    summary="submissions of the AcousticBrainz dumps of 2022, low or high level: one answer per document",
    example="cratelake ingest acousticbrainz_dump acousticbrainz-sample-json-20220623-0.tar.zst",
    patterns=("acousticbrainz-*.tar.zst", "acousticbrainz-*.tar"),
    read=read,
    extractor_version="acousticbrainz_dump/1",
)
