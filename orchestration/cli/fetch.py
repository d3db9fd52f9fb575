"""``cratelake fetch`` and the commands of charts: asking providers outside the nightly run."""

import datetime as dt
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace

import duckdb
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from enrichment.engine import lake_connection
from enrichment.frontier import Scope
from extractors.frontier import charts, plan, work
from extractors.frontier.charts import Synced
from extractors.frontier.desks import Desk
from extractors.frontier.frequency import Frequency
from extractors.frontier.work import Tally
from extractors.http.clock import StoppableClock
from extractors.http.stack import Ground
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from orchestration import fetching
from orchestration.cli.console import err, out, table
from orchestration.cli.people import lake, subject

_WHY = {
    "never_asked": "never asked",
    "failed": "without an answer when last asked",
    "stale": "answered more than 30 days ago",
    "on_demand": "answered already, asked again because you named the track",
    "pending": "found since the last run, to be looked up",
    "settled": "found before, to be looked up",
}
"""Reasons of a plan (`enrichment.frontier`) in words; the number of tracks stands before them."""
_LOOK = 0.2
"""Seconds between looks at whether a person pressed Ctrl-C."""


def fetch(
    tracks: Sequence[str], *, everything: bool, retry_dead: bool, dry_run: bool, providers: Sequence[str]
) -> None:
    """Plan what to ask, print the plan, and unless it is a dry run, work it.

    Args:
        tracks: names or ids of tracks to ask about, however fresh; all that need it if none is given.
        everything: whether nightly budgets are left aside.
        retry_dead: whether requests that gave up are tried again.
        dry_run: print the plan, write and ask nothing.
        providers: whom to ask; all who can be asked if none is given.

    Raises:
        LakeError: nobody can be asked, or a track is not known.
    """
    with lake() as (settings, connection):
        scope = Scope(retry_dead=retry_dead)
        if tracks:
            ids = ", ".join(f"'{subject(connection, text).track_id}'" for text in tracks)
            scope = Scope(newcomers=False, known=f"t.track_id in ({ids})", retry_dead=retry_dead, again=True)
        budgets = not everything and not tracks
        asked = ask(connection, settings, scope, budgets=budgets, dry_run=dry_run, providers=providers)
        if retry_dead:
            asked |= _retry_charts(connection, settings, dry_run=dry_run, providers=providers)
    if asked:
        out.print("the next [bold]cratelake run[/bold] decides with what came in")


def _retry_charts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, *, dry_run: bool, providers: Sequence[str]
) -> bool:
    """Sync the scheduled charts that gave up and wait for their next date; whether any was asked for.

    Raises:
        LakeError: one failed again.
    """
    drawn = fetching.standing(connection, settings)
    gave_up = [
        one
        for one in charts.scheduled(connection)
        if one.gave_up and one.provider in drawn.desks and (not providers or one.provider in providers)
    ]
    for one in gave_up:
        said = f"chart {one.name} of {one.provider} gave up: {one.gave_up}"
        out.print(said, markup=False, highlight=False, soft_wrap=True)
    if dry_run or not gave_up:
        return False
    with fetching.ground(settings, str(uuid.uuid4())) as ground:
        done = [
            synced
            for one in gave_up
            for synced in charts.sync_due(
                connection, drawn.desks[one.provider], ground, chart_id=one.chart_id
            )
        ]
    _report_charts(done)
    return True


