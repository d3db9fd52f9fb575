"""Kind ``spotify_playlist_archive``: every track ever seen in public Spotify playlists, with its days there.

Layout: CSV with ``playlist_id``, ``playlist_name``, ``track_id``, ``track_name``, ``artist_names`` and
``artist_ids`` (joined with " | "), ``album_name``, ``album_id``, ``length`` (m:ss), ``added`` and ``removed``
(blank: still there).
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Shape, read_answers
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "playlist_archive"
_SHAPE = Shape(
    stream=STREAM,
    columns=(
        "playlist_id", "playlist_name", "track_id", "track_name", "artist_names", "artist_ids", "album_name",
        "album_id", "length", "added", "removed",
    ),
    required=("playlist_id", "track_id", "added"),
    what="archived Spotify playlists",
)  # fmt: skip


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    return read_answers(
        path,
        _SHAPE,
        lambda cells: f"playlists/{cells['playlist_id']}/{cells['track_id']}/{cells['added']}",
        entity_id="track_id",
    )


KIND = Kind(
    name="spotify_playlist_archive",
    provider="spotify",
    streams=(STREAM,),
    summary="history of public Spotify playlists: CSV, a row per track with the days it came and went",
    example="cratelake ingest spotify_playlist_archive cumulative.csv.gz",
    patterns=("*.csv",),
    read=read,
    extractor_version="spotify_playlist_archive/1",
)
