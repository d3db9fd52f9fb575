"""Kind ``spotify_playlist_tracks``: tracks of Spotify playlists with audio features, as a table.

Layout: CSV of the "30,000 Spotify songs" set (Tidy Tuesday, 2020-01-21): ``track_*``, ``playlist_*`` and the
audio features. One row per track and playlist, in the playlist's order; a playlist found under two subgenres
is listed twice. Only the first artist is given. ``NA`` is how the exporting program wrote a missing value.
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Row, Shape, read_rows
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "playlist_tracks_csv"
_SHAPE = Shape(
    stream=STREAM,
    columns=(
        *("track_id", "track_name", "track_artist", "track_popularity"),
        *("track_album_id", "track_album_name", "track_album_release_date"),
        *("playlist_name", "playlist_id", "playlist_genre", "playlist_subgenre"),
        *("danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness"),
        *("instrumentalness", "liveness", "valence", "tempo", "duration_ms"),
    ),
    required=("track_id", "track_name", "track_artist", "playlist_id"),
    what="Spotify playlist tracks",
)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    for found in read_rows(path, _SHAPE):
        if isinstance(found, Row):
            cells = found.cells
            place = (cells["playlist_id"], cells["playlist_subgenre"], cells["track_id"])
            yield Answer(
                stream=STREAM,
                request_key="playlists/" + "/".join(place),
                payload=found.as_json(),
                source_entity_id=cells["track_id"],
                source_url=f"file:{path.name}",
                source_row=found.number,
            )
        else:
            yield found


KIND = Kind(
    name="spotify_playlist_tracks",
    provider="spotify",
    streams=(STREAM,),
    summary="Spotify playlist tracks with audio features: CSV, one row per track and playlist",
    example="cratelake ingest spotify_playlist_tracks spotify_songs.csv.gz",
    patterns=("*.csv",),
    read=read,
    extractor_version="spotify_playlist_tracks/1",
)
