"""Asking Last.fm."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import (
    CredentialsError,
    FetchError,
    QuotaError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object
from extractors.http.limit import RateLimit
from extractors.http.message import Pairs, Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, Way
from extractors.sources.lastfm import payloads
from extractors.sources.source import SEARCH_TTL, Client, Source, Stream

_PAGE = 200
_ERRORS: dict[int, type[FetchError]] = {
    4: CredentialsError,
    8: UnavailableError,
    9: CredentialsError,
    10: CredentialsError,
    11: UnavailableError,
    13: CredentialsError,
    14: CredentialsError,
    16: UnavailableError,
    26: QuotaError,
    29: RateLimitedError,
}
"""What error codes mean; the rest are refusals."""


class LastfmSettings(ProviderSettings):
    """``CRATELAKE_LASTFM_*``.

    Attributes:
        api_key: key of the registered application.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_LASTFM_", frozen=True)

    api_key: SecretStr | None = None


class LastfmClient(Client):
    """Requests to the API: one address, the method is a parameter."""

    def track(self, artist: str, title: str) -> Response:
        """What is known of a track; spelling is corrected."""
        return self.ask(self.track_request(artist, title))

    def track_request(self, artist: str, title: str) -> Request:
        """For what is known of a track."""
        given: dict[str, str | int] = {"artist": artist, "track": title, "autocorrect": 1}
        return self._request("track_info_api", "track.getInfo", given)

    def track_tags(self, artist: str, title: str) -> Response:
        """Tags of a track, with weights 0 to 100."""
        return self._method("track_tags_api", "track.getTopTags", artist=artist, track=title, autocorrect=1)

    def similar_tracks(self, artist: str, title: str) -> Response:
        """Tracks that are heard by the same people."""
        return self._method(
            "similar_tracks_api", "track.getSimilar", artist=artist, track=title, autocorrect=1
        )

    def artist(self, artist: str) -> Response:
        """What is known of an artist."""
        return self._method("artist_info_api", "artist.getInfo", artist=artist, autocorrect=1)

    def artist_tags(self, artist: str) -> Response:
        """Tags of an artist."""
        return self._method("artist_tags_api", "artist.getTopTags", artist=artist, autocorrect=1)

    def similar_artists(self, artist: str) -> Response:
        """Artists that are heard by the same people."""
        return self._method("similar_artists_api", "artist.getSimilar", artist=artist, autocorrect=1)

    def artist_top_tracks(self, artist: str, most_pages: int = 1) -> Iterator[Response]:
        """The most heard tracks of an artist."""
        return self._pages("top_tracks_api", "artist.getTopTracks", "toptracks", most_pages, artist=artist)

    def album(self, artist: str, album: str) -> Response:
        """What is known of an album."""
        return self._method("album_info_api", "album.getInfo", artist=artist, album=album, autocorrect=1)

    def tag(self, tag: str) -> Response:
        """What a tag means, and how often it was given."""
        return self._method("tag_info_api", "tag.getInfo", tag=tag)

    def correction(self, artist: str, title: str) -> Response:
        """The spelling that most people use."""
        return self._method("corrections_api", "track.getCorrection", artist=artist, track=title)

    def search_artists(self, artist: str) -> Response:
        """Artists by words."""
        return self._method("artist_search_api", "artist.search", artist=artist)

    def search_tracks(self, artist: str, title: str) -> Response:
        """Tracks by words."""
        return self._method("search_api", "track.search", artist=artist, track=title)

    def tag_tracks(self, tag: str, most_pages: int = 1) -> Iterator[Response]:
        """The most heard tracks of a tag."""
        return self._pages("tag_tracks_api", "tag.getTopTracks", "tracks", most_pages, tag=tag)

    def chart_tracks(self, most_pages: int = 1) -> Iterator[Response]:
        """The most heard tracks."""
        return self._pages("chart_tracks_api", "chart.getTopTracks", "tracks", most_pages)

    def recent_tracks(
        self, user: str, *, since: int | None = None, until: int | None = None, most_pages: int = 50
    ) -> Iterator[Response]:
        """A user's listens, newest first.

        Args:
            user: name.
            since: seconds since 1970; no older ones.
            until: seconds since 1970; no newer ones.
            most_pages: pages of 200.
        """
        return self._pages(
            "recent_tracks_api", "user.getRecentTracks", "recenttracks", most_pages, user=user, extended=1,
            **({} if since is None else {"from": since}), **({} if until is None else {"to": until}),
        )  # fmt: skip

    def user_top_tracks(self, user: str, period: str = "overall", most_pages: int = 5) -> Iterator[Response]:
        """What a user heard most: of `period` 7day, 1month, 3month, 6month, 12month or overall."""
        return self._pages(
            "top_tracks_api", "user.getTopTracks", "toptracks", most_pages, user=user, period=period
        )

    def _request(self, stream: str, method: str, given: dict[str, str | int]) -> Request:
        params = sorted(given.items())
        first = self.request(stream, "", [("method", method), *params, ("format", "json")], key="x")
        key = self.request(stream, method, params).key
        return replace(first, key=key)

    def _method(self, stream: str, method: str, **given: str | int) -> Response:
        return self.ask(self._request(stream, method, given))

    def _pages(
        self, stream: str, method: str, root: str, most_pages: int, **given: str | int
    ) -> Iterator[Response]:
        def following(request: Request, data: Any) -> Pairs | None:
            told = data.get(root, {}).get("@attr", {})
            page = int(dict(request.params).get("page", "1"))
            return (("page", str(page + 1)),) if page < int(told.get("totalPages") or 0) else None

        return self.pages(self._request(stream, method, {**given, "limit": _PAGE}), following, most_pages)


