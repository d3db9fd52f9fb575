"""Lakes after a run: a run takes a minute, a copy of what it made a second."""

import fcntl
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orchestration.homes import Home

Build = Callable[[Home], None]


@pytest.fixture(scope="session")
def after(
    home_factory: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Build], Home]:
    """Gives a home of its own as `build` leaves it: built once for all workers, then copied."""
    kept = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        kept = kept.parent

    def copy_of(build: Build) -> Home:
        built = kept / build.__name__
        with (kept / f"{build.__name__}.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not built.exists():
                first = Home(home_factory())
                build(first)
                _copy(first.path, built)
        home = Home(home_factory())
        _copy(built, home.path)
        return home

    return copy_of


def _copy(home: Path, to: Path) -> None:
    """With owners and times, as Postgres insists on."""
    to.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{home}/.", str(to)], check=True)
