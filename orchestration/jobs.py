"""Jobs and schedules: the night."""

import dagster as dg

from orchestration.assets.dbt import staging_answers
from orchestration.assets.fetch import FETCHED, FRONTIER
from orchestration.assets.silver import match_tracks, quarantine, track_records

# One process: the steps follow each other, each fills the machine through DuckDB, and a process per step
# would spend longer importing than working.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Bring in the day's answers, decide, check, publish. The same job `cratelake run` executes.",
)


take_in = dg.define_asset_job(
    "take_in",
    selection=dg.AssetSelection.assets(
        *staging_answers.keys, quarantine.key, track_records.key, *match_tracks.keys
    ),
    executor_def=dg.in_process_executor,
    description="Bring the day's answers over HTTP to records and matches, and decide nothing: what "
    "`cratelake replay plan --live` compares with.",
)


# A process per provider, all at once: each is held up by its own provider's limits. What is left then is
# asked by the night's run, one provider after the other.
fetch_job = dg.define_asset_job(
    "fetch",
    selection=dg.AssetSelection.assets(FRONTIER) | dg.AssetSelection.assets(*FETCHED),
    executor_def=dg.multiprocess_executor,
    description="Plan the night and ask all providers side by side; the nightly job decides.",
)


@dg.schedule(
    job=fetch_job,
    cron_schedule="0 1 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def fetch_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 01:00 UTC, so that two hours of asking are in when the night's run decides."""
    day = context.scheduled_execution_time.strftime("%Y-%m-%d")
    return dg.RunRequest(run_key=f"fetch-{day}", partition_key=day)


@dg.schedule(
    job=nightly,
    cron_schedule="0 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,  # a daemon on this lake works its nights unasked
)
def nightly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 03:00 UTC: the partition of the day that has begun, so that what was ingested until now is in."""
    day = context.scheduled_execution_time.strftime("%Y-%m-%d")
    return dg.RunRequest(run_key=day, partition_key=day)
