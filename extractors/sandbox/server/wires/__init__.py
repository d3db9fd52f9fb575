"""How each provider speaks on the wire: one module each, and all of them by name."""

from extractors.sandbox.server.wire import Wire
from extractors.sandbox.server.wires import (
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
    tracklists_1001,
)

_MODULES = (
    spotify,
    beatport,
    musicbrainz,
    discogs,
    deezer,
    lastfm,
    listenbrainz,
    acousticbrainz,
    soundcharts,
    acoustid,
)
WIRES: dict[str, Wire] = {module.WIRE.provider: module.WIRE for module in _MODULES}
"""The providers that the sandbox serves and that are asked about tracks."""
SITES: dict[str, Wire] = {tracklists_1001.WIRE.provider: tracklists_1001.WIRE}
"""Sites without an interface, of which the sandbox serves the pages."""
