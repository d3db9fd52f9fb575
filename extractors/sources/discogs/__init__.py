"""Discogs' API: search, releases, masters, artists, labels, marketplace statistics.

Data flow: a release is found by artist and title, catalogue number or barcode (``search_api``), then looked
up with its track list (``releases_api``, what staging reads); how many are for sale, and from what price, is
asked for often (``marketplace_stats_api``, kept for minutes).

Access: a personal token (``CRATELAKE_DISCOGS_TOKEN``); search needs one. Limits: 60 requests in a moving
minute with, 25 without, counted per address, so that neighbours count too. For millions of records take the
monthly dumps (CC0).

Licence: parts of what the API gives (images, marketplace, user contents) are restricted and must not be kept
for more than six hours without leave; the dumps are CC0.

Oddities: artists carry disambiguation numbers (``Name (2)``); ``duration`` is often empty; ``year`` 0 is
unknown; ``released`` may be ``1999-03-00``; no field for ISRC, BPM or key.
"""

from extractors.sources.discogs.client import SOURCE, DiscogsClient, DiscogsSettings

__all__ = ["SOURCE", "DiscogsClient", "DiscogsSettings"]
