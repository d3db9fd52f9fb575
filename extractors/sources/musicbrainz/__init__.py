"""MusicBrainz' web service (WS/2): recordings, ISRCs, releases, artists.

Data flow: a recording is found by ISRC (``isrcs_api``) or words (``recording_search_api``), then looked up
with credits, ISRCs, releases and tags (``recordings_api``, what staging reads).

Access: none needed. Limits: one request per second and address; above it *everything* is answered with 503
until the rate drops, so 503 means "too fast" here. A User-Agent with a contact is required.

Licence: core data CC0; tags, ratings and annotations CC BY-NC-SA.

Oddities: one ISRC can name several recordings; `count` of a search is that of loose matches, take the first
page; search and browse name their lists differently; words need Lucene escaping; `length` may be null, dates
partial.
"""

from extractors.sources.musicbrainz.client import SOURCE, MusicBrainzClient, MusicBrainzSettings

__all__ = ["SOURCE", "MusicBrainzClient", "MusicBrainzSettings"]
