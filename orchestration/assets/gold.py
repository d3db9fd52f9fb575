"""Gold assets that Python builds, where SQL is the wrong tool: the waterfall again, a graph, bronze's files.

What their tables and columns mean stands where it does for dbt's: in `models/gold/_python__sources.yml`.
"""

from collections.abc import Callable

import dagster as dg
import duckdb

from enrichment import config, network, scorecard
from enrichment.run import Run
from extractors.frontier import schema as operations
from lake import tables
from lake.tables import one
from orchestration.assets.tables import OWNERS, key, result
from orchestration.gold.marts import marts
from orchestration.markdown import markdown
from orchestration.resources import LakeResource
from quality import freshness


def _gold(*reads: dg.AssetKey) -> Callable[..., dg.AssetsDefinition]:
    """An asset of gold that reads these tables."""
    return dg.asset(
        key_prefix="gold", deps=reads, group_name="gold", kinds={"python", "duckdb"}, owners=OWNERS
    )


@_gold(key("silver", "enriched_tracks"), key("silver", "field_pins"))
def provider_scorecard(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """What each provider is worth in each field: hits, agreement, what people overturned, a threshold."""
    with lake.connect() as connection:
        changes = scorecard.build(connection, Run.start(context.run.run_id, config.load()))
        (judged,) = one(connection, "select sum(judged_by_people) from gold.provider_scorecard")
        describe(connection, "provider_scorecard")
        return result(
            connection,
            "gold",
            "provider_scorecard",
            changed=changes.written,
            judged_by_people=int(judged or 0),
        )


@_gold(key("gold", "artist_collaboration_network"))
def artist_network(lake: LakeResource) -> dg.MaterializeResult:
    """How central each artist is among those who work together, and the community they belong to."""
    with lake.connect() as connection:
        changes = network.build(connection)
        (communities,) = one(connection, "select count(distinct community_id) from gold.artist_network")
        describe(connection, "artist_network")
        return result(connection, "gold", "artist_network", changed=changes.written, communities=communities)


@_gold(key("silver", "quarantine"), key("ops", "provider_status"))
def data_freshness(lake: LakeResource) -> dg.MaterializeResult:
    """How fresh each stream of bronze is, and whether its provider can be asked."""
    with lake.connect() as connection:
        operations.prepare(connection)
        changes = freshness.build(connection, lake.settings.bronze)
        stale = connection.execute(
            "select provider, stream, last_day, days_behind from gold.data_freshness where state = 'stale' "
            "order by days_behind desc, provider, stream"
        ).fetchall()
        describe(connection, "data_freshness")
        listed = markdown(("provider", "stream", "last day", "days behind"), stale)
        return result(connection, "gold", "data_freshness", changed=changes.written, stale=listed)


def describe(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Write into the lake what the table and its columns mean, as dbt does for its models."""
    (mart,) = (mart for mart in marts() if mart.name == table)
    standing = dict(
        connection.execute(
            "select '', comment from duckdb_tables() where schema_name = 'gold' and table_name = $table "
            "union all select column_name, comment from duckdb_columns() where schema_name = 'gold' "
            "and table_name = $table",
            {"table": table},
        ).fetchall()
    )
    if standing != {"": mart.description, **mart.columns}:
        tables.transaction(
            connection,
            lambda: tables.describe(connection, f"gold.{table}", mart.description, mart.columns),
            message=f"comments of gold.{table}",
        )
