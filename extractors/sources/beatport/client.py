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
from extractors.sources.asks import Asks, Find, Way
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
        return self.ask(self.track_request(number))

    def track_request(self, number: int | str) -> Request:
        """Asks for one track."""
        return self._one("tracks_api", "tracks", number)

    def release(self, number: int) -> Response:
        """One release."""
        return self.ask(self._one("releases_api", "releases", number))

    def chart(self, number: int) -> Response:
        """Head of one chart."""
        return self.ask(self._one("charts_api", "charts", number))

    def tracks_by_isrc(self, isrc: str, most_pages: int = 1) -> Iterator[Response]:
        """The tracks of an ISRC."""
        return self._pages(self.isrc_request(isrc), most_pages)

    def isrc_request(self, isrc: str) -> Request:
        """Asks for the tracks of an ISRC."""
        return self._list("tracks_list_api", "tracks", [("isrc", isrc)])

    def find_tracks(
        self, artist: str, name: str, mix_name: str | None = None, most_pages: int = 1
    ) -> Iterator[Response]:
        """Tracks whose artist and name are exactly these."""
        return self._pages(self.words_request(artist, name, mix_name), most_pages)

    def words_request(self, artist: str, name: str, mix_name: str | None = None) -> Request:
        """Asks for tracks by artist and name."""
        params = [("artist_name", artist), ("name", name), ("mix_name", mix_name)]
        return self._list("tracks_list_api", "tracks", params)

    def search_tracks(self, words: str) -> Response:
        """Tracks by words."""
        params: Query = [("q", words), ("type", "tracks"), ("per_page", _PAGE)]
        return self.ask(self.request("search_api", "catalog/search/", params))

    def chart_tracks(self, number: int, most_pages: int = 5) -> Iterator[Response]:
        """The tracks of a chart, in order."""
        return self._pages(
            self._list("chart_tracks_api", f"charts/{number}/tracks", [], entity_id=number), most_pages
        )

    def release_tracks(self, number: int, most_pages: int = 5) -> Iterator[Response]:
        """The tracks of a release."""
        first = self._list("tracks_list_api", f"releases/{number}/tracks", [], entity_id=number)
        return self._pages(first, most_pages)

    def charts(
        self, genre: int | None = None, dj: int | None = None, most_pages: int = 1
    ) -> Iterator[Response]:
        """The newest charts, which DJs put together: all, those of a genre, or those of one DJ."""
        params: Query = [("genre_id", genre), ("dj_id", dj), ("order_by", "-publish_date")]
        return self._pages(self._list("charts_list_api", "charts", params), most_pages)

    def top_tracks(self, genre: int, number: int = 100) -> Iterator[Response]:
        """The best selling tracks of a genre."""
        return self._pages(
            self._list("chart_tracks_api", f"genres/{genre}/top/{number}", [], entity_id=genre), 1
        )

    def best_sellers(self, number: int = 100) -> Iterator[Response]:
        """The best selling tracks of all."""
        return self._pages(self._list("chart_tracks_api", f"tracks/top/{number}", []), 1)

    def label(self, number: int) -> Response:
        """One label."""
        return self.ask(self._one("labels_api", "labels", number))

    def label_releases(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """All releases of a label."""
        return self._pages(
            self._list("releases_list_api", f"labels/{number}/releases", [], entity_id=number), most_pages
        )

    def genres(self) -> Iterator[Response]:
        """All genres."""
        return self._pages(self._list("genres_api", "genres", []), 5)

    def sub_genres(self, genre: int) -> Iterator[Response]:
        """All sub-genres of a genre."""
        return self._pages(self._list("genres_api", f"genres/{genre}/sub-genres", [], entity_id=genre), 5)

    def _one(self, stream: str, entity: str, number: int | str) -> Request:
        path = f"catalog/{entity}/{number}/"
        return self.request(stream, path, key=f"{entity}/{number}", entity_id=number)

    def _list(self, stream: str, path: str, params: Query, entity_id: int | None = None) -> Request:
        query = [*params, ("per_page", _PAGE)]
        return self.request(stream, f"catalog/{path}/", query, entity_id=entity_id)

    def _pages(self, first: Request, most_pages: int) -> Iterator[Response]:
        return self.pages(first, _next_page, most_pages)


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


_FIND = Find(
    ways=(
        Way(("entity_id",), lambda client, track: client.track_request(track.entity_id)),
        Way(("isrc",), lambda client, track: client.isrc_request(track.isrc)),
        Way(("artist", "title"), lambda client, track: client.words_request(track.artist, track.title)),
    ),
    gives=frozenset(
        {"title", "artist", "remixer", "beatport_id", "isrc", "bpm", "key", "genre", "subgenre", "label"}
        | {"catalog_number", "release_date", "duration_ms"}
    ),
    id_field="beatport_id",
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
    asks=lambda _: Asks(_FIND),
    chart=lambda client, number: (client.chart(number), *client.chart_tracks(number)),
    url="https://api.beatport.com/v4",
    licence="Beatport's terms, API section (partners)",
)
