"""Asking SoundCharts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import FetchError, QuotaError, RateLimitedError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object, retry_after
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, Way
from extractors.sources.soundcharts import payloads
from extractors.sources.source import SEARCH_TTL, STATISTICS_TTL, Client, Query, Source, Stream, next_link

_PAGE = 100
_SONG, _ARTIST, _CHART = "api/v2.25/song", "api/v2.9/artist", "api/v2.14/chart/song"
_next_page = next_link("page", "next")


class SoundChartsSettings(ProviderSettings):
    """``CRATELAKE_SOUNDCHARTS_*``.

    Attributes:
        app_id: of the account.
        api_key: its key.
        nightly: every call costs of the quota, so few unless more are granted.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_SOUNDCHARTS_", frozen=True)

    app_id: SecretStr | None = None
    api_key: SecretStr | None = None
    nightly: int | None = Field(default=500, ge=0)


class SoundChartsClient(Client):
    """Requests to the API."""

    def song(self, uuid: str) -> Response:
        """One song."""
        return self.ask(self.request("songs_api", f"{_SONG}/{uuid}", entity_id=uuid))

    def song_by_isrc(self, isrc: str) -> Response:
        """The song of an ISRC."""
        return self.ask(self.isrc_request(isrc))

    def isrc_request(self, isrc: str) -> Request:
        """For the song of an ISRC."""
        return self.request("songs_api", f"{_SONG}/by-isrc/{isrc}")

    def song_by_platform(self, platform: str, identifier: str) -> Response:
        """The song that a service (``spotify``, ``beatport``, ...) knows under an id."""
        return self.ask(self.platform_request(platform, identifier))

    def platform_request(self, platform: str, identifier: str) -> Request:
        """For the song that a service knows under an id."""
        return self.request("songs_api", f"{_SONG}/by-platform/{platform}/{identifier}")

    def song_identifiers(self, uuid: str) -> Response:
        """What a song is called elsewhere."""
        return self._list("song_identifiers_api", f"api/v2/song/{uuid}/identifiers", uuid)

    def song_audience(self, uuid: str, platform: str, since: str, until: str) -> Response:
        """Streams, views or plays of a song by day, of at most 90 days (``2026-03-01``)."""
        params: Query = [("startDate", since), ("endDate", until)]
        path = f"api/v2/song/{uuid}/audience/{platform}"
        return self.ask(self.request("song_audience_api", path, params, entity_id=uuid))

    def song_ranks(self, uuid: str, platform: str, most_pages: int = 1) -> Iterator[Response]:
        """The places of a song in a service's charts."""
        path = f"api/v2/song/{uuid}/charts/ranks/{platform}"
        return self._pages("song_ranks_api", path, most_pages, uuid)

    def search_songs(self, words: str) -> Response:
        """Songs by words, 20 at most."""
        path = f"api/v2/song/search/{quote(words, safe='')}"
        return self.ask(self.request("song_search_api", path, [("limit", 20)]))

    def artist(self, uuid: str) -> Response:
        """One artist."""
        return self.ask(self.request("artists_api", f"{_ARTIST}/{uuid}", entity_id=uuid))

    def artist_by_platform(self, platform: str, identifier: str) -> Response:
        """The artist that a service knows under an id."""
        return self.ask(self.request("artists_api", f"{_ARTIST}/by-platform/{platform}/{identifier}"))

    def artist_songs(self, uuid: str, most_pages: int = 10) -> Iterator[Response]:
        """All songs of an artist."""
        return self._pages("artist_songs_api", f"api/v2.21/artist/{uuid}/songs", most_pages, uuid)

    def artist_audience(self, uuid: str, platform: str, since: str, until: str) -> Response:
        """Followers of an artist by day, of at most 90 days."""
        params: Query = [("startDate", since), ("endDate", until)]
        path = f"api/v2/artist/{uuid}/audience/{platform}"
        return self.ask(self.request("artist_audience_api", path, params, entity_id=uuid))

    def search_artists(self, words: str) -> Response:
        """Artists by words, 20 at most."""
        path = f"api/v2/artist/search/{quote(words, safe='')}"
        return self.ask(self.request("artist_search_api", path, [("limit", 20)]))

    def charts(self, platform: str, most_pages: int = 1) -> Iterator[Response]:
        """The charts of a service."""
        return self._pages("charts_api", f"api/v2/chart/song/by-platform/{platform}", most_pages)

    def chart_ranking(self, slug: str, most_pages: int = 2) -> Iterator[Response]:
        """The newest ranking of a chart."""
        return self._pages("chart_rankings_api", f"{_CHART}/{slug}/ranking/latest", most_pages, slug)

    def usage(self) -> Response:
        """What is left of the quota; the one call that costs none."""
        return self.ask(self.request("usage_api", "api/v2/team/usage"))

    def _list(self, stream: str, path: str, entity_id: str | None = None) -> Response:
        return self.ask(self.request(stream, path, [("offset", 0), ("limit", _PAGE)], entity_id=entity_id))

    def _pages(
        self, stream: str, path: str, most_pages: int, entity_id: str | None = None
    ) -> Iterator[Response]:
        first = self.request(stream, path, [("offset", 0), ("limit", _PAGE)], entity_id=entity_id)
        return self.pages(first, _next_page, most_pages)


