"""Jobs and schedules: the night."""

import dagster as dg

# One process: the steps follow each other, each fills the machine through DuckDB, and a process per step
# would spend longer importing than working.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Bring in the day's answers, decide, check, publish. The same job `cratelake run` executes.",
)


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