def ask(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    scope: Scope,
    *,
    budgets: bool,
    dry_run: bool = False,
    providers: Sequence[str] = (),
) -> bool:
    """Plan what to ask about tracks, print the plan, and unless it is a dry run, work it and report.

    Args:
        connection: prepared lake connection.
        settings: of the lake.
        scope: which tracks.
        budgets: whether nightly budgets hold.
        dry_run: print the plan, write and ask nothing.
        providers: whom to ask; all who can be asked if none is given.

    Returns:
        Whether anybody was asked.

    Raises:
        LakeError: nobody can be asked, or a provider is not known.
    """
    run_id = str(uuid.uuid4())
    drawn = fetching.take_stock(connection, settings, budgets=budgets)
    unknown = sorted(set(providers) - set(drawn.standings))
    if unknown:
        raise LakeError(
            f"{', '.join(unknown)}: nobody of this name is asked about tracks",
            f"use some of {', '.join(sorted(drawn.standings))}",
        )
    chosen = {
        name: replace(desk, retry_dead=scope.retry_dead)
        for name, desk in drawn.desks.items()
        if not providers or name in providers
    }
    if not chosen:
        reasons = "; ".join(f"{name}: {one.reason}" for name, one in drawn.standings.items() if one.state)
        raise LakeError(f"nobody can be asked ({reasons})", "see `cratelake doctor` and docs/providers.md")
    drawn = fetching.Plan(chosen, drawn.standings)
    fetching.draw_up(connection, settings, drawn, run_id=run_id, scope=scope)
    calls = _show(connection, drawn)
    if dry_run or not calls:
        return False
    plan.store(connection)
    with fetching.ground(settings, run_id) as ground:
        tallies = _work(settings, list(chosen.values()), ground)
    fetching.take_stock(connection, settings)
    _report(tallies)
    return True


def _show(connection: duckdb.DuckDBPyConnection, drawn: fetching.Plan) -> int:
    shares = plan.shares(connection, drawn.desks)
    rows = [
        (
            one.provider,
            one.tracks,
            one.calls,
            _minutes(one.minutes),
            one.left,
            drawn.desks[one.provider].budget,
        )
        for one in shares
    ]
    columns = ("provider", "tracks", "expected calls", "minutes", "left for another night", "budget left")
    out.print(table("Plan", columns, rows, right=(1, 2, 3, 4, 5)))
    for name, standing in drawn.standings.items():
        if standing.state is not None:
            out.print(f"[dim]{name} is not asked ({standing.state}): {standing.reason}[/dim]")
    reasons = connection.execute(
        "select reason, count(distinct record_id) from planned group by reason order by 2 desc"
    ).fetchall()
    if reasons:
        told = ", ".join(f"{count:,} {_WHY[reason]}" for reason, count in reasons)
        out.print(f"why: {told}", soft_wrap=True)
        if any(reason == "on_demand" for reason, _ in reasons):
            out.print(
                "[dim]what bronze has fresh (a day, searches an hour) is known already: not asked[/dim]"
            )
    calls = sum(one.calls for one in shares)
    if not calls:
        out.print("there is nothing to ask")
    return calls


def _minutes(minutes: float) -> str:
    """Minutes to a tenth; what is less than that and more than nothing says so."""
    return "< 0.1" if 0 < minutes < 0.1 else f"{minutes:.1f}"


def _work(settings: Settings, desks: Sequence[Desk], ground: Ground) -> list[Tally]:
    """Ask all of them side by side, each with its bar; Ctrl-C ends them after the answers under way."""
    clock = StoppableClock()
    here = replace(ground, clock=clock)
    with (
        Progress(
            TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=err, transient=True,
        ) as progress,
        ThreadPoolExecutor(len(desks)) as threads,
    ):  # fmt: skip
        bars: dict[str, TaskID] = {
            desk.provider: progress.add_task(desk.provider, total=None) for desk in desks
        }

        def tell(provider: str, done: int, known: int) -> None:
            progress.update(bars[provider], completed=done, total=known)

        def one(desk: Desk) -> Tally:
            clock.sleep(0.0)  # whoever begins after Ctrl-C ends here
            with postgres(settings) as server, lake_connection(settings, server) as connection:
                opened.append(connection)
                clock.sleep(0.0)
                return work.work(connection, desk, here, tell)

        opened: list[duckdb.DuckDBPyConnection] = []
        asking = [threads.submit(one, desk) for desk in desks]
        try:
            while wait(asking, timeout=_LOOK).not_done:
                pass  # a wait without an end can be deaf to Ctrl-C
        except KeyboardInterrupt:
            clock.stop()
            for connection in opened:
                with suppress(duckdb.ConnectionException):  # one that is closed needs no interruption
                    connection.interrupt()
            raise
        return [done.result() for done in asking]


