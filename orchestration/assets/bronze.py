"""Bronze assets of what comes as files: one per stream, partitioned by the day its answers landed.

Materialising a day takes stock of the partition and verifies every hash. In a sandbox lake it first brings in
the files that the sandbox world delivers; files of people (``cratelake ingest``) are in bronze already. What
comes over HTTP is in `orchestration.assets.fetch`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import dagster as dg
import duckdb

from enrichment import pins
from enrichment.matching import decisions
from extractors.http.known import FETCHES
from extractors.ingest import ingest
from extractors.registry import KINDS, kind
from extractors.sources.registry import SOURCES, STAGED
from lake import bronze
from lake.settings import Settings
from lake.tables import one
from orchestration.fetching import ASKED, is_sandbox, sandbox_delivery
from orchestration.partitions import daily, day_of, one_day_a_run
from orchestration.resources import LakeResource
from orchestration.staging import staged_streams

_BROUGHT = {(one.provider, stream) for one in KINDS.values() for stream in one.streams}
ANSWERED: dict[str, tuple[str, ...]] = {
    provider: tuple(
        sorted(
            {
                stream
                for owner, stream in _BROUGHT | staged_streams()
                if owner == provider and stream in {one.name for one in SOURCES[provider].streams}
            }
            | {FETCHES}
        )
    )
    for provider in ASKED
}
"""Streams of those asked over HTTP: what staging reads or people bring, and what came of asking."""
_ANSWERED = {(provider, stream) for provider, streams in ANSWERED.items() for stream in streams}
STREAMS: tuple[tuple[str, str], ...] = tuple(
    sorted(
        ((_BROUGHT | set(STAGED)) - _ANSWERED)
        | {(decisions.PROVIDER, decisions.STREAM), (pins.PROVIDER, pins.STREAM)}
    )
)
"""(provider, stream) of what comes as files or on demand, and what people decided."""
HASHES = "hashes_match"


def stream_key(provider: str, stream: str) -> dg.AssetKey:
    """Key of a stream's asset."""
    return dg.AssetKey(["bronze", f"{provider}__{stream}"])


def stream_specs(
    streams: Iterable[tuple[str, str]], deps: Iterable[dg.AssetKey] = ()
) -> tuple[list[dg.AssetSpec], list[dg.AssetCheckSpec]]:
    """Specs of streams' assets and of the checks of their hashes."""
    specs, checks = [], []
    for provider, stream in streams:
        key = stream_key(provider, stream)
        what = f"Raw answers of {provider}, stream {stream}: immutable, content-addressed Parquet."
        if stream == FETCHES:
            what = f"Whatever {provider} was asked, with the outcome: one row per request."
        specs.append(
            dg.AssetSpec(
                key,
                description=what,
                deps=list(deps),
                group_name="bronze",
                kinds={"parquet"},
                owners=["team:data-engineering"],
                skippable=True,
            )
        )
        checks.append(
            dg.AssetCheckSpec(
                HASHES,
                asset=key,
                blocking=True,
                description="Every payload and id of the partition still matches its hash.",
            )
        )
    return specs, checks


_SPECS, _CHECKS = stream_specs(STREAMS)


@dg.multi_asset(
    specs=_SPECS,
    check_specs=_CHECKS,
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    can_subset=True,
    name="bronze_streams",
)
def bronze_streams(
    context: dg.AssetExecutionContext, lake: LakeResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Bring the day's files into bronze and verify them."""
    settings, day = lake.settings, day_of(context)
    if is_sandbox(settings):
        for part in sandbox_delivery(settings).files:
            if (part.provider, part.stream) in _ANSWERED:
                continue  # comes over HTTP
            if bronze.count(settings.bronze, part.provider, part.stream) >= part.rows:
                continue  # all of it is in
            report = ingest(
                kind(part.kind), [part.path], settings.bronze, ingest_date=day.date, run_id=context.run.run_id
            )
            context.log.info("sandbox: %s offered %s, new %s", part.path.name, part.rows, report.new)
    with lake.connect() as connection:
        yield from stock(context, connection, settings, STREAMS)


def stock(
    context: dg.AssetExecutionContext,
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    streams: Iterable[tuple[str, str]],
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What a day's partition of each selected stream holds, and whether every hash still fits."""
    day = day_of(context)
    for provider, stream in streams:
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
