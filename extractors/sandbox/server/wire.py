"""What a provider is on the network, and what all of them have in common.

What belongs here: the type, and helpers for `wires`, where each provider says how it speaks: its limit, its
credentials, its error messages, its envelopes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Shelf, Telling

Shelves = Mapping[str, Shelf]
Endpoint = Callable[[Shelves, Request], Response]
QUOTED = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')
"""A field and its words in a search: ``artist:"..."``."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the callers stand with a provider's limit.

    Attributes:
        limit: requests that a window allows.
        left: how many of them are left.
        reset_in: seconds until the window is empty.
        now: seconds since 1970.
        asked: requests of all time.
    """

    limit: int
    left: int
    reset_in: float
    now: float
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A provider as the network sees it.

    Attributes:
        provider: its name.
        requests: at most so many
        seconds: in a window of this length.
        too_fast: its answer above that.
        unknown: its answer to those that it does not know.
        missing: its answer about what is not there.
        streams: its streams, and how their payloads are found.
        routes: its paths.
        token: path of its token endpoint; who asks elsewhere needs one of its tokens.
        known: without tokens: whether it knows who asks.
        trouble: what it says when it is in trouble, where that is not simply HTTP 503.
        standing: headers in which it tells where callers stand with its limit.
    """

    provider: str
    requests: int
    seconds: float
    too_fast: Callable[[], Response]
    unknown: Callable[[], Response]
    missing: Callable[[], Response]
    streams: Mapping[str, Telling]
    routes: Mapping[str, Endpoint]
    token: str | None = None
    known: Callable[[Request], bool] = lambda _: True
    trouble: Callable[[], Response] | None = None
    standing: Callable[[Standing], dict[str, str]] = lambda _: {}


def says(status: int, body: object, **headers: str) -> Callable[[], Response]:
    """Makes the same answer every time."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: JSONResponse(body, status_code=status, headers=named)


def raw(body: bytes | None, missing: Callable[[], Response]) -> Response:
    """A payload as it stands in its file."""
    return missing() if body is None else Response(body, media_type="application/json")


def one(stream: str, missing: Callable[[], Response]) -> Endpoint:
    """Answers with the payload whose id stands in the path."""

    def endpoint(shelves: Shelves, request: Request) -> Response:
        return raw(shelves[stream].get(str(request.path_params["id"])), missing)

    return endpoint


def unserved(request: Request) -> Response:
    """Refuses what the sandbox does not serve: "not found" would be remembered as an answer."""
    return JSONResponse({"error": f"the sandbox does not serve {request.url.path}"}, status_code=400)


def number(request: Request, name: str, default: int) -> int:
    """A whole number of the query."""
    text = request.query_params.get(name, "")
    return int(text) if text.isdigit() else default


def link(request: Request, **changed: int) -> URL:
    """Where this request, with some of its query changed, would go, as answers write it.

    The same on whatever port the server listens: equal worlds give equal answers, and so equal bronze.
    """
    return request.url.include_query_params(**changed).replace(scheme="https", netloc="sandbox.invalid")


def x_ratelimit(standing: Standing) -> dict[str, str]:
    """The headers that MetaBrainz' services tell their limit in."""
    return {
        "x-ratelimit-limit": str(standing.limit),
        "x-ratelimit-remaining": str(standing.left),
        "x-ratelimit-reset-in": str(round(standing.reset_in, 3)),
        "x-ratelimit-reset": str(int(standing.now + standing.reset_in)),
    }
