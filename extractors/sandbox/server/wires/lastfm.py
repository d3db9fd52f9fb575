"""Last.fm on the wire: one address, a method in the query, errors by code with whatever HTTP status.

JSON is converted XML: a list of one is an object, an empty one a text, numbers are texts.
"""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Shelf, Telling, words
from extractors.sandbox.server.wire import Shelves, Wire, number, says

_missing = says(200, {"error": 6, "message": "Track not found", "links": []})
_NOWHERE = says(404, {"error": 6, "message": "User not found"})


def _converted(items: Sequence[Payload]) -> Any:
    """A list as the conversion from XML leaves it."""
    return items[0] if len(items) == 1 else list(items) or ""


def _found(shelf: Shelf, request: Request) -> Payload | None:
    title, artist = (request.query_params.get(name, "") for name in ("track", "artist"))
    for hit in shelf.search(title, artist, 20):
        track: Payload = hit["track"]
        if words(track["name"]) == words(title) and words(track["artist"]["name"]) & words(artist):
            return track
    return None


def _info(shelves: Shelves, request: Request) -> Response:
    track = _found(shelves["track_info_api"], request)
    if track is None:
        return _missing()
    tags = track["toptags"]["tag"]
    told = {**track, "toptags": {"tag": _converted(tags)} if tags else ""}
    return JSONResponse(
        {"track": {name: value for name, value in told.items() if value != "" or name == "toptags"}}
    )


def _tags(shelves: Shelves, request: Request) -> Response:
    track = _found(shelves["track_info_api"], request)
    if track is None:
        return _missing()
    tags = [
        {"count": 100 // place, "name": tag["name"], "url": tag["url"]}
        for place, tag in enumerate(track["toptags"]["tag"], 1)
    ]
    attributes = {"artist": track["artist"]["name"], "track": track["name"]}
    return JSONResponse({"toptags": {"tag": tags, "@attr": attributes}})


def _search(shelves: Shelves, request: Request) -> Response:
    asked = request.query_params
    hits = shelves["track_info_api"].search(asked.get("track", ""), asked.get("artist", ""), 100)
    size, page = min(number(request, "limit", 30), 1000), number(request, "page", 1)
    tracks = [
        {**{name: hit["track"][name] for name in ("name", "url", "listeners", "mbid")},
         "artist": hit["track"]["artist"]["name"]}
        for hit in hits[(page - 1) * size : page * size]
    ]  # fmt: skip
    results = {
        "opensearch:Query": {"#text": "", "role": "request", "startPage": str(page)},
        "opensearch:totalResults": str(len(hits)),
        "opensearch:startIndex": str((page - 1) * size),
        "opensearch:itemsPerPage": str(size),
        "trackmatches": {"track": tracks},
        "@attr": {},
    }
    return JSONResponse({"results": results})


def _paged(request: Request, items: list[Payload], count: int, key: str, **attributes: str) -> Response:
    size, page = min(number(request, "limit", 50), 1000), number(request, "page", 1)
    told = {
        "page": str(page),
        "perPage": str(size),
        "total": str(count),
        "totalPages": str(-(-count // size)),
    }
    return JSONResponse({key: {"track": _converted(items), "@attr": {**attributes, **told}}})


def _recent(shelves: Shelves, request: Request) -> Response:
    user = request.query_params.get("user", "")
    heard = shelves["recent_tracks_api"].group(user)
    if heard is None:
        return _NOWHERE()
    since, until = number(request, "from", 0), number(request, "to", 1 << 40)
    heard = [
        {name: value for name, value in listen.items() if name not in {"user", "number"}}
        for listen in heard
        if since < int(listen["date"]["uts"]) < until
    ]
    size, page = min(number(request, "limit", 50), 1000), number(request, "page", 1)
    return _paged(request, heard[(page - 1) * size : page * size], len(heard), "recenttracks", user=user)


def _chart(shelves: Shelves, request: Request) -> Response:
    size, page = min(number(request, "limit", 50), 1000), number(request, "page", 1)
    hits, count = shelves["track_info_api"].page((page - 1) * size, size)
    tracks = [{name: value for name, value in hit["track"].items() if name != "toptags"} for hit in hits]
    return _paged(request, tracks, count, "tracks")


_METHODS: dict[str, Callable[[Shelves, Request], Response]] = {
    "track.getinfo": _info,
    "track.gettoptags": _tags,
    "track.search": _search,
    "user.getrecenttracks": _recent,
    "chart.gettoptracks": _chart,
}
_NO_METHOD = says(400, {"error": 3, "message": "Invalid Method - No method with that name in this package"})


def _ask(shelves: Shelves, request: Request) -> Response:
    method = _METHODS.get(request.query_params.get("method", "").lower())
    return _NO_METHOD() if method is None else method(shelves, request)


WIRE = Wire(
    provider="lastfm",
    known=lambda request: bool(request.query_params.get("api_key")),
    requests=5,
    seconds=1,
    too_fast=says(
        200,
        {
            "error": 29,
            "message": "Rate Limit Exceeded",
        },
    ),
    unknown=says(403, {"error": 10, "message": "Invalid API key"}),
    missing=_missing,
    trouble=says(
        200,
        {"error": 16, "message": "There was a temporary error processing your request. Please try again"},
    ),
    streams={
        "track_info_api": Telling(
            number=lambda payload: payload["track"]["url"],
            titles=lambda payload: [payload["track"]["name"]],
            names=lambda payload: [payload["track"]["artist"]["name"]],
        ),
        "recent_tracks_api": Telling(
            number=lambda payload: payload["number"], groups=lambda payload: [str(payload["user"])]
        ),
    },
    routes={"/lastfm/2.0/": _ask},
)
