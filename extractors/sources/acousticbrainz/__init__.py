"""AcousticBrainz: tempo, key and moods of recordings, measured from audio that people submitted until 2022.

Data flow: by MusicBrainz id, a measurement (``low_level_api``: BPM, key, loudness) and what classifiers made
of it (``high_level_api``: moods, danceability); a recording has several submissions, numbered from 0. Up to
25 recordings come in one answer (``low_level_bulk_api``).

Access: **the API is gone** (announced in February 2022 for early 2023), so every stream is closed to live
requests unless ``CRATELAKE_ACOUSTICBRAINZ_API=true`` says otherwise. The dumps of June 2022 are what remains:
``cratelake ingest acousticbrainz_dump`` brings them into the same streams, where they answer the same
questions. Limits, while there was an API: 10 requests in 10 seconds, ``X-RateLimit-*``.

Licence: CC0.

Oddities: `bpm` is a fraction and often half or double the tempo; sharps and flats both occur in `key_key`;
tags are lists of strings as people's files had them; ``select_features_bulk`` answers hold chosen members
only.
"""

from extractors.sources.acousticbrainz.client import SOURCE, AcousticBrainzClient, AcousticBrainzSettings

__all__ = ["SOURCE", "AcousticBrainzClient", "AcousticBrainzSettings"]
