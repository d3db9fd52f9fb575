"""``cratelake doctor``: what is installed, reachable and configured, with a remedy for what is not."""

import shutil
import sys
from collections.abc import Callable
from importlib import metadata

import duckdb
from pydantic import ValidationError

from enrichment import config
from extractors.http.settings import HttpSettings, Mode
from extractors.sources.registry import SOURCES
from lake.connection import connect, install_extensions
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from lake.tables import one
from orchestration.cli.console import FAILED, out, table, variable
from orchestration.instance import ensure_manifest

_FREE_GIB = 2


def doctor() -> None:
    """Run every examination and print a table; exit code 1 if something needs mending."""
    examinations: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("packages", _packages),
        ("DuckDB extensions", _extensions),
        ("settings", _settings),
        ("disk", _disk),
        ("Postgres and lake", _lake),
        ("dbt project", _dbt),
        ("waterfall", _waterfall),
        ("providers", _providers),
    ]
    rows, failed = [], 0
    for name, examine in examinations:
        try:
            rows.append((name, "ok", examine(), ""))
        except LakeError as error:
            failed += 1
            rows.append((name, "mend", error.problem, error.remedy))
        except (ValidationError, duckdb.Error, OSError) as error:
            failed += 1
            rows.append((name, "mend", str(error).strip(), _remedy(error)))
    out.print(table("Doctor", ("what", "state", "found", "remedy"), rows))
    if failed:
        sys.exit(FAILED)


def _providers() -> str:
    """Who can be asked, and what is wanting for the others; a lake may well do without."""
    contact = HttpSettings().contact
    said = []
    for name, source in SOURCES.items():
        settings = source.settings()
        wanting = [] if contact else ["CRATELAKE_HTTP_CONTACT"]
        wanting += settings.missing()
        ready = settings.mode is not Mode.LIVE or not wanting
        said.append(f"{name}: {settings.mode}" if ready else f"{name}: not live without {', '.join(wanting)}")
    return "; ".join(said)


def _remedy(error: Exception) -> str:
    if isinstance(error, ValidationError):
        names = ", ".join(variable(error, one["loc"]) for one in error.errors())
        return f"correct {names}, or unset it"
    if isinstance(error, OSError):
        return "point CRATELAKE_HOME at a folder you may write to"
    return "stop what holds the lake (`cratelake stop`) and try again; if it stays, use a new CRATELAKE_HOME"


def _python() -> str:
    if sys.version_info < (3, 11):  # noqa: UP036 - said to the person rather than failing in a package
        raise LakeError(f"Python {sys.version.split()[0]}", "use Python 3.11 or newer")
    return sys.version.split()[0]


def _packages() -> str:
    wanted = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "polars", "pyarrow", "rapidfuzz")
    try:
        return ", ".join(f"{name} {metadata.version(name)}" for name in wanted)
    except metadata.PackageNotFoundError as error:
        raise LakeError(f"{error.name} is not installed", "run `make install`") from error


def _extensions() -> str:
    install_extensions()
    with duckdb.connect() as connection:
        connection.execute("load ducklake; load postgres_scanner; load fts")
    return "ducklake, postgres_scanner, fts load from their wheels"


def _settings() -> str:
    settings = Settings()
    server = "CRATELAKE_POSTGRES_URL" if settings.postgres_url else "embedded"
    return f"home {settings.root}, {settings.threads} threads, {settings.memory_limit}, Postgres {server}"


def _disk() -> str:
    root = Settings().root
    place = next(folder for folder in (root, *root.parents) if folder.exists())
    free = shutil.disk_usage(place).free / 2**30
    if free < _FREE_GIB:
        raise LakeError(
            f"{free:.1f} GiB free", f"free at least {_FREE_GIB} GiB, or set CRATELAKE_HOME to another disk"
        )
    return f"{free:.0f} GiB free"


def _lake() -> str:
    settings = Settings()
    with postgres(settings) as server, connect(settings, server) as connection:
        (tables,) = one(connection, "select count(*) from duckdb_tables() where database_name = 'lake'")
    return f"answers at {server.host}; {tables} tables in the lake"


def _dbt() -> str:
    ensure_manifest()
    return "parses"


def _waterfall() -> str:
    loaded = config.load()
    return f"{len(loaded.fields)} fields, {len(loaded.sources)} steps, version {loaded.hash}"
