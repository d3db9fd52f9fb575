"""From notes in bronze to tables: outcomes, states of providers, drift of keys; answers that came back."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.errors import CircuitOpenError, RateLimitedError, UnavailableError
from extractors.frontier import drift, outcomes, schema
from extractors.frontier.outcomes import Standing
from extractors.http.store import AnswerStore
from lake import bronze
from lake.tables import one
from tests.extractors.http.fakes import FakeClock, answer, question
from tests.extractors.staging_sql import render

NOW = 1_790_000_000.0
DAY = dt.datetime.fromtimestamp(NOW, dt.UTC).date()
Opened = Callable[[], AnswerStore]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Opened:
    def opened() -> AnswerStore:
        return AnswerStore(
            tmp_path / "bronze", tmp_path / "http", provider="spotify", streams=["tracks_api"],
            extractor_version="spotify_http/1", clock=clock, run_id="r",
        )  # fmt: skip

    return opened


def taken(lake: duckdb.DuckDBPyConnection, folder: Path) -> int:
    schema.prepare(lake)
    return outcomes.take_in(lake, folder / "bronze", ["spotify"])


def test_every_request_is_one_row_with_the_records_it_was_for(
    lake: duckdb.DuckDBPyConnection, store: Opened, tmp_path: Path
) -> None:
    one_store = store()
    one_store.keep(question("tracks/1", record_ids=("a", "b")), answer(at=NOW))
    one_store.keep(question("tracks/2", record_ids=("c",)), replace(answer("{}", 404, NOW), found=False))
    one_store.note_failure(
        question("tracks/3", record_ids=("d",)), UnavailableError("GET x", "HTTP 503", status=503)
    )
    one_store.close()
    assert taken(lake, tmp_path) == 3
    assert taken(lake, tmp_path) == 0
    rows = lake.execute(
        "select request_key, outcome, http_status, record_ids, run_id from ops.fetch_outcomes order by 1"
    ).fetchall()
    assert rows == [
        ("tracks/1", "answered", 200, ["a", "b"], "r"),
        ("tracks/2", "not_found", 404, ["c"], "r"),
        ("tracks/3", "unavailable", 503, ["d"], "r"),
    ]


def status(lake: duckdb.DuckDBPyConnection, **standings: Standing) -> tuple[str, dt.datetime, str | None]:
    now = dt.datetime.fromtimestamp(NOW, dt.UTC) + dt.timedelta(hours=1)
    outcomes.update_status(lake, standings or {"spotify": Standing(100)}, now)
    state, since, reason = one(
        lake, "select state, since, reason from ops.provider_status where provider = 'spotify'"
    )
    return state, since, reason


def test_a_provider_that_only_fails_is_a_state_with_a_date_until_it_answers(
    lake: duckdb.DuckDBPyConnection, store: Opened, tmp_path: Path, clock: FakeClock
) -> None:
    one_store = store()
    for number in range(10):
        clock.now += 1
        one_store.note_failure(
            question(f"tracks/{number}"), RateLimitedError("GET x", "HTTP 429: API rate limit", status=429)
        )
    one_store.close()
    taken(lake, tmp_path)
    state, since, reason = status(lake)
    assert (state, reason) == ("rate_limited", "HTTP 429: API rate limit")
    assert since == dt.datetime.fromtimestamp(NOW + 1, dt.UTC)
    assert status(lake)[1] == since
    again = store()
    again.keep(question("tracks/1"), answer(at=clock.now + 1))
    again.close()
    taken(lake, tmp_path)
    assert status(lake)[0] == "available"


def test_a_host_that_is_left_alone_is_a_state_called_as_what_it_did(
    lake: duckdb.DuckDBPyConnection, store: Opened, tmp_path: Path, clock: FakeClock
) -> None:
    one_store = store()
    one_store.keep(question("tracks/0"), answer(at=clock.now))
    for number, error in enumerate(
        (UnavailableError("GET x", "HTTP 503", status=503), CircuitOpenError("GET x", "not asked")), 1
    ):
        clock.now += 1
        one_store.note_failure(question(f"tracks/{number}"), error)
    one_store.close()
    taken(lake, tmp_path)
    assert status(lake) == ("unavailable", dt.datetime.fromtimestamp(NOW + 1, dt.UTC), "HTTP 503")


def test_a_provider_that_cannot_be_asked_says_so(
    lake: duckdb.DuckDBPyConnection, store: Opened, tmp_path: Path
) -> None:
    taken(lake, tmp_path)
    state, _, reason = status(lake, spotify=Standing(0, "no_credentials", "not set: X"))
    assert (state, reason) == ("no_credentials", "not set: X")


def test_an_answer_that_comes_back_after_another_is_current_again(
    store: Opened, tmp_path: Path, clock: FakeClock
) -> None:
    days = []
    for name in ("A", "B", "A"):
        clock.now += 86_400
        days.append(dt.datetime.fromtimestamp(clock.now, dt.UTC).date())
        one_store = store()
        one_store.keep(question("tracks/1"), answer(json.dumps({"id": "1", "name": name}), at=clock.now))
        one_store.close()
    root = tmp_path / "bronze"
    assert bronze.count(root, "spotify", "tracks_api") == 2
    with duckdb.connect() as connection:
        for stream in ("tracks_api", "fetches"):
            connection.execute(
                f"create view spotify__{stream} as from {bronze.read_sql(root, 'spotify', stream)}"
            )
        rendered = render("stg_spotify__api_tracks", by_name=True)
        rows = connection.execute(
            f"select ingest_date, title_raw from ({rendered}) order by ingest_date"
        ).fetchall()
    assert rows == [(days[0], "A"), (days[1], "B"), (days[2], "A")]


def put(root: Path, day: dt.date, *payloads: dict[str, object]) -> None:
    answers = [
        bronze.Answer("search_api", f"search?q={day}{n}", json.dumps(one)) for n, one in enumerate(payloads)
    ]
    bronze.write(root, "spotify", answers, ingest_date=day, extractor_version="test/1")


def test_keys_that_are_new_gone_or_of_another_type_are_told_by_day_and_stream(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    schema.prepare(lake)
    usual: list[dict[str, object]] = [
        {"total": n, "tracks": {"items": [{"id": f"t{n}", "name": "A", "price": None}]}} for n in range(30)
    ]
    changed: list[dict[str, object]] = [
        {"total": str(n), "tracks": {"items": [{"id": f"t{n}", "label": "B"}]}, "schema_version": 2}
        for n in range(30)
    ]
    days = [DAY + dt.timedelta(days=n) for n in range(3)]
    found = []
    for day, payloads in zip(days, (usual, usual, changed), strict=True):
        put(tmp_path, day, *payloads)
        found.append(drift.profile(lake, tmp_path, [("spotify", "search_api")], day))
        assert drift.profile(lake, tmp_path, [("spotify", "search_api")], day) == found[-1]
    assert found == [0, 0, 5]
    rows = lake.execute(
        "select ingest_date, kind, key, known_types, seen_types from ops.schema_drift order by kind, key"
    ).fetchall()
    assert rows == [
        (days[2], "changed_type", "total", ["number"], ["text"]),
        (days[2], "unknown_key", "schema_version", [], ["number"]),
        (days[2], "unknown_key", "tracks.items[].label", [], ["text"]),
        (days[2], "vanished_key", "tracks.items[].name", ["text"], []),
        (days[2], "vanished_key", "tracks.items[].price", [], []),
    ]


def test_one_answer_in_many_that_drifts_is_seen(lake: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    schema.prepare(lake)
    put(tmp_path, DAY, *({"id": n} for n in range(400)))
    later = DAY + dt.timedelta(days=1)
    put(tmp_path, later, *({"id": n, **({"id_v2": n} if n == 399 else {})} for n in range(400)))
    for day in (DAY, later):
        drift.profile(lake, tmp_path, [("spotify", "search_api")], day)
    assert lake.execute("select key, answers from ops.schema_drift").fetchall() == [("id_v2", 1)]


def test_a_lake_of_before_modes_were_told_apart_goes_on(
    lake: duckdb.DuckDBPyConnection, store: Opened, tmp_path: Path
) -> None:
    schema.prepare(lake)
    lake.execute("alter table ops.fetch_outcomes drop column mode")
    lake.execute("create or replace view ops.dead_letters as select 1 as provider")
    lake.execute(
        "insert into ops.fetch_outcomes (fetch_id, provider, stream, request_key, outcome, asked_at) "
        "values ('f', 'spotify', 'tracks_api', 'tracks/1', 'refused', now())"
    )
    one_store = store()
    one_store.keep(question("tracks/2", record_ids=("a",)), answer(at=NOW))
    one_store.close()
    assert taken(lake, tmp_path) == 1
    modes = lake.execute("select request_key, mode from ops.fetch_outcomes order by 1").fetchall()
    assert modes == [("tracks/1", None), ("tracks/2", "live")]
    assert lake.execute("select request_key, mode from ops.dead_letters").fetchall() == [("tracks/1", None)]
