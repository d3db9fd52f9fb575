"""Asking Discogs."""

from collections.abc import Iterator

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import CredentialsError, RateLimitedError, RefusedError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, LookUp, Way
from extractors.sources.discogs import payloads
from extractors.sources.source import SEARCH_TTL, STATISTICS_TTL, Client, Query, Source, Stream, next_link

_PAGE = 100
_HITS = 25
"""Hits of a search for a track: of editions beyond them there is nothing new to learn."""
_next_page = next_link("pagination", "urls", "next")


class DiscogsSettings(ProviderSettings):
    """``CRATELAKE_DISCOGS_*``.

    Attributes:
        token: personal access token.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_DISCOGS_", frozen=True)

    token: SecretStr | None = None


class DiscogsClient(Client):
    """Requests to the API."""

    def release(self, number: int) -> Response:
        """One release with its track list."""
        return self.ask(self.release_request(number))

    def release_request(self, number: int | str) -> Request:
        """Asks for one release with its track list."""
        return self.request("releases_api", f"releases/{number}", entity_id=number)

    def master(self, number: int) -> Response:
        """One master."""
        return self.ask(self.request("masters_api", f"masters/{number}", entity_id=number))

    def artist(self, number: int) -> Response:
        """One artist."""
        return self.ask(self.request("artists_api", f"artists/{number}", entity_id=number))

    def label(self, number: int) -> Response:
        """One label."""
        return self.ask(self.request("labels_api", f"labels/{number}", entity_id=number))

    def marketplace_stats(self, number: int, currency: str = "EUR") -> Response:
        """How many copies of a release are for sale, and from what price."""
        params = [("curr_abbr", currency)]
        return self.ask(
            self.request("marketplace_stats_api", f"marketplace/stats/{number}", params, entity_id=number)
        )

    def price_suggestions(self, number: int) -> Response:
        """What a release may be worth, by condition; for accounts with seller settings."""
        request = self.request(
            "price_suggestions_api", f"marketplace/price_suggestions/{number}", entity_id=number
        )
        return self.ask(request)

    def search_releases(
        self,
        *,
        artist: str | None = None,
        title: str | None = None,
        track: str | None = None,
        catno: str | None = None,
        barcode: str | None = None,
        most_pages: int = 1,
    ) -> Iterator[Response]:
        """Releases by what is known of them."""
        params = [
            ("artist", artist),
            ("release_title", title),
            ("track", track),
            ("catno", catno),
            ("barcode", barcode),
            ("type", "release"),
            ("per_page", _PAGE),
        ]
        return self.pages(self.request("search_api", "database/search", params), _next_page, most_pages)

    def track_request(self, artist: str, title: str) -> Request:
        """Asks for releases that have a track, by words."""
        params: Query = [("artist", artist), ("track", title), ("type", "release"), ("per_page", _HITS)]
        return self.request("search_api", "database/search", params)

    def label_releases(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """All releases of a label."""
        params = [("per_page", _PAGE)]
        first = self.request("release_lists_api", f"labels/{number}/releases", params, entity_id=number)
        return self.pages(first, _next_page, most_pages)

    def artist_releases(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """All releases of an artist."""
        params = [("per_page", _PAGE)]
        first = self.request("release_lists_api", f"artists/{number}/releases", params, entity_id=number)
        return self.pages(first, _next_page, most_pages)

    def master_versions(self, number: int, most_pages: int = 20) -> Iterator[Response]:
        """All versions of a master."""
        params = [("per_page", _PAGE)]
        first = self.request("version_lists_api", f"masters/{number}/versions", params, entity_id=number)
        return self.pages(first, _next_page, most_pages)


def judge(request: Request, response: Response) -> Response:
    """``{"message": "..."}`` and nothing else is an error, whatever the status."""
    data = json_object(request, response)
    message = data.get("message") if set(data) <= {"message", "detail"} else None
    if message and response.status == 200:
        words = str(message).lower()
        if "too quickly" in words:
            raise failure(RateLimitedError, request, response, message)
        if "authenticate" in words or "token" in words:
            raise failure(CredentialsError, request, response, message)
        raise failure(RefusedError, request, response, message)
    return by_status(request, response, message)


def _credentials(settings: DiscogsSettings, _below: Below) -> Credentials:
    token = settings.need("token").get_secret_value()
    return Key(headers=(("authorization", f"Discogs token={token}"),))


_GIVES = frozenset(
    {"title", "artist", "remixer", "discogs_release_id", "genre", "subgenre", "label", "catalog_number"}
    | {"release_date", "duration_ms"}
)
_RELEASES = LookUp(
    name="release",
    stream="releases_api",
    key="releases/{}",
    ids={"search_api": "$.results[*].id"},
    request=DiscogsClient.release_request,
    gives=_GIVES,
    most=3,
)
_FIND = Find(
    ways=(
        Way(("entity_id",), lambda client, track: client.release_request(track.entity_id)),
        Way(("artist", "title"), lambda client, track: client.track_request(track.artist, track.title)),
    ),
    gives=_GIVES,
    id_field="discogs_release_id",
)

SOURCE = Source(
    provider="discogs",
    version="1",
    client=DiscogsClient,
    settings=DiscogsSettings,
    streams=(
        Stream("releases_api", "a release", payloads.Release),
        Stream("masters_api", "a master", payloads.Master),
        Stream("labels_api", "a label", payloads.Label),
        Stream("artists_api", "an artist", payloads.Artist),
        Stream("search_api", "a page of hits", payloads.Search, SEARCH_TTL),
        Stream("release_lists_api", "a page of an artist's or label's releases", payloads.ReleaseList),
        Stream("version_lists_api", "a page of a master's versions", payloads.VersionList),
        Stream("marketplace_stats_api", "a release's offers", payloads.MarketplaceStats, STATISTICS_TTL),
        Stream("price_suggestions_api", "prices by condition", payloads.PriceSuggestions, STATISTICS_TTL),
    ),
    # 60 a minute, shared with whoever has the same address
    limit=RateLimit(requests=50, seconds=60, interval=0.2, pause=60),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND, (_RELEASES,)),
    url="https://api.discogs.com",
    licence="API terms: restricted data not beyond six hours; the monthly dumps are CC0",
)
