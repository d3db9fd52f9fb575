"""dbt models as assets: staging (partitioned by day) and gold.

Two dbt runs, because silver between them is Python. dbt tests become asset checks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from lake.tables import one
from orchestration.dbt_functions import NO_DAY
from orchestration.partitions import daily, one_day_a_run
from orchestration.resources import LakeResource, answers_models, dbt_project


class Translator(DagsterDbtTranslator):
    """Keys are ``[layer, table]``, groups are the layers."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The spec dagster-dbt makes, under our naming rules."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id) or manifest["sources"].get(unique_id)
        if node is None or node["resource_type"] == "source":
            return spec
        layer = node["schema"]
        return spec.replace_attributes(
            key=dg.AssetKey([layer, node["name"]]), group_name=layer, owners=["team:analytics-engineering"]
        )


@dbt_assets(
    manifest=dbt_project.manifest_path,
    project=dbt_project,
    select="path:models/staging",
    exclude=" ".join(sorted(answers_models())),
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    dagster_dbt_translator=Translator(),
    name="staging_files",
)
def staging_files(
    context: dg.AssetExecutionContext, lake: LakeResource, dbt: DbtCliResource
) -> Iterator[Any]:
    """Type the day's files, one model per provider stream: they name what providers are asked about."""
    yield from _build(context, lake, dbt, context.partition_key)


@dbt_assets(
    manifest=dbt_project.manifest_path,
    project=dbt_project,
    select=" ".join(sorted(answers_models())),
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    dagster_dbt_translator=Translator(),
    name="staging_answers",
)
def staging_answers(
    context: dg.AssetExecutionContext, lake: LakeResource, dbt: DbtCliResource
) -> Iterator[Any]:
    """Type the day's answers over HTTP, one model per provider stream."""
    yield from _build(context, lake, dbt, context.partition_key)


@dbt_assets(
    manifest=dbt_project.manifest_path,
    project=dbt_project,
    exclude="path:models/staging",
    dagster_dbt_translator=Translator(),
    name="gold_models",
)
def gold_models(context: dg.AssetExecutionContext, lake: LakeResource, dbt: DbtCliResource) -> Iterator[Any]:
    """Build what analysts read."""
    yield from _build(context, lake, dbt)


def _build(
    context: dg.AssetExecutionContext, lake: LakeResource, dbt: DbtCliResource, day: str = NO_DAY
) -> Iterator[Any]:
    """Run ``dbt build`` for the selected models and give each its row count.

    What dbt reports is passed on while it works on the next model. Unit tests check the SQL, not the data:
    `make test` runs them, the night does not.
    """
    target = lake.settings.root / "dbt" / context.op_execution_context.op_def.name
    with lake.dbt_environment(day):
        # every debug event in dbt.log, beside what Dagster keeps, costs a second a call
        arguments = ["build", "--exclude-resource-type", "unit_test", "--log-level-file", "info"]
        for event in dbt.cli(arguments, context=context, target_path=target).stream():
            if isinstance(event, dg.Output):
                relation = event.output_name.replace("__", ".", 1)  # its asset key: layer and table
                (rows,) = one(lake.shared(), f"select count(*) from {relation}")
                yield event.with_metadata({**event.metadata, "dagster/row_count": rows})
            else:
                yield event
