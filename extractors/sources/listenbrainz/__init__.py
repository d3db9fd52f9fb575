"""ListenBrainz: who listened to what, and which MusicBrainz recording that was.

Data flow: a user's listens page by page, newest first (``listens_api``); artist and title to a recording
(``lookup_api``); recordings with tags and releases by id, up to 25 at once (``recordings_api``); what is
listened to most (``user_recordings_api``, ``top_recordings_api``).

Access: open; a user token (``CRATELAKE_LISTENBRAINZ_TOKEN``) is optional for reading and raises the limit.
Limits: those of the headers, ``X-RateLimit-Remaining`` and ``-Reset-In`` (seconds); 429 above.

Licence: CC0. Deleted listens vanish from the next full dump: who keeps listens should ask again.

Oddities: pages end in the middle of a second, so each page begins again with the second that the last one
ended in; ``additional_info`` is what clients wrote, of any type; ``mbid_mapping`` may be wrong; a track
playing now has no time; a look-up that finds nothing is an empty object with HTTP 200.
"""

from extractors.sources.listenbrainz.client import SOURCE, ListenBrainzClient, ListenBrainzSettings

__all__ = ["SOURCE", "ListenBrainzClient", "ListenBrainzSettings"]
