"""Discogs on the wire: a token for searching, its own names for the limit."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.shelf import Telling
from extractors.sandbox.server.wire import Shelves, Standing, Wire, link, number, one, says

_missing = says(404, {"message": "Release not found."})


def _search(shelves: Shelves, request: Request) -> Response:
    asked = request.query_params
    title = asked.get("track") or asked.get("release_title") or ""
    size, page = min(number(request, "per_page", 50), 100), number(request, "page", 1)
    hits = shelves["releases_api"].search(title, asked.get("artist", ""), 100)
    results = [
        {"id": hit["id"], "type": "release", "title": f"{hit['artists'][0]['name']} - {hit['title']}"}
        for hit in hits[(page - 1) * size : page * size]
    ]
    pages = max(-(-len(hits) // size), 1)
    urls: dict[str, Any] = {"next": str(link(request, page=page + 1))} if page < pages else {}
    pagination = {"page": page, "pages": pages, "per_page": size, "items": len(hits), "urls": urls}
    return JSONResponse({"pagination": pagination, "results": results})


def _known(request: Request) -> bool:
    given = request.headers.get("authorization", "")
    return given.startswith("Discogs token=") or "search" not in request.url.path


def _standing(standing: Standing) -> dict[str, str]:
    return {
        "x-discogs-ratelimit": str(standing.limit),
        "x-discogs-ratelimit-used": str(standing.limit - standing.left),
        "x-discogs-ratelimit-remaining": str(standing.left),
    }


WIRE = Wire(
    provider="discogs",
    known=_known,
    standing=_standing,
    requests=60,
    seconds=60,
    too_fast=says(429, {"message": "You are making requests too quickly."}),
    unknown=says(401, {"message": "You must authenticate to access this resource."}),
    missing=_missing,
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
        "/discogs/releases/{id}": one("releases_api", _missing),
        "/discogs/database/search": _search,
    },
)
