"""Writing the providers' views of a world to files, each in its provider's own shape, and the truth.

What belongs here: files. A delivery of the same specification is recognised and not made again;
``world.json`` is written last, so that its presence says that the delivery is whole.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from extractors.sandbox import (
    tell_acousticbrainz,
    tell_acoustid,
    tell_beatport,
    tell_deezer,
    tell_discogs,
    tell_lastfm,
    tell_listenbrainz,
    tell_musicbrainz,
    tell_soundcharts,
    tell_spotify,
    tell_tracklists,
)
from extractors.sandbox.listeners import listen_count
from extractors.sandbox.truth import true_records, true_tracks
from extractors.sandbox.views import Telling, Views
from extractors.sandbox.world import World, WorldSpec, make_world

Progress = Callable[[str, int, int], None]
"""Called with the file under way, how much of it is done, and how much there is to do."""
_PAGES_PER_CHUNK = 1_000
_TRACKS_PER_CHUNK = 25_000


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file of a delivery.

    Attributes:
        kind: what to call it when ingesting.
        provider: whose answers it holds.
        stream: stream they belong to.
        path: where it is.
        rows: how many answers it holds.
    """

    kind: str
    provider: str
    stream: str
    path: Path
    rows: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A finished delivery.

    Attributes:
        spec: the world it tells of.
        root: folder it lies in.
        files: the providers' files that can be ingested; others are there for the server to answer from.
        true_tracks: Parquet file, columns `truth.TRACKS`.
        true_records: Parquet file, columns `truth.RECORDS`.
        made: False if it was there already.
    """

    spec: WorldSpec
    root: Path
    files: tuple[DeliveredFile, ...]
    true_tracks: Path
    true_records: Path
    made: bool


@dataclass(frozen=True, slots=True)
class _Stream:
    """A file of the delivery; `kind` is None for those that only the server reads."""

    kind: str | None
    provider: str
    stream: str
    tell: Callable[[Views, int, int], Telling]
    extent: Callable[[World], int]
    chunk: int

    @property
    def place(self) -> str:
        return f"{self.provider}/{self.stream}.jsonl"


def _tracks(world: World) -> int:
    return world.spec.tracks


_STREAMS = (
    _Stream("beatport_api", "beatport", "tracks_api", tell_beatport.tracks, _tracks, _TRACKS_PER_CHUNK),
    _Stream(
        "beatport_api", "beatport", "charts_api", tell_beatport.charts, tell_beatport.chart_count, 10_000
    ),
    _Stream("spotify_api", "spotify", "tracks_api", tell_spotify.tracks, _tracks, _TRACKS_PER_CHUNK),
    _Stream(
        "spotify_api",
        "spotify",
        "audio_features_api",
        tell_spotify.audio_features,
        _tracks,
        _TRACKS_PER_CHUNK,
    ),
    _Stream(
        "musicbrainz_api",
        "musicbrainz",
        "recordings_api",
        tell_musicbrainz.recordings,
        _tracks,
        _TRACKS_PER_CHUNK,
    ),
    _Stream(
        "discogs_api",
        "discogs",
        "releases_api",
        tell_discogs.releases,
        lambda world: world.catalogue.releases.height,
        _TRACKS_PER_CHUNK // 2,
    ),
    _Stream(
        "1001tracklists_pages",
        "1001tracklists",
        "pages",
        tell_tracklists.pages,
        lambda world: world.spec.set_count,
        _PAGES_PER_CHUNK,
    ),
    _Stream(None, "deezer", "tracks_api", tell_deezer.tracks, _tracks, _TRACKS_PER_CHUNK),
    _Stream(None, "lastfm", "track_info_api", tell_lastfm.tracks, _tracks, _TRACKS_PER_CHUNK),
    _Stream(None, "lastfm", "recent_tracks_api", tell_lastfm.recent_tracks, listen_count, _TRACKS_PER_CHUNK),
    _Stream(None, "listenbrainz", "recordings_api", tell_listenbrainz.recordings, _tracks, _TRACKS_PER_CHUNK),
    _Stream(
        None, "listenbrainz", "listens_api", tell_listenbrainz.user_listens, listen_count, _TRACKS_PER_CHUNK
    ),
    _Stream(
        None, "acousticbrainz", "low_level_api", tell_acousticbrainz.low_level, _tracks, _TRACKS_PER_CHUNK
    ),
    _Stream(
        None, "acousticbrainz", "high_level_api", tell_acousticbrainz.high_level, _tracks, _TRACKS_PER_CHUNK
    ),
    _Stream(None, "acoustid", "lookup_api", tell_acoustid.lookups, _tracks, _TRACKS_PER_CHUNK),
    _Stream(None, "soundcharts", "songs_api", tell_soundcharts.songs, _tracks, _TRACKS_PER_CHUNK),
    _Stream(
        None, "soundcharts", "song_identifiers_api", tell_soundcharts.identifiers, _tracks, _TRACKS_PER_CHUNK
    ),
    _Stream(
        None,
        "soundcharts",
        "artists_api",
        tell_soundcharts.artists,
        tell_soundcharts.artist_count,
        _TRACKS_PER_CHUNK,
    ),
)


def _parquet(path: Path, frames: Iterable[pl.DataFrame]) -> None:
    """Frames of one schema as one file, written beside its place and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    pl.concat(frames).write_parquet(beside, compression="zstd")
    beside.replace(path)


