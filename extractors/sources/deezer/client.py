"""Asking Deezer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic_settings import SettingsConfigDict

from extractors.errors import FetchError, RateLimitedError, RefusedError, UnavailableError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object, whole_number
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, LookUp, Way
from extractors.sources.deezer import payloads
from extractors.sources.source import SEARCH_TTL, Client, Source, Stream, next_link

_next_page = next_link("next")
_NO_DATA = 800
_ERRORS: dict[int | None, type[FetchError]] = {4: RateLimitedError, 700: UnavailableError}
"""What error codes mean; the rest are refusals."""


class DeezerSettings(ProviderSettings):
    """``CRATELAKE_DEEZER_*``: mode and address alone, nobody needs a key."""

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_DEEZER_", frozen=True)


class DeezerClient(Client):
    """Requests to the API."""

    def track(self, number: int) -> Response:
        """One track."""
        return self.ask(self.track_request(number))

    def track_request(self, number: int | str) -> Request:
        """For one track."""
        return self.request("tracks_api", f"track/{number}", entity_id=number)

    def track_by_isrc(self, isrc: str) -> Response:
        """One of the tracks with this ISRC."""
        return self.ask(self.isrc_request(isrc))

    def isrc_request(self, isrc: str) -> Request:
        """For one of the tracks with this ISRC."""
        return self.request("track_by_isrc_api", f"track/isrc:{isrc}")

    def album(self, number: int) -> Response:
        """One album."""
        return self.ask(self.request("albums_api", f"album/{number}", entity_id=number))

    def artist(self, number: int) -> Response:
        """One artist."""
        return self.ask(self.request("artists_api", f"artist/{number}", entity_id=number))

    def genres(self) -> Response:
        """All genres."""
        return self.ask(self.request("genres_api", "genre"))

    def search_tracks(self, artist: str, title: str, most_pages: int = 1) -> Iterator[Response]:
        """Tracks by words; look the chosen one up."""
        return self.pages(self.words_request(artist, title), _next_page, most_pages)

    def words_request(self, artist: str, title: str) -> Request:
        """For the first page of the tracks with these words."""
        query = " ".join(
            f'{name}:"{words.replace(chr(34), " ").strip()}"'
            for name, words in (("artist", artist), ("track", title))
        )
        return self.request("search_api", "search/track", [("q", query)])

    def artist_albums(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """All albums of an artist."""
        first = self.request("album_lists_api", f"artist/{number}/albums", entity_id=number)
        return self.pages(first, _next_page, most_pages)

    def album_tracks(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """The tracks of an album."""
        first = self.request("album_tracks_api", f"album/{number}/tracks", entity_id=number)
        return self.pages(first, _next_page, most_pages)

    def artist_top(self, number: int, most_pages: int = 1) -> Iterator[Response]:
        """The most heard tracks of an artist."""
        first = self.request("chart_tracks_api", f"artist/{number}/top", entity_id=number)
        return self.pages(first, _next_page, most_pages)

    def related_artists(self, number: int, most_pages: int = 1) -> Iterator[Response]:
        """Artists that are heard by the same people."""
        first = self.request("artist_lists_api", f"artist/{number}/related", entity_id=number)
        return self.pages(first, _next_page, most_pages)

    def chart_tracks(self, genre: int, most_pages: int = 4) -> Iterator[Response]:
        """The tracks of a genre's chart."""
        first = self.request("chart_tracks_api", f"chart/{genre}/tracks", entity_id=genre)
        return self.pages(first, _next_page, most_pages)


def judge(request: Request, response: Response) -> Response:
    """``{"error": {"type", "message", "code"}}`` with HTTP 200; code 800 says that there is no such thing."""
    data = json_object(request, response)
    error: Any = data.get("error")
    if isinstance(error, dict) and response.status == 200:
        code, message = whole_number(error.get("code")), error.get("message")
        if code == _NO_DATA:
            return replace(response, found=False)
        kind = _ERRORS.get(code, RefusedError)
        raise failure(kind, request, response, f"{message} (code {code})" if code is not None else message)
    return by_status(request, response, error)


def _credentials(_settings: DeezerSettings, _below: Below) -> Credentials:
    return Key()


# `deezer_id` is not among what it gives: an id alone is no reason to ask, it comes with what is asked for
_GIVES = frozenset({"title", "artist", "isrc", "bpm", "release_date", "duration_ms"})
_TRACKS = LookUp(
    name="track",
    stream="tracks_api",
    key="track/{}",
    ids={"search_api": "$.data[*].id"},
    request=DeezerClient.track_request,
    gives=_GIVES,
    most=3,
)
_FIND = Find(
    ways=(
        Way(("entity_id",), lambda client, track: client.track_request(track.entity_id)),
        Way(("isrc",), lambda client, track: client.isrc_request(track.isrc)),
        Way(("artist", "title"), lambda client, track: client.words_request(track.artist, track.title)),
    ),
    gives=_GIVES,
    id_field="deezer_id",
)

SOURCE = Source(
    provider="deezer",
    version="1",
    client=DeezerClient,
    settings=DeezerSettings,
    streams=(
        Stream("tracks_api", "a track", payloads.Track),
        Stream("track_by_isrc_api", "one of the tracks of an ISRC", payloads.Track),
        Stream("albums_api", "an album", payloads.Album),
        Stream("artists_api", "an artist", payloads.Artist),
        Stream("search_api", "a page of hits", payloads.TrackList, SEARCH_TTL),
        Stream("album_tracks_api", "a page of an album's tracks", payloads.TrackList),
        Stream("chart_tracks_api", "a page of a chart", payloads.TrackList),
        Stream("album_lists_api", "a page of albums", payloads.AlbumList),
        Stream("artist_lists_api", "a page of artists", payloads.ArtistList),
        Stream("genres_api", "all genres", payloads.GenreList),
    ),
    limit=RateLimit(requests=45, seconds=5, pause=5),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND, (_TRACKS,)),
    url="https://api.deezer.com",
    licence="Deezer's developer guidelines",
)
