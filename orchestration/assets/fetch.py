"""Assets of asking: the night's plan, one asset per provider that works its share, and what came of it.

The pools ``api_<provider>`` hold one process per provider. Only today's partition asks; any other day's is
taken stock of.
"""

from collections.abc import Iterator

import dagster as dg

from extractors.frontier import charts, drift, plan, work
from extractors.http.known import FETCHES
from orchestration import fetching
from orchestration.assets.bronze import ANSWERED, stock, stream_key, stream_specs
from orchestration.assets.dbt import staging_files
from orchestration.assets.tables import OWNERS, result
from orchestration.fetching import ASKED
from orchestration.markdown import markdown
from orchestration.partitions import daily, day_of, one_day_a_run, today
from orchestration.resources import LakeResource, ProvidersResource

FRONTIER = dg.AssetKey(["ops", "enrichment_frontier"])


@dg.asset(
    key=FRONTIER,
    deps=list(staging_files.keys),
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="ops",
    kinds={"python", "duckdb"},
    owners=OWNERS,
)
def enrichment_frontier(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Whom to ask about which track next, from what the waterfall lacks, cut by nightly budgets."""
    with lake.connect() as connection:
        drawn = fetching.take_stock(connection, lake.settings)
        if day_of(context).date == today():
            fetching.draw_up_night(
                connection, lake.settings, drawn, day_of(context), run_id=context.run.run_id
            )
        rows = [
            (one.provider, one.tracks, one.calls, one.left, f"{one.minutes:.1f}")
            for one in plan.shares(connection, drawn.desks, "ops.enrichment_frontier")
        ]
        columns = ("provider", "tracks", "expected calls", "left for another night", "minutes")
        return result(connection, "ops", "enrichment_frontier", plan=markdown(columns, rows))


def _fetch_asset(provider: str) -> dg.AssetsDefinition:
    streams = [(provider, stream) for stream in ANSWERED[provider]]
    specs, checks = stream_specs(streams, deps=[FRONTIER])

    @dg.multi_asset(
        specs=specs,
        check_specs=checks,
        partitions_def=daily,
        backfill_policy=one_day_a_run,
        can_subset=True,
        name=f"fetch_{provider}",
        pool=f"api_{provider}",
        description=f"Ask {provider} what the night's plan says, and for the charts that are due.",
    )
    def fetch(
        context: dg.AssetExecutionContext, lake: LakeResource, providers: ProvidersResource
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        drawn = fetching.standing(lake.shared(), lake.settings)
        desk = drawn.desks.get(provider)
        if desk is not None and day_of(context).date == today():
            ground = providers.ground(lake.settings, context.run.run_id)
            with lake.connect() as connection:
                for done in charts.sync_due(connection, desk, ground):
                    context.log.info("%s", done)
                tally = work.work(connection, desk, ground)
                context.log.info("%s", tally)
        else:
            standing = drawn.standings[provider]
            context.log.info("%s is not asked: %s", provider, standing.reason or "not today's partition")
        yield from stock(context, lake.shared(), lake.settings, streams)

    return fetch


FETCHED = [_fetch_asset(provider) for provider in ASKED]
_OPERATIONS = {
    "fetch_outcomes": "One row per request, asked or given up, with its outcome.",
    "provider_status": "Whether each provider can be asked, since when, and why not.",
    "metadata_fetch_tasks": "Jobs of fetching, at most 100 tracks each, with their progress.",
    "chart_sync_schedules": "Charts that are synced daily, weekly or monthly.",
    "chart_sync_executions": "Every sync of a chart.",
    "schema_drift": "Keys of answers that are new, vanished or of another type than on earlier days.",
}
_DRIFT_COLUMNS = ("provider", "stream", "key", "kind", "known_types", "seen_types", "answers")


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["ops", table]),
            description=description,
            deps=[stream_key(provider, stream) for provider in ASKED for stream in ANSWERED[provider]],
            group_name="ops",
            kinds={"python", "duckdb"},
            owners=OWNERS,
        )
        for table, description in _OPERATIONS.items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "payload_keys_are_as_before",
            asset=dg.AssetKey(["ops", "schema_drift"]),
            description="No key of the day's answers is new, vanished or of another type than before.",
        )
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="account_for_fetches",
)
def account_for_fetches(
    context: dg.AssetExecutionContext, lake: LakeResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What came of asking, and how the providers stand now."""
    with lake.connect() as connection:
        fetching.take_stock(connection, lake.settings)
        answers = [
            (provider, stream)
            for provider, streams in ANSWERED.items()
            for stream in streams
            if stream != FETCHES
        ]
        drifted = drift.profile(connection, lake.settings.bronze, answers, day_of(context).date)
        day = day_of(context).sql
        told = {
            "fetch_outcomes": (
                ("provider", "outcome", "requests"),
                f"""select provider, outcome, count(*) from ops.fetch_outcomes where ingest_date = {day}
                group by all order by all""",
            ),
            "provider_status": (
                ("provider", "state", "since", "reason"),
                """select provider, state, since::timestamp(0), coalesce(reason, '')
                from ops.provider_status order by all""",
            ),
            "schema_drift": (
                _DRIFT_COLUMNS,
                f"""select {", ".join(_DRIFT_COLUMNS)} from ops.schema_drift where ingest_date = {day}
                order by all limit 100""",
            ),
            "metadata_fetch_tasks": (
                ("provider", "status", "jobs"),
                "select provider, status, count(*) from ops.metadata_fetch_tasks group by all order by all",
            ),
        }
        for table in _OPERATIONS:
            more = {}
            if table in told:
                columns, query = told[table]
                more = {table: markdown(columns, connection.execute(query).fetchall())}
            yield result(connection, "ops", table, **more)
        columns, query = told["schema_drift"]
        yield dg.AssetCheckResult(
            asset_key=dg.AssetKey(["ops", "schema_drift"]),
            check_name="payload_keys_are_as_before",
            passed=drifted == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"keys": drifted, "table": markdown(columns, connection.execute(query).fetchall())},
        )
