"""The Dagster instance of a lake: configuration file, storage in the lake's Postgres, dbt manifest."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from lake.errors import LakeError
from lake.postgres import Postgres, postgres
from lake.settings import Settings
from orchestration.resources import DBT_DIRECTORY, dbt_project, project_files

_CONFIG = """\
# Written by cratelake. Runs, events and schedules live in the lake's Postgres (schema dagster).
storage:
  postgres:
    postgres_url:
      env: CRATELAKE_DAGSTER_URL
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
concurrency:
  pools:
    # the pools api_<provider>: one process asks a provider
    default_limit: 1
    granularity: op
  runs:
    max_concurrent_runs: 2
python_logs:
  managed_python_loggers: [lake, extractors, enrichment, quality]
telemetry:
  enabled: false
"""
_STATEMENT_MS, _RECYCLE_S, _OVERFLOW = 600_000, 3600, 8


def prepare(settings: Settings) -> None:
    """Write the instance configuration; build dbt's manifest if it is missing or older than the project.

    Raises:
        LakeError: dbt cannot parse the project.
    """
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    file = settings.dagster_home / "dagster.yaml"
    if not file.exists() or file.read_text() != _CONFIG:
        file.write_text(_CONFIG)
    ensure_manifest()


def ensure_manifest() -> None:
    """Parse the dbt project if its manifest is missing or a project file is newer.

    Raises:
        LakeError: dbt cannot parse the project.
    """
    manifest = dbt_project.manifest_path
    if manifest.exists() and manifest.stat().st_mtime >= max(one.stat().st_mtime for one in project_files()):
        return
    command = [
        sys.executable,
        "-m",
        "dbt.cli.main",
        "parse",
        "--no-partial-parse",
        "--profiles-dir",
        str(DBT_DIRECTORY),
    ]
    done = subprocess.run(command, cwd=DBT_DIRECTORY, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise LakeError(f"dbt cannot parse dbt_project:\n{done.stdout[-2000:]}", "mend the file it names")


@contextmanager
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance with its storage running; also points ``DAGSTER_HOME`` at it for child processes."""
    prepare(settings)
    with postgres(settings) as server:
        os.environ.update(environment(settings, server))
        with dg.DagsterInstance.get() as opened:
            # Storage that keeps its connection, as the webserver's does: by default every event of a run
            # opens one or more, at 10 ms each.
            opened.optimize_for_webserver(
                statement_timeout=_STATEMENT_MS, pool_recycle=_RECYCLE_S, max_overflow=_OVERFLOW
            )
            yield opened


def environment(settings: Settings, server: Postgres) -> dict[str, str]:
    """Environment variables under which any Dagster process works on this lake."""
    return {
        "CRATELAKE_HOME": str(settings.root),
        "CRATELAKE_DAGSTER_URL": server.dagster_url,
        "DAGSTER_HOME": str(settings.dagster_home),
    }
