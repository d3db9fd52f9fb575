"""Fixtures shared by all tests: the real data, and lakes in temporary homes."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import hypothesis
import pytest

from enrichment.engine import lake_connection
from enrichment.schema import TABLES as OUR_TABLES
from extractors.frontier.schema import TABLES as ASKING_TABLES
from lake.connection import CATALOGUE
from lake.postgres import Postgres, postgres
from lake.settings import Settings
from lake.tables import bootstrap

# how long an example takes is no property of the code: machines are noisy, and speed belongs in benchmarks
hypothesis.settings.register_profile("cratelake", deadline=None)
hypothesis.settings.load_profile("cratelake")
REPOSITORY = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with whole runs first, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: "orchestration" not in item.path.parts)


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> None:
    """No test reads or writes the lake of the person who runs it, nor is deaf because its shell is.

    A shell has what runs in its background ignore SIGINT, Dagster then ignores SIGTERM, and so would all that
    tests start and end.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for name in list(os.environ):
        if name.startswith("CRATELAKE_") or name == "DAGSTER_HOME":
            del os.environ[name]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data beside the repository; tests that need it skip where it is absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real data in ../shared/data, which is not here")
    return folder


@pytest.fixture(scope="session")
def home_factory() -> Iterator[Callable[[], Path]]:
    """Makes lake homes, removed at the end.

    Not below pytest's own directory: that one is closed to the unprivileged user the embedded Postgres runs
    as when the tests run as root.
    """
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="cratelake-test-")))
        return made[-1]

    yield make
    for home in made:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(home_factory: Callable[[], Path]) -> Settings:
    """Settings of a lake that lives as long as the session."""
    return Settings(home=home_factory())


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[Postgres]:
    """A real embedded Postgres, stopped at the end."""
    with postgres(settings) as running:
        yield running


@pytest.fixture(scope="session")
def emptied() -> dict[str, int]:
    """Table -> rows ever inserted when it was emptied last; opening each to count costs a second."""
    return {}


@pytest.fixture(scope="session")
def opened_lake(settings: Settings, server: Postgres) -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection for all tests: opening one costs half a second."""
    with lake_connection(settings, server) as connection:
        yield connection


@pytest.fixture
def lake(
    opened_lake: duckdb.DuckDBPyConnection, emptied: dict[str, int]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A real DuckLake with our tables, emptied after the test; of temporary relations none are left."""
    bootstrap(opened_lake, OUR_TABLES)
    yield opened_lake
    _empty(opened_lake, emptied)


def _empty(connection: duckdb.DuckDBPyConnection, emptied: dict[str, int]) -> None:
    with suppress(duckdb.TransactionException):  # none was left open
        connection.execute("rollback")
    temporary = connection.execute(
        "select 'table', table_name from duckdb_tables() where temporary "
        "union all select 'view', view_name from duckdb_views() where temporary and not internal"
    ).fetchall()
    for what, name in temporary:
        connection.execute(f'drop {what} if exists temp."{name}"')
    tables = connection.execute(
        "select schema_name, table_name, coalesce(next_row_id, 0) "
        f"from {CATALOGUE}.ducklake_table t join {CATALOGUE}.ducklake_schema s using (schema_id) "
        f"left join {CATALOGUE}.ducklake_table_stats using (table_id) where t.end_snapshot is null"
    ).fetchall()
    for schema, table, inserted in tables:
        name = f"{schema}.{table}"
        if name not in OUR_TABLES and name not in ASKING_TABLES:
            connection.execute(f'drop table {schema}."{table}"')
        elif inserted != emptied.get(name, 0):
            connection.execute(f"delete from {name}")
            emptied[name] = inserted
