"""Asking Spotify."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import QuotaError, RefusedError
from extractors.http.credentials import BearerToken, Credentials
from extractors.http.judge import by_status, failure, json_object
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import Mode, ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, LookUp, Way
from extractors.sources.source import (
    METADATA_TTL,
    SEARCH_TTL,
    Client,
    Closure,
    Query,
    Source,
    Stream,
    next_link,
)
from extractors.sources.spotify import payloads

_HITS = 10
"""Search hits per page: what apps in development mode are allowed since 2026."""


_SEVERAL = Closure("several ids in one request were taken away in February 2026; recordings are read")


class SpotifySettings(ProviderSettings):
    """``CRATELAKE_SPOTIFY_*``.

    Attributes:
        client_id: of the registered app.
        client_secret: its secret.
        audio_features: whether the account may ask for audio features (extended quota only).
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_SPOTIFY_", frozen=True)

    client_id: SecretStr | None = None
    client_secret: SecretStr | None = None
    audio_features: bool = False


class SpotifyClient(Client):
    """Requests to the Web API."""

    def track(self, spotify_id: str) -> Response:
        """One track."""
        return self.ask(self.track_request(spotify_id))

    def track_request(self, spotify_id: str) -> Request:
        """Asks for one track."""
        return self.request("tracks_api", f"tracks/{spotify_id}", entity_id=spotify_id)

    def audio_features(self, spotify_id: str) -> Response:
        """Audio features of a track.

        Raises:
            ClosedError: the settings do not say that the account has them.
            RefusedError: it has none (403).
        """
        return self.ask(self.features_request(spotify_id))

    def features_request(self, spotify_id: str) -> Request:
        """Asks for the audio features of a track."""
        return self.request("audio_features_api", f"audio-features/{spotify_id}", entity_id=spotify_id)

    def artist(self, spotify_id: str) -> Response:
        """One artist."""
        return self.ask(self.request("artists_api", f"artists/{spotify_id}", entity_id=spotify_id))

    def album(self, spotify_id: str) -> Response:
        """One album with the first 50 of its tracks."""
        return self.ask(self.request("albums_api", f"albums/{spotify_id}", entity_id=spotify_id))

    def album_tracks(self, spotify_id: str, most_pages: int = 10) -> Iterator[Response]:
        """All tracks of an album, 50 a page."""
        first = self.request(
            "album_tracks_api", f"albums/{spotify_id}/tracks", [("limit", 50)], entity_id=spotify_id
        )
        return self.pages(first, next_link("next"), most_pages)

    def artist_albums(self, spotify_id: str, most_pages: int = 20) -> Iterator[Response]:
        """All albums of an artist, 10 a page."""
        params: Query = [("limit", _HITS)]
        first = self.request(
            "artist_albums_api", f"artists/{spotify_id}/albums", params, entity_id=spotify_id
        )
        return self.pages(first, next_link("next"), most_pages)

    def tracks_by_isrc(self, isrc: str) -> Response:
        """The releases of one recording."""
        return self.ask(self.isrc_request(isrc))

    def isrc_request(self, isrc: str) -> Request:
        """Asks for the releases of one recording."""
        return self._search(f"isrc:{isrc}")

    def search_albums(self, artist: str, title: str, most_pages: int = 1) -> Iterator[Response]:
        """Albums by words."""
        first = self._search(f'album:"{_plain(title)}" artist:"{_plain(artist)}"', "album")
        return self.pages(first, next_link("albums", "next"), most_pages)

    def search_artists(self, name: str, most_pages: int = 1) -> Iterator[Response]:
        """Artists by words."""
        first = self._search(f'artist:"{_plain(name)}"', "artist")
        return self.pages(first, next_link("artists", "next"), most_pages)

    def search_tracks(self, artist: str, title: str, most_pages: int = 1) -> Iterator[Response]:
        """Tracks by words."""
        return self.pages(self.words_request(artist, title), next_link("tracks", "next"), most_pages)

    def words_request(self, artist: str, title: str) -> Request:
        """Asks for tracks by words."""
        return self._search(f'track:"{_plain(title)}" artist:"{_plain(artist)}"')

    def _search(self, query: str, kind: str = "track") -> Request:
        stream = "search_api" if kind == "track" else f"{kind}_search_api"
        return self.request(stream, "search", [("q", query), ("type", kind), ("limit", _HITS)])


