"""Shapes of ListenBrainz' answers."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictStr, model_validator

from extractors.sources.payload import Payload

Mbid = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$")]
"""An id of MusicBrainz; some clients write an empty one."""


class Mapping(Payload):
    """The recording that a listen was mapped to; may be wrong."""

    recording_mbid: str | None = None
    release_mbid: str | None = None
    artist_mbids: list[str] | None = None


class Additional(Payload):
    """What the client wrote: of any type, but for the ids of MusicBrainz, which the service checks."""

    recording_mbid: Mbid | None = None
    release_mbid: Mbid | None = None
    artist_mbids: list[Mbid | None] | None = None


class Track(Payload):
    """What was listened to."""

    artist_name: StrictStr
    track_name: StrictStr
    release_name: StrictStr | None = None
    additional_info: Additional | None = None
    mbid_mapping: Mapping | None = None


class Playing(Payload):
    """A listen under way: it has no time yet."""

    track_metadata: Track
    user_name: str | None = None


class Listen(Playing):
    """A listen; `listened_at` in seconds since 1970."""

    listened_at: int
    recording_msid: str | None = None


class _ListensPage(Payload):
    count: int
    user_id: str
    listens: list[Listen]


class Listens(Payload):
    """A page of listens, newest first."""

    payload: _ListensPage

    def rows(self) -> Sequence[Payload]:
        """The listens."""
        return self.payload.listens


class _PlayingPage(Payload):
    count: int
    user_id: str
    listens: list[Playing]


class PlayingNow(Payload):
    """What a user is listening to, if anything."""

    payload: _PlayingPage

    def rows(self) -> Sequence[Payload]:
        """The listen."""
        return self.payload.listens


class _Bare(Payload):
    """An answer that is a JSON list; kept under one name."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"items": value} if isinstance(value, list) else value


class Export(_Bare):
    """Listens as a bare list, or one listen as exports have it on each line."""

    items: list[Listen] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) and "track_metadata" in value else value

    def rows(self) -> Sequence[Payload]:
        """The listens."""
        return self.items


class Lookup(Payload):
    """The recording that words mean."""

    recording_mbid: str
    recording_name: str
    artist_credit_name: str
    artist_mbids: list[str] | None = None
    release_mbid: str | None = None
    release_name: str | None = None


class Tag(Payload):
    """A tag, and how many gave it."""

    tag: str
    count: int | None = None


class Tags(Payload):
    """Tags of a recording and of what it belongs to."""

    recording: list[Tag] | None = None
    artist: list[Tag] | None = None
    release_group: list[Tag] | None = None


class Recording(Payload):
    """A recording."""

    mbid: str
    recording: dict[str, Any]
    artist: dict[str, Any] | None = None
    release: dict[str, Any] | None = None
    tag: Tags | None = None


class ReleaseGroup(Payload):
    """A release group."""

    mbid: str
    release_group: dict[str, Any]
    artist: dict[str, Any] | None = None
    tag: Tags | None = None


def _by_mbid(value: Any) -> Any:
    """Things told by id, as a list of things with an id."""
    if not isinstance(value, dict) or not all(isinstance(told, dict) for told in value.values()):
        return value
    return [{**told, "mbid": mbid} for mbid, told in value.items()]


class _ByMbid(Payload):
    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"items": value} if isinstance(value, dict) and "items" not in value else value


class Recordings(_ByMbid):
    """Recordings by id."""

    items: Annotated[list[Recording], BeforeValidator(_by_mbid)] = Field(min_length=1)

    def rows(self) -> Sequence[Payload]:
        """The recordings."""
        return self.items


class ReleaseGroups(_ByMbid):
    """Release groups by id."""

    items: Annotated[list[ReleaseGroup], BeforeValidator(_by_mbid)] = Field(min_length=1)

    def rows(self) -> Sequence[Payload]:
        """The release groups."""
        return self.items


class TopRecording(Payload):
    """A recording and how often it was heard; `length` in ms."""

    recording_mbid: str
    recording_name: str
    artist_name: str
    total_listen_count: int
    total_user_count: int | None = None
    length: int | None = None


class TopRecordings(_Bare):
    """The most heard recordings of an artist."""

    items: list[TopRecording]

    def rows(self) -> Sequence[Payload]:
        """The recordings."""
        return self.items


class SimilarArtist(Payload):
    """An artist heard by the same people."""

    artist_mbid: str
    name: str
    score: int


class SimilarArtists(_Bare):
    """Artists heard by the same people."""

    items: list[SimilarArtist]

    def rows(self) -> Sequence[Payload]:
        """The artists."""
        return self.items


class HeardRecording(Payload):
    """How often a user heard a recording."""

    track_name: str
    artist_name: str
    listen_count: int
    recording_mbid: str | None = None


class _HeardRecordings(Payload):
    count: int
    offset: int
    total_recording_count: int
    recordings: list[HeardRecording]


class UserRecordings(Payload):
    """A page of what a user heard most."""

    payload: _HeardRecordings

    def rows(self) -> Sequence[Payload]:
        """The recordings."""
        return self.payload.recordings


class HeardArtist(Payload):
    """How often a user heard an artist."""

    artist_name: str
    listen_count: int
    artist_mbid: str | None = None


class _HeardArtists(Payload):
    count: int
    total_artist_count: int
    artists: list[HeardArtist]


class UserArtists(Payload):
    """A page of whom a user heard most."""

    payload: _HeardArtists

    def rows(self) -> Sequence[Payload]:
        """The artists."""
        return self.payload.artists


class Span(Payload):
    """How much was heard in a span of time; seconds since 1970."""

    from_ts: int
    to_ts: int
    listen_count: int
    time_range: str | None = None


class _Spans(Payload):
    listening_activity: list[Span]


class Activity(Payload):
    """When a user listened."""

    payload: _Spans

    def rows(self) -> Sequence[Payload]:
        """The spans."""
        return self.payload.listening_activity
