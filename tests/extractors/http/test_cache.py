"""The cache over bronze: fresh answers are not asked for again, and nothing that arrived is lost."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.errors import FetchError, MalformedError, RefusedError, UnavailableError
from extractors.http.cache import Cached
from extractors.http.message import Response, Sender
from extractors.http.settings import Mode
from extractors.http.store import AnswerStore
from lake import bronze
from lake.bronze import Answer
from tests.extractors.http.fakes import FakeClock, Script, answer, question

DAY = 86_400.0


class Home:
    """Bronze and state in one folder."""

    def __init__(self, folder: Path) -> None:
        self.bronze = folder / "bronze"
        self.state = folder / "state"
        self.clock = FakeClock()

    def store(self, mode: Mode = Mode.LIVE) -> AnswerStore:
        return AnswerStore(
            self.bronze,
            self.state,
            provider="spotify",
            streams=["tracks_api"],
            extractor_version="test/1",
            clock=self.clock,
            mode=mode,
            run_id="run",
        )

    def cached(self, inner: Sender, mode: Mode = Mode.LIVE, *, forever: bool = False) -> Cached:
        return Cached(inner, self.store(mode), self.clock, forever=forever)

    def flush(self) -> int:
        return self.store().flush()

    def rows(self, stream: str, columns: str = "request_key, payload") -> list[tuple[Any, ...]]:
        source = bronze.read_sql(self.bronze, "spotify", stream)
        return duckdb.sql(f"select {columns} from {source} order by fetched_at, bronze_id").fetchall()

    def fetches(self) -> list[dict[str, Any]]:
        return [json.loads(payload) for (payload,) in self.rows("fetches", "payload")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_fresh_answer_is_not_asked_again_before_and_after_it_reached_bronze(home: Home) -> None:
    inner = Script(answer('{"id": 1}', at=home.clock.now))
    cached = home.cached(inner)
    request = question(ttl=DAY)
    first = cached.send(request)
    again = cached.send(request)
    home.flush()
    later = home.cached(inner).send(request)
    assert len(inner.asked) == 1
    assert [first.from_bronze, again.from_bronze, later.from_bronze] == [False, True, True]
    assert first.body == again.body == later.body == '{"id": 1}'
    assert later.data == {"id": 1}


def test_an_old_answer_is_asked_again_and_the_same_content_adds_nothing_but_the_note(home: Home) -> None:
    for _ in range(3):
        home.cached(Script(answer('{"id": 1}', at=home.clock.now))).send(question(ttl=DAY))
        home.flush()
        home.clock.now += DAY
    assert home.rows("tracks_api") == [("tracks/1", '{"id": 1}')]
    assert [fetch["outcome"] for fetch in home.fetches()] == ["answered"] * 3
    # the last note counts for its age
    home.clock.now -= 1
    inner = Script(answer())
    home.cached(inner).send(question(ttl=DAY))
    assert inner.asked == []


def test_an_old_answer_is_asked_for_changes_if_the_provider_gave_validators(home: Home) -> None:
    given = answer('{"id": 1}', at=home.clock.now, etag='"v1"', last_modified="Sun, 01 Mar 2026 00:00:00 GMT")
    home.cached(Script(given)).send(question(ttl=DAY))
    home.clock.now += 2 * DAY
    inner = Script(Response(304, {}, "", fetched_at=home.clock.now))
    response = home.cached(inner).send(question(ttl=DAY))
    assert dict(inner.asked[0].headers) == {
        "if-none-match": '"v1"', "if-modified-since": "Sun, 01 Mar 2026 00:00:00 GMT",
    }  # fmt: skip
    assert (response.body, response.status) == ('{"id": 1}', 200)
    assert home.cached(inner).send(question(ttl=DAY)).from_bronze
    assert len(inner.asked) == 1
    home.flush()
    assert [fetch["outcome"] for fetch in home.fetches()] == ["answered", "not_modified"]


def test_not_found_is_an_answer_kept_apart_and_fresh_as_long(home: Home) -> None:
    nothing = Response(404, {}, '{"error": "Not Found"}', fetched_at=home.clock.now, found=False)
    inner = Script(nothing)
    assert not home.cached(inner).send(question(ttl=DAY)).found
    home.flush()
    assert not home.cached(inner).send(question(ttl=DAY)).found
    assert len(inner.asked) == 1
    assert home.rows("not_found", "request_key, payload, http_status") == [
        ("tracks_api/tracks/1", '{"error": "Not Found"}', 404)
    ]
    assert not (home.bronze / "spotify" / "tracks_api").exists()
    # found at last, then lost again
    home.clock.now += DAY
    assert home.cached(Script(answer(at=home.clock.now))).send(question(ttl=DAY)).found
    assert home.cached(inner).send(question(ttl=DAY)).found


@pytest.mark.parametrize(
    "error",
    [UnavailableError("GET x", "HTTP 503", status=503), RefusedError("GET x", "HTTP 400", status=400)],
)
def test_an_error_is_noted_and_never_an_answer(home: Home, error: FetchError) -> None:
    cached = home.cached(Script(error))
    for _ in range(2):
        with pytest.raises(type(error)):
            cached.send(question(ttl=DAY))
        home.clock.now += 1
    home.flush()
    noted = [(fetch["outcome"], fetch["http_status"]) for fetch in home.fetches()]
    assert noted == [(error.outcome, error.status)] * 2
    assert not (home.bronze / "spotify" / "not_found").exists()


def test_an_answer_that_cannot_be_read_is_kept_among_the_rejected(home: Home) -> None:
    class Broken:
        def send(self, _request: object) -> Response:
            raise MalformedError("GET x", "no JSON", status=200, body='{"id": 1, "na')

    with pytest.raises(MalformedError):
        home.cached(Broken()).send(question())
    home.flush()
    ((payload,),) = home.rows(bronze.REJECTED_STREAM, "payload")
    assert (json.loads(payload)["raw"], json.loads(payload)["reason"]) == ('{"id": 1, "na', "no JSON")


def test_a_killed_process_loses_no_answer(home: Home) -> None:
    home.cached(Script(answer('{"id": 1}', at=home.clock.now))).send(question(ttl=DAY))
    # nothing was flushed or closed; the next process finds it and brings it to bronze
    inner = Script(answer())
    next_process = home.store()
    assert Cached(inner, next_process, home.clock).send(question(ttl=DAY)).body == '{"id": 1}'
    assert inner.asked == []
    assert next_process.flush() == 2  # the answer and the note of it
    assert home.store().flush() == 0
    assert home.rows("tracks_api") == [("tracks/1", '{"id": 1}')]


def test_what_is_remembered_can_be_made_anew_from_bronze(home: Home) -> None:
    home.cached(Script(answer('{"id": 1}', at=home.clock.now, etag='"v1"'))).send(question(ttl=DAY))
    nothing = Response(404, {}, "{}", fetched_at=home.clock.now, found=False)
    home.cached(Script(nothing)).send(question("tracks/2", ttl=DAY))
    home.flush()
    before = [home.store().find(question(key)) for key in ("tracks/1", "tracks/2")]
    for file in home.state.iterdir():
        file.unlink()
    assert [home.store().find(question(key)) for key in ("tracks/1", "tracks/2")] == before


def test_recorded_answers_in_bronze_count_however_they_came_there(home: Home) -> None:
    recorded = dt.datetime.fromtimestamp(home.clock.now - 1000 * DAY, dt.UTC)
    bronze.write(
        home.bronze,
        "spotify",
        [Answer("tracks_api", "tracks/1", '{"id": 1}', fetched_at=recorded)],
        ingest_date=dt.date(2026, 3, 1),
        extractor_version="files/1",
    )
    inner = Script(answer('{"id": 2}', at=home.clock.now))
    assert home.cached(inner, forever=True).send(question(ttl=DAY)).body == '{"id": 1}'
    assert home.cached(inner).send(question(ttl=DAY)).body == '{"id": 2}'


def test_an_answer_that_comes_back_to_what_it_was_is_read_from_where_it_lies(home: Home) -> None:
    for body in ('{"bpm": 1}', '{"bpm": 2}', '{"bpm": 1}'):
        home.cached(Script(answer(body, at=home.clock.now))).send(question(ttl=DAY))
        home.flush()
        home.clock.now += DAY
    home.clock.now -= 1
    assert home.cached(Script(answer())).send(question(ttl=DAY)).data == {"bpm": 1}
    assert len(home.rows("tracks_api")) == 2


def test_an_answer_whose_file_is_gone_is_asked_for_again(home: Home) -> None:
    inner = Script(answer('{"id": 1}', at=home.clock.now, etag='"v1"'))
    home.cached(inner).send(question(ttl=DAY))
    home.flush()
    for file in (home.bronze / "spotify" / "tracks_api").glob("ingest_date=1970-01-12/*.parquet"):
        file.unlink()
    assert not home.cached(inner).send(question(ttl=DAY)).from_bronze
    assert inner.asked[1].headers == ()
    home.flush()
    assert home.rows("tracks_api") == [("tracks/1", '{"id": 1}')]


def test_answers_of_two_processes_reach_bronze_once(home: Home) -> None:
    stores = [home.store(), home.store()]
    for number in range(6):
        inner = Script(answer(f'{{"id": {number}}}', at=home.clock.now))
        Cached(inner, stores[number % 2], home.clock).send(question(f"tracks/{number}"))
    assert [store.flush() for store in stores] == [12, 0]
    assert len(home.rows("tracks_api")) == 6


def test_many_answers_reach_bronze_in_few_files(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.http.store._FLUSH_ROWS", 100)
    store = home.store()
    cached = Cached(
        Script(lambda request: answer(f'{{"key": "{request.key}"}}', at=home.clock.now)), store, home.clock
    )
    for number in range(120):
        cached.send(question(f"tracks/{number}", ttl=DAY))
    store.close()
    assert len(home.rows("tracks_api")) == 120
    assert len(list((home.bronze / "spotify" / "tracks_api").glob("ingest_date=1970-01-12/*.parquet"))) == 3


def test_threads_read_their_own_answers_from_bronze(home: Home) -> None:
    inner = Script(lambda request: answer(json.dumps({"id": request.key}), at=home.clock.now))
    numbers = [f"tracks/{number}" for number in range(40)]
    first = home.cached(inner)
    for number in numbers:
        first.send(question(number, ttl=DAY))
    home.flush()
    again = home.cached(inner)
    with ThreadPoolExecutor(8) as threads:
        held = list(threads.map(lambda number: again.send(question(number, ttl=DAY)).data["id"], numbers * 5))
    assert held == numbers * 5
    assert len(inner.asked) == len(numbers)


@pytest.mark.parametrize("flushed", [False, True])
@pytest.mark.parametrize("index_lost", [False, True])
def test_what_the_sandbox_said_is_no_answer_to_a_live_request_nor_the_other_way_round(
    home: Home, flushed: bool, index_lost: bool
) -> None:
    made_up, real = (
        answer('{"id": "made up"}', at=home.clock.now),
        answer('{"id": "real"}', at=home.clock.now),
    )
    home.cached(Script(made_up), Mode.SANDBOX).send(question(ttl=DAY))
    if flushed or index_lost:
        home.flush()
    if index_lost:
        (home.state / "spotify.sqlite").unlink()
    inner = Script(real)
    assert home.cached(inner).send(question(ttl=DAY)).data == {"id": "real"}
    assert home.cached(inner).send(question(ttl=DAY)).from_bronze
    assert len(inner.asked) == 1
    back = home.cached(Script(answer()), Mode.SANDBOX).send(question(ttl=DAY))
    assert (back.from_bronze, back.data) == (True, {"id": "made up"})
    assert home.cached(Script(answer()), Mode.RECORDED, forever=True).send(question()).from_bronze
    home.flush()
    assert {fetch["mode"] for fetch in home.fetches()} == {"live", "sandbox"}