def _write(
    stream: _Stream, views: Views, path: Path, progress: Progress | None
) -> Iterator[tuple[int, pl.DataFrame]]:
    """Write one provider's file; yields for each piece how many answers it had, and its records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    extent = stream.extent(views.world)
    with beside.open("wb") as file:
        for low in range(0, extent, stream.chunk):
            high = min(low + stream.chunk, extent)
            telling = stream.tell(views, low, high)
            if len(telling.payloads):
                file.write(telling.payloads.str.join("\n").item().encode())
                file.write(b"\n")
            if progress is not None:
                progress(stream.place, high, extent)
            yield len(telling.payloads), telling.records
    beside.replace(path)


def _recognised(spec: WorldSpec, root: Path) -> Delivery | None:
    """The delivery of `spec` in `root`, if it is there and whole."""
    try:
        note = json.loads((root / "world.json").read_text())
    except (OSError, ValueError):
        return None
    if note.get("spec") != spec.as_dict():
        return None
    for place, size in note["bytes"].items():
        file = root / place
        if not file.is_file() or file.stat().st_size != size:
            return None
    return _delivery(spec, root, note["rows"], made=False)


def _delivery(spec: WorldSpec, root: Path, rows: dict[str, int], *, made: bool) -> Delivery:
    files = tuple(
        DeliveredFile(stream.kind, stream.provider, stream.stream, root / stream.place, rows[stream.place])
        for stream in _STREAMS
        if stream.kind is not None
    )
    return Delivery(spec, root, files, root / "truth/tracks.parquet", root / "truth/records.parquet", made)


def delivered(root: Path) -> WorldSpec | None:
    """The world whose delivery lies in a folder; None where there is none, or one of other code."""
    try:
        spec = json.loads((root / "world.json").read_text())["spec"]
        found = WorldSpec(tracks=spec["tracks"], sets=spec["sets"], seed=spec["seed"])
    except (OSError, ValueError, KeyError):
        return None
    return found if found.as_dict() == spec else None


def deliver(spec: WorldSpec, root: Path, progress: Progress | None = None) -> Delivery:
    """All providers' files and the truth about the world of `spec`, under `root`.

    The same specification gives the same bytes. If `root` holds the finished delivery of `spec`, nothing is
    written; anything else there under the same names is replaced.

    Raises:
        OSError: `root` cannot be written to.
    """
    found = _recognised(spec, root)
    if found is not None:
        return found
    root.mkdir(parents=True, exist_ok=True)
    (root / "world.json").unlink(missing_ok=True)
    views = Views(make_world(spec))
    rows: dict[str, int] = {}

    def records() -> Iterator[pl.DataFrame]:
        for stream in _STREAMS:
            rows[stream.place] = 0
            for count, told in _write(stream, views, root / stream.place, progress):
                rows[stream.place] += count
                yield true_records(stream.provider, stream.stream, told)

    _parquet(root / "truth/records.parquet", records())
    _parquet(root / "truth/tracks.parquet", true_tracks(views))
    places = [*rows, "truth/records.parquet", "truth/tracks.parquet"]
    note = {
        "spec": spec.as_dict(),
        "rows": rows,
        "bytes": {place: (root / place).stat().st_size for place in places},
    }
    (root / "world.json").write_text(json.dumps(note, indent=1) + "\n")
    return _delivery(spec, root, rows, made=True)
