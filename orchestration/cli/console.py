"""What the commands share: the console, tables, and turning known errors into a message and an exit code."""

import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from extractors.errors import FetchError, SourceError
from lake.errors import LakeError
from lake.settings import Settings

# rows that go to a file or another program are not folded into 80 columns
out = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 180)
err = Console(stderr=True)
FAILED, USAGE, STOPPED = 1, 2, 130
_STOPPED = "stopped: what is in bronze or was committed stays, the same command goes on"
_INTERNAL = frozenset(
    {"CRATELAKE_DAGSTER_URL", "CRATELAKE_DBT_BRONZE", "CRATELAKE_DBT_DAY", "CRATELAKE_DBT_PARENT"}
)
"""What processes tell those that they start, and no person sets."""
_NEVER_SHOWN = ("_PROXY", "_URL", "_SANDBOX", "_TOKEN", "_SECRET", "_KEY", "_PASSWORD", "_ID")
"""Ends of the names of variables whose values are, or may by mistake hold, a secret."""


@contextmanager
def errors() -> Iterator[None]:
    """Known errors become a message on standard error; anything else is a bug and keeps its traceback."""
    try:
        yield
    except (LakeError, SourceError, FetchError) as error:
        err.print(f"[red]error[/red] {escape(str(error))}")
        sys.exit(FAILED)
    except ValidationError as error:
        for one in error.errors():
            name = variable(error, one["loc"])
            value = "***" if name.endswith(_NEVER_SHOWN) else one["input"]
            err.print(f"[red]error[/red] {name}={escape(str(value))}: {escape(one['msg'])}")
        place = "the README" if error.title == Settings.__name__ else "docs/extraction.md"
        err.print(f"  Remedy: correct or unset the variable; {place} lists them")
        sys.exit(USAGE)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        err.print(f"[red]error[/red] {escape(str(error.strerror or error))}{escape(place)}")
        err.print("  Remedy: check that CRATELAKE_HOME is a folder you may write to, on a disk with room")
        sys.exit(FAILED)
    except duckdb.Error as error:
        err.print(f"[red]error[/red] {escape(str(error).strip())}")
        sys.exit(FAILED)


class Commands(TyperGroup):
    """The commands; Ctrl-C in any of them is answered, where typer alone would end in silence."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, RuntimeError) as stop:
            in_query = str(stop) == "Query interrupted"  # what DuckDB makes of a Ctrl-C that reaches it
            if isinstance(stop, RuntimeError) and not in_query:
                raise
            said = str(stop) if str(stop) and not in_query else _STOPPED
            err.print(f"[yellow]{escape(said)}[/yellow]", soft_wrap=True)
            raise typer.Exit(STOPPED) from stop


def _settings_classes() -> list[type[BaseSettings]]:
    from extractors.http.settings import HttpSettings
    from extractors.sources import tracklists_1001
    from extractors.sources.registry import SOURCES

    sources = (*SOURCES.values(), tracklists_1001.SOURCE)
    return [Settings, HttpSettings, *(source.settings for source in sources)]


def warn_of_unknown_variables() -> None:
    """Name each variable that looks like a setting and is none, with the nearest that there is."""
    given = {name for name in os.environ if name.startswith("CRATELAKE_")} - _INTERNAL
    if not given - _variables([Settings]):  # as nearly always; the others' settings take a while to import
        return
    known = _variables(_settings_classes())
    for name in sorted(given - known):
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        offer = f"did you mean {close[0]}?" if close else "the README and docs/extraction.md list them"
        err.print(f"[yellow]warning[/yellow] {escape(name)} is no setting; {offer}", soft_wrap=True)


def _variables(classes: Iterable[type[BaseSettings]]) -> set[str]:
    return {
        f"{one.model_config.get('env_prefix')}{name}".upper() for one in classes for name in one.model_fields
    }


def variable(error: ValidationError, place: Sequence[int | str]) -> str:
    """Environment variable that a settings class refused."""
    prefixes = {one.__name__: str(one.model_config.get("env_prefix")) for one in _settings_classes()}
    return prefixes.get(error.title, "CRATELAKE_") + "_".join(str(part) for part in place).upper()


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()
) -> Table:
    """A rich table; `right` lists the columns aligned to the right (numbers)."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", show_edge=False)
    for i, column in enumerate(columns):
        made.add_column(column, justify="right" if i in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
    return made


def _cell(value: object) -> str:
    if value is None:
        return "[dim]–[/dim]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return escape(str(value))
