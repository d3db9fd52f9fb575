"""AcoustID: which recording a fingerprint is of.

Data flow: a fingerprint with its duration (Chromaprint's; somebody else made it from the audio) to AcoustIDs
and MusicBrainz recordings (``lookup_api``); the same by AcoustID alone; and back, from a recording to its
AcoustIDs (``acoustids_api``).

Access: an application key (``CRATELAKE_ACOUSTID_CLIENT``), free for non-commercial use. It travels in the
query and never gets into an address that we keep; ``acoustids_api`` needs none. Limits: 3 requests a second;
429 with code 14.

Licence: data CC BY-SA 3.0; commercial use of the service by contract.

Oddities: recordings may carry an id and nothing else; `duration` may be a fraction; several AcoustIDs for one
recording and the reverse; a fingerprint nobody knows is an empty list, not a 404. Fingerprints are long:
bronze keeps their hash in the request key.
"""

from extractors.sources.acoustid.client import SOURCE, AcoustIdClient, AcoustIdSettings

__all__ = ["SOURCE", "AcoustIdClient", "AcoustIdSettings"]
