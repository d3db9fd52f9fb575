"""``cratelake export``: gold in the formats of other programs."""

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from lake import graph_files
from lake.connection import connect
from lake.errors import LakeError
from lake.graph_files import Format, Part
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import err, out, table
from orchestration.cli.lakes import require_lake

_NODES, _EDGES = "gold.graph_nodes", "gold.graph_edges"


def graph(target: Path, format: Format, kinds: Sequence[str]) -> None:  # noqa: A002 - the option's name
    """Write the graph into a folder and print what is in it.

    Raises:
        LakeError: there is no graph yet or no such kind, or the folder cannot be written.
    """
    settings = Settings()
    require_lake(settings)
    with postgres(settings) as server, connect(settings, server, read_only=True) as connection:
        built = "from duckdb_tables() where schema_name = 'gold' and table_name = 'graph_edges'"
        if connection.execute(built).fetchone() is None:
            raise LakeError("gold has no graph yet", "run `cratelake run` first")
        chosen = _chosen(graph_files.parts(connection, _NODES, _EDGES), kinds)
        with Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), console=err, transient=True,
        ) as progress:  # fmt: skip
            task = progress.add_task("graph", total=sum(part.rows for part in chosen))

            def show(kind: str, rows: int) -> None:
                progress.update(task, description=kind, advance=rows)

            graph_files.export(connection, chosen, format, target, show)
    rows = [
        ("node" if part.is_nodes else "edge", part.kind, part.rows, ", ".join(part.properties))
        for part in chosen
    ]
    out.print(table(escape(str(target)), ("", "kind", "rows", "properties"), rows, right=(2,)))


def _chosen(graph: list[Part], kinds: Sequence[str]) -> list[Part]:
    unknown = sorted(set(kinds) - {part.kind for part in graph})
    if unknown:
        present = ", ".join(part.kind for part in graph)
        raise LakeError(f"the graph has no {', '.join(unknown)[:80]}", f"use of these: {present}")
    return [part for part in graph if not kinds or part.kind in kinds]
