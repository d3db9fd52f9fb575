"""Deezer's API: tracks by ISRC (BPM, gain), search, albums, artists, charts.

Data flow: a track is looked up by ISRC (``track_by_isrc_api``), or found by words (``search_api``) and then
looked up by id (``tracks_api``): search hits have no ISRC, BPM, gain or release date.

Access: none needed for the catalogue. Limits: 50 requests in 5 seconds per address; what is too much is
answered with HTTP 200 and error code 4.

Licence: no key, but the developers' guidelines hold; new applications can no longer be registered.

Oddities: errors come with HTTP 200, one of them without a code; ``/track/isrc:`` answers *one* track of that
ISRC, at times a later compilation, so album and date are not to be taken from it; ``bpm`` 0 is unknown;
``preview`` is signed and expires, ``track_token`` is like a credential: neither goes beyond bronze.
"""

from extractors.sources.deezer.client import SOURCE, DeezerClient, DeezerSettings

__all__ = ["SOURCE", "DeezerClient", "DeezerSettings"]
