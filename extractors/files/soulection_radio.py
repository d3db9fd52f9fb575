"""Kind ``soulection_radio``: shows of Soulection Radio with cue times and links per track.

Layout: JSON Lines, one show per line: ``id``, ``slug``, ``title``, ``publishedAt``, ``chapters`` [{``title``,
``markers`` [{``position``, ``timestamp``, ``rawTrack``, ``track``: {``title``, ``artist``, ``trackLinks``} or
null}]}].
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.json_text import jsonl_lines, parse_object, text_of
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "shows"
_REMEDY = "correct the line and ingest the file again"


def _read_show(path: Path, row: int, text: str) -> Answer | Rejected:
    show, problem = parse_object(text)
    field = "(row)"
    if not problem and not isinstance(show.get("chapters"), list):
        field, problem = "chapters", "the value is missing or is not a list"
    if not problem and text_of(show.get("id")) is None:
        field, problem = "id", "the value is missing or is not a text"
    if problem:
        return refused(STREAM, path, row, field=field, reason=problem, remedy=_REMEDY, raw=text)
    return Answer(
        stream=STREAM,
        request_key=f"shows/{show['id']}",
        payload=text,
        source_entity_id=str(show["id"]),
        source_url=f"file:{path.name}",
        source_row=row,
    )


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every show of the file, its line exactly as written.

    Raises:
        SourceError: the first line is not a show, or nothing of the file can be read.
    """
    row = 0
    try:
        for count, (row, text) in enumerate(jsonl_lines(path), start=1):
            found = _read_show(path, row, text)
            if count == 1 and isinstance(found, Rejected) and '"chapters"' not in text:
                reason = f"this is not a file of Soulection Radio shows: {found.reason}"
                remedy = "give a JSON Lines file with one show (id, title, chapters) per line"
                raise SourceError(path.name, reason, remedy, row, found.field)
            yield found
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)


KIND = Kind(
    name="soulection_radio",
    provider="soulection",
    streams=(STREAM,),
    summary="Soulection Radio shows as JSON Lines: cue times, raw track lines, links per track",
    example="cratelake ingest soulection_radio shows.jsonl.gz",
    patterns=("*.jsonl",),
    read=read,
    extractor_version="soulection_radio/1",
)
