"""What assets of tables built by Python have in common: keys, specs, and what a materialisation tells."""

import dagster as dg
import duckdb

from lake.tables import one
from orchestration.assets.dbt import staging_answers, staging_files

OWNERS = ["team:data-engineering"]
STAGED = [*staging_files.keys, *staging_answers.keys]


def key(layer: str, table: str) -> dg.AssetKey:
    """Key of a table's asset."""
    return dg.AssetKey([layer, table])


def spec(layer: str, table: str, description: str, deps: list[dg.AssetKey]) -> dg.AssetSpec:
    """Spec of a table that a step in Python builds."""
    return dg.AssetSpec(
        key(layer, table),
        description=description,
        deps=deps,
        group_name=layer,
        kinds={"python", "duckdb"},
        owners=OWNERS,
    )


def result(
    connection: duckdb.DuckDBPyConnection, layer: str, table: str, **metadata: object
) -> dg.MaterializeResult:
    """What there is to say of a table that was built: its rows, and whatever of `metadata` can be shown."""
    (rows,) = one(connection, f"select count(*) from {layer}.{table}")
    return dg.MaterializeResult(
        asset_key=key(layer, table),
        metadata={
            "dagster/row_count": rows,
            "dagster/relation_identifier": f"lake.{layer}.{table}",
            **{
                name: value
                for name, value in metadata.items()
                if isinstance(value, int | float | str | dg.MetadataValue)
            },
        },
    )
