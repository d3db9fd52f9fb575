"""Keeping secrets out of everything that is written down.

What belongs here: finding a secret in a text in whatever spelling it can appear there.
"""

import base64
import json
import re
import threading
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

MASK = "***"
_NAMED = re.compile(
    r"(?i)\b(api_key|apikey|x-api-key|access_token|refresh_token|client_secret|password|token|secret|key)"
    r"(\"?\s*[=:]\s*\"?)(?!\*\*\*)([^\s&\"',;]{8,})"
)
_SCHEMES = re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}")


def _spellings(secret: str) -> set[str]:
    """How a secret can stand in a URL, a JSON text, a repr or a Basic header."""
    encoded = secret.encode("utf-8", "surrogatepass")
    quoted = {quote(encoded, safe=""), quote(encoded), quote_plus(encoded)}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    # in base64 of a longer text only the middle is the secret's own; whole secrets are what we ever encode
    return {secret, base64.b64encode(encoded).decode(), *quoted, *escaped}


class Redactor:
    """Replaces known secrets, in any of their spellings, with ``***``.

    Thread-safe; secrets can be added while it is used (access tokens arrive at run time).
    """

    def __init__(self, secrets: Iterable[str | SecretStr | None] = ()) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str | SecretStr | None) -> None:
        """Know more secrets; empty ones and those of asterisks alone are none."""
        plain = (one.get_secret_value() if isinstance(one, SecretStr) else one for one in secrets)
        with self._lock:
            self._known.update(
                spelling for one in plain if one and one.strip("*") for spelling in _spellings(one)
            )
            longest_first = sorted(self._known, key=lambda spelling: (-len(spelling), spelling))
            if longest_first:
                self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def redact(self, text: str) -> str:
        """The text without any known secret; a text without one is returned as it is."""
        if self._pattern is None or not self._pattern.search(text):
            return text
        safe = self._pattern.sub(MASK, text)
        # a secret that contains the mask could be put together by masking; then nothing of the text is safe
        return MASK if self._pattern.search(safe) else safe


def redact_named(text: str) -> str:
    """The text without values that are secrets by their name (``api_key=...``, ``Bearer ...``)."""
    return _SCHEMES.sub(rf"\1 {MASK}", _NAMED.sub(rf"\1\2{MASK}", text))
