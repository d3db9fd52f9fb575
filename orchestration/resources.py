"""Resources: thin shells that open what the lower packages build."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, DbtProject

from enrichment.engine import lake_connection
from lake.postgres import Postgres, postgres
from lake.settings import Settings
from orchestration.dbt_functions import BRONZE, DAY, NO_DAY

DBT_DIRECTORY = Path(__file__).parent.parent / "dbt_project"
dbt_project = DbtProject(project_dir=DBT_DIRECTORY, profiles_dir=DBT_DIRECTORY)


class LakeResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The lake of this process: settings from the environment, connections on demand."""

    @property
    def settings(self) -> Settings:
        """Settings read from ``CRATELAKE_*`` at the time of the call."""
        return Settings()

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A prepared connection; the Postgres server runs at least as long."""
        settings = self.settings
        with postgres(settings) as server, lake_connection(settings, server) as connection:
            yield connection

    @contextmanager
    def dbt_environment(self, day: str = NO_DAY) -> Iterator[None]:
        """The environment variables dbt's process needs, while the block runs."""
        settings = self.settings
        with postgres(settings) as server:
            os.environ.update(dbt_variables(settings, server, day))
            yield


def dbt_variables(settings: Settings, server: Postgres, day: str) -> dict[str, str]:
    """What dbt and its plugin read from the environment at run time."""
    return {
        "CRATELAKE_HOME": str(settings.root),
        BRONZE: str(settings.bronze),
        DAY: day,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **server.libpq_environment,
    }


def dbt_resource() -> DbtCliResource:
    """The dbt of the same environment as this Python, whatever PATH says."""
    return DbtCliResource(project_dir=dbt_project, dbt_executable=str(Path(sys.executable).with_name("dbt")))
