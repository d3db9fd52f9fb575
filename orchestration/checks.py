"""Asset checks: one per rule of `quality.checks`, and a sample that is computed again.

They block where wrong data would reach gold. In the run of a partition, checks of silver and ops look at its
tracks; checks of gold, and all checks run by themselves, at everything.
"""

import datetime as dt
import warnings

import dagster as dg

from enrichment import config, recompute
from enrichment.engine import Day
from enrichment.recompute import Recomputed
from extractors import functions as extractor_functions
from lake.settings import Settings
from orchestration.audit import checks, touched
from orchestration.resources import LakeResource
from quality.check import SAMPLE, TOUCHED, Check, run

# checks of one partition are a preview in Dagster 1.13, which is pinned: who runs a job need not be told
warnings.filterwarnings(
    "ignore", message=".*partitions_def on an AssetCheckSpec.*", category=dg.PreviewWarning
)


def _asset_check(check: Check) -> dg.AssetChecksDefinition:
    keeps_to_tracks = TOUCHED in check.breaches

    @dg.asset_check(
        asset=dg.AssetKey(list(check.asset)),
        name=check.name,
        description=check.description,
        blocking=check.blocking,
    )
    def checked(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
        # the bronze root is known only when the check runs, so the rule is looked up again by its name
        rule = next(one for one in checks(lake.settings, config.load()) if one.name == check.name)
        connection = lake.shared()
        day = _day(context)
        scope = touched(connection, day) if keeps_to_tracks and day else "true"
        outcome = run(connection, rule, scope)
        return dg.AssetCheckResult(
            passed=outcome.passed,
            severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
            metadata={"breaches": outcome.breaches, "sample": dg.MetadataValue.json(outcome.sample)},
        )

    return checked


@dg.asset_check(asset=dg.AssetKey(["silver", "enriched_tracks"]), blocking=True)
def sampled_values_recompute_from_bronze(
    context: dg.AssetCheckExecutionContext, lake: LakeResource
) -> dg.AssetCheckResult:
    """Records and values of a sample of the day's tracks come out of bronze again as they are stored."""
    staging = compiled_staging(lake.settings)
    if not staging:
        return dg.AssetCheckResult(
            passed=False,
            severity=dg.AssetCheckSeverity.WARN,
            description="there are no compiled staging models: materialise staging first",
        )
    connection = lake.shared()
    day = _day(context) or recompute.last_day(connection)
    if other := recompute.other_code(connection, day):
        return _other_code(other)
    extractor_functions.register(connection)
    connection.execute("set variable bronze = $root", {"root": str(lake.settings.bronze)})
    connection.execute(f"set variable day = {day.sql}")
    return _recomputed(recompute.from_bronze(connection, day, staging))


@dg.asset_check(asset=dg.AssetKey(["silver", "enriched_tracks"]), blocking=True)
def same_inputs_give_the_same_content(
    context: dg.AssetCheckExecutionContext, lake: LakeResource
) -> dg.AssetCheckResult:
    """A sample of the day's tracks, decided and assembled again, has the same content hash, clocks apart."""
    connection = lake.shared()
    day = _day(context) or recompute.last_day(connection)
    if other := recompute.other_code(connection, day):
        return _other_code(other)
    return _recomputed(recompute.again(connection, day))


def compiled_staging(settings: Settings) -> dict[str, str]:
    """SQL of each staging model by its name, as dbt compiled it for the lake; nothing before a run."""
    compiled = settings.root.glob("dbt/staging_*/compiled/**/models/staging/**/stg_*.sql")
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(compiled)}


def _day(context: dg.AssetCheckExecutionContext) -> Day | None:
    """The partition of the run, from its tag: partitions of checks themselves are a preview of Dagster's."""
    key = context.run.tags.get("dagster/partition")
    return Day(dt.date.fromisoformat(key)) if key else None


def _other_code(version: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"decided by other code ({version}): materialise the partition again, then compare",
    )


def _recomputed(outcome: Recomputed) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not outcome.differences,
        metadata={
            "tracks": outcome.tracks,
            "compared": outcome.compared,
            "breaches": len(outcome.differences),
            "sample": dg.MetadataValue.json(outcome.differences[:SAMPLE]),
        },
    )


ASSET_CHECKS = [
    *(_asset_check(check) for check in checks(Settings(), config.load())),
    sampled_values_recompute_from_bronze,
    same_inputs_give_the_same_content,
]