def _report(tallies: Sequence[Tally]) -> None:
    rows = [
        (one.provider, one.answered, one.not_found, one.known, one.failed, one.calls, one.stopped or "")
        for one in sorted(tallies, key=lambda one: one.provider)
    ]
    columns = ("provider", "answered", "not found", "known already", "failed", "calls", "ended early")
    out.print(table("Asked", columns, rows, right=(1, 2, 3, 4, 5)))
    if any(one.failed for one in tallies):
        out.print(
            "why requests failed: "
            'cratelake sql --lake "select provider, error_message from ops.metadata_fetch_tasks '
            'where error_message is not null order by updated_at desc"',
            soft_wrap=True,
        )


def create_schedule(provider: str, chart_id: str, frequency: Frequency) -> None:
    """Schedule a chart; it is due at once."""
    with lake() as (settings, connection):
        fetching.standing(connection, settings)
        schedule = charts.create(connection, provider, chart_id, frequency, dt.datetime.now(dt.UTC))
    out.print(f"schedule {schedule}: chart {chart_id} of {provider}, {frequency}; it is due at once")


def list_schedules() -> None:
    """Print the scheduled charts, those due first."""
    with lake() as (settings, connection):
        fetching.standing(connection, settings)
        known = charts.scheduled(connection)
    if not known:
        out.print("no chart is scheduled; see cratelake create-sync-schedule --help")
        return
    rows = [
        (
            one.provider,
            one.chart_id,
            one.name,
            one.frequency.value,
            f"{one.next_at:%Y-%m-%d %H:%M}",
            f"{one.last_at:%Y-%m-%d %H:%M}" if one.last_at else None,
            f"{one.completed:,} of {one.syncs:,}",
            one.gave_up or "",
        )
        for one in known
    ]
    columns = ("provider", "chart id", "chart", "synced", "due (UTC)", "last synced", "went well", "gave up")
    out.print(table("Scheduled charts", columns, rows))


def remove_schedule(provider: str, chart_id: str) -> None:
    """Sync a chart no more.

    Raises:
        LakeError: it is not scheduled.
    """
    with lake() as (settings, connection):
        fetching.standing(connection, settings)
        charts.remove(connection, provider, chart_id)
    out.print(f"chart {chart_id} of {provider} is synced no more; what came of its syncs stays")


def sync_charts(chart_id: str | None) -> None:
    """Sync one scheduled chart, or all that are due, and say what came of each.

    Raises:
        LakeError: the chart is not scheduled, its provider cannot be asked, or a sync failed.
    """
    with lake() as (settings, connection):
        drawn = fetching.take_stock(connection, settings)
        done: list[Synced] = []
        asked = connection.execute(
            "select distinct provider from ops.chart_sync_schedules "
            "where is_active and chart_id = coalesce($chart, chart_id)",
            {"chart": chart_id},
        ).fetchall()
        if not asked:
            raise LakeError(
                f"chart {chart_id} is not scheduled" if chart_id else "no chart is scheduled",
                "create a schedule with `cratelake create-sync-schedule`",
            )
        with fetching.ground(settings, str(uuid.uuid4())) as ground:
            for (provider,) in asked:
                desk = drawn.desks.get(provider)
                if desk is None:
                    standing = drawn.standings.get(provider)
                    raise LakeError(
                        f"{provider} cannot be asked: {standing.reason if standing else 'no desk'}",
                        "see docs/providers.md",
                    )
                done += charts.sync_due(connection, desk, ground, chart_id=chart_id)
    if not done:
        out.print("no chart is due")
    _report_charts(done)


def _report_charts(done: Sequence[Synced]) -> None:
    """Say what came of syncs.

    Raises:
        LakeError: one failed.
    """
    if not done:
        return
    rows = [(one.chart, one.status, one.total, one.failed, one.error or "") for one in done]
    out.print(table("Charts", ("chart", "status", "entries", "of these failed", "error"), rows, right=(2, 3)))
    failed = [one for one in done if one.error]
    if failed:
        settled = ", ".join(one.chart for one in failed if not one.again)
        remedies = ["the next sync tries again"] if any(one.again for one in failed) else []
        remedies += [f"{settled} would fail again, and waits for its next date"] if settled else []
        raise LakeError("a chart could not be synced", f"see above; {'; '.join(remedies)}")
