"""Assembly: everything Dagster loads, in one function that tests may call with other resources."""

from typing import Any

import dagster as dg

from orchestration.assets import bronze, dbt, fetch, gold, published, silver
from orchestration.checks import ASSET_CHECKS
from orchestration.jobs import fetch_job, fetch_schedule, nightly, nightly_schedule
from orchestration.resources import LakeResource, ProvidersResource, dbt_resource


def build(resources: dict[str, Any] | None = None) -> dg.Definitions:
    """The definitions; `resources` replace the default ones by name."""
    return dg.Definitions(
        assets=dg.load_assets_from_modules([bronze, dbt, fetch, silver, gold, published]),
        asset_checks=ASSET_CHECKS,
        jobs=[nightly, fetch_job],
        schedules=[nightly_schedule, fetch_schedule],
        resources={
            "lake": LakeResource(),
            "providers": ProvidersResource(),
            "dbt": dbt_resource(),
            **(resources or {}),
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``workspace.yaml`` loads."""
    return build()
