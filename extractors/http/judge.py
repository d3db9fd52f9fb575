"""Whether a response is an answer: from its status and its body, by what each provider means with them.

What belongs here: the layer, and the judgements that hold for every provider. A provider's own judge reads
its error messages and falls back on `by_status`.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from extractors.errors import (
    CredentialsError,
    FetchError,
    MalformedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from extractors.http.message import Request, Response, Sender

LONGEST_PAUSE = 3600.0
"""Seconds: the longest `Retry-After` we follow; later the provider is asked again, carefully."""
NOT_MODIFIED = 304
_MESSAGE_LENGTH = 200
_JSON_NAMES = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}

Judge = Callable[[Request, Response], Response]
"""Returns the response (with `found` set) if it is an answer; else raises the `FetchError` that it means."""


class Judged:
    """Hands on answers and turns everything else into named errors."""

    def __init__(self, inner: Sender, judge: Judge) -> None:
        self._inner = inner
        self._judge = judge

    def send(self, request: Request) -> Response:
        """The inner layer's response, if it is an answer."""
        response = self._inner.send(request)
        asked_for_changes = any(name.startswith("if-") for name, _ in request.headers)
        if response.status == NOT_MODIFIED and asked_for_changes:
            return response
        return self._judge(request, response)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait by a ``Retry-After`` field (seconds or an HTTP date), within 0 and `LONGEST_PAUSE`.

    None if there is no such field or it says nothing.
    """
    text = (value or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            return None
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def failure(
    kind: type[FetchError],
    request: Request,
    response: Response,
    message: object,
    *,
    wait: float | None = None,
) -> FetchError:
    """The error `kind` about a response, with what the provider said; `wait` where the headers name none."""
    announced = retry_after(response.headers.get("retry-after"), response.fetched_at)
    said = f": {str(message)[:_MESSAGE_LENGTH]}" if message else ""
    return kind(
        request.asked,
        f"HTTP {response.status}{said}",
        status=response.status,
        retry_after=announced if announced is not None else wait,
        body=response.body if kind is MalformedError else None,
    )


def by_status(request: Request, response: Response, message: object = None) -> Response:
    """The judgement of a status alone.

    2xx is an answer; 404 and 410 are the answer that there is no such thing; 429 is too fast; 408, 425 and
    5xx are the provider's trouble; 401 is about credentials; the rest is a refusal (3xx too: our address is
    wrong).

    Raises:
        FetchError: it is no answer.
    """
    status = response.status
    if 200 <= status < 300:
        return response
    if status in {404, 410}:
        return replace(response, found=False)
    if status == 429:
        raise failure(RateLimitedError, request, response, message)
    if status >= 500 or status in {408, 425}:
        raise failure(UnavailableError, request, response, message)
    if status == 401:
        raise failure(CredentialsError, request, response, message)
    raise failure(RefusedError, request, response, message or response.headers.get("location"))


def json_object(request: Request, response: Response) -> dict[str, Any]:
    """The body as a JSON object; what is none was cut off, or comes from a machine in between.

    Raises:
        UnavailableError, RateLimitedError: the status says so already, whatever the body looks like.
        MalformedError: there is no JSON object.
    """
    data = json_document(request, response)
    if isinstance(data, dict):
        return data
    raise _unreadable(request, response, "a JSON list, not an object")


def json_document(request: Request, response: Response) -> dict[str, Any] | list[Any]:
    """The body as a JSON object or list, for providers that answer with either.

    Raises:
        UnavailableError, RateLimitedError: the status says so already, whatever the body looks like.
        MalformedError: there is neither.
    """
    try:
        data = response.data
    except RecursionError:
        problem = "no JSON that anybody would send (nested too deeply)"
    except ValueError as error:
        problem = f"{_instead_of_json(response.body)} ({error})"
    else:
        if isinstance(data, dict | list):
            return data
        problem = f"a JSON {_JSON_NAMES[type(data)]}, not an object"
    raise _unreadable(request, response, problem)


def whole_number(value: Any) -> int | None:
    """An error code; None if it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _unreadable(request: Request, response: Response, problem: str) -> FetchError:
    if response.status == 429 or response.status >= 500:
        by_status(request, response)
    return failure(MalformedError, request, response, f"{problem}: {response.body[:80]!r}")


def _instead_of_json(body: str) -> str:
    start = body.lstrip("\ufeff \t\r\n")[:200].lower()
    if not start:
        return "no JSON but nothing"
    if start.startswith(("<!doctype html", "<html")):
        return "no JSON but a page of HTML"
    return "no JSON but XML" if start.startswith("<") else "no JSON"
