"""``cratelake run``: the nightly job with a progress bar, then a summary."""

import contextlib
import datetime as dt
import fcntl
import logging
import os
import signal
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli.console import err, out
from orchestration.cli.summary import summary
from orchestration.fetching import ASKED, check_settings
from orchestration.instance import instance
from orchestration.partitions import FIRST_DAY, today

_STEPS = {
    "bronze_streams": "bronze: bring in files",
    "staging_files": "staging: type files",
    "ops__enrichment_frontier": "plan: whom to ask what",
    **{f"fetch_{provider}": f"ask {provider}" for provider in ASKED},
    "account_for_fetches": "what came of asking",
    "staging_answers": "staging: type answers",
    "silver__quarantine": "quarantine: apply rules",
    "silver__track_records": "silver: normalise records",
    "match_tracks": "silver: match records",
    "resolve_tracks": "silver: waterfall",
    "credit_artists": "silver: artists",
    "tie_playlists": "silver: tracklists",
    "tie_charts": "silver: charts",
    "tell_sets": "silver: sets, shows, festivals",
    "gold_models": "gold: build marts",
    "gold__provider_scorecard": "gold: compare providers",
    "gold__artist_network": "gold: who is central",
    "gold__data_freshness": "gold: how fresh the data is",
    "published__gold": "publish",
}


_BY, _COMMAND = "cratelake/started_by", "cratelake run"


def run(day: dt.date | None) -> None:
    """Execute the nightly job for one day and print what came of it.

    Raises:
        LakeError: the day is out of range, or the run failed.
    """
    chosen = day or today()
    if not dt.date.fromisoformat(FIRST_DAY) <= chosen <= today():
        raise LakeError(
            f"{chosen} is not a day this lake can hold", f"choose a day from {FIRST_DAY} to {today()}"
        )
    settings = Settings()
    check_settings()
    log = _log(settings)
    former = settings.published.stat().st_ino if settings.published.exists() else None
    with _alone(settings), instance(settings) as opened:
        _bury_killed(opened)
        with log.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file):  # dbt prints there
            result = _execute(opened, "nightly", chosen)
        published = result is not None and any(
            event.is_step_success and event.step_key == "published__gold" for event in result.all_events
        )
        if result is None or not result.success or not published:
            _report_failure(result)
            raise LakeError(
                "the run failed; what was published before stays",
                f"see above and {log}, mend it, run again (nothing done is lost)",
            )
        summary(settings, chosen, result, changed=settings.published.stat().st_ino != former)


def take_in(settings: Settings) -> None:
    """Bring today's answers to records and matches, and decide nothing.

    Raises:
        LakeError: another run works on the lake, or this one failed.
    """
    log = _log(settings)
    with _alone(settings), instance(settings) as opened:
        with log.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file):  # dbt prints there
            result = _execute(opened, "take_in", today())
        if result is None or not result.success:
            _report_failure(result)
            raise LakeError("the answers could not be taken in", f"see above and {log}, mend it, ask again")


def _log(settings: Settings) -> Path:
    log = settings.root / "logs" / f"run-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    return log


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the home's run lock; it goes with the process, however that ends.

    Raises:
        LakeError: another run holds it.
    """
    with (settings.root / "run.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise LakeError(
                f"another run works on this lake ({file.read().strip()})",
                "wait for it to end, or stop it and run again",
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield


def _bury_killed(opened: dg.DagsterInstance) -> None:
    """End the runs of this command that were killed, which we are alone to start: their pools become free."""
    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    for run in opened.get_runs(dg.RunsFilter(statuses=unfinished, tags={_BY: _COMMAND})):
        opened.report_run_failed(run, "the process was killed")
        opened.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _execute(opened: dg.DagsterInstance, name: str, day: dt.date) -> dg.ExecuteInProcessResult | None:
    """Run a job in a thread while the main thread shows which step it is at."""
    from orchestration.definitions import build

    if signal.getsignal(signal.SIGTERM) is signal.SIG_IGN:  # inherited, and Dagster ends its helpers by it
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    job = build().resolve_job_def(name)
    run_id = str(uuid.uuid4())
    box: dict[str, object] = {}

    def work() -> None:
        try:
            box["result"] = job.execute_in_process(
                instance=opened,
                partition_key=day.isoformat(),
                run_id=run_id,
                tags={_BY: _COMMAND},
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        except BaseException as error:  # noqa: BLE001 - carried to the main thread and raised there
            box["error"] = error

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    _show(opened, thread, run_id, len(job.graph.node_defs))
    if "error" in box:
        raise box["error"]  # type: ignore[misc]
    return box["result"]  # type: ignore[return-value]


def _show(opened: dg.DagsterInstance, thread: threading.Thread, run_id: str, steps: int) -> None:
    """Which step a run is at, while its thread lives: as a bar, in a log file as a line for each step."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=err, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task("starting", total=None)
        cursor: str | None = None
        done = 0
        while thread.is_alive():
            thread.join(timeout=0.5)
            page = (
                opened.get_records_for_run(run_id, cursor=cursor, limit=500)
                if opened.has_run(run_id)
                else None
            )
            for record in page.records if page else ():
                event = record.event_log_entry.dagster_event
                if event is None:
                    continue
                if event.event_type == dg.DagsterEventType.STEP_START:
                    named = _STEPS.get(event.step_key or "")
                    progress.update(task, description=named or "checks", total=steps)
                    if named and not err.is_terminal:  # a bar is nothing to a log file
                        begun = dt.datetime.fromtimestamp(record.event_log_entry.timestamp, dt.UTC)
                        err.print(f"{begun:%H:%M:%S} {named}", highlight=False)
                if event.event_type == dg.DagsterEventType.STEP_SUCCESS:
                    done += 1
                    progress.update(task, completed=done)
            cursor = page.cursor if page else cursor


def _report_failure(result: dg.ExecuteInProcessResult | None) -> None:
    for event in result.all_events if result else ():
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause or error if error else None
            err.print(f"[red]{event.step_key}[/red] {cause.message.strip() if cause else ''}", markup=True)
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed:
                out.print(f"check [red]{check.check_name}[/red] failed: {check.description or ''}")
