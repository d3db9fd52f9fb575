"""The bottom layers: httpx, and the one that refuses to ask (recorded mode).

What belongs here: turning a request into bytes on the wire and back, within the time it may take.
"""

import codecs
import json
from urllib.parse import urlencode

import httpx

from extractors.errors import BudgetSpentError, MalformedError, NotRecordedError, UnreachableError
from extractors.http.clock import Clock
from extractors.http.message import Request, Response
from extractors.http.redact import Redactor, redact_named

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; no provider's answer comes near."""
_HEADERS = (("accept", "application/json"), ("accept-encoding", "gzip, deflate"))


class HttpxTransport:
    """Asks over HTTP, through an httpx transport and not a client: what a client adds we do not want.

    Redirects are not followed (they would carry credentials elsewhere), cookies not kept, and half the time
    that a client takes per request is saved.

    Args:
        wire: made by `stack`, with proxy and pool.
        user_agent: who we are.
        clock: for deadlines.
        redactor: what comes back is free of secrets from here on.
        timeout: seconds for connecting, and for each wait for more of the answer; the request's deadline
            bounds the whole, however slowly the answer drips in.
    """

    def __init__(
        self,
        wire: httpx.BaseTransport,
        user_agent: str,
        clock: Clock,
        redactor: Redactor,
        timeout: float = 10.0,
    ) -> None:
        self._wire = wire
        self._headers = (("user-agent", user_agent), *_HEADERS)
        self._clock = clock
        self._redactor = redactor
        self._timeout = timeout

    def send(self, request: Request) -> Response:
        """The response, whatever its status.

        Raises:
            UnreachableError: no connection, or no whole answer in time.
            MalformedError: the answer is no text, or endless.
            BudgetSpentError: there was no time left to ask.
        """
        began = self._clock.time()
        left = request.seconds_left(began)
        if left <= 0:
            raise BudgetSpentError(request.asked, "not asked, the time for it is used up")
        try:
            response = self._wire.handle_request(self._written(request, min(self._timeout, left)))
            try:
                content = self._read(request, response)
            finally:
                response.close()
        except httpx.InvalidURL as error:
            raise UnreachableError(request.asked, f"the address is none ({error})") from None
        except httpx.HTTPError as error:
            # the cause is left out: httpx's error holds the request, and the request its secrets
            words = redact_named(self._redactor.redact(str(error))) or "no words"
            raise UnreachableError(request.asked, f"{type(error).__name__} ({words})") from None
        return Response(
            status=response.status_code,
            headers={name.lower(): self._redactor.redact(text) for name, text in response.headers.items()},
            body=self._redactor.redact(self._text(request, response, content)),
            fetched_at=began,
        )

    def _written(self, request: Request, timeout: float) -> httpx.Request:
        query = urlencode((*request.params, *request.secret_params))
        return httpx.Request(
            request.method,
            f"{request.url}?{query}" if query else request.url,
            headers=[*self._headers, *request.headers, *request.secret_headers],
            data=dict(request.form) if request.form is not None else None,
            extensions={"timeout": httpx.Timeout(timeout).as_dict()},
        )

    def _read(self, request: Request, response: httpx.Response) -> bytes:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if request.seconds_left(self._clock.time()) <= 0:
                raise UnreachableError(
                    request.asked, f"only {len(content)} bytes came within the time allowed"
                )
            if len(content) > LARGEST_BODY:
                raise MalformedError(
                    request.asked, f"more than {LARGEST_BODY} bytes", status=response.status_code
                )
        return bytes(content)

    @staticmethod
    def _text(request: Request, response: httpx.Response, content: bytes) -> str:
        try:
            encoding = codecs.lookup(response.charset_encoding or "utf-8").name
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError) as error:
            raise MalformedError(request.asked, f"no text ({error})", status=response.status_code) from None


class NoTransport:
    """Recorded mode: what bronze does not hold is not asked."""

    def send(self, request: Request) -> Response:
        """Never an answer.

        Raises:
            NotRecordedError: always.
        """
        raise NotRecordedError(request.asked, f"bronze holds no answer to {json.dumps(request.key)}")
