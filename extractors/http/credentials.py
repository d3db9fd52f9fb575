"""Saying who we are: keys in headers or queries, and OAuth2 tokens.

What belongs here: putting credentials on a request and renewing them. They come from settings, and go nowhere
but into the request's secret fields.
"""

import base64
import threading
from dataclasses import replace
from typing import Protocol

from pydantic import SecretStr

from extractors.errors import CredentialsError, MalformedError
from extractors.http.clock import Clock
from extractors.http.message import Pairs, Request, Response, Sender
from extractors.http.redact import Redactor

_EARLY = 60.0
"""Seconds before its end that a token is no longer used: it must last for the request and its retries."""


class Credentials(Protocol):
    """Whatever identifies us to one provider."""

    def put_on(self, request: Request) -> Request:
        """The request with credentials."""
        ...

    def renew(self, refused: Request) -> bool:
        """The provider refused `refused`; whether asking with new credentials is worth a try."""
        ...


class Key:
    """Credentials that never change; none at all is possible too.

    Args:
        headers: header fields, their values secret.
        params: query parameters, their values secret.
    """

    def __init__(self, headers: Pairs = (), params: Pairs = ()) -> None:
        self._headers = headers
        self._params = params

    def put_on(self, request: Request) -> Request:
        """The request with the key."""
        return replace(request, secret_headers=self._headers, secret_params=self._params)

    def renew(self, refused: Request) -> bool:  # noqa: ARG002 - the protocol's signature
        """Never: a key that was refused once will be refused again."""
        return False


class BearerToken:
    """An OAuth2 bearer token: fetched once, used until shortly before its end.

    Threads share it; one fetches, the others wait. A refused token is dropped, but not the newer one that
    another thread may have fetched meanwhile.

    Args:
        send: the layers below, for the token's own host.
        provider: whose token it is.
        url: token endpoint.
        client_id: name of the client.
        client_secret: its secret.
        refresh_token: to ask with instead of by client credentials alone; an answer may bring the next one.
        clock: for the token's end.
        redactor: learns each token.
    """

    def __init__(
        self,
        send: Sender,
        *,
        provider: str,
        url: str,
        client_id: SecretStr,
        client_secret: SecretStr,
        refresh_token: SecretStr | None = None,
        clock: Clock,
        redactor: Redactor,
    ) -> None:
        pair = f"{client_id.get_secret_value()}:{client_secret.get_secret_value()}"
        basic = base64.b64encode(pair.encode()).decode()
        redactor.add(client_secret, pair, basic)
        self._request = Request(
            provider,
            stream="token",
            key="token",
            url=url,
            form=_form(refresh_token.get_secret_value() if refresh_token else None),
            secret_headers=(("authorization", f"Basic {basic}"),),
        )
        self._send = send
        self._clock = clock
        self._redactor = redactor
        self._lock = threading.Lock()
        self._token: str | None = None
        self._until = 0.0

    def put_on(self, request: Request) -> Request:
        """The request with a token that lasts for a while."""
        return replace(request, secret_headers=(("authorization", f"Bearer {self._current(request)}"),))

    def renew(self, refused: Request) -> bool:
        """Drop the refused token; always worth a try."""
        with self._lock:
            if self._token and ("authorization", f"Bearer {self._token}") in refused.secret_headers:
                self._token = None
        return True

    def _current(self, request: Request) -> str:
        with self._lock:
            if self._token is None or self._clock.time() >= self._until:
                self._token, lifetime = self._fetch(request)
                self._until = self._clock.time() + max(lifetime - _EARLY, lifetime / 2)
            return self._token

    def _fetch(self, request: Request) -> tuple[str, float]:
        asked = replace(self._request, deadline=request.deadline)
        response = self._send.send(asked)
        try:
            data = response.data
            token, lifetime = str(data["access_token"]), float(data.get("expires_in") or 3600)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise MalformedError(
                asked.asked, "an answer without an access token", status=response.status
            ) from None
        self._redactor.add(token)
        if data.get("refresh_token"):
            self._redactor.add(str(data["refresh_token"]))
            self._request = replace(self._request, form=_form(str(data["refresh_token"])))
        return token, lifetime


def _form(refresh_token: str | None) -> Pairs:
    if refresh_token is None:
        return (("grant_type", "client_credentials"),)
    return (("grant_type", "refresh_token"), ("refresh_token", refresh_token))


_RENEWALS = 3
"""New credentials tried for one request: one that threads share may end just as a thread tries again."""


class Authorised:
    """Puts credentials on each request; asks again if they were refused and can be renewed."""

    def __init__(self, inner: Sender, credentials: Credentials) -> None:
        self._inner = inner
        self._credentials = credentials

    def send(self, request: Request) -> Response:
        """The inner layer's response.

        Raises:
            CredentialsError: new credentials were refused as well.
            FetchError: of the inner layer, or of fetching a token.
        """
        for _ in range(_RENEWALS):
            sent = self._credentials.put_on(request)
            try:
                return self._inner.send(sent)
            except CredentialsError:
                if not self._credentials.renew(sent):
                    raise
        return self._inner.send(self._credentials.put_on(request))
