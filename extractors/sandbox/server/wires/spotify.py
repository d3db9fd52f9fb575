"""Spotify on the wire: bearer tokens, no word about its limit, search by fields."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Telling
from extractors.sandbox.server.wire import QUOTED, Shelves, Wire, link, number, one, says

_missing = says(404, {"error": {"status": 404, "message": "Resource not found"}})


def _search(shelves: Shelves, request: Request) -> Response:
    query = request.query_params.get("q", "")
    limit, offset = min(number(request, "limit", 10), 10), number(request, "offset", 0)
    shelf = shelves["tracks_api"]
    fields = dict(QUOTED.findall(query))
    if query.startswith("isrc:"):
        hits = shelf.by_code(query.removeprefix("isrc:"))
    else:
        hits = shelf.search(fields.get("track", query), fields.get("artist", ""), 50)
    more = str(link(request, offset=offset + limit)) if offset + limit < len(hits) else None
    page = {"href": str(link(request)), "items": hits[offset : offset + limit], "limit": limit, "next": more}
    return JSONResponse({"tracks": {**page, "offset": offset, "previous": None, "total": len(hits)}})


WIRE = Wire(
    provider="spotify",
    requests=60,
    seconds=30,
    too_fast=says(429, {"error": {"status": 429, "message": "API rate limit exceeded"}}, retry_after="1"),
    unknown=says(401, {"error": {"status": 401, "message": "The access token expired"}}),
    missing=_missing,
    token="/spotify/api/token",  # noqa: S106 - a path
    streams={
        "tracks_api": Telling(
            codes=lambda track: [track["external_ids"].get("isrc")],
            titles=lambda track: [track["name"]],
            names=lambda track: [artist["name"] for artist in track["artists"]],
        ),
        "audio_features_api": Telling(),
    },
    routes={
        "/spotify/v1/tracks/{id}": one("tracks_api", _missing),
        "/spotify/v1/audio-features/{id}": one("audio_features_api", _missing),
        "/spotify/v1/search": _search,
    },
)
