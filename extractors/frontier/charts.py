"""Charts that are synced again and again: ``ops.chart_sync_schedules`` and ``ops.chart_sync_executions``."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from extractors.errors import FetchError, PermanentError, SourceError
from extractors.frontier import outcomes
from extractors.frontier.desks import Desk
from extractors.frontier.frequency import Frequency
from extractors.http.stack import Ground
from extractors.sources.registry import SOURCES, source
from lake import tables
from lake.errors import LakeError

_INTERVALS = {Frequency.DAILY: "1 day", Frequency.WEEKLY: "7 days", Frequency.MONTHLY: "1 month"}
_ENTRIES = ("results", "data", "items")
"""Keys under which providers list what is on a chart."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What one sync came to: entries read, and those that are no entry; the error, if it failed.

    `again` says whether the next sync tries the chart again; otherwise it waits for its period.
    """

    schedule_id: str
    chart: str
    status: str
    total: int
    failed: int
    error: str | None
    again: bool


def create(
    connection: duckdb.DuckDBPyConnection,
    provider: str,
    chart_id: str,
    frequency: Frequency,
    now: dt.datetime,
) -> str:
    """Schedule a chart, due at once; a schedule of the same chart gets the new frequency. Returns its id.

    Raises:
        LakeError: the provider has no charts, or this is no id of one.
    """
    if source(provider).chart is None:
        able = ", ".join(name for name, one in SOURCES.items() if one.chart is not None)
        raise LakeError(f"{provider} has no charts that can be synced", f"use one of {able}")
    if not re.fullmatch(r"[\w-]+", chart_id):  # it becomes a part of the address that is asked
        raise LakeError(f"{chart_id!r} is no id of a chart", "take the number at the end of its address")
    schedule_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"cratelake/{provider}/{chart_id}"))

    def work() -> None:
        known = connection.execute(
            "select 1 from ops.chart_sync_schedules where schedule_id = $id", {"id": schedule_id}
        ).fetchone()
        if known is not None:
            connection.execute(
                "update ops.chart_sync_schedules set sync_frequency = $frequency, is_active = true, "
                "next_sync_at = $now where schedule_id = $id",
                {"frequency": frequency.value, "now": now, "id": schedule_id},
            )
            return
        connection.execute(
            "insert into ops.chart_sync_schedules values ($id, $provider, $chart, null, $frequency, true, "
            "$now, null, $now, 0, 0)",
            {
                "id": schedule_id,
                "provider": provider,
                "chart": chart_id,
                "frequency": frequency.value,
                "now": now,
            },
        )

    tables.transaction(connection, work, message=f"schedule of chart {provider}/{chart_id}")
    return schedule_id


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A chart that is synced again and again.

    Attributes:
        provider: whose chart.
        chart_id: the provider's id of it.
        name: what it is called; its id until it was synced.
        frequency: how often it is synced.
        next_at: when it is due.
        last_at: when it was synced last; None if never.
        syncs: how often it was.
        completed: how often that went well.
        gave_up: why it was left for its next date, if its last sync failed for good; else None.
    """

    provider: str
    chart_id: str
    name: str
    frequency: Frequency
    next_at: dt.datetime
    last_at: dt.datetime | None
    syncs: int
    completed: int
    gave_up: str | None


def scheduled(connection: duckdb.DuckDBPyConnection) -> list[Scheduled]:
    """All scheduled charts, those due first."""
    rows = connection.execute(
        """
        with latest as (
            select schedule_id, arg_max(status, completed_at) as status,
                arg_max(error_message, completed_at) as error, max(completed_at) as at
            from ops.chart_sync_executions group by schedule_id
        )
        select s.provider, s.chart_id, coalesce(s.chart_name, s.chart_id), s.sync_frequency, s.next_sync_at,
            s.last_sync_at, s.total_executions, s.successful_executions,
            case when l.status = 'failed' and s.next_sync_at > l.at then coalesce(l.error, 'failed') end
        from ops.chart_sync_schedules s left join latest l on l.schedule_id = s.schedule_id
        where s.is_active order by s.next_sync_at, s.provider, s.chart_id
        """
    ).fetchall()
    return [
        Scheduled(provider, chart_id, name, Frequency(frequency), *told)
        for provider, chart_id, name, frequency, *told in rows
    ]


