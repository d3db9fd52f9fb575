"""Kinds of recorded API answers: JSON Lines, one answer of the provider per line, untouched.

The stream of a file is what its name starts with (``tracks_api.jsonl``, ``tracks_api-2026-10.jsonl.gz``). A
line is refused if it is no JSON object, is the provider's own error message, or lacks what makes it an answer
of the stream.
Shapes: docs on providers, sections 3 to 5, 7, 8, 10 and 11.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from extractors.errors import SourceError
from extractors.files.json_text import jsonl_lines, parse_object
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

_ERROR_KEYS = ("error", "errors", "detail", "message")
"""Keys under which the providers put their error messages."""
_REMEDY = "write each answer as one JSON object on a line of its own, as the provider sent it"
_AGAIN = "ask the provider again and record its answer"


@dataclass(frozen=True, slots=True)
class _Stream:
    """One sort of answer.

    Attributes:
        name: stream, and start of the file name.
        what: the sort in words.
        keys: members every answer of this sort has.
        is_id: whether what stands at `id_at` is an id of this sort.
        request: what was asked for, with ``{}`` for the id.
        url: where it was asked for, with ``{}`` for the id.
        id_at: members that lead to the id; a list on the way stands for its first element.
    """

    name: str
    what: str
    keys: tuple[str, ...]
    is_id: Callable[[object], bool]
    request: str
    url: str
    id_at: tuple[str, ...] = ("id",)

    def entity(self, answer: object) -> object:
        """The id of an answer, or None if it has none where it should."""
        for name in self.id_at:
            answer = answer.get(name) if isinstance(answer, dict) else None
            if isinstance(answer, list):
                answer = answer[0] if answer else None
        return answer


def _whole_number(value: object) -> bool:
    return type(value) is int and value > 0


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


_is_spotify_id = _matches(r"[0-9A-Za-z]{22}")
_is_uuid = _is_mbid = _matches(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _error_message(answer: dict[str, Any]) -> str | None:
    """What the provider says went wrong, if the answer is an error message."""
    for key in _ERROR_KEYS:
        told = answer.get(key)
        if told and "id" not in answer:
            inner = told.get("message", told) if isinstance(told, dict) else told
            return str(inner)[:200]
    return None


def _verdict(stream: _Stream, answer: dict[str, Any]) -> tuple[str, str, str] | None:
    """Field, reason and remedy if the answer is refused."""
    error = _error_message(answer)
    if error is not None:
        return "(row)", f"the provider answered with an error: {error}", _AGAIN
    for key in stream.keys:
        if key not in answer:
            return key, f"the member is missing: this is no answer of {stream.what}", _REMEDY
    if not stream.is_id(stream.entity(answer)):
        return ".".join(stream.id_at), f"this is no id of {stream.what}", _AGAIN
    return None


def _stream_of(path: Path, streams: tuple[_Stream, ...]) -> _Stream:
    name = path.name.lower()
    for stream in streams:
        if name.startswith(stream.name):
            return stream
    remedy = "call the file " + " or ".join(f"{stream.name}*.jsonl" for stream in streams)
    raise SourceError(path.name, "the file name does not say which answers are in it", remedy)


def _check_first(path: Path, row: int, text: str, stream: _Stream, answer: dict[str, Any]) -> None:
    """Refuse the whole file if its first line shows that it is something else.

    Raises:
        SourceError: the line is no JSON object at all, or an object of something else.
    """
    what = f"this is not a file of {stream.what}"
    if text in {"{", "["}:
        raise SourceError(path.name, f"{what} line by line, but one JSON document", _REMEDY, row=row)
    if not text.startswith("{"):
        raise SourceError(path.name, f"{what}: the first line is not a JSON object", _REMEDY, row=row)
    missing = next((key for key in stream.keys if key not in answer), None)
    if answer and missing is not None and _error_message(answer) is None:
        reason = f"{what}: the member is missing in the first line"
        raise SourceError(path.name, reason, _REMEDY, row=row, field=missing)


def _read(streams: tuple[_Stream, ...], path: Path) -> Iterator[Answer | Rejected]:
    stream = _stream_of(path, streams)
    row = 0
    first = True
    try:
        for row, text in jsonl_lines(path):
            answer, problem = parse_object(text)
            if first:
                _check_first(path, row, text, stream, answer)
                first = False
            verdict = ("(row)", problem, _REMEDY) if problem else _verdict(stream, answer)
            if verdict is not None:
                field, reason, remedy = verdict
                yield refused(stream.name, path, row, field=field, reason=reason, remedy=remedy, raw=text)
                continue
            entity_id = str(stream.entity(answer))
            yield Answer(
                stream=stream.name,
                request_key=stream.request.format(entity_id),
                payload=text,
                source_entity_id=entity_id,
                source_url=stream.url.format(entity_id),
                source_row=row,
            )
    except DamagedError as damage:
        yield cut_off(stream.name, path, row, damage)


def _kind(provider: str, summary: str, *streams: _Stream) -> Kind:
    return Kind(
        name=f"{provider}_api",
        provider=provider,
        streams=tuple(stream.name for stream in streams),
        summary=f"recorded answers of {summary}, one JSON object per line",
        example=f"cratelake ingest {provider}_api {streams[0].name}.jsonl.gz",
        patterns=tuple(f"{stream.name}*.jsonl" for stream in streams),
        read=partial(_read, streams),
        extractor_version=f"{provider}_api/1",
    )


BEATPORT = _kind(
    "beatport",
    "Beatport's catalogue (tracks, charts)",
    _Stream(
        "tracks_api",
        "Beatport tracks",
        ("id", "name", "mix_name", "artists"),
        _whole_number,
        "tracks/{}",
        "https://api.beatport.com/v4/catalog/tracks/{}/",
    ),
    _Stream(
        "charts_api",
        "Beatport charts",
        ("id", "name", "track_ids"),
        _whole_number,
        "charts/{}",
        "https://api.beatport.com/v4/catalog/charts/{}/",
    ),
)
SPOTIFY = _kind(
    "spotify",
    "Spotify's catalogue (tracks, audio features)",
    _Stream(
        "tracks_api",
        "Spotify tracks",
        ("id", "name", "artists", "type"),
        _is_spotify_id,
        "tracks/{}",
        "https://api.spotify.com/v1/tracks/{}",
    ),
    _Stream(
        "audio_features_api",
        "Spotify audio features",
        ("id", "tempo", "key"),
        _is_spotify_id,
        "audio-features/{}",
        "https://api.spotify.com/v1/audio-features/{}",
    ),
)
MUSICBRAINZ = _kind(
    "musicbrainz",
    "MusicBrainz (recordings)",
    _Stream(
        "recordings_api",
        "MusicBrainz recordings",
        ("id", "title"),
        _is_mbid,
        "recording/{}",
        "https://musicbrainz.org/ws/2/recording/{}",
    ),
)
DISCOGS = _kind(
    "discogs",
    "Discogs (releases)",
    _Stream(
        "releases_api",
        "Discogs releases",
        ("id", "title", "tracklist"),
        _whole_number,
        "releases/{}",
        "https://api.discogs.com/releases/{}",
    ),
)
DEEZER = _kind(
    "deezer",
    "Deezer's catalogue (tracks)",
    _Stream(
        "tracks_api",
        "Deezer tracks",
        ("id", "title", "duration", "artist"),
        _whole_number,
        "track/{}",
        "https://api.deezer.com/track/{}",
    ),
)
_MEASURED = ("metadata", "tags", "musicbrainz_recordingid")
ACOUSTICBRAINZ = _kind(
    "acousticbrainz",
    "AcousticBrainz (low and high level)",
    _Stream(
        "low_level_api",
        "AcousticBrainz measurements",
        ("rhythm", "tonal", "metadata"),
        _is_mbid,
        "{}/low-level",
        "https://acousticbrainz.org/api/v1/{}/low-level",
        _MEASURED,
    ),
    _Stream(
        "high_level_api",
        "AcousticBrainz classifications",
        ("highlevel", "metadata"),
        _is_mbid,
        "{}/high-level",
        "https://acousticbrainz.org/api/v1/{}/high-level",
        _MEASURED,
    ),
)
SOUNDCHARTS = _kind(
    "soundcharts",
    "SoundCharts (songs)",
    _Stream(
        "songs_api",
        "SoundCharts songs",
        ("type", "object"),
        _is_uuid,
        "api/v2.25/song/{}",
        "https://customer.api.soundcharts.com/api/v2.25/song/{}",
        ("object", "uuid"),
    ),
)
KINDS = (BEATPORT, SPOTIFY, MUSICBRAINZ, DISCOGS, DEEZER, ACOUSTICBRAINZ, SOUNDCHARTS)
"""All kinds of recorded API answers."""
