"""MusicBrainz on the wire: whoever says who they are, 503 above the limit.

Releases, release groups, artists and works are what the recordings say of them.
"""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import QUOTED, Shelves, Wire, number, one, says, unserved, x_ratelimit

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


def _recordings_of(shelves: Shelves, kind: str, name: str) -> list[Payload] | None:
    return shelves["recordings_api"].group(f"{kind} {name}")


def _release(shelves: Shelves, request: Request) -> Response:
    name = request.path_params["id"]
    recordings = _recordings_of(shelves, "release", name)
    if recordings is None:
        return _missing()
    release = next(one for one in recordings[0]["releases"] if one["id"] == name)
    tracks = [
        {"position": place, "number": str(place), "title": one["title"], "length": one["length"],
         "recording": {**one, "releases": []}}
        for place, one in enumerate(recordings, 1)
    ]  # fmt: skip
    medium = {"position": 1, "format": "Digital Media", "track-count": len(tracks), "tracks": tracks}
    credit = recordings[0]["artist-credit"][:1]
    return JSONResponse({**release, "artist-credit": credit, "media": [medium], "label-info": []})


def _release_group(shelves: Shelves, request: Request) -> Response:
    releases = _releases(shelves, request.path_params["id"])
    if not releases:
        return _missing()
    return JSONResponse({**releases[0]["release-group"], "releases": releases, "genres": []})


def _artist(shelves: Shelves, request: Request) -> Response:
    name = request.path_params["id"]
    recordings = _recordings_of(shelves, "artist", name)
    if recordings is None:
        return _missing()
    credited = (one["artist"] for one in recordings[0]["artist-credit"])
    artist = next(one for one in credited if one["id"] == name)
    return JSONResponse({**artist, "aliases": [], "relations": []})


def _work(shelves: Shelves, request: Request) -> Response:
    name = request.path_params["id"]
    recordings = _recordings_of(shelves, "work", name)
    if recordings is None:
        return _missing()
    work = next(one["work"] for one in recordings[0]["relations"] if one["work"]["id"] == name)
    performances = [
        {"type": "performance", "target-type": "recording", "direction": "backward",
         "recording": {"id": one["id"], "title": one["title"], "length": one["length"]}}
        for one in recordings
    ]  # fmt: skip
    return JSONResponse({**work, "relations": performances})


def _releases(shelves: Shelves, group: str) -> list[Payload]:
    recordings = _recordings_of(shelves, "group", group) or []
    releases = (release for one in recordings for release in one["releases"])
    return list({one["id"]: one for one in releases if one["release-group"]["id"] == group}.values())


def _browse_releases(shelves: Shelves, request: Request) -> Response:
    group = request.query_params.get("release-group")
    return unserved(request) if group is None else _browsed(request, "release", _releases(shelves, group))


def _browse_recordings(shelves: Shelves, request: Request) -> Response:
    """Recordings by words, or those of an artist."""
    artist = request.query_params.get("artist")
    if artist is None:
        return _search(shelves, request)
    return _browsed(request, "recording", _recordings_of(shelves, "artist", artist) or [])


def _browsed(request: Request, kind: str, found: list[Payload]) -> Response:
    limit, offset = min(number(request, "limit", 25), 100), number(request, "offset", 0)
    counts = {f"{kind}-count": len(found), f"{kind}-offset": offset}
    return JSONResponse({**counts, f"{kind}s": found[offset : offset + limit]})


def _groups(recording: Payload) -> list[str]:
    named = [f"artist {one['artist']['id']}" for one in recording["artist-credit"]]
    named += [f"work {one['work']['id']}" for one in recording["relations"]]
    for release in recording["releases"]:
        named += [f"release {release['id']}", f"group {release['release-group']['id']}"]
    return list(dict.fromkeys(named))


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
            groups=_groups,
        )
    },
    routes={
        "/musicbrainz/ws/2/recording/{id}": one("recordings_api", _missing),
        "/musicbrainz/ws/2/isrc/{id}": _isrc,
        "/musicbrainz/ws/2/recording": _browse_recordings,
        "/musicbrainz/ws/2/release": _browse_releases,
        "/musicbrainz/ws/2/release/{id}": _release,
        "/musicbrainz/ws/2/release-group/{id}": _release_group,
        "/musicbrainz/ws/2/artist/{id}": _artist,
        "/musicbrainz/ws/2/work/{id}": _work,
    },
)
