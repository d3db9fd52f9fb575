"""Shapes of Beatport's answers."""

from collections.abc import Sequence

from extractors.sources.payload import Payload


class Named(Payload):
    """An artist, genre, label or release inside another thing."""

    id: int | None = None
    name: str | None = None


class Key(Payload):
    """A musical key; ids above 24 are other spellings."""

    id: int | None = None
    name: str | None
    camelot_number: int | None = None
    camelot_letter: str | None = None


class Track(Payload):
    """A track."""

    id: int
    name: str
    mix_name: str | None
    artists: list[Named]
    remixers: list[Named] | None = None
    bpm: int | None = None
    key: Key | None = None
    genre: Named | None = None
    sub_genre: Named | None = None
    isrc: str | None = None
    length_ms: int | None = None
    publish_date: str | None = None
    new_release_date: str | None = None
    catalog_number: str | None = None
    release: Named | None = None


class Release(Payload):
    """A release."""

    id: int
    name: str
    track_count: int
    upc: str | None
    artists: list[Named] | None = None
    label: Named | None = None
    catalog_number: str | None = None
    publish_date: str | None = None


class Chart(Payload):
    """Head of a chart; some carry the ordered ids of its tracks."""

    id: int
    name: str
    track_count: int
    publish_date: str | None
    artist: Named | None = None
    genres: list[Named] | None = None
    track_ids: list[int] | None = None


class Label(Payload):
    """A label; nobody recorded one, so we rely on what the published specification names."""

    id: int
    name: str
    slug: str
    created: str | None
    enabled: bool | None
    bio: str | None = None
    updated: str | None = None


class Genre(Payload):
    """A genre."""

    id: int
    name: str
    slug: str


class _Page(Payload):
    count: int
    next: str | None
    page: str | None = None
    per_page: int | None = None


class TrackPage(_Page):
    """A page of tracks."""

    results: list[Track]

    def rows(self) -> Sequence[Payload]:
        """The tracks."""
        return self.results


class ReleasePage(_Page):
    """A page of releases."""

    results: list[Release]

    def rows(self) -> Sequence[Payload]:
        """The releases."""
        return self.results


class ChartPage(_Page):
    """A page of charts."""

    results: list[Chart]

    def rows(self) -> Sequence[Payload]:
        """The charts."""
        return self.results


class GenrePage(_Page):
    """A page of genres."""

    results: list[Genre]

    def rows(self) -> Sequence[Payload]:
        """The genres."""
        return self.results


class TrackSearch(Payload):
    """Hits of a search: under the entity's name, not ``results``."""

    tracks: list[Track]

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.tracks
