"""Syncing charts against the sandbox server: when a chart that failed is tried again."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from extractors.frontier import charts, desks, schema
from extractors.frontier.frequency import Frequency
from extractors.http.settings import HttpSettings
from extractors.http.stack import Ground
from extractors.sandbox.delivery import deliver
from extractors.sandbox.world import WorldSpec
from lake.errors import LakeError
from lake.tables import one
from tests.extractors.sandbox_server import Server, running

CHART, NO_CHART = "500000", "1"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=150, sets=5), folder)
    with running(folder, 1000.0) as server:
        yield server


def sync(
    lake: duckdb.DuckDBPyConnection, sandbox: Server, home: Path, chart_id: str | None = None
) -> list[charts.Synced]:
    """Sync what is due, as if nobody had ever asked."""
    http = HttpSettings(sandbox=sandbox.address, sandbox_speed=1000.0)
    ground = Ground(home / "bronze", home / "http", http, run_id="r")
    desk = desks.set_up(http, {}, sandbox=True)[0]["beatport"]
    return list(charts.sync_due(lake, desk, ground, chart_id=chart_id))


def scheduled(lake: duckdb.DuckDBPyConnection, chart_id: str, due: dt.datetime) -> None:
    schema.prepare(lake)
    charts.create(lake, "beatport", chart_id, Frequency.WEEKLY, due)


def due_at(lake: duckdb.DuckDBPyConnection) -> dt.datetime:
    (at,) = one(lake, "select next_sync_at from ops.chart_sync_schedules")
    assert isinstance(at, dt.datetime)
    return at


def test_what_may_pass_is_tried_again_by_the_next_sync(
    lake: duckdb.DuckDBPyConnection, sandbox: Server, tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    scheduled(lake, CHART, now)
    sandbox.faults(beatport={"error_500": 1.0})
    (failed,) = sync(lake, sandbox, tmp_path)
    sandbox.faults()
    assert (failed.status, failed.again) == ("failed", True)
    assert due_at(lake) == now
    (done,) = sync(lake, sandbox, tmp_path / "later")  # where no circuit rests any more
    assert (done.status, done.error, done.total > 0) == ("completed", None, True)
    assert due_at(lake) > now + dt.timedelta(days=6)
    assert sync(lake, sandbox, tmp_path) == []


def test_one_synced_before_it_is_due_is_due_after_a_failure(
    lake: duckdb.DuckDBPyConnection, sandbox: Server, tmp_path: Path
) -> None:
    scheduled(lake, CHART, dt.datetime.now(dt.UTC) + dt.timedelta(days=3))
    sandbox.faults(beatport={"error_500": 1.0})
    sync(lake, sandbox, tmp_path, CHART)
    sandbox.faults()
    assert due_at(lake) <= dt.datetime.now(dt.UTC)


def test_a_chart_that_there_is_not_waits_for_its_period(
    lake: duckdb.DuckDBPyConnection, sandbox: Server, tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    scheduled(lake, NO_CHART, now)
    (failed,) = sync(lake, sandbox, tmp_path)
    assert (failed.status, failed.again) == ("failed", False)
    assert due_at(lake) > now + dt.timedelta(days=6)


@pytest.mark.parametrize("chart_id", ["abc/../x", "", "1?x=2", "7 8"])
def test_what_is_no_id_is_asked_of_nobody(lake: duckdb.DuckDBPyConnection, chart_id: str) -> None:
    schema.prepare(lake)
    with pytest.raises(LakeError, match="is no id of a chart"):
        charts.create(lake, "beatport", chart_id, Frequency.DAILY, dt.datetime.now(dt.UTC))


def test_schedules_are_listed_with_what_gave_up_and_removed(
    lake: duckdb.DuckDBPyConnection, sandbox: Server, tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    for chart in (CHART, NO_CHART):
        scheduled(lake, chart, now)
    sync(lake, sandbox, tmp_path)
    told = {one.chart_id: one for one in charts.scheduled(lake)}
    assert (told[CHART].gave_up, told[CHART].completed, told[CHART].syncs) == (None, 1, 1)
    assert "no such chart" in str(told[NO_CHART].gave_up)
    assert told[NO_CHART].completed == 0
    charts.remove(lake, "beatport", NO_CHART)
    assert [one.chart_id for one in charts.scheduled(lake)] == [CHART]
    assert sync(lake, sandbox, tmp_path, NO_CHART) == []
    with pytest.raises(LakeError, match="is not scheduled"):
        charts.remove(lake, "beatport", NO_CHART)
    scheduled(lake, NO_CHART, now)
    assert {one.chart_id: one.syncs for one in charts.scheduled(lake)} == {CHART: 1, NO_CHART: 1}
