"""The published file: gold as a native DuckDB file, swapped in after an audit."""

import dagster as dg

from enrichment import config
from lake.publish import publish
from orchestration.audit import audit
from orchestration.gold import file
from orchestration.gold.marts import published
from orchestration.markdown import markdown
from orchestration.resources import LakeResource

MARTS = published()
"""What analysts get, as the marts themselves say; wrong ones fail here, when Dagster loads."""


@dg.asset(
    key=dg.AssetKey(["published", "gold"]),
    deps=[dg.AssetKey(["gold", mart.name]) for mart in MARTS],
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
        done = publish(
            connection,
            settings,
            {mart.name: mart.plan for mart in MARTS},
            run_id=context.run.run_id,
            finish=file.finish(MARTS),
            form=file.form(MARTS),
        )
    rows = [(mart.name, f"{done.rows[mart.name]:,}", mart.question) for mart in MARTS]
    return dg.MaterializeResult(
        metadata={
            "tables": markdown(("table", "rows", "question"), rows),
            "replaced": done.replaced,
            "fingerprint": done.fingerprint,
            "dagster/row_count": sum(done.rows.values()),
        },
        data_version=dg.DataVersion(done.fingerprint),
    )


def _passed_in(context: dg.AssetExecutionContext) -> set[str]:
    """Names of the checks that passed in this run."""
    records = context.instance.get_records_for_run(
        context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    evaluations = [record.event_log_entry.asset_check_evaluation for record in records]
    return {one.check_name for one in evaluations if one is not None and one.passed}
