"""The drop folder in Dagster: the sensor that sees files waiting and the job that takes them."""

import hashlib
from collections.abc import Iterator

import dagster as dg

from extractors import inbox
from lake.settings import Settings
from orchestration.assets.bronze import stream_key
from orchestration.markdown import markdown
from orchestration.partitions import today
from orchestration.resources import LakeResource

EVERY_SECONDS = 30


@dg.op
def take_files(context: dg.OpExecutionContext, lake: LakeResource) -> None:
    """Bring what waits in the inbox into bronze; each file moves to done or refused."""
    settings = lake.settings
    try:
        taken = inbox.take(settings.inbox, settings.bronze, ingest_date=today(), run_id=context.run.run_id)
    except inbox.BusyError:
        context.log.info("somebody else is taking files from the inbox; nothing left to do here")
        return
    for one in taken:
        if one.refused:
            context.log.warning("%s: %s/%s", one.state, one.kind, one.refused)
    for name in sorted({one.kind for one in taken if one.report}):
        files = [(one.file.name, one.report, one.refused) for one in taken if one.kind == name]
        rows = [
            (file, report.answers, report.new, report.rejected, str(refused or "done"))
            for file, report, refused in files
            if report
        ]
        kind = inbox.KINDS[name]
        for stream in kind.streams:
            context.log_event(
                dg.AssetMaterialization(
                    stream_key(kind.provider, stream),
                    partition=today().isoformat(),
                    metadata={
                        "kind": name,
                        "files": markdown(("file", "rows", "new", "rejected", "outcome"), rows),
                    },
                )
            )


@dg.job(
    name="inbox",
    executor_def=dg.in_process_executor,
    description="Bring the files that wait in the inbox into bronze; the nightly job builds on them.",
)
def inbox_job() -> None:
    """Take what waits in the inbox."""
    take_files()


@dg.sensor(
    job=inbox_job,
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,  # a daemon on this lake takes what is laid there unasked
)
def inbox_files() -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Start a run when files wait in the inbox that nobody is still copying."""
    files = inbox.waiting(Settings().inbox)
    if not files:
        lost = len(inbox.astray(Settings().inbox))
        told = f"; {lost} lie in inbox/ itself, where nobody takes them: they belong into inbox/<kind>/"
        yield dg.SkipReason("no file waits in the folders of the inbox" + (told if lost else ""))
        return
    told = "\n".join(
        f"{name}/{file.name} {file.lstat().st_size} {file.lstat().st_mtime_ns}" for name, file in files
    )
    yield dg.RunRequest(run_key=hashlib.sha256(told.encode()).hexdigest()[:32])
