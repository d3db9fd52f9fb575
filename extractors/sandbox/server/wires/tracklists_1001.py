"""1001Tracklists on the wire: pages of HTML; who asks too often gets an interstitial, with HTTP 200."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from extractors.pages.set_head import set_id_of
from extractors.sandbox.server.shelf import Telling
from extractors.sandbox.server.wire import Shelves, Wire

_BARRIER = (
    "<!DOCTYPE html><html><head><title>1001Tracklists</title></head><body>"
    "<h1>Please wait, you will be forwarded to the requested page</h1></body></html>"
)
_MISSING = "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body></body></html>"


def _shows(html: str, status: int) -> Callable[[], Response]:
    return lambda: HTMLResponse(html, status_code=status)


def _page(shelves: Shelves, request: Request) -> Response:
    page = shelves["pages"].read(request.path_params["id"])
    return HTMLResponse(page["html"]) if page else _shows(_MISSING, 404)()


def _robots(_shelves: Shelves, _request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /ajax/\n")


WIRE = Wire(
    provider="1001tracklists",
    requests=60,
    seconds=240,
    too_fast=_shows(_BARRIER, 200),
    unknown=_shows(_BARRIER, 403),
    missing=_shows(_MISSING, 404),
    trouble=_shows(_BARRIER.replace("Please wait, you will be", "503 Service Unavailable"), 503),
    streams={"pages": Telling(number=lambda page: set_id_of(page["url"]))},
    routes={
        "/1001tracklists/tracklist/{id}/{slug}": _page,
        "/1001tracklists/robots.txt": _robots,
    },
)