def judge(request: Request, response: Response) -> Response:
    """``{"errors": [{"key", "code", "message"}]}``; an answer carries ``errors`` too, an empty list."""
    data = json_object(request, response)
    errors: Any = data.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    message, code = first.get("message"), first.get("code")
    if isinstance(code, int) and response.status == 200:
        response = replace(response, status=code)
    if response.status == 429:
        kind: type[FetchError] = RateLimitedError if "request count" in str(message).lower() else QuotaError
        told = response.headers.get("x-ratelimit-reset", "")
        wait = retry_after(told, response.fetched_at)
        # whole seconds are cut off, not rounded
        raise failure(
            kind, request, response, message, wait=wait + 1 if wait is not None and told.isdigit() else wait
        )
    if response.status == 403 and message:
        message = f"{message} (not in the account's plan)"
    return by_status(request, response, message)


def _credentials(settings: SoundChartsSettings, _below: Below) -> Credentials:
    return Key(
        headers=(
            ("x-app-id", settings.need("app_id").get_secret_value()),
            ("x-api-key", settings.need("api_key").get_secret_value()),
        )
    )


# found by the ids others gave, never by words: every call costs
_FIND = Find(
    ways=(
        Way(("isrc",), lambda client, track: client.isrc_request(track.isrc)),
        Way(("entity_id",), lambda client, track: client.platform_request("spotify", track.entity_id)),
    ),
    gives=frozenset(
        {"title", "artist", "isrc", "bpm", "key", "genre", "label", "release_date", "duration_ms", "energy"}
        | {"danceability", "valence", "acousticness", "instrumentalness", "liveness", "speechiness"}
        | {"loudness"}
    ),
    id_field="spotify_id",
)

SOURCE = Source(
    provider="soundcharts",
    version="1",
    client=SoundChartsClient,
    settings=SoundChartsSettings,
    streams=(
        Stream("songs_api", "a song", payloads.Song),
        Stream("artists_api", "an artist", payloads.Artist),
        Stream("playlists_api", "a playlist", payloads.Playlist),
        Stream("song_identifiers_api", "ids elsewhere", payloads.Identifiers),
        Stream("song_ranks_api", "places in charts", payloads.Ranks, STATISTICS_TTL),
        Stream("chart_rankings_api", "a page of a chart", payloads.Ranking),
        Stream("playlist_lists_api", "a page of playlists", payloads.Playlists),
        Stream("artist_songs_api", "a page of an artist's songs", payloads.Songs),
        Stream("song_search_api", "hits of a search for songs", payloads.Songs, SEARCH_TTL),
        Stream("artist_albums_api", "a page of an artist's albums", payloads.Albums),
        Stream("artist_lists_api", "a page of artists", payloads.Artists),
        Stream("artist_search_api", "hits of a search for artists", payloads.Artists, SEARCH_TTL),
        Stream("charts_api", "a page of charts", payloads.Charts),
        Stream("song_audience_api", "a song's audience by day", payloads.Series, STATISTICS_TTL),
        Stream("artist_audience_api", "an artist's audience by day", payloads.Series, STATISTICS_TTL),
        Stream("platforms_api", "services", payloads.Platforms),
        Stream("usage_api", "what is left of the quota", payloads.Usage, 0.0),
    ),
    # the headers say more; what matters is the quota
    limit=RateLimit(requests=10, seconds=1, pause=10),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND),
    url="https://customer.api.soundcharts.com",
    licence="that of the contract",
)
