"""Bronze assets: one per stream, partitioned by the day its answers landed.

Materialising a day fetches what is due (in a sandbox lake: the files the sandbox world delivers), then takes
stock of the partition and verifies every hash. Files brought by ``cratelake ingest`` are in bronze already.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from enrichment import pins
from enrichment.matching import decisions
from extractors.ingest import ingest
from extractors.registry import KINDS, kind
from extractors.sandbox.delivery import deliver
from extractors.sandbox.world import WorldSpec
from extractors.sources.registry import STAGED
from lake import bronze
from lake.settings import Settings
from lake.tables import one
from orchestration.partitions import daily, day_of, one_day_a_run
from orchestration.resources import LakeResource

STREAMS: tuple[tuple[str, str], ...] = tuple(
    sorted(
        {(one.provider, stream) for one in KINDS.values() for stream in one.streams}
        | {(decisions.PROVIDER, decisions.STREAM), (pins.PROVIDER, pins.STREAM)}
        | set(STAGED)
    )
)
"""(provider, stream) of every registered kind, what people decided, and what is only asked for."""
HASHES = "hashes_match"


def stream_key(provider: str, stream: str) -> dg.AssetKey:
    """Key of a stream's asset."""
    return dg.AssetKey(["bronze", f"{provider}__{stream}"])


def is_sandbox(settings: Settings) -> bool:
    """Whether this lake holds, or being empty shall get, the sandbox world."""
    if (settings.sandbox / "world.json").exists():
        return True
    return not any(
        file.parent.name != "ingest_date=1970-01-01"
        for file in settings.bronze.glob("*/*/ingest_date=*/*.parquet")
    )


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            stream_key(provider, stream),
            description=f"Raw answers of {provider}, stream {stream}: immutable, content-addressed Parquet.",
            group_name="bronze",
            kinds={"parquet"},
            owners=["team:data-engineering"],
            skippable=True,
        )
        for provider, stream in STREAMS
    ],
    check_specs=[
        dg.AssetCheckSpec(
            HASHES,
            asset=stream_key(provider, stream),
            blocking=True,
            description="Every payload and id of the partition still matches its hash.",
        )
        for provider, stream in STREAMS
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    can_subset=True,
    name="bronze_streams",
)
def bronze_streams(
    context: dg.AssetExecutionContext, lake: LakeResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Bring the day's answers into bronze and verify them."""
    settings, day = lake.settings, day_of(context)
    if is_sandbox(settings):
        spec = WorldSpec(
            tracks=settings.sandbox_tracks, sets=settings.sandbox_sets, seed=settings.sandbox_seed
        )
        for part in deliver(spec, settings.sandbox).files:
            if bronze.count(settings.bronze, part.provider, part.stream) >= part.rows:
                continue  # all of it is in
            report = ingest(
                kind(part.kind), [part.path], settings.bronze, ingest_date=day.date, run_id=context.run.run_id
            )
            context.log.info("sandbox: %s offered %s, new %s", part.path.name, part.rows, report.new)
    with lake.connect() as connection:
        for provider, stream in STREAMS:
            key = stream_key(provider, stream)
            if key not in context.selected_asset_keys:
                continue
            bronze.ensure_stream(settings.bronze, provider, stream)
            source = bronze.read_sql(settings.bronze, provider, stream)
            (total, rows) = one(
                connection, f"select count(*), count(*) filter (ingest_date = {day.sql}) from {source}"
            )
            damaged = bronze.damaged(connection, source, day.date) if rows else []
            folder = bronze.stream_directory(settings.bronze, provider, stream)
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={
                    "dagster/row_count": total,
                    "dagster/partition_row_count": rows,
                    "partition_bytes": sum(
                        file.stat().st_size for file in folder.glob(f"ingest_date={day.date}/*.parquet")
                    ),
                    "dagster/uri": _relative(folder, settings),
                },
            )
            yield dg.AssetCheckResult(
                asset_key=key,
                check_name=HASHES,
                passed=not damaged,
                metadata={
                    "damaged": len(damaged),
                    "sample": dg.MetadataValue.json([list(one) for one in damaged[:10]]),
                },
            )


def _relative(folder: Path, settings: Settings) -> str:
    return f"CRATELAKE_HOME/{folder.relative_to(settings.root).as_posix()}"
