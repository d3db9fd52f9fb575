"""1001Tracklists, live: one page at a time, for who opts in. Saved pages are the usual way.

Data flow: a set's id to its page as HTML, into the stream ``pages`` that saved pages are in too; a page that
bronze holds is not asked for again for 30 days.

Access: no interface, no credentials. ``CRATELAKE_1001TRACKLISTS_LIVE=true`` opts in; without it nothing is
asked. Pages carry track rows for logged-in readers only since 2026; we do not log in. What robots.txt
forbids to our name is not asked.

Limits (ours): one request in 4 seconds at most, ``CRATELAKE_1001TRACKLISTS_DAILY`` (50) a day. The first
interstitial, captcha, 403 or 429 stops everything until a person says ``cratelake tracklists --resume``.

Licence: none published; contents by the site's users. Terms were not found: assume that machines are
    unwelcome.

Oddities: barriers come with HTTP 200; see `extractors.pages.tracklists_1001` for the pages.
"""

from extractors.sources.tracklists_1001.client import SOURCE, TracklistsClient, TracklistsSettings

__all__ = ["SOURCE", "TracklistsClient", "TracklistsSettings"]
