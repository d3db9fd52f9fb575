"""Shapes of Last.fm's answers: one key at the top names the sort, lists are XML in JSON's clothing."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, create_model

from extractors.sources.payload import Payload


def _as_list(value: Any) -> Any:
    """A list, whatever the conversion from XML made of it."""
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return []
    return [value] if isinstance(value, dict) else value


class Thing(Payload):
    """A track, artist, album or tag; a correction may have no name."""

    name: str | None = None
    mbid: str | None = None
    url: str | None = None


class Info(Payload):
    """What ``getInfo`` tells: numbers are strings, `duration` in ms."""

    name: str
    url: str | None = None
    mbid: str | None = None
    duration: str | None = None
    listeners: str | None = None
    playcount: str | None = None


class Envelope(Payload):
    """An answer under one key."""

    key: ClassVar[str]
    items: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> Sequence[Payload]:
        """The thing, or what the list holds."""
        inner = getattr(self, self.key)
        for name in self.items:
            inner = getattr(inner, name, None)
        return inner if isinstance(inner, list) else [inner]


def _one(key: str) -> type[Envelope]:
    """Shape of an answer that tells of one thing under `key`."""
    return _envelope(key, Info)


def _list(key: str, *items: str) -> type[Envelope]:
    """Shape of an answer that lists things under `key` and, below it, `items`."""
    inner: Any = Annotated[list[Thing], BeforeValidator(_as_list)]
    for name in reversed(items):
        fields: Any = {name: (inner, ...)}
        inner = create_model(f"{key}_{name}", __base__=Payload, **fields)
    return _envelope(key, inner, items)


def _envelope(key: str, inner: Any, items: tuple[str, ...] = ()) -> type[Envelope]:
    fields: Any = {key: (inner, ...)}
    made = create_model(key.capitalize(), __base__=Envelope, **fields)
    made.key, made.items = key, items
    return made


TrackInfo = _one("track")
ArtistInfo = _one("artist")
AlbumInfo = _one("album")
TagInfo = _one("tag")
TopTags = _list("toptags", "tag")
Tags = _list("tags", "tag")
SimilarTracks = _list("similartracks", "track")
SimilarArtists = _list("similarartists", "artist")
SimilarTags = _list("similartags", "tag")
TopTracks = _list("toptracks", "track")
TopArtists = _list("topartists", "artist")
TopAlbums = _list("topalbums", "album")
Tracks = _list("tracks", "track")
Artists = _list("artists", "artist")
Albums = _list("albums", "album")
RecentTracks = _list("recenttracks", "track")
WeeklyTracks = _list("weeklytrackchart", "track")
WeeklyAlbums = _list("weeklyalbumchart", "album")
TrackSearch = _list("results", "trackmatches", "track")
ArtistSearch = _list("results", "artistmatches", "artist")
AlbumSearch = _list("results", "albummatches", "album")
Corrections = _list("corrections", "correction")
PersonalTags = _list("taggings", "artists", "artist")
