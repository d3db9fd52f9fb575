"""Spotify on the wire: bearer tokens, no word about its limit, search by fields.

Albums and artists are what the tracks say of them.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Telling
from extractors.sandbox.server.wire import QUOTED, Shelves, Wire, link, number, one, says, unserved

_missing = says(404, {"error": {"status": 404, "message": "Resource not found"}})


def _search(shelves: Shelves, request: Request) -> Response:
    if request.query_params.get("type", "track") != "track":
        return unserved(request)
    query = request.query_params.get("q", "")
    shelf = shelves["tracks_api"]
    fields = dict(QUOTED.findall(query))
    if query.startswith("isrc:"):
        hits = shelf.by_code(query.removeprefix("isrc:"))
    else:
        hits = shelf.search(fields.get("track", query), fields.get("artist", ""), 50)
    return JSONResponse({"tracks": _page(request, hits, 10)})


def _page(request: Request, items: Sequence[Payload], most: int) -> Payload:
    limit, offset = min(number(request, "limit", 20), most), number(request, "offset", 0)
    more = str(link(request, offset=offset + limit)) if offset + limit < len(items) else None
    shown = items[offset : offset + limit]
    return {"href": str(link(request)), "items": shown, "limit": limit, "next": more, "offset": offset,
            "previous": None, "total": len(items)}  # fmt: skip


def _tracks_of(shelves: Shelves, request: Request, kind: str) -> list[Payload] | None:
    return shelves["tracks_api"].group(f"{kind} {request.path_params['id']}")


def _listed(track: Payload) -> Payload:
    """A track as albums list it."""
    left_out = ("album", "external_ids", "popularity")
    return {name: value for name, value in track.items() if name not in left_out}


def _album(shelves: Shelves, request: Request) -> Response:
    tracks = _tracks_of(shelves, request, "album")
    if tracks is None:
        return _missing()
    page = _page(request, [_listed(one) for one in tracks], 50)
    return JSONResponse({**tracks[0]["album"], "total_tracks": len(tracks), "tracks": page})


def _album_tracks(shelves: Shelves, request: Request) -> Response:
    tracks = _tracks_of(shelves, request, "album")
    return (
        _missing() if tracks is None else JSONResponse(_page(request, [_listed(one) for one in tracks], 50))
    )


def _artist(shelves: Shelves, request: Request) -> Response:
    tracks = _tracks_of(shelves, request, "artist")
    if tracks is None:
        return _missing()
    artist = next(one for one in tracks[0]["artists"] if one["id"] == request.path_params["id"])
    return JSONResponse({**artist, "genres": [], "popularity": max(one["popularity"] for one in tracks)})


def _artist_albums(shelves: Shelves, request: Request) -> Response:
    tracks = _tracks_of(shelves, request, "artist")
    if tracks is None:
        return _missing()
    albums = {one["album"]["id"]: one["album"] for one in tracks}
    return JSONResponse(_page(request, list(albums.values()), 10))


def _groups(track: Payload) -> list[str]:
    artists = dict.fromkeys(f"artist {one['id']}" for one in track["artists"])
    return [f"album {track['album']['id']}", *artists]


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
            groups=_groups,
        ),
        "audio_features_api": Telling(),
    },
    routes={
        "/spotify/v1/tracks/{id}": one("tracks_api", _missing),
        "/spotify/v1/audio-features/{id}": one("audio_features_api", _missing),
        "/spotify/v1/albums/{id}": _album,
        "/spotify/v1/albums/{id}/tracks": _album_tracks,
        "/spotify/v1/artists/{id}": _artist,
        "/spotify/v1/artists/{id}/albums": _artist_albums,
        "/spotify/v1/search": _search,
    },
)
