"""Resources: thin shells that open what the lower packages build."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, DbtProject
from packaging.version import Version
from pydantic import PrivateAttr

from enrichment.engine import lake_connection
from extractors.http.stack import Ground
from lake.bronze import NO_DAY
from lake.postgres import Postgres, postgres
from lake.settings import Settings
from orchestration.dbt_functions import BRONZE, DAY, PARENT
from orchestration.fetching import ground

DBT_DIRECTORY = Path(__file__).parent.parent / "dbt_project"
dbt_project = DbtProject(project_dir=DBT_DIRECTORY, profiles_dir=DBT_DIRECTORY)


@cache
def manifest() -> Mapping[str, Any]:
    """What dbt made of the project when it was last parsed."""
    document: Mapping[str, Any] = json.loads(dbt_project.manifest_path.read_text(encoding="utf-8"))
    return document


def project_files() -> list[Path]:
    """All files that make the dbt project, in order."""
    patterns = ("*.yml", "models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*")
    return sorted(file for one in patterns for file in DBT_DIRECTORY.glob(one) if file.is_file())


class LakeResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The lake of this process: settings from the environment, connections on demand."""

    _open: ExitStack = PrivateAttr(default_factory=ExitStack)
    _connection: duckdb.DuckDBPyConnection | None = PrivateAttr(default=None)

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

    def shared(self) -> duckdb.DuckDBPyConnection:
        """One connection for all that only reads, such as checks: making one takes longer than most of them.

        Not for steps that build: what their work leaves in DuckDB's memory slows the next one.
        """
        if self._connection is None:
            self._connection = self._open.enter_context(self.connect())
        return self._connection

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's
        """Close the connection when the run, or the process of a step, ends."""
        self._connection = None
        self._open.close()

    @contextmanager
    def dbt_environment(self, day: str = NO_DAY) -> Iterator[None]:
        """The environment variables dbt's process needs, while the block runs."""
        settings = self.settings
        with postgres(settings) as server:
            os.environ.update(dbt_variables(settings, server, day))
            yield


class ProvidersResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where providers are asked from; in a sandbox lake with its server, which ends with the run."""

    _open: ExitStack = PrivateAttr(default_factory=ExitStack)
    _ground: Ground | None = PrivateAttr(default=None)

    def ground(self, settings: Settings, run_id: str) -> Ground:
        """The ground, made when it is first needed."""
        if self._ground is None:
            self._ground = self._open.enter_context(ground(settings, run_id))
        return self._ground

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's
        """Stop the sandbox server, if one was started."""
        self._ground = None
        self._open.close()


def dbt_variables(settings: Settings, server: Postgres, day: str) -> dict[str, str]:
    """What dbt and its plugin read from the environment at run time."""
    return {
        "CRATELAKE_HOME": str(settings.root),
        BRONZE: str(settings.bronze),
        DAY: day,
        PARENT: str(os.getpid()),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **server.libpq_environment,
    }


class Dbt(DbtCliResource):
    """dbt's command line, without the handle to its adapter that Dagster would make for itself.

    The handle serves dagster-dbt's own row counts and column metadata, which we do not use, and costs
    seconds: it imports dbt and opens the lake once more beside the dbt process that does the work.
    """

    @cached_property
    def _cli_version(self) -> Version:
        """Version of the dbt beside this Python, which a process of its own would take two seconds to say."""
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]  # noqa: ARG002
        return None


def dbt_resource() -> Dbt:
    """The dbt of the same environment as this Python, whatever PATH says."""
    return Dbt(
        project_dir=str(DBT_DIRECTORY),
        profiles_dir=str(DBT_DIRECTORY),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
