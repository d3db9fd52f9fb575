"""All sources that can be asked, by provider. A new source is one package and one line here."""

import difflib
from collections.abc import Sequence
from typing import Any

from extractors.errors import SourceError
from extractors.sources import (
    acousticbrainz,
    acoustid,
    beatport,
    deezer,
    discogs,
    lastfm,
    listenbrainz,
    musicbrainz,
    soundcharts,
    spotify,
)
from extractors.sources.source import Source

_PACKAGES = (
    spotify,
    beatport,
    discogs,
    musicbrainz,
    lastfm,
    deezer,
    listenbrainz,
    acousticbrainz,
    soundcharts,
    acoustid,
)
SOURCES: dict[str, Source[Any, Any]] = {package.SOURCE.provider: package.SOURCE for package in _PACKAGES}
STAGED: tuple[tuple[str, str], ...] = (
    ("beatport", "releases_api"),
    ("beatport", "labels_api"),
    ("deezer", "track_by_isrc_api"),
    ("discogs", "masters_api"),
    ("discogs", "labels_api"),
    ("lastfm", "track_info_api"),
    ("lastfm", "recent_tracks_api"),
    ("listenbrainz", "recordings_api"),
    ("listenbrainz", "listens_api"),
)
"""(provider, stream) that staging reads and no kind of file brings: answers come over HTTP alone."""


def source(provider: str, *, beside: Sequence[str] = ()) -> Source[Any, Any]:
    """The source of a provider.

    Args:
        provider: its name.
        beside: other names that the caller knows, for who misspelt one.

    Raises:
        SourceError: there is none.
    """
    if provider in SOURCES:
        return SOURCES[provider]
    known = sorted([*SOURCES, *beside])
    close = difflib.get_close_matches(provider, known, n=1)
    offer = f"did you mean {close[0]}? " if close else ""
    raise SourceError(provider, "no provider is called so", f"{offer}use one of {', '.join(known)}")
