"""A graph as files that other programs read: CSV for Neo4j's bulk import, GraphML for everybody else.

A graph is two tables: nodes with ``node_id`` and ``kind``, edges with ``edge_id``, ``kind``, ``from_id`` and
``to_id``; all their other columns are properties. A kind has the properties that any row of it has. Rows are
written a batch at a time, so that memory does not grow with the graph.

Formats: https://neo4j.com/docs/operations-manual/current/import/ and http://graphml.graphdrawing.org/specification.html
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from lake import tables
from lake.errors import LakeError

MARK = "CONTENTS.txt"
"""File by which an export is known, so that the next one may take its place."""
_BATCH = 10_000
_FORBIDDEN = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
_NEO4J_TYPES = {"INTEGER": "int", "BIGINT": "long", "DOUBLE": "double", "BOOLEAN": "boolean", "DATE": "date"}
_GRAPHML_TYPES = {"INTEGER": "int", "BIGINT": "long", "DOUBLE": "double", "BOOLEAN": "boolean"}
_STRUCTURE = {"node_id", "edge_id", "kind", "from_id", "to_id"}
Report = Callable[[str, int], None]


class Format(StrEnum):
    """What an export is for."""

    neo4j = "neo4j"
    graphml = "graphml"


@dataclass(frozen=True, slots=True)
class Part:
    """All nodes, or all edges, of one kind.

    Attributes:
        table: where they stand.
        is_nodes: whether they are nodes.
        kind: which of them.
        rows: how many.
        properties: column -> DuckDB type, of the columns that are filled in any of them.
    """

    table: str
    is_nodes: bool
    kind: str
    rows: int
    properties: dict[str, str]


def parts(connection: duckdb.DuckDBPyConnection, nodes: str, edges: str) -> list[Part]:
    """What a graph consists of, nodes first, by kind."""
    return [*_parts_of(connection, nodes, is_nodes=True), *_parts_of(connection, edges, is_nodes=False)]


def _parts_of(connection: duckdb.DuckDBPyConnection, table: str, *, is_nodes: bool) -> Iterator[Part]:
    types = {
        name: "DOUBLE" if kind.startswith("DECIMAL") else kind
        for name, kind, *_ in connection.execute(f"describe {table}").fetchall()
        if name not in _STRUCTURE
    }
    counts = ", ".join(f'count("{name}")' for name in types)
    rows = connection.execute(f"select kind, count(*), {counts} from {table} group by kind order by kind")
    for kind, total, *filled in rows.fetchall():
        present = {name: types[name] for name, count in zip(types, filled, strict=True) if count}
        yield Part(table, is_nodes, kind, total, present)


def export(
    connection: duckdb.DuckDBPyConnection,
    graph: list[Part],
    format: Format,  # noqa: A002 - what the option is called
    target: Path,
    report: Report,
) -> None:
    """Write a graph into the folder `target`, which is there whole or, if anything fails, as it was.

    Args:
        connection: where the tables are.
        graph: what to write (`parts`).
        format: for whom.
        target: a folder that does not exist, is empty, or holds an earlier export.
        report: called with the kind that is being written and the rows of it that were.

    Raises:
        LakeError: the folder holds something else, or cannot be made.
    """
    with _aside(target) as folder:
        write = _neo4j if format is Format.neo4j else _graphml
        contents = write(connection, graph, folder, report)
        (folder / MARK).write_text(contents, encoding="utf-8")


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A folder beside `target` that takes its place when the block ends well."""
    if target.exists() and not target.is_dir():
        raise LakeError(f"{target}: a file, not a folder", "choose another --out")
    if target.exists() and any(target.iterdir()) and not (target / MARK).exists():
        raise LakeError(f"{target}: holds files that are no export of a graph", "choose another --out")
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
    former = aside.with_suffix(".former")
    aside.mkdir()
    try:
        yield aside
        if target.exists():
            target.rename(former)
        aside.rename(target)
    finally:
        for leftover in (aside, former):
            shutil.rmtree(leftover, ignore_errors=True)


