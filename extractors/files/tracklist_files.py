"""Kind ``tracklist_files``: tracklists as people keep them: text, CSV, CUE sheets and M3U playlists.

One answer per file, its whole text; the format is told by the contents (`tracklist_text`). A list is known by
the name of its file and the heading in it: given again under both, it replaces the former.
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.small_text import small_text
from extractors.files.tracklist_text import ROWS_OF_A_LIST, columns_of, parse_tracklist_file, rows_among
from extractors.kind import Kind
from lake.bronze import Answer

STREAM = "files"
_TYPES = {"csv": "text/csv", "m3u": "audio/x-mpegurl", "cue": "application/x-cue", "text": "text/plain"}
_WHAT = "a tracklist as text, CSV (with artist and title), CUE sheet or M3U playlist"


def read(path: Path) -> Iterator[Answer]:
    """The file's text, decoded.

    Raises:
        SourceError: the file is no text, or there is no track in it.
    """
    text = small_text(path, _WHAT)
    try:
        found = parse_tracklist_file(text)
    except ValueError as error:
        raise SourceError(path.name, str(error), "close the quotation marks of the table", row=1) from error
    lines = [row.get("line", "") for row in found["rows"]]
    if found["format"] == "text":
        rows = rows_among(lines)
        if not rows:
            raise _without_tracks(path.name, text)
        if rows < ROWS_OF_A_LIST * len(lines):
            raise SourceError(
                path.name,
                f"this is no tracklist: {rows} of {len(lines)} lines look like rows of one, less than half",
                "give one track a line, as Artist - Title, behind its time or number if it has one",
                row=1,
            )
    elif not any(row.get("title") or "-" in line for row, line in zip(found["rows"], lines, strict=True)):
        raise _without_tracks(path.name, text)
    key = ": ".join(one for one in (path.name.removesuffix(".gz"), found["title"]) if one)
    yield Answer(
        stream=STREAM,
        request_key=f"tracklists/{key}",
        payload=text,
        content_type=_TYPES[found["format"]],
        source_entity_id=key,
        source_url=f"file:{path.name}",
        source_row=1,
    )


def _without_tracks(name: str, text: str) -> SourceError:
    """Why there is no track in a file: of a table perhaps only because its columns have other names."""
    names = columns_of(text)
    if len(names) < 2:
        return SourceError(name, "there is no track in it", f"give {_WHAT}", row=1)
    return SourceError(
        name,
        f"as a table it has the columns {', '.join(names)}, and none of them is known to be artist and title",
        "name two of its columns artist and title; cue, label, mix, catalog number and isrc are read as well",
        row=1,
    )


KIND = Kind(
    name="tracklist_files",
    provider="tracklist_file",
    streams=(STREAM,),
    summary="tracklists as people keep them: text, CSV, CUE sheets, M3U playlists; one answer per file",
    example="cratelake ingest tracklist_files friday.txt live_set.cue crate.m3u8",
    patterns=("*.txt", "*.csv", "*.cue", "*.m3u", "*.m3u8"),
    read=read,
    extractor_version="tracklist_files/3",
)
