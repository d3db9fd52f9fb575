"""Whose a listening history is: exports seldom say, so their file names do."""

import re

ANONYMOUS = "me"
_ENDINGS = re.compile(r"(\.(json|jsonl|csv|zip|listens|tar|gz|xz|zst))+$", re.IGNORECASE)
_GENERIC = re.compile(
    r"streaming_?history(_?(audio|music|video|podcast))*([_-]?\d+)*|endsong([_-]?\d+)*|my_spotify_data"
    r"|listenbrainz|listens?|dump|exports?|full|scrobbles?|recenttracks|last\.?fm|part[_-]?(\d+|[a-z]\b)"
    r"|(?<![^-_ ])\d+(?![^-_ ])",
    re.IGNORECASE,
)


def listener_of(file_name: str) -> str:
    """The listener a file is named after: ``ada-StreamingHistory0.json`` -> ``ada``.

    What services and programs call their exports names nobody; a name of nothing else is `ANONYMOUS`.
    """
    named = _GENERIC.sub("", _ENDINGS.sub("", file_name))
    return re.sub(r"[-_ .]{2,}", "-", named).strip("-_ .") or ANONYMOUS