def _neo4j(connection: duckdb.DuckDBPyConnection, graph: list[Part], folder: Path, report: Report) -> str:
    """A header and a data file for each kind, and the arguments that name them.

    Texts stand in quotes, so that none is taken for a number or for nothing; what is unknown is left empty.
    Line breaks in texts become blanks: the importer takes none unless told.
    """
    arguments = []
    for part in graph:
        ends = {"node_id": "node_id:ID"} if part.is_nodes else {"from_id": ":START_ID", "to_id": ":END_ID"}
        header = [*ends.values(), ":LABEL" if part.is_nodes else ":TYPE"]
        header += [f"{name}:{_NEO4J_TYPES.get(kind, 'string')}" for name, kind in part.properties.items()]
        (folder / f"{part.kind}.header.csv").write_text(",".join(header) + "\n", encoding="utf-8")
        texts = [*ends, "kind", *(name for name, kind in part.properties.items() if kind not in _NEO4J_TYPES)]
        columns = (*ends, "kind", *part.properties)
        written = [_one_line(name) if name in texts else f'"{name}"' for name in columns]
        quoted = ", ".join(f'"{name}"' for name in texts)
        file = folder / f"{part.kind}.csv"
        connection.execute(
            f"copy (select {', '.join(written)} from {part.table} where kind = '{part.kind}') "
            f"to {tables.quoted(str(file))} (format csv, header false, force_quote ({quoted}))"
        )
        report(part.kind, part.rows)
        what = "nodes" if part.is_nodes else "relationships"
        arguments.append(f"--{what}={part.kind}.header.csv,{part.kind}.csv")
    listed = " \\\n    ".join(arguments)
    return f"Import into an empty database:\n\nneo4j-admin database import full \\\n    {listed}\n"


def _graphml(connection: duckdb.DuckDBPyConnection, graph: list[Part], folder: Path, report: Report) -> str:
    """One document; characters that XML cannot hold are left out."""
    file = folder / "graph.graphml"
    declared = {"node": {"kind": "VARCHAR"}, "edge": {"kind": "VARCHAR"}}
    for part in graph:
        declared["node" if part.is_nodes else "edge"] |= part.properties
    with file.open("w", encoding="utf-8") as document:
        document.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        document.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for element, properties in declared.items():
            for name, kind in properties.items():
                document.write(
                    f'<key id="{element}_{name}" for="{element}" attr.name="{name}" '
                    f'attr.type="{_GRAPHML_TYPES.get(kind, "string")}"/>\n'
                )
        document.write('<graph id="cratelake" edgedefault="directed">\n')
        for part in graph:
            cursor = connection.execute(_elements(part))
            while rows := cursor.fetchmany(_BATCH):
                document.write("\n".join(row[0] for row in rows) + "\n")
                report(part.kind, len(rows))
        document.write("</graph>\n</graphml>\n")
        document.flush()
        os.fsync(document.fileno())
    return "graph.graphml: nodes and edges as GraphML, with kind and properties as data\n"


def _elements(part: Part) -> str:
    """SQL of the XML elements of a part, one text each."""
    if part.is_nodes:
        element, ends = "node", f"' id=\"' || {_xml('node_id')} || '\"'"
    else:
        element = "edge"
        ends = (
            f"' id=\"' || {_xml('edge_id')} || '\" source=\"' || {_xml('from_id')} || '\" target=\"' "
            f"|| {_xml('to_id')} || '\"'"
        )
    data = " || ".join(
        f"coalesce('<data key=\"{element}_{name}\">' || {_xml(name)} || '</data>', '')"
        for name in ("kind", *part.properties)
    )
    return (
        f"select '<{element}' || {ends} || '>' || {data} || '</{element}>' "
        f"from {part.table} where kind = '{part.kind}'"
    )


def _one_line(column: str) -> str:
    """SQL of a column's text without line breaks."""
    return rf"""regexp_replace("{column}"::varchar, '[\r\n]+', ' ', 'g') as "{column}" """


def _xml(column: str) -> str:
    """SQL of a column's text as XML content: markup escaped, what XML 1.0 forbids left out."""
    text = f"""regexp_replace("{column}"::varchar, '{_FORBIDDEN}', '', 'g')"""
    for mark, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = f"replace({text}, '{mark}', '{escaped}')"
    return text
