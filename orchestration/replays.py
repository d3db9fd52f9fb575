"""Replays in Dagster: the job that works one request of the queue, and the sensor that starts it."""

from collections.abc import Iterator

import dagster as dg

from enrichment import events, pins
from enrichment.replay import requests
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.resources import LakeResource

DIFFERENCES = dg.AssetSpec(
    ["ops", "replay_diffs"],
    deps=[["silver", "enriched_tracks"]],
    description="Fields that a replay decided differently, each with a verdict; written by plans.",
    group_name="ops",
    kinds={"python", "duckdb"},
    owners=["team:data-engineering"],
)
EVERY_SECONDS = 60


class RequestConfig(dg.Config):
    """Which request of ``ops.pipeline_replay_queue`` is worked."""

    request_id: str


@dg.op
def work_request(context: dg.OpExecutionContext, config: RequestConfig, lake: LakeResource) -> None:
    """Plan the replay that was asked for, apply it if the request says so, and enter what came of it."""
    people = events.in_bronze(lake.settings.bronze, pins.Pin)
    with lake.connect() as connection:
        try:
            made = requests.work(connection, config.request_id, context.run.run_id, people)
        except LakeError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
    by_verdict = made.plan.by_verdict if made.plan else {}
    table = "\n".join(
        ["| verdict | fields |", "|---|---|", *(f"| {name} | {n:,} |" for name, n in by_verdict.items())]
    )
    context.log_event(
        dg.AssetMaterialization(
            DIFFERENCES.key,
            metadata={
                "plan": made.plan.plan_id if made.plan else "nothing came out differently",
                "request": config.request_id,
                "tracks_looked_at": made.looked_at,
                "differences": made.plan.differences if made.plan else 0,
                "verdicts": dg.MetadataValue.md(table),
            },
        )
    )


@dg.job(
    executor_def=dg.in_process_executor,
    description="Work one queued replay: decide once more, compare, and apply where that was asked for.",
)
def replay() -> None:
    """Work one queued replay."""
    work_request()


@dg.sensor(
    job=replay,
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,  # a daemon on this lake works what is queued unasked
)
def replay_queue(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Start a run for each queued request; a request whose run died without a word has failed."""
    if not Settings().data.exists():
        yield dg.SkipReason("there is no lake yet: nothing was ever run in this home")
        return
    with LakeResource().connect() as connection:
        for one in requests.requests(connection, requests.RUNNING):
            run = context.instance.get_run_by_id(one.run_id or "")
            if run is None or run.is_finished:
                requests.fail(connection, one.request_id, f"its run {one.run_id} ended without a word")
        queued = requests.requests(connection, requests.QUEUED)
    for one in queued:
        yield dg.RunRequest(
            run_key=one.request_id,
            run_config={"ops": {work_request.name: {"config": {"request_id": one.request_id}}}},
            tags={"cratelake/replay_request": one.request_id},
        )
    if not queued:
        yield dg.SkipReason("no replay is queued")
