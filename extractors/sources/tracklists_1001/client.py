"""Asking 1001Tracklists for the page of a set."""

from urllib.robotparser import RobotFileParser

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from extractors.errors import BlockedError, ClosedError, MalformedError
from extractors.http.credentials import Credentials, Key
from extractors.http.judge import by_status, failure
from extractors.http.limit import RateLimit
from extractors.http.message import Request, Response
from extractors.http.settings import ProviderSettings
from extractors.http.stack import Below
from extractors.pages.tracklists_1001 import parse_tracklist_page
from extractors.sources.payload import Payload
from extractors.sources.source import Client, Closure, Source, Stream

PROVIDER = "1001tracklists"
PAGES, ROBOTS = "pages", "robots"
_MONTH = 30 * 86_400.0
_BARRIERS = {401, 403, 429, 503}
"""What sites put in front of robots comes with any of these, or with 200."""
_AGENT = "cratelake"


class TracklistsSettings(ProviderSettings):
    """``CRATELAKE_1001TRACKLISTS_*``.

    Attributes:
        live: whether the site may be asked at all.
        daily: requests a day, at most.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_1001TRACKLISTS_", frozen=True)

    live: bool = False
    daily: int = Field(default=50, ge=0, le=500)


class TracklistsClient(Client):
    """Requests to the site."""

    def page(self, set_id: str) -> Response:
        """The page of a set.

        Raises:
            ClosedError: nobody opted in, or robots.txt forbids it.
            BlockedError: the site shows a barrier, or has shown one.
            QuotaError: the day's cap is reached.
            FetchError: there is no answer.
        """
        request = self.request(
            PAGES, f"tracklist/{set_id}/index.html", key=f"tracklist/{set_id}", entity_id=set_id
        )
        rules = RobotFileParser()
        asked = self.ask(self.request(ROBOTS, "robots.txt"))
        rules.parse(asked.body.splitlines() if asked.found else [])
        if not rules.can_fetch(_AGENT, f"/tracklist/{set_id}/index.html"):
            raise ClosedError(request.asked, "not asked: the site's robots.txt forbids it")
        return self.ask(request)


def judge(request: Request, response: Response) -> Response:
    """A page is an answer; a barrier is the end, whatever its HTTP status. No robots.txt is none to obey."""
    page = parse_tracklist_page(response.body)
    if page["status"] == "blocked" or response.status in _BARRIERS:
        raise failure(BlockedError, request, response, page["reason"] or "the site refuses us")
    judged = by_status(request, response)
    if request.stream == PAGES and judged.found and page["status"] in {"not_a_page", "error"}:
        raise failure(MalformedError, request, response, page["reason"])
    return judged


def _nobody(_settings: TracklistsSettings, _below: Below) -> Credentials:
    return Key()


_OPT_IN = Closure("the site offers no interface; asking for its pages is opt-in", "live")
SOURCE = Source(
    provider=PROVIDER,
    version="1",
    client=TracklistsClient,
    settings=TracklistsSettings,
    streams=(
        Stream(PAGES, "the page of a set, as HTML", Payload, ttl=_MONTH, closed=_OPT_IN),
        Stream(ROBOTS, "what robots may ask for", Payload, closed=_OPT_IN),
    ),
    limit=RateLimit(requests=1, seconds=4.0, interval=4.0, concurrent=1, pause=60.0),
    judge=judge,
    credentials=_nobody,
    url="https://www.1001tracklists.com",
    licence="none published; contents by the site's users",
    daily=lambda settings: settings.daily,
)
