"""AcousticBrainz on the wire, as it was: no credentials, its limit in headers, 25 recordings at once."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import Endpoint, Shelves, Wire, number, raw, says, x_ratelimit

_MOST = 25
_missing = says(404, {"message": "Not found"})
_document = Telling(number=lambda document: document["metadata"]["tags"]["musicbrainz_recordingid"][0])


def _level(stream: str) -> Endpoint:
    def endpoint(shelves: Shelves, request: Request) -> Response:
        if number(request, "n", 0) > 0:  # each recording was submitted once
            return _missing()
        return raw(shelves[stream].get(request.path_params["id"]), _missing)

    return endpoint


def _several(shelves: Shelves, request: Request) -> Response:
    asked = request.query_params.get("recording_ids", "").split(";")
    if len(asked) > _MOST:
        return says(400, {"message": f"More than {_MOST} recordings not allowed per request"})()
    found: Payload = {}
    for mbid in (one.partition(":")[0] for one in asked):
        document = shelves["low_level_api"].read(mbid)
        if document is not None:
            found[mbid] = {"0": document}
    return JSONResponse({**found, "mbid_mapping": {}})


WIRE = Wire(
    provider="acousticbrainz",
    requests=10,
    seconds=10,
    too_fast=says(429, {"message": "Too Many Requests"}, x_ratelimit_reset_in="2"),
    unknown=says(403, {"message": "Forbidden"}),
    missing=_missing,
    standing=x_ratelimit,
    streams={"low_level_api": _document, "high_level_api": _document},
    routes={
        "/acousticbrainz/api/v1/low-level": _several,
        "/acousticbrainz/api/v1/{id}/low-level": _level("low_level_api"),
        "/acousticbrainz/api/v1/{id}/high-level": _level("high_level_api"),
    },
)
