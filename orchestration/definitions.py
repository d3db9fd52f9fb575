"""Assembly: everything Dagster loads, in one function that tests may call with other resources."""

import warnings
from typing import Any

import dagster as dg

from orchestration.assets import bronze, catalogue, dbt, features, fetch, gold, published, sets, silver
from orchestration.checks import ASSET_CHECKS
from orchestration.inbox import inbox_files, inbox_job
from orchestration.jobs import fetch_job, fetch_schedule, nightly, nightly_schedule, take_in
from orchestration.replays import DIFFERENCES, replay, replay_queue
from orchestration.resources import LakeResource, ProvidersResource, dbt_resource

# said of every sensor by Dagster's own code, whatever its arguments
_OF_EVERY_SENSOR = ".*`SensorDefinition.*"
warnings.filterwarnings("ignore", message=_OF_EVERY_SENSOR, category=dg.BetaWarning)


_MODULES = [bronze, dbt, fetch, silver, sets, catalogue, gold, published, features]


def build(resources: dict[str, Any] | None = None) -> dg.Definitions:
    """The definitions; `resources` replace the default ones by name."""
    return dg.Definitions(
        assets=[
            *dg.load_assets_from_modules(_MODULES),
            DIFFERENCES,
        ],
        asset_checks=ASSET_CHECKS,
        jobs=[nightly, fetch_job, take_in, replay, inbox_job],
        schedules=[nightly_schedule, fetch_schedule],
        sensors=[replay_queue, inbox_files],
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
