"""Asking AcousticBrainz, or whoever mirrors it."""

from collections.abc import Sequence

from pydantic_settings import SettingsConfigDict

from extractors.errors import RefusedError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure, json_object
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.sources.acousticbrainz import payloads
from extractors.sources.asks import Asks, Find, Way
from extractors.sources.source import METADATA_TTL, Client, Closure, Source, Stream

MOST_IN_BULK = 25
_GONE = Closure("AcousticBrainz ended in 2022 and its API went away; ingest its dumps instead", "api")


class AcousticBrainzSettings(ProviderSettings):
    """``CRATELAKE_ACOUSTICBRAINZ_*``: nobody needs a key.

    Attributes:
        api: whether there is an API to ask after all (a mirror, under `base_url`).
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_ACOUSTICBRAINZ_", frozen=True)

    api: bool = False


class AcousticBrainzClient(Client):
    """Requests to the API of old."""

    def low_level(self, mbid: str, submission: int = 0) -> Response:
        """What was measured of a recording."""
        return self.ask(self.low_level_request(mbid, submission))

    def low_level_request(self, mbid: str, submission: int = 0) -> Request:
        """For what was measured of a recording."""
        return self._request("low_level_api", mbid, "low-level", submission)

    def high_level(self, mbid: str, submission: int = 0) -> Response:
        """What classifiers made of it."""
        return self.ask(self._request("high_level_api", mbid, "high-level", submission))

    def low_levels(self, mbids: Sequence[str]) -> Response:
        """First submissions of up to 25 recordings; those that nobody submitted are left out.

        Raises:
            ValueError: more than 25.
        """
        if len(mbids) > MOST_IN_BULK:
            raise ValueError(f"{len(mbids)} recordings in one request, at most {MOST_IN_BULK} are answered")
        ids = [("recording_ids", ";".join(sorted(mbids)))]
        return self.ask(self.request("low_level_bulk_api", "low-level", ids))

    def _request(self, stream: str, mbid: str, level: str, submission: int) -> Request:
        params = [("n", submission or None)]
        return self.request(stream, f"{mbid}/{level}", params, entity_id=mbid)


def judge(request: Request, response: Response) -> Response:
    """``{"message": "..."}`` and nothing else is an error."""
    data = json_object(request, response)
    message = data.get("message") if set(data) == {"message"} else None
    if message and response.status == 200:
        if message == "Not found":
            return by_status(request, Response(404, response.headers, response.body, response.fetched_at))
        raise failure(RefusedError, request, response, message)
    return by_status(request, response, message)


def _credentials(_settings: AcousticBrainzSettings, _below: Below) -> Credentials:
    return Key()


_FIND = Find(
    ways=(Way(("entity_id",), lambda client, track: client.low_level_request(track.entity_id)),),
    gives=frozenset({"bpm", "key", "duration_ms"}),
    id_field="musicbrainz_id",
)

SOURCE = Source(
    provider="acousticbrainz",
    version="1",
    client=AcousticBrainzClient,
    settings=AcousticBrainzSettings,
    streams=(
        Stream("low_level_api", "a measurement", payloads.LowLevel, METADATA_TTL, _GONE),
        Stream("high_level_api", "what classifiers say", payloads.HighLevel, METADATA_TTL, _GONE),
        Stream("low_level_bulk_api", "measurements of several", payloads.LowLevels, METADATA_TTL, _GONE),
    ),
    limit=RateLimit(requests=10, seconds=10, pause=10),
    judge=judge,
    credentials=_credentials,
    asks=lambda _: Asks(_FIND),
    url="https://acousticbrainz.org/api/v1",
    licence="CC0",
)
