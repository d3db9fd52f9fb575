"""Kind ``spotify_streaming_history``: what Spotify's "download your data" says a listener played.

A JSON array, in one of two shapes: ``StreamingHistory*.json`` (``endTime`` to the minute, ``artistName``,
``trackName``, ``msPlayed``) and the extended ``Streaming_History_Audio_*.json``, once ``endsong_*.json``
(``ts`` to the second, ``ms_played``, ``master_metadata_*``, ``spotify_track_uri``). Times are
UTC and those of the end. Plays of podcasts in the extended shape have no track name and are kept; one time
can hold several plays.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.errors import SourceError
from extractors.files.json_text import array_elements, parse_object, text_of
from extractors.files.listeners import listener_of
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "streaming_history"
_WHAT = "Spotify streaming history"
_REMEDY = "take the file from the data that Spotify sent, unchanged"


def _verdict(play: dict[str, Any]) -> tuple[str, str] | None:
    """Field and reason if the play is refused."""
    extended = "ts" in play
    if text_of(play.get("ts" if extended else "endTime")) is None:
        return "ts" if extended else "endTime", "the value is missing or is not a text"
    length = "ms_played" if extended else "msPlayed"
    if type(play.get(length)) is not int or play[length] < 0:
        return length, "this is not a number of milliseconds"
    if not extended:
        for name in ("artistName", "trackName"):
            if text_of(play.get(name)) is None:
                return name, "the value is missing or is not a text"
    return None


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every play of the file, its text exactly as written.

    Raises:
        SourceError: the file is no list of plays, or nothing of it can be read.
    """
    listener = listener_of(path.name)
    seen: Counter[str] = Counter()
    row = 0
    try:
        for row, text in enumerate(array_elements(path, _WHAT), start=1):
            play, problem = parse_object(text)
            if row == 1 and not problem and not {"ts", "endTime"} & set(play):
                reason = f"this is not a file of {_WHAT}: neither endTime nor ts is there"
                raise SourceError(path.name, reason, _REMEDY, row=1)
            verdict = ("(row)", problem) if problem else _verdict(play)
            if verdict:
                field, reason = verdict
                yield refused(STREAM, path, row, field=field, reason=reason, remedy=_REMEDY, raw=text)
                continue
            # the same play twice within a minute (skipped, begun again) is two plays; in two exports one
            seen[text] += 1
            repeat = f"+{seen[text]}" if seen[text] > 1 else ""
            moment = play.get("ts") or play["endTime"]
            yield Answer(
                stream=STREAM,
                request_key=f"plays/{play.get('username') or listener}/{moment}{repeat}",
                payload=text,
                source_entity_id=text_of(play.get("spotify_track_uri")),
                source_url=f"file:{path.name}",
                source_row=row,
            )
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)


KIND = Kind(
    name="spotify_streaming_history",
    provider="spotify",
    streams=(STREAM,),
    summary="Spotify streaming history, short or extended: one answer per play; named after its listener",
    example="cratelake ingest spotify_streaming_history ada-StreamingHistory0.json",
    patterns=("*streaminghistory*.json", "*streaming_history*.json", "*endsong*.json"),
    read=read,
    extractor_version="spotify_streaming_history/1",
)
