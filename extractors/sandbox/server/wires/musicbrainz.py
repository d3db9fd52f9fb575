"""MusicBrainz on the wire: whoever says who they are, 503 above the limit."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Telling
from extractors.sandbox.server.wire import QUOTED, Shelves, Wire, number, one, says, x_ratelimit

_HELP = {"help": "For usage, please see: https://musicbrainz.org/development/mmd"}
_missing = says(404, {"error": "Not Found", **_HELP})


def _isrc(shelves: Shelves, request: Request) -> Response:
    isrc = request.path_params["id"]
    hits = shelves["recordings_api"].by_code(isrc)
    return JSONResponse({"isrc": isrc, "recordings": hits}) if hits else _missing()


def _search(shelves: Shelves, request: Request) -> Response:
    fields = dict(QUOTED.findall(request.query_params.get("query", "")))
    plain: dict[str, str] = {name: re.sub(r"\\(.)", r"\1", text) for name, text in fields.items()}
    limit, offset = min(number(request, "limit", 25), 100), number(request, "offset", 0)
    hits = shelves["recordings_api"].search(plain.get("recording", ""), plain.get("artist", ""), 100)
    page = [{**hit, "score": 100 - rank} for rank, hit in enumerate(hits)][offset : offset + limit]
    created = "2026-01-01T00:00:00.000Z"
    return JSONResponse({"created": created, "count": len(hits), "offset": offset, "recordings": page})


WIRE = Wire(
    provider="musicbrainz",
    known=lambda request: "(" in request.headers.get("user-agent", ""),
    requests=1,
    seconds=1,
    too_fast=says(503, {"error": "Your requests are exceeding the allowable rate limit.", **_HELP}),
    unknown=says(403, {"error": "Say who you are.", **_HELP}),
    missing=_missing,
    standing=x_ratelimit,
    streams={
        "recordings_api": Telling(
            codes=lambda recording: recording["isrcs"],
            titles=lambda recording: [recording["title"]],
            names=lambda recording: [credit["name"] for credit in recording["artist-credit"]],
        )
    },
    routes={
        "/musicbrainz/ws/2/recording/{id}": one("recordings_api", _missing),
        "/musicbrainz/ws/2/isrc/{id}": _isrc,
        "/musicbrainz/ws/2/recording": _search,
    },
)
