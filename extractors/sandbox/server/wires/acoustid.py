"""AcoustID on the wire: an application key in the query, look-ups by POST, errors with codes."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Shelf, Telling
from extractors.sandbox.server.wire import Shelves, Wire


def _fails(status: int, code: int, message: str) -> Response:
    return JSONResponse({"status": "error", "error": {"code": code, "message": message}}, status_code=status)


def _missing() -> Response:
    return _fails(404, 7, "invalid track id")


def _result(found: Payload) -> Payload:
    recordings = [
        {name: value for name, value in recording.items() if value is not None}
        for recording in found["recordings"]
    ]
    return {"id": found["id"], "recordings": recordings, "score": found["score"]}


def _of_fingerprint(shelf: Shelf, asked: dict[str, str]) -> Response:
    if not asked.get("duration", "").isdigit():
        return _fails(400, 2, 'missing required parameter "duration"')
    fingerprint = asked["fingerprint"]
    if not fingerprint.startswith("AQA"):
        return _fails(400, 3, "invalid fingerprint")
    return JSONResponse({"results": [_result(one) for one in shelf.by_code(fingerprint)], "status": "ok"})


def _lookup(shelves: Shelves, request: Request) -> Response:
    asked = {**request.query_params, **request.state.form}
    shelf = shelves["lookup_api"]
    if "fingerprint" in asked:
        return _of_fingerprint(shelf, asked)
    if "trackid" not in asked:
        return _fails(400, 2, 'missing required parameter "fingerprint"')
    found = shelf.read(asked["trackid"])
    return JSONResponse({"results": [] if found is None else [_result(found)], "status": "ok"})


def _list_by_mbid(shelves: Shelves, request: Request) -> Response:
    found = shelves["lookup_api"].by_code(request.query_params.get("mbid", ""))
    return JSONResponse({"status": "ok", "tracks": [{"id": one["id"]} for one in found]})


WIRE = Wire(
    provider="acoustid",
    known=lambda request: bool(request.query_params.get("client")) or "list_by_mbid" in request.url.path,
    requests=3,
    seconds=1,
    too_fast=lambda: _fails(429, 14, "rate limit (3.000000 requests per second) exceeded, try again later"),
    unknown=lambda: _fails(400, 4, "invalid API key"),
    missing=_missing,
    trouble=lambda: _fails(503, 13, "service currently unavailable, try again later"),
    streams={
        "lookup_api": Telling(
            codes=lambda found: [found["fingerprint"], *(one["id"] for one in found["recordings"])]
        )
    },
    routes={"/acoustid/v2/lookup": _lookup, "/acoustid/v2/track/list_by_mbid": _list_by_mbid},
)
