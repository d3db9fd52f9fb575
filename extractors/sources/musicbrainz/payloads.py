"""Shapes of MusicBrainz' answers. Names with dashes are theirs."""

from collections.abc import Sequence

from pydantic import Field, model_validator

from extractors.sources.payload import Payload


class ArtistNode(Payload):
    """An artist inside another thing."""

    id: str | None = None
    name: str | None = None


class Credit(Payload):
    """One name of a credit; all names and join phrases together are what is printed."""

    name: str | None = None
    joinphrase: str | None = None
    artist: ArtistNode | None = None


class ReleaseGroup(Payload):
    """What the editions of one release have in common."""

    id: str | None
    title: str | None
    primary_type: str | None = Field(alias="primary-type")


class Release(Payload):
    """An edition; `status`, and either `media` or another part of an edition."""

    id: str
    title: str
    status: str | None = Field(default=None)
    date: str | None = None
    country: str | None = None
    barcode: str | None = None
    credit: list[Credit] | None = Field(default=None, alias="artist-credit")

    @model_validator(mode="after")
    def _is_a_release(self) -> "Release":
        keys = {"status", *(self.model_extra or ())} & self.model_fields_set | set(self.model_extra or ())
        if not keys & {"status", "media", "label-info", "release-group", "release_group", "packaging"}:
            raise ValueError("nothing that a release has (status, media, label-info, release-group)")
        return self


class ReleaseNode(Payload):
    """A release inside another thing."""

    id: str | None = None
    title: str | None = None
    date: str | None = None


class Recording(Payload):
    """A recording; `length` in ms."""

    id: str
    title: str | None
    video: bool | None
    length: int | None = None
    credit: list[Credit] | None = Field(default=None, alias="artist-credit")
    isrcs: list[str] | None = None
    releases: list[ReleaseNode] | None = None
    first_release_date: str | None = Field(default=None, alias="first-release-date")
    disambiguation: str | None = None


class RecordingHit(Payload):
    """A recording as search tells it: `video` only where it is one."""

    id: str
    title: str
    score: int | None = None
    length: int | None = None
    credit: list[Credit] | None = Field(default=None, alias="artist-credit")
    isrcs: list[str] | None = None
    video: bool | None = None


class Artist(Payload):
    """An artist."""

    id: str
    name: str | None
    sort_name: str | None = Field(alias="sort-name")
    type: str | None = None
    country: str | None = None
    disambiguation: str | None = None


class Work(Payload):
    """A composition."""

    id: str
    title: str
    iswcs: list[str]


class Isrc(Payload):
    """The recordings that share an ISRC."""

    isrc: str
    recordings: list[RecordingHit]

    def rows(self) -> Sequence[Payload]:
        """The recordings."""
        return self.recordings


class RecordingSearch(Payload):
    """Hits of a search."""

    count: int
    offset: int
    recordings: list[RecordingHit]

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.recordings


class ReleaseSearch(Payload):
    """Hits of a search."""

    count: int
    offset: int
    releases: list[ReleaseNode]

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.releases


class ArtistSearch(Payload):
    """Hits of a search."""

    count: int
    offset: int
    artists: list[Artist]

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.artists


class RecordingBrowse(Payload):
    """A page of an artist's recordings."""

    count: int = Field(alias="recording-count")
    offset: int = Field(alias="recording-offset")
    recordings: list[RecordingHit]

    def rows(self) -> Sequence[Payload]:
        """The recordings."""
        return self.recordings


class ReleaseBrowse(Payload):
    """A page of a group's releases."""

    count: int = Field(alias="release-count")
    offset: int = Field(alias="release-offset")
    releases: list[ReleaseNode]

    def rows(self) -> Sequence[Payload]:
        """The releases."""
        return self.releases
