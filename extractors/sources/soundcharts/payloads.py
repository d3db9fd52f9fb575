"""Shapes of SoundCharts' answers: one thing under ``object``, or ``items`` of a page."""

from collections.abc import Sequence
from typing import Any

from pydantic import ConfigDict, model_validator
from pydantic.alias_generators import to_camel

from extractors.sources.payload import Payload as AnyPayload


class Payload(AnyPayload):
    """An answer, or part of one; SoundCharts' names are in camel case."""

    model_config = ConfigDict(alias_generator=to_camel)


class Isrc(Payload):
    """An ISRC as newer answers have it."""

    value: str | None = None


class Label(Payload):
    """A label as newer answers have it."""

    name: str | None = None
    type: str | None = None


class Genre(Payload):
    """A genre and those below it."""

    root: str | None = None
    sub: list[str] | None = None


class Audio(Payload):
    """Measured as Spotify does: key -1..11, mode 1 major, tempo BPM, loudness dB, rest 0..1."""

    tempo: float | None = None
    key: int | None = None
    mode: int | None = None
    energy: float | None = None
    danceability: float | None = None
    valence: float | None = None


class ArtistNode(Payload):
    """An artist inside another thing, or in a list."""

    uuid: str
    name: str
    slug: str


class SongObject(Payload):
    """A song, by any version of the API."""

    uuid: str
    name: str
    credit_name: str
    isrc: Isrc | str | None
    artists: list[ArtistNode] | None = None
    release_date: str | None = None
    label: str | None = None
    labels: list[Label] | None = None
    genres: list[Genre] | None = None
    duration: float | None = None
    explicit: bool | None = None
    audio: Audio | None = None


class ArtistObject(ArtistNode):
    """An artist."""

    country_code: str | None


class PlaylistObject(Payload):
    """A playlist of a service."""

    uuid: str
    name: str
    identifier: str
    platform: str
    latest_track_count: int | None = None
    latest_subscriber_count: int | None = None


class _One(Payload):
    """One thing; `errors` is empty, or it would be no answer."""

    type: str
    errors: list[Any] | None = None


class Song(_One):
    """One song."""

    object: SongObject

    def rows(self) -> Sequence[AnyPayload]:
        """The song."""
        return [self.object]


class Artist(_One):
    """One artist."""

    object: ArtistObject

    def rows(self) -> Sequence[AnyPayload]:
        """The artist."""
        return [self.object]


class Playlist(_One):
    """One playlist."""

    object: PlaylistObject

    def rows(self) -> Sequence[AnyPayload]:
        """The playlist."""
        return [self.object]


class Page(Payload):
    """Where a list stands in the whole; `next` is a path without host."""

    offset: int
    total: int
    next: str | None = None


class _List(Payload):
    items: Sequence[Payload]
    page: Page
    related: dict[str, Any] | None = None
    errors: list[Any] | None = None

    def rows(self) -> Sequence[AnyPayload]:
        """What is listed."""
        return self.items


class Identifier(Payload):
    """An id elsewhere."""

    platform_code: str
    identifier: str


class Identifiers(_List):
    """Ids of one thing elsewhere."""

    items: list[Identifier]


class SongItem(Payload):
    """A song as lists tell it."""

    uuid: str
    name: str
    credit_name: str
    release_date: str | None = None


class Songs(_List):
    """A page of songs."""

    items: list[SongItem]


class AlbumItem(Payload):
    """An album as lists tell it."""

    name: str
    credit_name: str
    slug: str
    release_date: str | None = None


class Albums(_List):
    """A page of albums."""

    items: list[AlbumItem]


class Artists(_List):
    """A page of artists."""

    items: list[ArtistNode]


class Playlists(_List):
    """A page of playlists."""

    items: list[PlaylistObject]


class Rank(Payload):
    """The place of a song in a chart."""

    position: int
    chart: dict[str, Any]


class Ranks(_List):
    """Places of one song."""

    items: list[Rank]


class ChartEntry(Payload):
    """A place of a chart, and what stands on it."""

    position: int
    song: SongItem


class Ranking(_List):
    """A page of a chart."""

    items: list[ChartEntry]


class Chart(Payload):
    """A chart of a service."""

    slug: str
    name: str
    platform: Any


class Charts(_List):
    """A page of charts."""

    items: list[Chart]


class Point(Payload):
    """One day of a series: how many followed, listened or streamed."""

    date: str
    value: float | None = None
    follower_count: int | None = None
    like_count: int | None = None
    view_count: int | None = None
    post_count: int | None = None
    plots: list[dict[str, Any]] | None = None

    @model_validator(mode="after")
    def _counts_something(self) -> "Point":
        if self.model_fields_set <= {"date"}:
            raise ValueError("a day without a number (value, followerCount, plots)")
        return self


class Series(_List):
    """A number over time."""

    items: list[Point]


class Platform(Payload):
    """A service."""

    name: str
    code: str


class Platforms(_List):
    """Services that SoundCharts looks at."""

    items: list[Platform]


class UsageObject(Payload):
    """The account's calls."""

    quota: int | None = None


class Usage(Payload):
    """What is left of the quota; the shape is not documented, so any object will do that names a quota."""

    object: UsageObject

    @model_validator(mode="after")
    def _names_a_quota(self) -> "Usage":
        if not any(
            "quota" in name.lower() for name in (*self.object.model_fields_set, *self.object.unknown_keys)
        ):
            raise ValueError("nothing about a quota")
        return self

    def rows(self) -> Sequence[AnyPayload]:
        """The account's calls."""
        return [self.object]
