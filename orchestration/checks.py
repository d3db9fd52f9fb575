"""Asset checks: one per rule of `quality.checks`, blocking where wrong data would reach gold."""

import dagster as dg

from enrichment import config
from lake.settings import Settings
from orchestration.audit import checks
from orchestration.resources import LakeResource
from quality.checks import Check, run


def _asset_check(check: Check) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=dg.AssetKey(list(check.asset)),
        name=check.name,
        description=check.description,
        blocking=check.blocking,
    )
    def checked(lake: LakeResource) -> dg.AssetCheckResult:
        # the bronze root is known only when the check runs, so the rule is looked up again by its name
        rule = next(one for one in checks(lake.settings, config.load()) if one.name == check.name)
        outcome = run(lake.shared(), rule)
        return dg.AssetCheckResult(
            passed=outcome.passed,
            severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
            metadata={"breaches": outcome.breaches, "sample": dg.MetadataValue.json(outcome.sample)},
        )

    return checked


ASSET_CHECKS = [_asset_check(check) for check in checks(Settings(), config.load())]
