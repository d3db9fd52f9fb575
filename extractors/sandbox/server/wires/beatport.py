"""Beatport on the wire: bearer tokens, links without a scheme."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import Shelves, Wire, link, number, one, says

_missing = says(404, {"detail": "Not found."})


def _page(request: Request, items: list[Payload], count: int) -> Response:
    size, page = number(request, "per_page", 10), number(request, "page", 1)
    more = link(request, page=page + 1)
    return JSONResponse(
        {
            "results": items,
            "next": f"{more.netloc}{more.path}?{more.query}" if page * size < count else None,
            "previous": None,
            "count": count,
            "page": f"{page}/{max(-(-count // size), 1)}",
            "per_page": size,
        }
    )


def _tracks(shelves: Shelves, request: Request) -> Response:
    asked, shelf = request.query_params, shelves["tracks_api"]
    if "isrc" in asked:
        hits = shelf.by_code(asked["isrc"])
    else:
        hits = shelf.search(asked.get("name", ""), asked.get("artist_name", ""), 100)
    size, page = number(request, "per_page", 10), number(request, "page", 1)
    return _page(request, hits[(page - 1) * size : page * size], len(hits))


def _chart_tracks(shelves: Shelves, request: Request) -> Response:
    head = shelves["charts_api"].read(str(request.path_params["id"]))
    if head is None:
        return _missing()
    shelf = shelves["tracks_api"]
    told = [shelf.read(str(one)) for one in head["track_ids"]]
    entries = [track for track in told if track is not None]
    size, page = number(request, "per_page", 10), number(request, "page", 1)
    return _page(request, entries[(page - 1) * size : page * size], len(entries))


def _charts(shelves: Shelves, request: Request) -> Response:
    size, page = number(request, "per_page", 10), number(request, "page", 1)
    return _page(request, *shelves["charts_api"].page((page - 1) * size, size))


WIRE = Wire(
    provider="beatport",
    requests=60,
    seconds=60,
    too_fast=says(429, {"detail": "Request was throttled."}, retry_after="1"),
    unknown=says(401, {"detail": "Authentication credentials were not provided."}),
    missing=_missing,
    token="/beatport/v4/auth/o/token/",  # noqa: S106 - a path
    streams={
        "tracks_api": Telling(
            codes=lambda track: [track.get("isrc")],
            titles=lambda track: [track["name"]],
            names=lambda track: [artist["name"] for artist in track["artists"]],
        ),
        "charts_api": Telling(),
    },
    routes={
        "/beatport/v4/catalog/tracks/{id:int}/": one("tracks_api", _missing),
        "/beatport/v4/catalog/tracks/": _tracks,
        "/beatport/v4/catalog/charts/{id:int}/": one("charts_api", _missing),
        "/beatport/v4/catalog/charts/{id:int}/tracks/": _chart_tracks,
        "/beatport/v4/catalog/charts/": _charts,
    },
)
