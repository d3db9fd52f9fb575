"""Kind ``1001tracklists_exports``: the plain-text export that 1001Tracklists offers of a tracklist.

Layout: the set's title, a blank line, then a line per row (``[05:03] Artist - Title [LABEL]``; ``w/`` before
rows played together with the one before; bare lines are headings), at the end the address to link to. One
file is one answer; reading its lines is up to staging (`extractors.pages.text_export`).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.reading import DamagedError, cut_off, flaw, text_chunks
from extractors.kind import Kind
from extractors.pages.set_head import set_id_of
from extractors.pages.text_export import parse_text_export
from lake.bronze import Answer, Rejected

STREAM = "text_exports"
_STEM = re.compile(r"(\.txt)?(\.gz)?$", re.IGNORECASE)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """The file as one answer.

    Raises:
        SourceError: it has no row of a tracklist, or cannot be read.
    """
    text = ""
    try:
        for chunk in text_chunks(path):
            text += chunk
    except DamagedError as damage:
        damage.rest = text
        yield cut_off(STREAM, path, 0, damage)
        return
    problem = flaw(text)
    if problem is None and not any(row["title"] or row["artist"] for row in parse_text_export(text)["rows"]):
        problem = "this is not a text export of 1001Tracklists: no line reads [cue] Artist - Title"
    if problem is not None:
        raise SourceError(path.name, problem, "save the export as the site gives it, as UTF-8 text", row=1)
    set_id = set_id_of(text)
    name = _STEM.sub("", path.name)
    yield Answer(
        stream=STREAM,
        request_key=f"tracklist/{set_id or name}",
        payload=text,
        content_type="text/plain",
        source_entity_id=set_id,
        source_url=f"https://1001.tl/{set_id}" if set_id else f"file:{path.name}",
        source_row=1,
    )


KIND = Kind(
    name="1001tracklists_exports",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="text exports of 1001Tracklists: title, then [cue] Artist - Title [LABEL] per line",
    example="cratelake ingest 1001tracklists_exports 2wrmg6f1.txt",
    patterns=("*.txt",),
    read=read,
    extractor_version="1001tracklists_exports/1",
)
