"""Asking MusicBrainz."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic_settings import SettingsConfigDict

from extractors.errors import RateLimitedError, RefusedError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object
from extractors.http.limit import RateLimit
from extractors.http.message import Pairs, Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.asks import Asks, Find, LookUp, Way
from extractors.sources.musicbrainz import payloads
from extractors.sources.source import SEARCH_TTL, Client, Query, Source, Stream

_JSON = ("fmt", "json")
_PAGE = 100
_HITS = 25
"""Hits of a search: what lies behind them rarely helps."""
_RECORDING = "artist-credits+isrcs+releases+release-groups+artist-rels+work-rels+url-rels+tags+genres"
_RELEASE = "recordings+artist-credits+labels+media+release-groups+genres"
_ARTIST = "aliases+tags+genres+url-rels+artist-rels"


class MusicBrainzSettings(ProviderSettings):
    """``CRATELAKE_MUSICBRAINZ_*``: mode and address alone, nobody needs a key."""

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_MUSICBRAINZ_", frozen=True)


class MusicBrainzClient(Client):
    """Requests to WS/2."""

    def recording(self, mbid: str) -> Response:
        """One recording with credits, ISRCs, releases, relations and tags."""
        return self.ask(self.recording_request(mbid))

    def recording_request(self, mbid: str) -> Request:
        """Asks for one recording."""
        return self._lookup("recordings_api", "recording", mbid, _RECORDING)

    def release(self, mbid: str) -> Response:
        """One release with its media and recordings."""
        return self.ask(self._lookup("releases_api", "release", mbid, _RELEASE))

    def artist(self, mbid: str) -> Response:
        """One artist with aliases and relations."""
        return self.ask(self._lookup("artists_api", "artist", mbid, _ARTIST))

    def release_group(self, mbid: str) -> Response:
        """One release group: all releases of an album or single."""
        return self.ask(
            self._lookup("release_groups_api", "release-group", mbid, "artist-credits+releases+genres")
        )

    def work(self, mbid: str) -> Response:
        """One composition."""
        return self.ask(self._lookup("works_api", "work", mbid, "recording-rels+artist-rels"))

    def isrc(self, isrc: str) -> Response:
        """The recordings of an ISRC."""
        return self.ask(self.isrc_request(isrc))

    def isrc_request(self, isrc: str) -> Request:
        """Asks for the recordings of an ISRC."""
        return self._lookup("isrcs_api", "isrc", isrc, "artist-credits+isrcs")

    def search_recordings(self, artist: str, title: str, most_pages: int = 1) -> Iterator[Response]:
        """Recordings by words, best first; what lies behind the first page rarely helps."""
        return self.pages(self.words_request(artist, title), following, most_pages)

    def words_request(self, artist: str, title: str) -> Request:
        """Asks for recordings by words."""
        query = f'recording:"{escaped(title)}" AND artist:"{escaped(artist)}"'
        params: Query = [("query", query), ("limit", _HITS), ("offset", 0), _JSON]
        return self.request("recording_search_api", "recording", params)

    def search_releases(self, artist: str, title: str, most_pages: int = 1) -> Iterator[Response]:
        """Releases by words, best first."""
        query = f'release:"{escaped(title)}" AND artist:"{escaped(artist)}"'
        return self._search("release_search_api", "release", query, most_pages)

    def search_artists(self, name: str, most_pages: int = 1) -> Iterator[Response]:
        """Artists by name or alias, best first."""
        return self._search("artist_search_api", "artist", f'"{escaped(name)}"', most_pages)

    def releases_of_group(self, mbid: str, most_pages: int = 20) -> Iterator[Response]:
        """All releases of a release group."""
        params: Query = [("release-group", mbid), ("limit", _PAGE), ("offset", 0), _JSON]
        return self.pages(self.request("release_browse_api", "release", params), following, most_pages)

    def recordings_of_artist(self, mbid: str, most_pages: int = 20) -> Iterator[Response]:
        """All recordings credited to an artist."""
        params: Query = [("artist", mbid), ("limit", _PAGE), ("offset", 0), _JSON]
        return self.pages(self.request("recording_browse_api", "recording", params), following, most_pages)

    def _search(self, stream: str, entity: str, query: str, most_pages: int) -> Iterator[Response]:
        params: Query = [("query", query), ("limit", _PAGE), ("offset", 0), _JSON]
        return self.pages(self.request(stream, entity, params), following, most_pages)

    def _lookup(self, stream: str, entity: str, name: str, inc: str) -> Request:
        # the service separates with "+", which in a query is a space
        params = [("inc", inc.replace("+", " ")), _JSON]
        return self.request(stream, f"{entity}/{name}", params, key=f"{entity}/{name}", entity_id=name)


def escaped(words: str) -> str:
    r"""Words such that Lucene takes each character as itself: ``+ - && || ! ( ) { } [ ] ^ " ~ * ? : \ /``."""
    return re.sub(r'([+\-&|!(){}\[\]^"~*?:\\/])', r"\\\1", words)


