"""Reaching Postgres: the embedded server, or the one a URL names."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

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
