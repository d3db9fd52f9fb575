"""SoundCharts' API v2: songs with audio features, artists, audiences, charts and their rankings.

Data flow: a song is found by ISRC, by another service's id or by words, and named by a uuid from then on
(``songs_api``: genres, audio features, label, duration; ``song_identifiers_api``: its ids elsewhere); series
over time are asked for by uuid (``song_audience_api``, ``artist_audience_api``, ``song_ranks_api``); charts
by slug (``charts_api``, ``chart_rankings_api``).

Access: paid (``CRATELAKE_SOUNDCHARTS_APP_ID``, ``_API_KEY``). **Every call costs quota**, "not found"
included, so plan few: answers in bronze are not asked again within a day. Limits: those of the headers
(``x-quota-remaining``); a 429 about the "maximum request count" is haste, any other says that the quota is
used up. 403 means that the plan does not include it.

Licence: that of the contract.

Oddities: the version is per endpoint; `isrc` is a text in old answers, an object in newer ones, labels
likewise; dates carry an offset, and their UTC day is often one too early: take the local one; success also
carries ``errors: []``; `next` is a path without a host; 410 is an ISRC that they do not speak about.
"""

from extractors.sources.soundcharts.client import SOURCE, SoundChartsClient, SoundChartsSettings

__all__ = ["SOURCE", "SoundChartsClient", "SoundChartsSettings"]
