"""The published file: gold as a native DuckDB file, swapped in after an audit."""

import dagster as dg

from enrichment import config
from lake.publish import Table, publish
from orchestration.audit import audit
from orchestration.resources import LakeResource

TABLES = {
    "track_analytics": Table("track_id", ("track_id", "spotify_id")),
    "playlist_analytics": Table("playlist_id", ("playlist_id",)),
    "artist_analytics": Table("artist_id", ("artist_id",)),
    "top_tracks_by_genre": Table("level, genre, rank"),
    "harmonic_mixing_recommendations": Table("track_id, rank", ("track_id",)),
    "field_conflicts": Table("rank", ("track_id",)),
    "provider_scorecard": Table("field, priority"),
}
"""Gold tables analysts get: sorted, and indexed for look-ups."""


@dg.asset(
    key=dg.AssetKey(["published", "gold"]),
    deps=[dg.AssetKey(["gold", name]) for name in TABLES],
    group_name="published",
    kinds={"duckdb"},
    owners=["team:data-engineering"],
)
def published_gold(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """``published/gold.duckdb``: built aside, audited, moved into place; analysts open it read-only."""
    settings = lake.settings
    with lake.connect() as connection:
        # a run that checked everything has just done the audit; a run of this asset alone has not
        passed = _passed_in(context)
        failed = [
            outcome
            for outcome in audit(connection, settings, config.load(), skip=passed)
            if not outcome.passed
        ]
        if failed:
            broken = "; ".join(
                f"{one.check.name} ({one.breaches} rows, e.g. {one.sample[:1]})" for one in failed
            )
            raise dg.Failure(f"gold was not published, the former file stays: {broken}", allow_retries=False)
        done = publish(connection, settings, TABLES, run_id=context.run.run_id)
    rows = "\n".join(
        ["| table | rows |", "|---|---|", *(f"| {name} | {n:,} |" for name, n in done.rows.items())]
    )
    return dg.MaterializeResult(
        metadata={
            "tables": dg.MetadataValue.md(rows),
            "replaced": done.replaced,
            "fingerprint": done.fingerprint,
            "dagster/row_count": sum(done.rows.values()),
        },
        data_version=dg.DataVersion(done.fingerprint[:200]),
    )


def _passed_in(context: dg.AssetExecutionContext) -> set[str]:
    """Names of the checks that passed in this run."""
    records = context.instance.get_records_for_run(
        context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    evaluations = [record.event_log_entry.asset_check_evaluation for record in records]
    return {one.check_name for one in evaluations if one is not None and one.passed}
