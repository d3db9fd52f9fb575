"""Last.fm's API: track and artist information, tags, a user's listens, charts.

Data flow: a track is asked for by artist and title (``track_info_api``, ``track_tags_api``); a user's listens
page by page (``recent_tracks_api``).

Access: an API key (``CRATELAKE_LASTFM_API_KEY``), which travels in the query and therefore never gets into an
address that we keep. Limits: about 5 requests a second and address, averaged; no headers tell; error 29 in
the body.

Licence: non-commercial; **at most 100 MB of stored data**, which a bronze that never forgets must be kept
below by asking selectively; identifiable User-Agent; link back.

Oddities: errors come with HTTP 200 as well as with 400, 403 and 404, and error 6 means "not found" or "bad
parameter" by its words alone; JSON is converted XML: numbers are strings, a list of one may be an object, an
empty list ``""`` or absent; ``duration`` "0" is unknown; nonsense is "found" if two people ever scrobbled it;
a track now playing has no date and comes on top of the limit.
"""

from extractors.sources.lastfm.client import SOURCE, LastfmClient, LastfmSettings

__all__ = ["SOURCE", "LastfmClient", "LastfmSettings"]
