"""The feature table as a Parquet file beside the published one: for models, which want no database."""

import dagster as dg

from lake.publish_parquet import publish_parquet
from orchestration.resources import LakeResource


@dg.asset(
    key=dg.AssetKey(["published", "ml_features"]),
    # after the published file, which is only there if the audit was passed
    deps=[dg.AssetKey(["gold", "ml_features"]), dg.AssetKey(["published", "gold"])],
    group_name="published",
    kinds={"duckdb", "parquet"},
    owners=["team:data-engineering"],
)
def published_features(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """``published/ml_features/ml_features.parquet``: by month and track; swapped in when it differs."""
    with lake.connect() as connection:
        done = publish_parquet(
            connection, lake.settings, "ml_features", order="as_of, track_id", run_id=context.run.run_id
        )
    return dg.MaterializeResult(
        metadata={
            "file": dg.MetadataValue.path(str(done.file)),
            "bytes": done.file.stat().st_size,
            "replaced": done.replaced,
            "fingerprint": done.fingerprint,
            "dagster/row_count": done.rows["ml_features"],
        },
        data_version=dg.DataVersion(done.fingerprint),
    )
