"""Shapes of AcoustID's answers."""

from collections.abc import Sequence

from extractors.sources.payload import Payload


class Artist(Payload):
    """An artist."""

    id: str | None = None
    name: str


class ReleaseGroup(Payload):
    """A release group."""

    id: str
    title: str | None = None
    type: str | None = None


class RecordingNode(Payload):
    """A MusicBrainz recording; many carry an id and nothing else. `duration` in seconds."""

    id: str
    title: str | None = None
    duration: float | None = None
    artists: list[Artist] | None = None
    releasegroups: list[ReleaseGroup] | None = None
    sources: int | None = None


class Recording(RecordingNode):
    """A recording kept by itself: with a title, else it would be anything."""

    title: str
    artists: list[Artist]


class Result(Payload):
    """An AcoustID and how well it fits; `score` 0 to 1."""

    id: str
    score: float | None = None
    recordings: list[RecordingNode] | None = None


class Lookup(Payload):
    """What a fingerprint may be of, nothing if nobody knows it."""

    status: str
    results: list[Result]

    def rows(self) -> Sequence[Payload]:
        """The AcoustIDs."""
        return self.results


class AcoustId(Payload):
    """An AcoustID; `disabled` if people have said that the two do not belong together."""

    id: str
    disabled: bool | None = None


class AcoustIds(Payload):
    """The AcoustIDs of a recording."""

    status: str
    tracks: list[AcoustId]

    def rows(self) -> Sequence[Payload]:
        """The AcoustIDs."""
        return self.tracks
