"""What the commands share: the console, tables, and turning known errors into a message and an exit code."""

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
        err.print("  Remedy: correct or unset the variable; the README lists them")
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
        except KeyboardInterrupt as stop:
            said = str(stop) or "stopped; what was committed stays, run the command again to go on"
            err.print(f"[yellow]{escape(said)}[/yellow]")
            raise typer.Exit(STOPPED) from stop


def variable(error: ValidationError, place: Sequence[int | str]) -> str:
    """Environment variable that a settings class refused."""
    from extractors.http.settings import HttpSettings
    from extractors.sources.registry import SOURCES

    classes: list[type[BaseSettings]] = [Settings, HttpSettings]
    classes += [source.settings for source in SOURCES.values()]
    prefixes = {one.__name__: str(one.model_config.get("env_prefix")) for one in classes}
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
