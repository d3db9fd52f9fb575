"""Reaching Postgres: the embedded server, or the one a URL names."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lake.connection import connect
from lake.errors import LakeError
from lake.postgres import embedded_pid, external, postgres, stop_embedded
from lake.settings import Settings


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://", "mysql://u@h/db", "postgresql://host", "postgresql:///db"]
)
def test_a_url_without_host_or_database_is_refused(url: str) -> None:
    with pytest.raises(LakeError, match="CRATELAKE_POSTGRES_URL"):
        external(url)


def test_the_password_stays_out_of_what_is_logged() -> None:
    server = external("postgresql://me:se%20cret@db.example:5433/lake")
    assert (server.host, server.port, server.user, server.database) == ("db.example", 5433, "me", "lake")
    assert server.password == "se cret"  # noqa: S105 - of nobody
    assert "cret" not in server.dsn + server.dagster_url


def test_the_last_to_leave_stops_the_server(home_factory: Callable[[], Path]) -> None:
    settings = Settings(home=home_factory())
    with postgres(settings) as outer:
        with postgres(settings) as inner:
            assert inner == outer
        assert embedded_pid(settings) is not None
    assert embedded_pid(settings) is None


def test_a_killed_user_does_not_keep_the_server_alive(home_factory: Callable[[], Path]) -> None:
    settings = Settings(home=home_factory())
    with postgres(settings):
        pass
    users = settings.pgdata / ".handle_pids.json"
    users.write_text(json.dumps([2**22 - 7]))  # no process has this number
    with postgres(settings):
        assert os.getpid() in json.loads(users.read_text())
    assert embedded_pid(settings) is None


def test_stop_ends_a_server_somebody_left_running(home_factory: Callable[[], Path]) -> None:
    settings = Settings(home=home_factory())
    with postgres(settings):
        assert stop_embedded(settings)
        assert embedded_pid(settings) is None
    assert not stop_embedded(settings)


def test_a_home_may_be_copied_to_another_place(home_factory: Callable[[], Path]) -> None:
    first, second = Settings(home=home_factory()), Settings(home=home_factory())
    with postgres(first) as server, connect(first, server) as lake:
        # more rows than DuckLake keeps in its catalogue: they lie in a file
        lake.execute("create table lake.main.numbers as from range(1000) t(n)")
    subprocess.run(["cp", "-a", f"{first.root}/.", str(second.root)], check=True)
    shutil.rmtree(first.data)
    with postgres(second) as server, connect(second, server) as lake:
        assert lake.execute("select sum(n) from numbers").fetchone() == (499500,)
        lake.execute("insert into numbers select n + 1000 from numbers")
    assert len(list(second.data.rglob("*.parquet"))) == 2
