"""Spotify's Web API: tracks, albums, artists, search; audio features where the account still has them.

Data flow: a track is found by ISRC or words (``search_api``), then looked up (``tracks_api``); search hits
are full tracks already, so that the look-up is needed only where the id came from elsewhere.
``audio_features_api`` holds what staging reads BPM and key from.

Access: client credentials (``CRATELAKE_SPOTIFY_CLIENT_ID``, ``_CLIENT_SECRET``), tokens of an hour. Since
November 2024 new apps get no audio features (403), since 2026 those in development mode get 10 search hits
and fewer fields; set ``CRATELAKE_SPOTIFY_AUDIO_FEATURES=true`` only with extended quota.

Limits: a rolling window of 30 s per app, number not published; 429 with `Retry-After`. A 429 whose reason is
``QUOTA_EXCEEDED`` lasts and ends the night's work.

Licence: developer terms: no training of models, no copies beyond what operation needs, attribution and link
back.

Oddities: `items` may hold null; `external_ids.isrc` is only on full tracks; one ISRC has several tracks
(releases of one recording); some clients saw integers as floats.
"""

from extractors.sources.spotify.client import SOURCE, SpotifyClient, SpotifySettings

__all__ = ["SOURCE", "SpotifyClient", "SpotifySettings"]
