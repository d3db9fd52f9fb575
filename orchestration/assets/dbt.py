"""dbt models as assets: staging (partitioned by day) and gold.

Two dbt runs, because silver between them is Python. dbt tests become asset checks.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from lake.bronze import NO_DAY
from lake.tables import one
from orchestration.gold import lineage
from orchestration.partitions import daily, one_day_a_run
from orchestration.resources import LakeResource, dbt_project
from orchestration.staging import answers_models, idle, note


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
    yield from _stage(context, lake, dbt)


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
    yield from _stage(context, lake, dbt)


@dbt_assets(
    manifest=dbt_project.manifest_path,
    project=dbt_project,
    exclude="path:models/staging",
    dagster_dbt_translator=Translator(),
    name="gold_models",
)
def gold_models(context: dg.AssetExecutionContext, lake: LakeResource, dbt: DbtCliResource) -> Iterator[Any]:
    """Build what analysts read; what keeps history is dated to the partition of the run."""
    for event in _build(context, lake, dbt, day=context.run.tags.get("dagster/partition", NO_DAY)):
        yield _counted(context, event, lake)[0] if isinstance(event, dg.Output) else event


def _stage(context: dg.AssetExecutionContext, lake: LakeResource, dbt: DbtCliResource) -> Iterator[Any]:
    """Build the models to which the day gives something, and tell the others as they stand."""
    day = context.partition_key
    chosen = {key.path[-1] for key in context.selected_asset_keys}
    standing = {
        name: rows for name, rows in idle(lake.shared(), lake.settings, day).items() if name in chosen
    }
    built: dict[str, int] = {}
    failed: set[str] = set()
    if chosen - standing.keys():
        exclude = ["--exclude", " ".join(sorted(standing))] if standing else []
        for event in _build(context, lake, dbt, exclude, day):
            if isinstance(event, dg.Output):
                counted, rows = _counted(context, event, lake)
                built[_relation(event).rpartition(".")[2]] = rows
                yield counted
            else:
                if isinstance(event, dg.AssetCheckResult) and not event.passed and event.asset_key:
                    failed.add(event.asset_key.path[-1])
                yield event
        note(lake.shared(), built, failed)
    for name, rows in sorted(standing.items()):
        yield dg.Output(
            None,
            output_name=f"staging__{name}",
            metadata={"dagster/row_count": rows, "landed": f"nothing on {day}, so nothing was to be built"},
        )
    for check in sorted(context.selected_asset_check_keys):
        if check.asset_key.path[-1] in standing:
            yield dg.AssetCheckResult(
                passed=True,
                asset_key=check.asset_key,
                check_name=check.name,
                description=f"nothing landed on {day}: the table is as it was when this last passed",
            )


def _build(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    dbt: DbtCliResource,
    exclude: Sequence[str] = (),
    day: str = NO_DAY,
) -> Iterator[Any]:
    """Run ``dbt build`` for the selected models, but for those excluded.

    What dbt reports is passed on while it works on the next model. Unit tests check the SQL, not the data:
    `make test` runs them, the night does not.
    """
    with lake.dbt_environment(day):
        # every debug event in dbt.log, beside what Dagster keeps, costs a second a call
        arguments = ["build", "--exclude-resource-type", "unit_test", "--log-level-file", "info", *exclude]
        yield from dbt.cli(arguments, context=context, target_path=_target(context, lake)).stream()


def _target(context: dg.AssetExecutionContext, lake: LakeResource) -> Path:
    """Where the dbt run of this op writes what it compiles."""
    return lake.settings.root / "dbt" / context.op_execution_context.op_def.name


def _counted(
    context: dg.AssetExecutionContext, event: dg.Output[Any], lake: LakeResource
) -> tuple[dg.Output[Any], int]:
    """A built model with the rows its table has now, and where its columns come from."""
    relation = _relation(event)
    (rows,) = one(lake.shared(), f"select count(*) from {relation}")
    sql = lineage.compiled(_target(context, lake), relation.rpartition(".")[2])
    read = lineage.kept(sql, lake.settings.root / "dbt" / "lineage") if sql else {}
    return event.with_metadata(
        {**event.metadata, "dagster/row_count": rows, **lineage.as_metadata(read)}
    ), rows


def _relation(event: dg.Output[Any]) -> str:
    """The table of an output, from its asset key: layer and name."""
    return event.output_name.replace("__", ".", 1)