def remove(connection: duckdb.DuckDBPyConnection, provider: str, chart_id: str) -> None:
    """Sync a chart no more; what its syncs came to stays, and scheduled again it goes on from there.

    Raises:
        LakeError: it is not scheduled.
    """
    known = [one for one in scheduled(connection) if (one.provider, one.chart_id) == (provider, chart_id)]
    if not known:
        raise LakeError(
            f"chart {chart_id} of {provider} is not scheduled", "see `cratelake list-sync-schedules`"
        )
    tables.transaction(
        connection,
        lambda: connection.execute(
            "update ops.chart_sync_schedules set is_active = false "
            "where provider = $provider and chart_id = $chart",
            {"provider": provider, "chart": chart_id},
        ),
        message=f"no schedule of chart {provider}/{chart_id} any more",
    )


def sync_due(
    connection: duckdb.DuckDBPyConnection,
    desk: Desk,
    ground: Ground,
    *,
    chart_id: str | None = None,
) -> Iterator[Synced]:
    """Sync the provider's charts that are due, or one whether it is due or not.

    Args:
        connection: lake connection.
        desk: the provider.
        ground: where it is asked from.
        chart_id: the one chart.
    """
    now = dt.datetime.fromtimestamp(ground.clock.time(), dt.UTC)
    which = ("chart_id = $which", chart_id) if chart_id else ("next_sync_at <= $which", now)
    due = connection.execute(
        "select schedule_id, chart_id, coalesce(chart_name, chart_id), sync_frequency "
        f"from ops.chart_sync_schedules where is_active and provider = $provider and {which[0]} "
        "order by next_sync_at",
        {"provider": desk.provider, "which": which[1]},
    ).fetchall()
    for schedule_id, chart, name, frequency in due:
        yield _sync(connection, desk, ground, (schedule_id, chart, name, Frequency(frequency)))


def _sync(
    connection: duckdb.DuckDBPyConnection, desk: Desk, ground: Ground, due: tuple[str, str, str, Frequency]
) -> Synced:
    schedule_id, chart_id, name, frequency = due
    started = dt.datetime.fromtimestamp(ground.clock.time(), dt.UTC)
    total = failed = 0
    error: str | None = None
    again = False
    with desk.source.open(ground, desk.settings) as client:
        try:
            for response in desk.source.chart(client, chart_id) if desk.source.chart else ():
                if not response.found:
                    raise SourceError(chart_id, "the provider has no such chart", "look its id up again")
                data = response.data
                name = str(data.get("name") or name)
                entries: list[object] = next(
                    (data[key] for key in _ENTRIES if isinstance(data.get(key), list)), []
                )
                total += len(entries)
                failed += sum(not isinstance(entry, dict) or not entry.get("id") for entry in entries)
        except (FetchError, SourceError) as problem:
            error, again = str(problem), not _final(problem)
    outcomes.take_in(connection, ground.bronze, [desk.provider])
    done = dt.datetime.fromtimestamp(ground.clock.time(), dt.UTC)
    status = "failed" if error else "completed"
    row = {
        "execution": str(uuid.uuid4()), "schedule": schedule_id, "status": status, "started": started,
        "done": done, "total": total, "good": total - failed, "failed": failed, "error": error,
        "run": ground.run_id,
    }  # fmt: skip

    def work() -> None:
        connection.execute(
            "insert into ops.chart_sync_executions values ($execution, $schedule, $status, $started, $done, "
            "$total, $good, $failed, $error, $run)",
            row,
        )
        connection.execute(
            "update ops.chart_sync_schedules set chart_name = $name, last_sync_at = $done, "
            "next_sync_at = case when $again then least(next_sync_at, $done::timestamptz) "
            f"else $done::timestamptz + interval '{_INTERVALS[frequency]}' end, "
            "total_executions = total_executions + 1, successful_executions = successful_executions "
            "+ case when $status = 'completed' then 1 else 0 end where schedule_id = $schedule",
            {"name": name, "done": done, "status": status, "again": again, "schedule": schedule_id},
        )

    tables.transaction(connection, work, message=f"sync of chart {desk.provider}/{chart_id}")
    return Synced(schedule_id, name, status, total, failed, error, again)


def _final(problem: FetchError | SourceError) -> bool:
    """Whether asking for the chart again soon is no help; trouble of a whole provider says nothing of it."""
    return not isinstance(problem, FetchError) or (
        isinstance(problem, PermanentError) and not problem.whole_provider
    )
