"""Gold assets that Python builds: they ask the waterfall, which is no model of dbt's."""

import dagster as dg

from enrichment import config, scorecard
from enrichment.run import Run
from lake.tables import one
from orchestration.assets.tables import OWNERS, result
from orchestration.resources import LakeResource


@dg.asset(
    key=dg.AssetKey(["gold", "provider_scorecard"]),
    deps=[dg.AssetKey(["silver", name]) for name in ("enriched_tracks", "field_pins")],
    group_name="gold",
    kinds={"python", "duckdb"},
    owners=OWNERS,
)
def provider_scorecard(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """What each provider is worth in each field: hits, agreement, what people overturned, a threshold."""
    with lake.connect() as connection:
        changes = scorecard.build(connection, Run.start(context.run.run_id, config.load()))
        (judged,) = one(connection, "select sum(judged_by_people) from gold.provider_scorecard")
        return result(
            connection,
            "gold",
            "provider_scorecard",
            changed=changes.written,
            judged_by_people=int(judged or 0),
        )
