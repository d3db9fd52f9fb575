"""Asking Beatport."""

from collections.abc import Iterator

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import CredentialsError, RefusedError
from extractors.http.credentials import BearerToken, Credentials
from extractors.http.judge import by_status, failure, json_object
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.beatport import payloads
from extractors.sources.source import SEARCH_TTL, Client, Query, Source, Stream, next_link

_PAGE = 100
_next_page = next_link("next")


class BeatportSettings(ProviderSettings):
    """``CRATELAKE_BEATPORT_*``.

    Attributes:
        client_id: of the partner.
        client_secret: its secret.
        refresh_token: what tokens are fetched with.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_BEATPORT_", frozen=True)

    client_id: SecretStr | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None


class BeatportClient(Client):
    """Requests to the catalogue."""

    def track(self, number: int) -> Response:
        """One track."""
        return self._one("tracks_api", "tracks", number)

    def release(self, number: int) -> Response:
        """One release."""
        return self._one("releases_api", "releases", number)

    def chart(self, number: int) -> Response:
        """Head of one chart."""
        return self._one("charts_api", "charts", number)

    def tracks_by_isrc(self, isrc: str, most_pages: int = 1) -> Iterator[Response]:
        """The tracks of an ISRC."""
        return self._list("tracks_list_api", "tracks", [("isrc", isrc)], most_pages)

    def find_tracks(
        self, artist: str, name: str, mix_name: str | None = None, most_pages: int = 1
    ) -> Iterator[Response]:
        """Tracks whose artist and name are exactly these."""
        params = [("artist_name", artist), ("name", name), ("mix_name", mix_name)]
        return self._list("tracks_list_api", "tracks", params, most_pages)

    def search_tracks(self, words: str) -> Response:
        """Tracks by words."""
        params: Query = [("q", words), ("type", "tracks"), ("per_page", _PAGE)]
        return self.ask(self.request("search_api", "catalog/search/", params))

    def chart_tracks(self, number: int, most_pages: int = 5) -> Iterator[Response]:
        """The tracks of a chart, in order."""
        return self._list("chart_tracks_api", f"charts/{number}/tracks", [], most_pages, entity_id=number)

    def release_tracks(self, number: int, most_pages: int = 5) -> Iterator[Response]:
        """The tracks of a release."""
        return self._list("tracks_list_api", f"releases/{number}/tracks", [], most_pages, entity_id=number)

    def charts(
        self, genre: int | None = None, dj: int | None = None, most_pages: int = 1
    ) -> Iterator[Response]:
        """The newest charts, which DJs put together: all, those of a genre, or those of one DJ."""
        params: Query = [("genre_id", genre), ("dj_id", dj), ("order_by", "-publish_date")]
        return self._list("charts_list_api", "charts", params, most_pages)

    def top_tracks(self, genre: int, number: int = 100) -> Iterator[Response]:
        """The best selling tracks of a genre."""
        return self._list("chart_tracks_api", f"genres/{genre}/top/{number}", [], 1, entity_id=genre)

    def best_sellers(self, number: int = 100) -> Iterator[Response]:
        """The best selling tracks of all."""
        return self._list("chart_tracks_api", f"tracks/top/{number}", [], 1)

    def label(self, number: int) -> Response:
        """One label."""
        return self._one("labels_api", "labels", number)

    def label_releases(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """All releases of a label."""
        return self._list("releases_list_api", f"labels/{number}/releases", [], most_pages, entity_id=number)

    def genres(self) -> Iterator[Response]:
        """All genres."""
        return self._list("genres_api", "genres", [], 5)

    def sub_genres(self, genre: int) -> Iterator[Response]:
        """All sub-genres of a genre."""
        return self._list("genres_api", f"genres/{genre}/sub-genres", [], 5, entity_id=genre)

    def _one(self, stream: str, entity: str, number: int) -> Response:
        path = f"catalog/{entity}/{number}/"
        return self.ask(self.request(stream, path, key=f"{entity}/{number}", entity_id=number))

    def _list(
        self,
        stream: str,
        path: str,
        params: Query,
        most_pages: int,
        entity_id: int | None = None,
    ) -> Iterator[Response]:
        query = [*params, ("per_page", _PAGE)]
        return self.pages(
            self.request(stream, f"catalog/{path}/", query, entity_id=entity_id), _next_page, most_pages
        )


def judge(request: Request, response: Response) -> Response:
    """``{"detail": "..."}``; the token endpoint says ``{"error": "..."}``."""
    data = json_object(request, response)
    message = next((data[name] for name in ("detail", "error") if set(data) == {name}), None)
    if message and response.status == 200:
        words = str(message).lower()
        kind = CredentialsError if "credentials" in words or "client" in words else RefusedError
        raise failure(kind, request, response, message)
    return by_status(request, response, message)


def _credentials(settings: BeatportSettings, below: Below) -> Credentials:
    return BearerToken(
        below.send,
        provider="beatport",
        url=below.address("https://api.beatport.com/v4/auth/o/token/"),
        client_id=settings.need("client_id"),
        client_secret=settings.need("client_secret"),
        refresh_token=settings.need("refresh_token"),
        clock=below.clock,
        redactor=below.redactor,
    )


SOURCE = Source(
    provider="beatport",
    version="1",
    client=BeatportClient,
    settings=BeatportSettings,
    streams=(
        Stream("tracks_api", "a track", payloads.Track),
        Stream("charts_api", "head of a chart", payloads.Chart),
        Stream("releases_api", "a release", payloads.Release),
        Stream("labels_api", "a label", payloads.Label),
        Stream("tracks_list_api", "a page of tracks", payloads.TrackPage, SEARCH_TTL),
        Stream("chart_tracks_api", "a page of a chart's tracks", payloads.TrackPage),
        Stream("releases_list_api", "a page of releases", payloads.ReleasePage),
        Stream("charts_list_api", "a page of charts", payloads.ChartPage, SEARCH_TTL),
        Stream("genres_api", "a page of genres or sub-genres", payloads.GenrePage),
        Stream("search_api", "hits of a search for tracks", payloads.TrackSearch, SEARCH_TTL),
    ),
    limit=RateLimit(requests=1, seconds=1, concurrent=1, pause=60),
    judge=judge,
    credentials=_credentials,
    url="https://api.beatport.com/v4",
    licence="Beatport's terms, API section (partners)",
)
