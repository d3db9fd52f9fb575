"""Asking ListenBrainz."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from extractors.errors import CredentialsError, RateLimitedError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_document, retry_after, whole_number
from extractors.http.limit import RateLimit
from extractors.http.message import Pairs, Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, LookUp, Way
from extractors.sources.listenbrainz import payloads
from extractors.sources.source import (
    METADATA_TTL,
    SEARCH_TTL,
    STATISTICS_TTL,
    Client,
    Closure,
    Query,
    Source,
    Stream,
)

_PAGE = 1000
MOST_IN_BULK = 25
_ELSEWHERE = Closure("only recordings and exports of it are read")


class ListenBrainzSettings(ProviderSettings):
    """``CRATELAKE_LISTENBRAINZ_*``.

    Attributes:
        token: user token; reading works without.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_LISTENBRAINZ_", frozen=True)
    OPTIONAL: ClassVar[frozenset[str]] = frozenset({"token"})

    token: SecretStr | None = None


class ListenBrainzClient(Client):
    """Requests to the API."""

    def listens(
        self, user: str, *, since: int | None = None, until: int | None = None, most_pages: int = 50
    ) -> Iterator[Response]:
        """A user's listens, newest first.

        Args:
            user: name.
            since: seconds since 1970; no page is asked for whose listens are all older.
            until: seconds since 1970; no newer ones.
            most_pages: pages of 1,000.
        """

        def following(request: Request, data: Any) -> Pairs | None:
            times = [listen["listened_at"] for listen in data["payload"]["listens"]]
            if not times or min(times) <= (since or 0):
                return None
            # `max_ts` excludes its second, of which more listens may follow: begin with that second again,
            # unless the whole page was of it
            before, oldest = dict(request.params).get("max_ts"), min(times)
            return (("max_ts", str(oldest if before == str(oldest + 1) else oldest + 1)),)

        params: Query = [("count", _PAGE), ("max_ts", None if until is None else until + 1)]
        first = self.request("listens_api", f"user/{quote(user, safe='')}/listens", params, entity_id=user)
        return self.pages(first, following, most_pages)

    def playing_now(self, user: str) -> Response:
        """What a user is listening to."""
        return self.ask(self.request("playing_now_api", f"user/{quote(user, safe='')}/playing-now"))

    def lookup(self, artist: str, title: str) -> Response:
        """The recording that artist and title most probably mean."""
        return self.ask(self.lookup_request(artist, title))

    def lookup_request(self, artist: str, title: str) -> Request:
        """For the recording that artist and title most probably mean."""
        params = [("artist_name", artist), ("recording_name", title)]
        return self.request("lookup_api", "metadata/lookup/", params)

    def recordings(self, mbids: Sequence[str]) -> Response:
        """Recordings with artists, tags and release, by id; unknown ones are left out.

        Raises:
            ValueError: more than 25.
        """
        if len(mbids) > MOST_IN_BULK:
            raise ValueError(f"{len(mbids)} recordings in one request, ask for at most {MOST_IN_BULK}")
        return self.ask(self.recordings_request(",".join(sorted(mbids))))

    def recordings_request(self, mbids: str) -> Request:
        """For recordings by id, several divided by commas."""
        params = [("recording_mbids", mbids), ("inc", "artist tag release")]
        return self.request("recordings_api", "metadata/recording/", params)

    def top_recordings(self, artist_mbid: str) -> Response:
        """What is listened to most of an artist."""
        path = f"popularity/top-recordings-for-artist/{artist_mbid}"
        return self.ask(self.request("top_recordings_api", path, entity_id=artist_mbid))

    def user_recordings(
        self, user: str, period: str = "all_time", most_pages: int = 10
    ) -> Iterator[Response]:
        """What a user listened to most, in a `period` (``week``, ``month``, ``year``, ``all_time``)."""

        def following(request: Request, data: Any) -> Pairs | None:
            told = data["payload"]
            reached = int(dict(request.params).get("offset", "0")) + int(told["count"])
            return (("offset", str(reached)),) if 0 < reached < told["total_recording_count"] else None

        params: Query = [("range", period), ("count", 100), ("offset", 0)]
        first = self.request(
            "user_recordings_api", f"stats/user/{quote(user, safe='')}/recordings", params, entity_id=user
        )
        return self.pages(first, following, most_pages)


def judge(request: Request, response: Response) -> Response:
    """``{"code": n, "error": "..."}``; 204 and ``{}`` say that there is nothing."""
    if response.status == 204:
        return replace(response, found=False)
    data = json_document(request, response)
    if data == {} and response.status == 200:
        return replace(response, found=False)
    told = data if isinstance(data, dict) else {}
    if told.get("valid") is False:
        raise failure(CredentialsError, request, response, told.get("message"))
    error, code = told.get("error"), whole_number(told.get("code"))
    if error and code is not None:
        response = replace(response, status=code)
    if response.status == 429:
        wait = retry_after(response.headers.get("x-ratelimit-reset-in"), response.fetched_at)
        raise failure(RateLimitedError, request, response, error, wait=wait)
    return by_status(request, response, error)


def _credentials(settings: ListenBrainzSettings, _below: Below) -> Credentials:
    token = settings.token.get_secret_value() if settings.token else None
    return Key(headers=(("authorization", f"Token {token}"),) if token else ())


_GIVES = frozenset({"title", "artist", "musicbrainz_id", "genre", "duration_ms"})
_RECORDINGS = LookUp(
    name="recording",
    stream="recordings_api",
    key="metadata/recording?inc=artist+tag+release&recording_mbids={}",
    ids={"lookup_api": "$.recording_mbid"},
    request=ListenBrainzClient.recordings_request,
    gives=_GIVES,
)
_FIND = Find(
    ways=(
        Way(("entity_id",), lambda client, track: client.recordings_request(track.entity_id)),
        Way(("artist", "title"), lambda client, track: client.lookup_request(track.artist, track.title)),
    ),
    gives=_GIVES,
    id_field="musicbrainz_id",
)

SOURCE = Source(
    provider="listenbrainz",
    version="1",
    client=ListenBrainzClient,
    settings=ListenBrainzSettings,
    streams=(
        Stream("listens_api", "a page of a user's listens", payloads.Listens, SEARCH_TTL),
        Stream("playing_now_api", "what a user is listening to", payloads.PlayingNow, STATISTICS_TTL),
        Stream("lookup_api", "the recording that words mean", payloads.Lookup),
        Stream("recordings_api", "recordings with tags and releases", payloads.Recordings),
        Stream("release_groups_api", "release groups", payloads.ReleaseGroups, METADATA_TTL, _ELSEWHERE),
        Stream("top_recordings_api", "an artist's most heard recordings", payloads.TopRecordings),
        Stream("user_recordings_api", "a page of what a user heard most", payloads.UserRecordings),
        Stream("user_artists_api", "whom a user heard most", payloads.UserArtists, METADATA_TTL, _ELSEWHERE),
        Stream("listening_activity_api", "when a user listened", payloads.Activity, METADATA_TTL, _ELSEWHERE),
        Stream(
            "listen_exports_api", "listens without an envelope", payloads.Export, METADATA_TTL, _ELSEWHERE
        ),
        Stream("similar_artists_api", "similar artists", payloads.SimilarArtists, METADATA_TTL, _ELSEWHERE),
    ),
    # the headers say more; about 30 in 10 s are given to the anonymous
    limit=RateLimit(requests=25, seconds=10, pause=10),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND, (_RECORDINGS,)),
    url="https://api.listenbrainz.org/1",
    licence="CC0",
)
