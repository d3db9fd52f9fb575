"""Beatport's API v4: tracks with BPM and key, releases, labels, charts, genres.

Data flow: a track is found by ISRC or by artist and name (``tracks_list_api``, full tracks), or looked up by
id (``tracks_api``, what staging reads BPM, key and genre from); charts come as a head and pages of tracks.

Access: **partners only**, there are no self-service credentials: client id, secret and refresh token
(``CRATELAKE_BEATPORT_CLIENT_ID``, ``_CLIENT_SECRET``, ``_REFRESH_TOKEN``) come from Beatport. Without them
use recorded answers. Limits: undocumented, no header tells; one request a second.

Licence: Beatport's terms, API section (partners' agreements).

Oddities: paths end in a slash (301 otherwise); `next` has no scheme, and `url` fields of recorded pages name
an internal host: neither is ever followed as it stands; ``bpm`` and ``key`` may be null; several key ids are
one key; fields come and go (42 at the top of a track in 2026), so unknown ones never matter; `price` depends
on the caller.
"""

from extractors.sources.beatport.client import SOURCE, BeatportClient, BeatportSettings

__all__ = ["SOURCE", "BeatportClient", "BeatportSettings"]
