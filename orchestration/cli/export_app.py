"""The ``cratelake export`` commands: names and help; what they do is in `orchestration.cli.export`."""

from pathlib import Path
from typing import Annotated

import typer

from lake.graph_files import Format
from orchestration.cli.help import examples

export = typer.Typer(
    name="export",
    help="Write gold in the formats of other programs.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@export.callback()
def _group() -> None:
    """Write gold in the formats of other programs."""


@export.command(
    epilog=examples(
        "cratelake export graph --format neo4j --out graph/ && cat graph/CONTENTS.txt",
        "cratelake export graph --format graphml --out graphml/",
        "cratelake export graph --kind Artist --kind Track --kind CREDITED_ON --out credits/",
    )
)
def graph(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder to write; one with an earlier export is replaced.")
    ],
    format: Annotated[Format, typer.Option("--format", "-f", help="For whom.")] = Format.neo4j,  # noqa: A002
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Nodes or edges of these kinds alone; may be repeated.")
    ] = None,
) -> None:
    """Write graph_nodes and graph_edges for Neo4j's bulk import, or as GraphML.

    Neo4j gets a header and a data file for each kind, and in CONTENTS.txt the command that imports them.
    """
    from orchestration.cli import export as command

    command.graph(out, format, kind or [])
