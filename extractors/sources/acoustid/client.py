"""Asking AcoustID."""

import hashlib
from dataclasses import replace
from typing import Any

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import CredentialsError, FetchError, RateLimitedError, RefusedError, UnavailableError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object, whole_number
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.acoustid import payloads
from extractors.sources.source import Client, Query, Source, Stream

_META = "recordings releasegroups compress sources"
_UNKNOWN_FINGERPRINT = 18
_ERRORS: dict[int | None, type[FetchError]] = {
    4: CredentialsError,
    5: UnavailableError,
    6: CredentialsError,
    13: UnavailableError,
    14: RateLimitedError,
}
"""What error codes mean; the rest are refusals."""


class AcoustIdSettings(ProviderSettings):
    """``CRATELAKE_ACOUSTID_*``.

    Attributes:
        client: key of the registered application.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_ACOUSTID_", frozen=True)

    client: SecretStr | None = None


class AcoustIdClient(Client):
    """Requests to the web service."""

    def lookup(self, fingerprint: str, seconds: float) -> Response:
        """What a fingerprint is of.

        Args:
            fingerprint: Chromaprint's, compressed, in base64 (as ``fpcalc`` prints it).
            seconds: duration of the whole file; the service wants whole ones.

        Raises:
            ValueError: the fingerprint is none, or the duration is not positive.
        """
        if not fingerprint.strip() or not fingerprint.isascii() or seconds < 1:
            raise ValueError(
                "a look-up needs a fingerprint as fpcalc prints it, and a duration of a second or more"
            )
        digest = hashlib.sha256(fingerprint.encode()).hexdigest()[:32]
        duration = round(seconds)
        form: Query = [
            ("format", "json"), ("meta", _META), ("duration", duration), ("fingerprint", fingerprint),
        ]  # fmt: skip
        key = f"lookup?duration={duration}&fingerprint=sha256:{digest}"
        return self.ask(self.request("lookup_api", "lookup", key=key, form=form))

    def track(self, acoustid: str) -> Response:
        """The recordings of an AcoustID."""
        params: Query = [("format", "json"), ("meta", _META), ("trackid", acoustid)]
        key = f"lookup?trackid={acoustid}"
        return self.ask(self.request("lookup_api", "lookup", params, key=key, entity_id=acoustid))

    def acoustids(self, mbid: str) -> Response:
        """The AcoustIDs of a recording."""
        params: Query = [("format", "json"), ("mbid", mbid)]
        return self.ask(
            self.request("acoustids_api", "track/list_by_mbid", params, key=f"track/list_by_mbid?mbid={mbid}")
        )


def judge(request: Request, response: Response) -> Response:
    """``{"status": "error", "error": {"code", "message"}}``, whatever the HTTP status."""
    data = json_object(request, response)
    error: Any = data.get("error")
    if data.get("status") != "error" or not isinstance(error, dict):
        return by_status(request, response)
    code = whole_number(error.get("code"))
    if code == _UNKNOWN_FINGERPRINT:
        return replace(response, found=False)
    raise failure(_ERRORS.get(code, RefusedError), request, response, f"{error.get('message')} (code {code})")


def _credentials(settings: AcoustIdSettings, _below: Below) -> Credentials:
    return Key(params=(("client", settings.need("client").get_secret_value()),))


SOURCE = Source(
    provider="acoustid",
    version="1",
    client=AcoustIdClient,
    settings=AcoustIdSettings,
    streams=(
        Stream("lookup_api", "what a fingerprint is of", payloads.Lookup),
        Stream("acoustids_api", "the AcoustIDs of a recording", payloads.AcoustIds),
        Stream("recordings_api", "a recording out of a look-up", payloads.Recording),
    ),
    limit=RateLimit(requests=3, seconds=1.1, pause=5),
    judge=judge,
    credentials=_credentials,
    url="https://api.acoustid.org/v2",
    licence="data CC BY-SA 3.0; the service is free for non-commercial use",
)