def judge(request: Request, response: Response) -> Response:
    """``{"error": code, "message": "..."}`` with any status."""
    data = json_object(request, response)
    code, message = data.get("error"), str(data.get("message") or "")
    if not isinstance(code, int):
        return by_status(request, response, message)
    if code in {6, 7} and ("not found" in message.lower() or "could not be found" in message.lower()):
        return replace(response, found=False)
    raise failure(_ERRORS.get(code, RefusedError), request, response, f"{message} (error {code})")


def _credentials(settings: LastfmSettings, _below: Below) -> Credentials:
    return Key(params=(("api_key", settings.need("api_key").get_secret_value()),))


_FIND = Find(
    ways=(Way(("artist", "title"), lambda client, track: client.track_request(track.artist, track.title)),),
    gives=frozenset({"title", "artist", "genre", "duration_ms"}),
)

SOURCE = Source(
    provider="lastfm",
    version="1",
    client=LastfmClient,
    settings=LastfmSettings,
    streams=(
        Stream("track_info_api", "a track", payloads.TrackInfo),
        Stream("artist_info_api", "an artist", payloads.ArtistInfo),
        Stream("album_info_api", "an album", payloads.AlbumInfo),
        Stream("tag_info_api", "a tag", payloads.TagInfo),
        Stream("track_tags_api", "tags of a track", payloads.TopTags),
        Stream("artist_tags_api", "tags of an artist", payloads.TopTags),
        Stream("user_tags_api", "tags that a user gave", payloads.Tags),
        Stream("similar_tracks_api", "similar tracks", payloads.SimilarTracks),
        Stream("similar_artists_api", "similar artists", payloads.SimilarArtists),
        Stream("similar_tags_api", "similar tags", payloads.SimilarTags),
        Stream("search_api", "hits of a search for tracks", payloads.TrackSearch, SEARCH_TTL),
        Stream("artist_search_api", "hits of a search for artists", payloads.ArtistSearch, SEARCH_TTL),
        Stream("album_search_api", "hits of a search for albums", payloads.AlbumSearch, SEARCH_TTL),
        Stream("recent_tracks_api", "a page of a user's listens", payloads.RecentTracks, SEARCH_TTL),
        Stream("tag_tracks_api", "a page of a tag's tracks", payloads.Tracks),
        Stream("chart_tracks_api", "a page of the chart", payloads.Tracks),
        Stream("chart_artists_api", "a page of the artists' chart", payloads.Artists),
        Stream("tag_albums_api", "a page of a tag's albums", payloads.Albums),
        Stream("top_tracks_api", "most heard tracks", payloads.TopTracks),
        Stream("top_artists_api", "most heard artists", payloads.TopArtists),
        Stream("top_albums_api", "most heard albums", payloads.TopAlbums),
        Stream("weekly_tracks_api", "a user's week in tracks", payloads.WeeklyTracks),
        Stream("weekly_albums_api", "a user's week in albums", payloads.WeeklyAlbums),
        Stream("corrections_api", "a corrected spelling", payloads.Corrections),
        Stream("personal_tags_api", "what a user gave a tag to", payloads.PersonalTags),
    ),
    limit=RateLimit(requests=4, seconds=1, pause=30),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND),
    url="https://ws.audioscrobbler.com/2.0",
    licence="API terms: non-commercial, at most 100 MB stored, link back",
)