def _plain(words: str) -> str:
    """Words that cannot end the quotation they stand in."""
    return words.replace('"', " ").strip()


def judge(request: Request, response: Response) -> Response:
    """``{"error": {"status", "message", "reason"}}``; only the reason tells a spent quota from haste."""
    data = json_object(request, response)
    error: Any = data.get("error")
    if isinstance(error, dict):
        message = error.get("message")
        if error.get("reason") == "QUOTA_EXCEEDED":
            raise failure(QuotaError, request, response, error["reason"])
        if response.status == 403 and "/audio-features" in request.url:
            message = f"{message or 'Forbidden'} (apps made since November 2024 get no audio features)"
        status = error.get("status")
        return by_status(
            request, replace(response, status=status if isinstance(status, int) else 400), message
        )
    if isinstance(error, str):  # of the accounts service, or of a gateway
        if response.status == 200:
            raise failure(RefusedError, request, response, data.get("error_description") or error)
        return by_status(request, response, data.get("error_description") or error)
    return by_status(request, response)


def _credentials(settings: SpotifySettings, below: Below) -> Credentials:
    return BearerToken(
        below.send,
        provider="spotify",
        url=below.address("https://accounts.spotify.com/api/token"),
        client_id=settings.need("client_id"),
        client_secret=settings.need("client_secret"),
        clock=below.clock,
        redactor=below.redactor,
    )


_FEATURES = LookUp(
    name="audio_features",
    stream="audio_features_api",
    key="audio-features/{}",
    ids={"search_api": "$.tracks.items[*].id", "tracks_api": "$.id"},
    request=SpotifyClient.features_request,
    gives=frozenset(
        {"bpm", "key", "energy", "danceability", "valence", "acousticness", "instrumentalness", "liveness"}
        | {"speechiness", "loudness"}
    ),
    most=_HITS,
)
_FIND = Find(
    ways=(
        Way(("entity_id",), lambda client, track: client.track_request(track.entity_id)),
        Way(("isrc",), lambda client, track: client.isrc_request(track.isrc)),
        Way(("artist", "title"), lambda client, track: client.words_request(track.artist, track.title)),
    ),
    gives=frozenset(
        {"title", "artist", "remixer", "spotify_id", "isrc", "release_date", "duration_ms", "popularity"}
    ),
    id_field="spotify_id",
)


def _asks(settings: SpotifySettings) -> Asks:
    """Audio features only where the account has them; the sandbox gives them to everybody."""
    granted = settings.audio_features or settings.mode is Mode.SANDBOX
    return Asks(_FIND, (_FEATURES,) if granted else ())


SOURCE = Source(
    provider="spotify",
    version="1",
    client=SpotifyClient,
    settings=SpotifySettings,
    streams=(
        Stream("tracks_api", "a track", payloads.Track),
        Stream(
            "audio_features_api",
            "audio features of a track",
            payloads.AudioFeatures,
            closed=Closure("apps made since November 2024 get no audio features", "audio_features"),
        ),
        Stream("albums_api", "an album", payloads.Album),
        Stream("artists_api", "an artist", payloads.Artist),
        Stream("search_api", "hits of a search for tracks", payloads.TrackSearch, SEARCH_TTL),
        Stream("album_search_api", "hits of a search for albums", payloads.AlbumSearch, SEARCH_TTL),
        Stream("artist_search_api", "hits of a search for artists", payloads.ArtistSearch, SEARCH_TTL),
        Stream("album_tracks_api", "a page of an album's tracks", payloads.TrackPage),
        Stream("artist_albums_api", "a page of an artist's albums", payloads.AlbumPage),
        Stream("several_tracks_api", "several tracks", payloads.SeveralTracks, METADATA_TTL, _SEVERAL),
        Stream(
            "several_features_api", "several audio features", payloads.SeveralFeatures, METADATA_TTL, _SEVERAL
        ),
    ),
    # the number is not published; clients report trouble from about 180 a minute on
    limit=RateLimit(requests=45, seconds=30, interval=0.1),
    judge=judge,
    credentials=_credentials,
    asks=_asks,
    url="https://api.spotify.com/v1",
    licence="Spotify Developer Terms: attribution and link back, no training of models",
)
