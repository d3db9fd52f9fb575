"""Shapes of Spotify's answers."""

from collections.abc import Sequence
from typing import Literal

from extractors.sources.payload import Payload


class Named(Payload):
    """An artist or album inside another thing."""

    id: str | None = None
    name: str | None = None


class ExternalIds(Payload):
    """Identifiers by others."""

    isrc: str | None = None
    upc: str | None = None


class AlbumInTrack(Named):
    """A track's album."""

    release_date: str | None = None
    release_date_precision: Literal["year", "month", "day"] | None = None


class Track(Payload):
    """A track; inside an album without album and ISRC."""

    type: Literal["track"]
    id: str | None
    name: str
    artists: list[Named]
    album: AlbumInTrack | None = None
    duration_ms: float | None = None
    external_ids: ExternalIds | None = None
    popularity: int | None = None
    track_number: int | None = None
    disc_number: int | None = None
    explicit: bool | None = None


class AudioFeatures(Payload):
    """What Spotify measured: key -1..11 (-1 none), mode 1 major, tempo BPM, loudness dB, rest 0..1."""

    id: str
    tempo: float | None
    key: float | None
    mode: float | None = None
    duration_ms: float | None = None
    time_signature: float | None = None
    energy: float | None = None
    danceability: float | None = None
    valence: float | None = None
    acousticness: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    speechiness: float | None = None
    loudness: float | None = None


class Artist(Payload):
    """An artist."""

    type: Literal["artist"]
    id: str
    name: str
    genres: list[str] | None = None
    popularity: int | None = None


class TrackPage(Payload):
    """One page of tracks."""

    items: list[Track | None]
    total: int
    next: str | None = None

    def rows(self) -> Sequence[Payload]:
        """Its tracks."""
        return [item for item in self.items if item is not None]


class Album(Payload):
    """An album with the first page of its tracks."""

    album_type: str
    type: Literal["album"]
    id: str
    name: str
    artists: list[Named] | None = None
    label: str | None = None
    release_date: str | None = None
    release_date_precision: Literal["year", "month", "day"] | None = None
    external_ids: ExternalIds | None = None
    tracks: TrackPage | None = None


class AlbumPage(Payload):
    """One page of albums."""

    items: list[Album | None]
    total: int
    next: str | None = None

    def rows(self) -> Sequence[Payload]:
        """Its albums."""
        return [item for item in self.items if item is not None]


class ArtistPage(Payload):
    """One page of artists."""

    items: list[Artist | None]
    total: int
    next: str | None = None

    def rows(self) -> Sequence[Payload]:
        """Its artists."""
        return [item for item in self.items if item is not None]


class TrackSearch(Payload):
    """Answer of a search for tracks."""

    tracks: TrackPage

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.tracks.rows()


class AlbumSearch(Payload):
    """Answer of a search for albums."""

    albums: AlbumPage

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.albums.rows()


class ArtistSearch(Payload):
    """Answer of a search for artists."""

    artists: ArtistPage

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.artists.rows()


class SeveralTracks(Payload):
    """Answer for several ids, null for unknown ones; the request was taken away in 2026."""

    tracks: list[Track | None]

    def rows(self) -> Sequence[Payload]:
        """Those found."""
        return [item for item in self.tracks if item is not None]


class SeveralFeatures(Payload):
    """Answer for several ids, null for unknown ones; the request was taken away in 2026."""

    audio_features: list[AudioFeatures | None]

    def rows(self) -> Sequence[Payload]:
        """Those found."""
        return [item for item in self.audio_features if item is not None]
