"""Kind ``lastfm_scrobbles``: scrobbles exported from Last.fm as CSV.

Two shapes of one export: ``utc_time`` ("24 Jan 2023, 09:42"), ``artist``, ``album``, ``track``; and with
``uts`` (seconds since 1970) and MusicBrainz ids besides. Only artist and track must be there.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Row, Shape, read_rows
from extractors.files.listeners import listener_of
from extractors.files.reading import refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "scrobbles"
_SHAPE = Shape(
    stream=STREAM,
    columns=("utc_time", "artist", "album", "track"),
    required=("artist", "track"),
    what="Last.fm scrobbles",
)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every scrobble as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    listener = listener_of(path.name)
    seen: Counter[str] = Counter()
    for found in read_rows(path, _SHAPE):
        if isinstance(found, Rejected):
            yield found
            continue
        text = found.as_json()
        moment = found.cells.get("uts") or found.cells["utc_time"]
        if not moment.strip():
            yield _without_time(path, found, text)
            continue
        seen[text] += 1
        repeat = f"+{seen[text]}" if seen[text] > 1 else ""
        yield Answer(
            stream=STREAM,
            request_key=f"scrobbles/{listener}/{moment}{repeat}",
            payload=text,
            source_entity_id=found.cells.get("track_mbid") or None,
            source_url=f"file:{path.name}",
            source_row=found.number,
        )


def _without_time(path: Path, row: Row, text: str) -> Rejected:
    reason = "the scrobble has no time, so it cannot be told from others"
    remedy = "what is playing at the time of an export has none: leave the row out"
    return refused(STREAM, path, row.number, field="utc_time", reason=reason, remedy=remedy, raw=text)


KIND = Kind(
    name="lastfm_scrobbles",
    provider="lastfm",
    streams=(STREAM,),
    summary="Last.fm scrobbles: CSV, one row per listen; named after its listener",
    example="cratelake ingest lastfm_scrobbles scrobbles-ada.csv",
    patterns=("*scrobbles*.csv", "recenttracks*.csv", "lastfm*.csv"),
    read=read,
    extractor_version="lastfm_scrobbles/1",
)
