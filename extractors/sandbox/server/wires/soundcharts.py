"""SoundCharts on the wire: two keys in headers, a quota that every call costs, paths as links."""

import datetime as dt
import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import Endpoint, Shelves, Standing, Wire, link, number, one, raw, says

_QUOTA = 500_000
_LONGEST = 90


def _fails(status: int, message: str, key: str = "access", **headers: str) -> Callable[[], Response]:
    return says(status, {"errors": [{"key": key, "code": status, "message": message}]}, **headers)


_missing = _fails(404, "Not found.")


def _by_code(shelves: Shelves, request: Request) -> Response:
    isrc, platform = request.path_params.get("isrc"), request.path_params.get("platform")
    code = f"isrc:{isrc}" if isrc else f"{platform}:{request.path_params['id']}"
    hits = shelves["song_identifiers_api"].by_code(code)
    return raw(shelves["songs_api"].get(hits[0]["related"]["uuid"]), _missing) if hits else _missing()


def _listed(request: Request, items: list[Payload], total: int, related: Payload) -> Response:
    offset, limit = number(request, "offset", 0), min(number(request, "limit", 100), 100)
    more = link(request, offset=offset + limit, limit=limit)
    page = {
        "offset": offset,
        "limit": limit,
        "next": f"{more.path}?{more.query}" if offset + limit < total else None,
        "previous": None,
        "total": total,
    }
    return JSONResponse({"related": related, "items": items, "page": page, "errors": []})


def _item(song: Payload) -> Payload:
    return {name: song["object"][name] for name in ("uuid", "name", "creditName", "releaseDate")}


def _search(shelves: Shelves, request: Request) -> Response:
    hits = shelves["songs_api"].search(request.path_params["words"], "", 20)
    return _listed(request, [_item(hit) for hit in hits], len(hits), {})


def _audience(stream: str) -> Endpoint:
    """Daily numbers that grow: the same for the same thing, service and day."""

    def endpoint(shelves: Shelves, request: Request) -> Response:
        uuid, platform = request.path_params["id"], request.path_params["platform"]
        told = shelves[stream].read(uuid)
        if told is None:
            return _missing()
        try:
            asked = request.query_params
            first, last = (dt.date.fromisoformat(asked[name]) for name in ("startDate", "endDate"))
        except (KeyError, ValueError):
            return _fails(400, "startDate and endDate are dates.", "argument")()
        if not dt.timedelta(0) <= last - first < dt.timedelta(_LONGEST):
            return _fails(400, f"At most {_LONGEST} days.", "argument")()
        seed = int.from_bytes(hashlib.sha256(f"{uuid}/{platform}".encode()).digest()[:4])
        base, growth = seed % 500_000, seed % 97
        days = [first + dt.timedelta(number) for number in range((last - first).days + 1)]
        items = [
            {
                "date": f"{day}T00:00:00+00:00",
                "plots": [{"identifier": uuid, "value": base + growth * (day - dt.date(2020, 1, 1)).days}],
            }
            for day in days
        ]
        return _listed(request, items, len(items), {"uuid": uuid, "name": told["object"]["name"]})

    return endpoint


def _charts(_shelves: Shelves, request: Request) -> Response:
    platform = request.path_params["platform"]
    chart = {"slug": f"{platform}-top-100", "name": "Top 100", "platform": platform, "countryCode": "GB"}
    return _listed(request, [chart], 1, {})


def _ranking(shelves: Shelves, request: Request) -> Response:
    offset, limit = number(request, "offset", 0), min(number(request, "limit", 100), 100)
    songs, count = shelves["songs_api"].page(offset, limit)
    items = [{"position": offset + place, "song": _item(song)} for place, song in enumerate(songs, 1)]
    return _listed(request, items, min(count, 100), {"slug": request.path_params["slug"]})


def _usage(_shelves: Shelves, _request: Request) -> Response:
    return JSONResponse({"type": "usage", "object": {"quota": _QUOTA}, "errors": []})


def _standing(standing: Standing) -> dict[str, str]:
    return {"x-quota-remaining": str(max(_QUOTA - standing.asked, 0))}


WIRE = Wire(
    provider="soundcharts",
    known=lambda request: bool(request.headers.get("x-app-id") and request.headers.get("x-api-key")),
    requests=20,
    seconds=1,
    too_fast=_fails(429, "Maximum request count reached.", x_ratelimit_reset="1"),
    unknown=_fails(401, "Unauthorized."),
    missing=_missing,
    standing=_standing,
    streams={
        "songs_api": Telling(
            number=lambda song: song["object"]["uuid"],
            titles=lambda song: [song["object"]["name"]],
            names=lambda song: [artist["name"] for artist in song["object"]["artists"]],
        ),
        "song_identifiers_api": Telling(
            number=lambda told: told["related"]["uuid"],
            codes=lambda told: [f"{item['platformCode']}:{item['identifier']}" for item in told["items"]],
        ),
        "artists_api": Telling(number=lambda artist: artist["object"]["uuid"]),
    },
    routes={
        "/soundcharts/api/v2.25/song/by-isrc/{isrc}": _by_code,
        "/soundcharts/api/v2.25/song/by-platform/{platform}/{id}": _by_code,
        "/soundcharts/api/v2.25/song/{id}": one("songs_api", _missing),
        "/soundcharts/api/v2/song/search/{words}": _search,
        "/soundcharts/api/v2/song/{id}/identifiers": one("song_identifiers_api", _missing),
        "/soundcharts/api/v2/song/{id}/audience/{platform}": _audience("songs_api"),
        "/soundcharts/api/v2.9/artist/{id}": one("artists_api", _missing),
        "/soundcharts/api/v2/artist/{id}/audience/{platform}": _audience("artists_api"),
        "/soundcharts/api/v2/chart/song/by-platform/{platform}": _charts,
        "/soundcharts/api/v2.14/chart/song/{slug}/ranking/latest": _ranking,
        "/soundcharts/api/v2/team/usage": _usage,
    },
)
