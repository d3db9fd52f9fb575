"""Kind ``tracklist_files``: tracklists as people keep them: text, CSV, CUE sheets and M3U playlists.

One answer per file, its whole text; the format is told by the contents (`tracklist_text`). The list is named
after its file: a file of the same name, given again, replaces the list.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.small_text import small_text
from extractors.files.tracklist_text import parse_tracklist_file
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
    named = any(row.get("title") or "-" in row.get("line", "") for row in found["rows"])
    if not named:
        raise SourceError(path.name, "there is no track in it", f"give {_WHAT}", row=1)
    stem = re.sub(r"(\.[A-Za-z0-9]{2,5})?(\.gz)?$", "", path.name, count=1, flags=re.IGNORECASE)
    yield Answer(
        stream=STREAM,
        request_key=f"tracklists/{stem}",
        payload=text,
        content_type=_TYPES[found["format"]],
        source_entity_id=stem,
        source_url=f"file:{path.name}",
        source_row=1,
    )


KIND = Kind(
    name="tracklist_files",
    provider="tracklist_file",
    streams=(STREAM,),
    summary="tracklists as people keep them: text, CSV, CUE sheets, M3U playlists; one answer per file",
    example="cratelake ingest tracklist_files friday.txt live_set.cue crate.m3u8",
    patterns=("*.txt", "*.csv", "*.cue", "*.m3u", "*.m3u8"),
    read=read,
    extractor_version="tracklist_files/1",
)