def following(request: Request, data: Any) -> Pairs | None:
    """The next page: after the last one listed, until all are. Search and browse name it differently."""
    listed = next((value for key, value in data.items() if isinstance(value, list)), [])
    count = next(
        (value for key, value in data.items() if key in {"count", "recording-count", "release-count"}), 0
    )
    reached = int(dict(request.params).get("offset", "0")) + len(listed)
    return (("offset", str(reached)),) if listed and reached < count else None


def judge(request: Request, response: Response) -> Response:
    """``{"error", "help"}``; 503 is what asking too fast is answered with."""
    if response.status == 503:
        raise failure(RateLimitedError, request, response, "asked too fast, or the service is overloaded")
    data = json_object(request, response)
    error = data.get("error")
    if error and response.status == 200:
        if "rate limit" in str(error):
            raise failure(RateLimitedError, request, response, error)
        raise failure(RefusedError, request, response, error)
    return by_status(request, response, error)


def _credentials(_settings: MusicBrainzSettings, _below: Below) -> Credentials:
    return Key()


_RECORDINGS = LookUp(
    name="recording",
    stream="recordings_api",
    key="recording/{}",
    ids={"recording_search_api": "$.recordings[*].id", "isrcs_api": "$.recordings[*].id"},
    request=MusicBrainzClient.recording_request,
    gives=frozenset({"remixer", "genre"}),
    most=3,
)
_FIND = Find(
    ways=(
        Way(("entity_id",), lambda client, track: client.recording_request(track.entity_id)),
        Way(("isrc",), lambda client, track: client.isrc_request(track.isrc)),
        Way(("artist", "title"), lambda client, track: client.words_request(track.artist, track.title)),
    ),
    gives=frozenset({"title", "artist", "musicbrainz_id", "isrc", "release_date", "duration_ms"}),
    id_field="musicbrainz_id",
)

SOURCE = Source(
    provider="musicbrainz",
    version="1",
    client=MusicBrainzClient,
    settings=MusicBrainzSettings,
    streams=(
        Stream("isrcs_api", "the recordings of an ISRC", payloads.Isrc),
        Stream("recordings_api", "a recording", payloads.Recording),
        Stream("artists_api", "an artist", payloads.Artist),
        Stream("release_groups_api", "a release group", payloads.ReleaseGroup),
        Stream("works_api", "a work", payloads.Work),
        Stream("releases_api", "a release", payloads.Release),
        Stream(
            "recording_search_api", "hits of a search for recordings", payloads.RecordingSearch, SEARCH_TTL
        ),
        Stream("release_search_api", "hits of a search for releases", payloads.ReleaseSearch, SEARCH_TTL),
        Stream("artist_search_api", "hits of a search for artists", payloads.ArtistSearch, SEARCH_TTL),
        Stream("recording_browse_api", "a page of recordings", payloads.RecordingBrowse),
        Stream("release_browse_api", "a page of releases", payloads.ReleaseBrowse),
    ),
    limit=RateLimit(requests=1, seconds=1, concurrent=1, pause=5),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND, (_RECORDINGS,)),
    url="https://musicbrainz.org/ws/2",
    licence="core data CC0; tags, ratings and annotations CC BY-NC-SA",
)
