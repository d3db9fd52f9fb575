"""``cratelake doctor``: what is installed, reachable and configured, with a remedy for what is not."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from typing import TypeVar

import duckdb
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from enrichment import config
from extractors.frontier.desks import settings_of
from extractors.http.settings import HttpSettings, Mode
from extractors.sources.registry import SOURCES
from lake.connection import connect, install_extensions
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from lake.tables import one
from orchestration.cli.console import FAILED, out, table, variable
from orchestration.fetching import is_sandbox
from orchestration.instance import ensure_manifest

_FREE_GIB = 2


class SpareableError(LakeError):
    """Something that a lake can do without, and how to have it."""


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
        except SpareableError as error:
            rows.append((name, "optional", error.problem, error.remedy))
        except LakeError as error:
            failed += 1
            rows.append((name, "mend", error.problem, error.remedy))
        except (ValidationError, duckdb.Error, OSError) as error:
            failed += 1
            rows.append((name, "mend", str(error).strip(), _remedy(error)))
    out.print(table("Doctor", ("what", "state", "found", "remedy"), rows))
    _print_providers()
    if failed:
        sys.exit(FAILED)


def _print_providers() -> None:
    rows, sandbox = [], is_sandbox(Settings())
    for name in SOURCES:
        try:
            told = standing(name, sandbox=sandbox)
        except (LakeError, ValidationError):
            continue  # said above
        state = "ready" if told.ready else "not live"
        rows.append((name, told.mode, state, told.credentials, told.works, told.closed))
    out.print()
    out.print(table("Providers", ("provider", "mode", "state", "credentials", "works", "closed"), rows))


def _providers() -> str:
    """How many can be asked, in words.

    Raises:
        SpareableError: nobody can; a lake may well live on files alone.
    """
    sandbox = is_sandbox(Settings())  # who is not set to another mode is asked there, as `fetch` does
    told = [standing(name, sandbox=sandbox) for name in SOURCES]
    ready = [one.provider for one in told if one.ready]
    if not ready:
        raise SpareableError(
            f"none of {len(told)} can be asked; files and recordings do without",
            "set what the table below calls missing, for those you want to ask",
        )
    return f"{len(ready)} of {len(told)} can be asked: {', '.join(ready)}; see below"


def standing(provider: str, *, sandbox: bool = False) -> "Standing":
    """What can be had of a provider with the settings there are; says names of variables, never values.

    Args:
        provider: its name.
        sandbox: whether the lake is a sandbox lake.

    Raises:
        LakeError: a setting of the provider makes no sense.
    """
    source = SOURCES[provider]
    _understood(source.settings)
    settings, http = settings_of(source, sandbox=sandbox), _understood(HttpSettings)
    if settings.mode is Mode.SANDBOX:
        works = "all that the sandbox serves"
        return Standing(provider, settings.mode, "the sandbox's credentials", works, ready=True)
    if settings.mode is Mode.RECORDED:
        return Standing(provider, settings.mode, "none needed", "what bronze holds", ready=True)
    wanting = [] if http.contact else ["CRATELAKE_HTTP_CONTACT"]
    wanting += settings.missing()
    given = [settings.variable(name) for name in settings.credentials() if getattr(settings, name)]
    spare = [
        f"{settings.variable(name)} (optional)"
        for name in sorted(settings.OPTIONAL)
        if not getattr(settings, name)
    ]
    credentials = "; ".join(
        f"{what}: {', '.join(names)}"
        for what, names in (("set", given), ("missing", wanting), ("not set", spare))
        if names
    )
    closed = source.closed(settings)
    open_ = len(source.streams) - len(closed)
    works = f"{open_} of {len(source.streams)} streams" if open_ else "nothing live; bronze and dumps only"
    if wanting:
        works = "nothing live before what is missing is set; bronze and dumps only"
    reasons = dict.fromkeys(closed.values())
    shut = "; ".join(
        f"{', '.join(name for name, other in closed.items() if other == why)}: {why}" for why in reasons
    )
    ready = not wanting and open_ > 0
    return Standing(provider, settings.mode, credentials or "none needed", works, shut, ready=ready)


S = TypeVar("S", bound=BaseSettings)


def _understood(settings: type[S]) -> S:
    """Settings from the environment.

    Raises:
        LakeError: one makes no sense; names its variable and not its value, which may be a secret.
    """
    try:
        return settings()
    except ValidationError as error:
        prefix = settings.model_config.get("env_prefix", "")
        wrong = [f"{prefix}{'_'.join(map(str, one['loc']))}".upper() for one in error.errors()]
        reasons = "; ".join(f"{name}: {one['msg']}" for name, one in zip(wrong, error.errors(), strict=True))
        raise LakeError(reasons, f"correct or unset {', '.join(wrong)}") from None


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be had of a provider.

    Attributes:
        provider: its name.
        mode: where its answers come from.
        credentials: variables that are set and missing.
        works: what can be asked.
        closed: streams that are closed, and why.
        ready: whether anything can be asked.
    """

    provider: str
    mode: str
    credentials: str
    works: str
    closed: str = ""
    ready: bool = field(kw_only=True)


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
