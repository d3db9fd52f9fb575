"""kill -9 in the middle, run again: the same as if nothing had happened."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from tests.orchestration.conftest import Build
from tests.orchestration.homes import Home, sandbox_night

pytestmark = pytest.mark.slow


def kill_at(home: Home, step: str) -> None:
    """Start a run and kill it and its children as soon as the step has begun."""
    process = subprocess.Popen(
        home.command("run"),
        env=home.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 600  # the test of a loaded machine waits, it does not fail
    while time.monotonic() < deadline:
        assert process.poll() is None, "the run ended before it could be killed"
        if step in steps_begun(home):
            time.sleep(0.4)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return
        time.sleep(0.1)
    pytest.fail(f"{step} never began")


def steps_begun(home: Home) -> set[str]:
    try:
        connection = psycopg2.connect(f"host={home.path}/postgres user=postgres dbname=postgres")
    except psycopg2.OperationalError:
        return set()
    try:
        with connection.cursor() as cursor:
            cursor.execute("select step_key from dagster.event_logs where dagster_event_type = 'STEP_START'")
            return {row[0] for row in cursor.fetchall()}
    except psycopg2.errors.UndefinedTable:
        return set()
    finally:
        connection.close()


def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(
    after: Callable[[Build], Home], home_factory: Callable[[], Path]
) -> None:
    home = Home(home_factory())
    # each run gets further than the one before, over what that one left
    for step in ("fetch_spotify", "resolve_tracks", "gold_models"):
        kill_at(home, step)
    home.run("run")
    assert home.contents() == after(sandbox_night).contents()
    home.run("stop")
    assert not home.postgres_running()
