"""What a provider can be asked about a track, and which fields its answers can fill.

What belongs here: the shapes in which sources say so; the frontier asks by them. A source *finds* a track (by
its own id, by ISRC or by words) and then *looks up* what it found. Which of the hits is the track is not
decided here: every hit becomes a record, and matching decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from extractors.http.message import Request


@dataclass(frozen=True, slots=True)
class Subject:
    """A track as we know it, to be asked about.

    Attributes:
        artist: first artist.
        title: title without its version: a search for it brings all versions.
        isrc: ISRC, if known.
        entity_id: the provider's own id of it, if known.
    """

    artist: str | None = None
    title: str | None = None
    isrc: str | None = None
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find a track.

    Attributes:
        needs: attributes of the subject that must be known.
        request: makes the request, with the source's client.
    """

    needs: tuple[str, ...]
    request: Callable[[Any, Subject], Request]


@dataclass(frozen=True, slots=True)
class Find:
    """How a provider finds a track: by the ways whose needs are met, one after the other until one finds it.

    Attributes:
        ways: from the surest.
        gives: fields of the waterfall that an answer can fill.
        id_field: field that holds the provider's own id of a track; empty where there is none.
    """

    ways: tuple[Way, ...]
    gives: frozenset[str]
    id_field: str = ""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What is asked about each thing that was found.

    Attributes:
        name: what it is called in plans.
        stream: stream of the answers.
        key: request key, with ``{}`` for the id.
        ids: stream of an answer -> JSON path of the ids that it leads to.
        request: makes the request for an id, with the source's client.
        gives: fields that an answer can fill.
        most: hits of one answer that are looked up, from the first.
    """

    name: str
    stream: str
    key: str
    ids: Mapping[str, str]
    request: Callable[[Any, str], Request]
    gives: frozenset[str]
    most: int = 5


@dataclass(frozen=True, slots=True)
class Asks:
    """All that a provider can be asked about a track.

    Attributes:
        find: how a track is found.
        look_ups: what can be asked about what was found.
    """

    find: Find
    look_ups: tuple[LookUp, ...] = ()

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """What must be known of a track, by the names of the waterfall's fields: all of one of these."""
        named = {"entity_id": self.find.id_field}
        return tuple(tuple(named.get(name, name) for name in way.needs) for way in self.find.ways)

    @property
    def steps(self) -> dict[str, frozenset[str]]:
        """Name of each step -> fields that its answers can fill."""
        return {FIND: self.find.gives, **{one.name: one.gives for one in self.look_ups}}


FIND = "find"
"""Name of the step that finds a track; the others are called as their `LookUp`."""
