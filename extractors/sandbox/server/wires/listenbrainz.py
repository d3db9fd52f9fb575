"""ListenBrainz on the wire: a token if there is one, its limit in headers, nothing found is ``{}``."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import Shelves, Wire, number, says, x_ratelimit

_missing = says(404, {"code": 404, "error": "Not found"})


def _listens(shelves: Shelves, request: Request) -> Response:
    user = request.path_params["user"]
    heard = shelves["listens_api"].group(user)
    if heard is None:
        return says(404, {"code": 404, "error": f"Cannot find user: {user}"})()
    before, after = number(request, "max_ts", 1 << 40), number(request, "min_ts", 0)
    if before <= after:
        return says(400, {"code": 400, "error": "max_ts should be greater than min_ts"})()
    count = min(number(request, "count", 25), 1000)
    page = [listen for listen in heard if after < listen["listened_at"] < before][:count]
    told = {"count": len(page), "latest_listen_ts": heard[0]["listened_at"], "listens": page, "user_id": user}
    return JSONResponse({"payload": told})


def _lookup(shelves: Shelves, request: Request) -> Response:
    asked = request.query_params
    title, artist = asked.get("recording_name", ""), asked.get("artist_name", "")
    if not title or not artist:
        return says(400, {"code": 400, "error": "artist_name and recording_name are required"})()
    hits = shelves["recordings_api"].search(title, artist, 1)
    if not hits:
        return JSONResponse({})
    hit = hits[0]
    return JSONResponse(
        {
            "artist_credit_name": hit["artist"]["name"],
            "artist_mbids": [one["artist_mbid"] for one in hit["artist"]["artists"]],
            "recording_mbid": hit["mbid"],
            "recording_name": hit["recording"]["name"],
            "release_mbid": hit["release"]["mbid"],
            "release_name": hit["release"]["name"],
        }
    )


def _recordings(shelves: Shelves, request: Request) -> Response:
    shelf = shelves["recordings_api"]
    found: Payload = {}
    for mbid in request.query_params.get("recording_mbids", "").split(","):
        told = shelf.read(mbid)
        if told is not None:
            found[mbid] = {name: value for name, value in told.items() if name != "mbid"}
    return JSONResponse(found)


def _top_recordings(shelves: Shelves, request: Request) -> Response:
    hits = shelves["recordings_api"].by_code(request.path_params["mbid"])
    return JSONResponse(
        [
            {
                "artist_mbids": [one["artist_mbid"] for one in hit["artist"]["artists"]],
                "artist_name": hit["artist"]["name"],
                "length": hit["recording"]["length"],
                "recording_mbid": hit["mbid"],
                "recording_name": hit["recording"]["name"],
                "total_listen_count": 1000 // place,
                "total_user_count": 100 // place,
            }
            for place, hit in enumerate(hits, 1)
        ]
    )


WIRE = Wire(
    provider="listenbrainz",
    known=lambda request: request.headers.get("authorization", "Token ").startswith("Token "),
    requests=30,
    seconds=10,
    too_fast=says(
        429,
        {"code": 429, "error": "You have exceeded your rate limit. See the X-RateLimit-* response headers."},
        x_ratelimit_reset_in="2",
    ),
    unknown=says(401, {"code": 401, "error": "Invalid authorization token."}),
    missing=_missing,
    trouble=says(503, {"code": 503, "error": "Service unavailable"}),
    standing=x_ratelimit,
    streams={
        "listens_api": Telling(
            number=lambda listen: listen["recording_msid"], groups=lambda listen: [str(listen["user_name"])]
        ),
        "recordings_api": Telling(
            number=lambda told: told["mbid"],
            codes=lambda told: [one["artist_mbid"] for one in told["artist"]["artists"]],
            titles=lambda told: [told["recording"]["name"]],
            names=lambda told: [told["artist"]["name"]],
        ),
    },
    routes={
        "/listenbrainz/1/user/{user}/listens": _listens,
        "/listenbrainz/1/metadata/lookup/": _lookup,
        "/listenbrainz/1/metadata/recording/": _recordings,
        "/listenbrainz/1/popularity/top-recordings-for-artist/{mbid}": _top_recordings,
    },
)
