"""Deezer on the wire: no credentials, every failure with HTTP 200 and a message in the body."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import QUOTED, Shelves, Wire, link, number, raw, says

_PAGE, _MOST = 25, 100
_ONLY_LOOKED_UP = ("isrc", "bpm", "gain", "release_date", "contributors", "track_position", "disk_number")
"""What search hits lack."""
_missing = says(200, {"error": {"type": "DataException", "message": "no data", "code": 800}})


def _track(shelves: Shelves, request: Request) -> Response:
    shelf, asked = shelves["tracks_api"], request.path_params["id"]
    if not asked.startswith("isrc:"):
        return raw(shelf.get(asked), _missing)
    hits = shelf.by_code(asked.removeprefix("isrc:"))
    # one of them, and not always the first release
    return JSONResponse(max(hits, key=lambda hit: hit["release_date"])) if hits else _missing()


def _page(request: Request, hits: list[Payload], total: int) -> Response:
    index, limit = number(request, "index", 0), min(number(request, "limit", _PAGE), _MOST)
    body: Payload = {"data": hits, "total": total}
    if index + limit < total:
        body["next"] = str(link(request, index=index + limit, limit=limit))
    return JSONResponse(body)


def _hit(track: Payload) -> Payload:
    return {name: value for name, value in track.items() if name not in _ONLY_LOOKED_UP}


def _search(shelves: Shelves, request: Request) -> Response:
    query = request.query_params.get("q", "")
    if not query:
        return says(
            200, {"error": {"type": "ParameterException", "message": "Missing parameters: q", "code": 501}}
        )()
    fields = dict(QUOTED.findall(query))
    hits = shelves["tracks_api"].search(fields.get("track", query), fields.get("artist", ""), 300)
    index, limit = number(request, "index", 0), min(number(request, "limit", _PAGE), _MOST)
    return _page(request, [_hit(hit) for hit in hits[index : index + limit]], len(hits))


def _chart(shelves: Shelves, request: Request) -> Response:
    index, limit = number(request, "index", 0), min(number(request, "limit", _PAGE), _MOST)
    hits, count = shelves["tracks_api"].page(index, limit)
    charted = [{**_hit(hit), "position": index + place} for place, hit in enumerate(hits, 1)]
    return _page(request, charted, min(count, 100))


WIRE = Wire(
    provider="deezer",
    requests=50,
    seconds=5,
    too_fast=says(200, {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}),
    unknown=says(200, {"error": {"type": "OAuthException", "message": "Invalid token.", "code": 300}}),
    missing=_missing,
    trouble=says(200, {"error": {"type": "Exception", "message": "Service busy", "code": 700}}),
    streams={
        "tracks_api": Telling(
            codes=lambda track: [track["isrc"]],
            titles=lambda track: [track["title"]],
            names=lambda track: [artist["name"] for artist in track["contributors"]],
        )
    },
    routes={
        "/deezer/track/{id}": _track,
        "/deezer/search/track": _search,
        "/deezer/search": _search,
        "/deezer/chart/{id:int}/tracks": _chart,
    },
)
