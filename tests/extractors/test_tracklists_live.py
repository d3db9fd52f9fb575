"""1001Tracklists, live: against the sandbox over real sockets, and barriers of a server of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import httpx
import pytest
from pydantic import ValidationError

from extractors.errors import BlockedError, ClosedError, MalformedError, QuotaError
from extractors.http.settings import HttpSettings, Mode
from extractors.http.sparing import Visits
from extractors.http.stack import Ground
from extractors.sandbox.delivery import deliver
from extractors.sandbox.world import WorldSpec
from extractors.sources.tracklists_1001 import SOURCE, TracklistsClient, TracklistsSettings
from lake import bronze
from tests.extractors.sandbox_server import Server, running

_ROW = (
    '<html>1001Tracklists<div class="tlpItem" data-id="1" data-isided="true">'
    '<meta itemprop="name" content="A - B"></div></html>'
)
_FORWARD = "<h1>Please wait, you will be forwarded to the requested page</h1>"


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=150, sets=70, seed=1), folder)
    return folder


@pytest.fixture
def server(delivery: Path) -> Iterator[Server]:
    with running(delivery, 1000.0) as one:
        yield one


def ids(delivery: Path) -> list[str]:
    lines = (delivery / "1001tracklists/pages.jsonl").read_text().splitlines()
    return [json.loads(line)["url"].split("/tracklist/")[1].split("/")[0] for line in lines]


@contextmanager
def asking(
    server: Server, home: Path, *, speed: float = 1000.0, daily: int = 50
) -> Iterator[TracklistsClient]:
    http = HttpSettings(sandbox=server.address, sandbox_speed=speed)
    settings = TracklistsSettings(mode=Mode.SANDBOX, daily=daily)
    with SOURCE.open(Ground(home / "bronze", home / "state", http), settings) as client:
        yield client


@contextmanager
def site(
    home: Path, *answers: httpx.Response, daily: int = 50, live: bool = True
) -> Iterator[TracklistsClient]:
    """A client of a site that gives these answers to requests for pages, the last for ever."""
    waiting = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(200, text="User-agent: *\nDisallow: /private/\n")
        assert request.headers["user-agent"].startswith("cratelake/")
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    ground = Ground(
        home / "bronze",
        home / "state",
        HttpSettings(contact="somebody@example.org"),
        clock=Hurried(),
        transport=httpx.MockTransport(answer),
    )
    with SOURCE.open(ground, TracklistsSettings(live=live, daily=daily)) as client:
        yield client


class Hurried:
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def pages_in(home: Path) -> list[str]:
    source = bronze.read_sql(home / "bronze", "1001tracklists", "pages")
    return [row[0] for row in duckdb.sql(f"select source_entity_id from {source}").fetchall()]


def test_pages_come_into_the_stream_of_saved_pages_and_are_asked_for_once(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    first, second, *_ = ids(delivery)
    with asking(server, tmp_path) as client:
        assert not client.page(first).from_bronze
        assert client.page(first).from_bronze
        assert "tlpItem" in client.page(second).body
        assert not client.page("nobody1").found
    assert sorted(pages_in(tmp_path)) == sorted([first, second])
    assert server.ledger("1001tracklists")["requests"] == 4, "robots.txt, two pages and one that is not there"


def test_the_pace_is_slower_than_one_request_in_three_seconds() -> None:
    assert SOURCE.limit.interval > 3
    assert SOURCE.limit.requests / SOURCE.limit.seconds < 1 / 3
    assert SOURCE.limit.concurrent == 1


def test_a_captcha_of_the_sandbox_is_the_end_and_told_as_what_it_is(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    server.faults(**{"1001tracklists": {"captcha": 1.0}})
    with asking(server, tmp_path) as client, pytest.raises(BlockedError, match="captcha"):
        client.page(ids(delivery)[0])
    assert server.ledger("1001tracklists")["faults"] == {"captcha": 1}
    visits = Visits(tmp_path / "state/services.sqlite")
    (stop,) = visits.stopped()
    visits.close()
    assert "captcha" in str(stop)


def test_the_first_interstitial_stops_all_asking_until_a_person_says_otherwise(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    server.faults(**{"1001tracklists": {"too_fast": 1.0}})
    with asking(server, tmp_path) as client, pytest.raises(BlockedError, match="HTTP 200"):
        client.page(ids(delivery)[0])
    server.faults(**{"1001tracklists": {}})
    asked = server.ledger("1001tracklists")["requests"]
    assert asked == 1, "a barrier is not tried again"
    with (
        asking(server, tmp_path) as client,
        pytest.raises(BlockedError, match=r"not asked, stopped at 20\d\d-"),
    ):
        client.page(ids(delivery)[0])
    assert server.ledger("1001tracklists")["requests"] == asked
    visits = Visits(tmp_path / "state/services.sqlite")
    (stop,) = visits.resume()
    assert "robots.txt" in stop.asked
    visits.close()
    with asking(server, tmp_path) as client:
        assert client.page(ids(delivery)[0]).found


def test_asking_on_and_on_meets_the_sites_barrier_and_ends_there(delivery: Path, tmp_path: Path) -> None:
    wanted, got = ids(delivery), 0

    def all_pages(client: TracklistsClient) -> None:
        nonlocal got
        for set_id in wanted:
            client.page(set_id)
            got += 1

    # a site that counts as the real one does, asked as if there were no limit
    with (
        running(delivery, 1.0) as server,
        asking(server, tmp_path, speed=100_000.0, daily=500) as client,
        pytest.raises(BlockedError),
    ):
        all_pages(client)
    assert 0 < got < len(wanted)
    assert len(pages_in(tmp_path)) == got, "what came before the barrier is kept"


@pytest.mark.parametrize(
    "barrier",
    [
        httpx.Response(200, text=f"<html>{_FORWARD}</html>"),
        httpx.Response(200, text='<form><input name="g-recaptcha-response"></form>'),
        httpx.Response(200, text="<p>You have sent too many requests</p>"),
        httpx.Response(403, text="<html>challenges.cloudflare.com</html>"),
        httpx.Response(429, text="slow down"),
        httpx.Response(503, text=_FORWARD),
    ],
    ids=["interstitial", "captcha", "too many", "challenge", "429", "503"],
)
def test_every_barrier_is_known_whatever_its_status(barrier: httpx.Response, tmp_path: Path) -> None:
    with site(tmp_path, httpx.Response(200, text=_ROW), barrier) as client:
        assert client.page("1abc2de3").found
        for _ in range(2):
            with pytest.raises(BlockedError):
                client.page("2abc2de3")
    query = f"select payload from {bronze.read_sql(tmp_path / 'bronze', '1001tracklists', 'fetches')}"
    outcomes = [json.loads(row[0])["outcome"] for row in duckdb.sql(query).fetchall()]
    assert outcomes.count("blocked") == 2, "noted in bronze like every outcome"
    assert pages_in(tmp_path) == ["1abc2de3"], "a barrier is no page"


def test_the_days_cap_holds_over_processes(tmp_path: Path) -> None:
    for set_ids, allowed in ((("1abc2de3", "2abc2de3"), 2), (("3abc2de3",), 0)):
        with site(tmp_path, httpx.Response(200, text=_ROW), daily=3) as client:
            for set_id in set_ids[:allowed]:
                assert client.page(set_id).found
            if not allowed:
                with pytest.raises(QuotaError, match="our own cap of 3 requests a day"):
                    client.page(set_ids[0])


def test_nothing_is_asked_unless_a_person_opted_in(tmp_path: Path) -> None:
    with (
        site(tmp_path, httpx.Response(200, text=_ROW), live=False) as client,
        pytest.raises(ClosedError, match="opt-in"),
    ):
        client.page("1abc2de3")
    with pytest.raises(ValidationError):
        TracklistsSettings(daily=100_000)


def test_robots_txt_is_obeyed(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/robots.txt"
        return httpx.Response(200, text="User-agent: *\nDisallow: /tracklist/\n")

    http = HttpSettings(contact="somebody@example.org")
    ground = Ground(
        tmp_path / "bronze", tmp_path / "state", http, clock=Hurried(), transport=httpx.MockTransport(answer)
    )
    with (
        SOURCE.open(ground, TracklistsSettings(live=True)) as client,
        pytest.raises(ClosedError, match=r"robots\.txt"),
    ):
        client.page("1abc2de3")


def test_a_page_of_something_else_is_no_answer(tmp_path: Path) -> None:
    with (
        site(tmp_path, httpx.Response(200, text="<html>under construction</html>")) as client,
        pytest.raises(MalformedError),
    ):
        client.page("1abc2de3")
