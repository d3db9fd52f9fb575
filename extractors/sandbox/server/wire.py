"""How each provider speaks: its limit, its credentials, its error messages, its envelopes.

What belongs here: everything in which the sandbox's providers differ on the wire.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Payload, Shelf, Telling

Shelves = Mapping[str, Shelf]
Endpoint = Callable[[Shelves, Request], Response]
_JSON = "application/json"
_QUOTED = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')


class Auth(Enum):
    """What a provider wants to know of who asks."""

    BEARER = auto()
    DISCOGS = auto()
    USER_AGENT = auto()


@dataclass(frozen=True, slots=True)
class Wire:
    """A provider as the network sees it.

    Attributes:
        provider: its name.
        auth: what it wants to know of who asks.
        requests: at most so many
        seconds: in a window of this length.
        too_fast: its answer above that.
        unknown: its answer to those that it does not know.
        missing: its answer about what is not there.
        token: path of its token endpoint.
        streams: its streams, and how their payloads are found.
        routes: its other paths.
    """

    provider: str
    auth: Auth
    requests: int
    seconds: float
    too_fast: Callable[[], Response]
    unknown: Callable[[], Response]
    missing: Callable[[], Response]
    token: str | None
    streams: Mapping[str, Telling]
    routes: Mapping[str, Endpoint]


def _says(status: int, body: object, **headers: str) -> Callable[[], Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: JSONResponse(body, status_code=status, headers=named)


def _one(stream: str, missing: Callable[[], Response]) -> Endpoint:
    def endpoint(shelves: Shelves, request: Request) -> Response:
        body = shelves[stream].get(request.path_params["id"])
        return missing() if body is None else Response(body, media_type=_JSON)

    return endpoint


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isdigit() else default


# --- Spotify

_spotify_missing = _says(404, {"error": {"status": 404, "message": "Resource not found"}})


def _spotify_search(shelves: Shelves, request: Request) -> Response:
    query = request.query_params.get("q", "")
    limit, offset = min(_number(request, "limit", 10), 10), _number(request, "offset", 0)
    shelf = shelves["tracks_api"]
    fields = dict(_QUOTED.findall(query))
    if query.startswith("isrc:"):
        hits = shelf.by_isrc(query.removeprefix("isrc:"))
    else:
        hits = shelf.search(fields.get("track", query), fields.get("artist", ""), 50)
    more = (
        str(request.url.include_query_params(offset=offset + limit)) if offset + limit < len(hits) else None
    )
    page = {"href": str(request.url), "items": hits[offset : offset + limit], "limit": limit, "next": more}
    return JSONResponse({"tracks": {**page, "offset": offset, "previous": None, "total": len(hits)}})


_SPOTIFY = Wire(
    provider="spotify",
    auth=Auth.BEARER,
    requests=60,
    seconds=30,
    too_fast=_says(429, {"error": {"status": 429, "message": "API rate limit exceeded"}}, retry_after="1"),
    unknown=_says(401, {"error": {"status": 401, "message": "The access token expired"}}),
    missing=_spotify_missing,
    token="/spotify/api/token",  # noqa: S106 - a path
    streams={
        "tracks_api": Telling(
            isrcs=lambda track: [track["external_ids"].get("isrc")],
            titles=lambda track: [track["name"]],
            names=lambda track: [artist["name"] for artist in track["artists"]],
        ),
        "audio_features_api": Telling(),
    },
    routes={
        "/spotify/v1/tracks/{id}": _one("tracks_api", _spotify_missing),
        "/spotify/v1/audio-features/{id}": _one("audio_features_api", _spotify_missing),
        "/spotify/v1/search": _spotify_search,
    },
)

# --- Beatport

_beatport_missing = _says(404, {"detail": "Not found."})


def _beatport_page(request: Request, items: list[Payload], count: int) -> Response:
    size, page = _number(request, "per_page", 10), _number(request, "page", 1)
    more = request.url.include_query_params(page=page + 1)
    return JSONResponse(
        {
            "results": items,
            "next": f"{more.netloc}{more.path}?{more.query}" if page * size < count else None,
            "previous": None,
            "count": count,
            "page": f"{page}/{max(-(-count // size), 1)}",
            "per_page": size,
        }
    )


def _beatport_tracks(shelves: Shelves, request: Request) -> Response:
    asked, shelf = request.query_params, shelves["tracks_api"]
    if "isrc" in asked:
        hits = shelf.by_isrc(asked["isrc"])
    else:
        hits = shelf.search(asked.get("name", ""), asked.get("artist_name", ""), 100)
    size, page = _number(request, "per_page", 10), _number(request, "page", 1)
    return _beatport_page(request, hits[(page - 1) * size : page * size], len(hits))


def _beatport_chart_tracks(shelves: Shelves, request: Request) -> Response:
    head = shelves["charts_api"].get(str(request.path_params["id"]))
    if head is None:
        return _beatport_missing()
    shelf = shelves["tracks_api"]
    told = [shelf.get(str(number)) for number in json.loads(head)["track_ids"]]
    entries = [json.loads(track) for track in told if track is not None]
    size, page = _number(request, "per_page", 10), _number(request, "page", 1)
    return _beatport_page(request, entries[(page - 1) * size : page * size], len(entries))


def _beatport_charts(shelves: Shelves, request: Request) -> Response:
    size, page = _number(request, "per_page", 10), _number(request, "page", 1)
    return _beatport_page(request, *shelves["charts_api"].page((page - 1) * size, size))


_BEATPORT = Wire(
    provider="beatport",
    auth=Auth.BEARER,
    requests=60,
    seconds=60,
    too_fast=_says(429, {"detail": "Request was throttled."}, retry_after="1"),
    unknown=_says(401, {"detail": "Authentication credentials were not provided."}),
    missing=_beatport_missing,
    token="/beatport/v4/auth/o/token/",  # noqa: S106 - a path
    streams={
        "tracks_api": Telling(
            isrcs=lambda track: [track.get("isrc")],
            titles=lambda track: [track["name"]],
            names=lambda track: [artist["name"] for artist in track["artists"]],
        ),
        "charts_api": Telling(),
    },
    routes={
        "/beatport/v4/catalog/tracks/{id:int}/": lambda shelves, request: _one(
            "tracks_api", _beatport_missing
        )(shelves, _text_id(request)),
        "/beatport/v4/catalog/tracks/": _beatport_tracks,
        "/beatport/v4/catalog/charts/{id:int}/": lambda shelves, request: _one(
            "charts_api", _beatport_missing
        )(shelves, _text_id(request)),
        "/beatport/v4/catalog/charts/{id:int}/tracks/": _beatport_chart_tracks,
        "/beatport/v4/catalog/charts/": _beatport_charts,
    },
)


def _text_id(request: Request) -> Request:
    request.path_params["id"] = str(request.path_params["id"])
    return request


# --- MusicBrainz

_HELP = {"help": "For usage, please see: https://musicbrainz.org/development/mmd"}
_musicbrainz_missing = _says(404, {"error": "Not Found", **_HELP})


def _musicbrainz_isrc(shelves: Shelves, request: Request) -> Response:
    isrc = request.path_params["id"]
    hits = shelves["recordings_api"].by_isrc(isrc)
    return JSONResponse({"isrc": isrc, "recordings": hits}) if hits else _musicbrainz_missing()


def _musicbrainz_search(shelves: Shelves, request: Request) -> Response:
    fields = dict(_QUOTED.findall(request.query_params.get("query", "")))
    plain: dict[str, str] = {name: re.sub(r"\\(.)", r"\1", text) for name, text in fields.items()}
    limit, offset = min(_number(request, "limit", 25), 100), _number(request, "offset", 0)
    hits = shelves["recordings_api"].search(plain.get("recording", ""), plain.get("artist", ""), 100)
    page = [{**hit, "score": 100 - rank} for rank, hit in enumerate(hits)][offset : offset + limit]
    created = "2026-01-01T00:00:00.000Z"
    return JSONResponse({"created": created, "count": len(hits), "offset": offset, "recordings": page})


_MUSICBRAINZ = Wire(
    provider="musicbrainz",
    auth=Auth.USER_AGENT,
    requests=1,
    seconds=1,
    too_fast=_says(503, {"error": "Your requests are exceeding the allowable rate limit.", **_HELP}),
    unknown=_says(403, {"error": "Say who you are.", **_HELP}),
    missing=_musicbrainz_missing,
    token=None,
    streams={
        "recordings_api": Telling(
            isrcs=lambda recording: recording["isrcs"],
            titles=lambda recording: [recording["title"]],
            names=lambda recording: [credit["name"] for credit in recording["artist-credit"]],
        )
    },
    routes={
        "/musicbrainz/ws/2/recording/{id}": _one("recordings_api", _musicbrainz_missing),
        "/musicbrainz/ws/2/isrc/{id}": _musicbrainz_isrc,
        "/musicbrainz/ws/2/recording": _musicbrainz_search,
    },
)

# --- Discogs

_discogs_missing = _says(404, {"message": "Release not found."})


def _discogs_search(shelves: Shelves, request: Request) -> Response:
    asked = request.query_params
    title = asked.get("track") or asked.get("release_title") or ""
    size, page = min(_number(request, "per_page", 50), 100), _number(request, "page", 1)
    hits = shelves["releases_api"].search(title, asked.get("artist", ""), 100)
    results = [
        {"id": hit["id"], "type": "release", "title": f"{hit['artists'][0]['name']} - {hit['title']}"}
        for hit in hits[(page - 1) * size : page * size]
    ]
    pages = max(-(-len(hits) // size), 1)
    urls: dict[str, Any] = (
        {"next": str(request.url.include_query_params(page=page + 1))} if page < pages else {}
    )
    pagination = {"page": page, "pages": pages, "per_page": size, "items": len(hits), "urls": urls}
    return JSONResponse({"pagination": pagination, "results": results})


_DISCOGS = Wire(
    provider="discogs",
    auth=Auth.DISCOGS,
    requests=60,
    seconds=60,
    too_fast=_says(429, {"message": "You are making requests too quickly."}),
    unknown=_says(401, {"message": "You must authenticate to access this resource."}),
    missing=_discogs_missing,
    token=None,
    streams={
        "releases_api": Telling(
            titles=lambda release: [release["title"], *(line["title"] for line in release["tracklist"])],
            names=lambda release: [
                artist["name"]
                for credited in (release, *release["tracklist"])
                for artist in credited.get("artists") or []
            ],
        )
    },
    routes={
        "/discogs/releases/{id}": _one("releases_api", _discogs_missing),
        "/discogs/database/search": _discogs_search,
    },
)

WIRES: dict[str, Wire] = {wire.provider: wire for wire in (_SPOTIFY, _BEATPORT, _MUSICBRAINZ, _DISCOGS)}
"""The providers that the sandbox serves."""
