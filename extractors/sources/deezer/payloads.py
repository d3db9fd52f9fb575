"""Shapes of Deezer's answers."""

from collections.abc import Sequence

from pydantic import model_validator

from extractors.sources.payload import Payload


class Named(Payload):
    """An artist or album inside another thing."""

    id: int
    name: str | None = None
    title: str | None = None


class TrackHit(Payload):
    """A track as lists tell it; `duration` in seconds."""

    id: int
    title: str
    duration: int
    artist: Named
    isrc: str | None = None


class Track(TrackHit):
    """A track; `bpm` 0 is unknown, `gain` in dB."""

    isrc: str
    album: Named
    release_date: str | None = None
    bpm: float | None = None
    gain: float | None = None
    contributors: list[Named] | None = None
    readable: bool | None = None


class Album(Payload):
    """An album."""

    id: int
    title: str
    upc: str
    label: str | None = None
    release_date: str | None = None
    record_type: str | None = None


class Artist(Payload):
    """An artist."""

    id: int
    name: str
    nb_album: int | None = None
    nb_fan: int | None = None

    @model_validator(mode="after")
    def _is_an_artist(self) -> "Artist":
        if self.nb_fan is None and "tracklist" not in (self.model_extra or ()):
            raise ValueError("nothing that an artist has (nb_fan, tracklist)")
        return self


class AlbumHit(Payload):
    """An album as lists tell it."""

    id: int
    title: str
    cover: str | None


class Genre(Payload):
    """A genre."""

    id: int
    name: str


class TrackList(Payload):
    """A page of tracks."""

    data: list[TrackHit]
    total: int | None = None
    next: str | None = None

    def rows(self) -> Sequence[Payload]:
        """The tracks."""
        return self.data


class AlbumList(Payload):
    """A page of albums."""

    data: list[AlbumHit]
    total: int | None = None
    next: str | None = None

    def rows(self) -> Sequence[Payload]:
        """The albums."""
        return self.data


class ArtistList(Payload):
    """A page of artists."""

    data: list[Artist]
    total: int | None = None
    next: str | None = None

    def rows(self) -> Sequence[Payload]:
        """The artists."""
        return self.data


class GenreList(Payload):
    """All genres."""

    data: list[Genre]

    def rows(self) -> Sequence[Payload]:
        """The genres."""
        return self.data
