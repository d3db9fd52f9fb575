"""Graphs as files: read back by parsers that are not ours."""

import csv
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import duckdb
import networkx as nx
import pytest

from lake.errors import LakeError
from lake.graph_files import MARK, Format, export, parts

ODD = 'A & B <"x">\r\n=1+1; é ｦ \x07'


@pytest.fixture
def graph() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table nodes as select * from (values
                ('track:1', 'Track', $odd, 128.5::decimal(6,2), date '2009-09-22', 3::bigint),
                ('track:2', 'Track', '', null, null, 0),
                ('artist:1', 'Artist', null, null, null, null)
            ) as n (node_id, kind, name, bpm, date, play_count);
            """,
            {"odd": ODD},
        )
        connection.execute(
            """
            create table edges as select * from (values
                (md5('1')::uuid, 'CREDITED_ON', 'artist:1', 'track:1', 'main', 1),
                (md5('2')::uuid, 'CREDITED_ON', 'artist:1', 'track:1', 'remixer', 1),
                (md5('3')::uuid, 'SAME', 'track:1', 'track:2', null, null)
            ) as e (edge_id, kind, from_id, to_id, role, position)
            """
        )
        yield connection


def _export(graph: duckdb.DuckDBPyConnection, format: Format, target: Path) -> dict[str, int]:  # noqa: A002
    told: dict[str, int] = {}

    def report(kind: str, rows: int) -> None:
        told[kind] = told.get(kind, 0) + rows

    export(graph, parts(graph, "nodes", "edges"), format, target, report)
    return told


def _table(folder: Path, kind: str) -> list[dict[str, str]]:
    header = (folder / f"{kind}.header.csv").read_text(encoding="utf-8").strip().split(",")
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return [dict(zip(header, row, strict=True)) for row in csv.reader(file)]


def test_neo4j_gets_typed_headers_and_quoted_texts(graph: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    target = tmp_path / "new" / "graph"
    assert _export(graph, Format.neo4j, target) == {"Artist": 1, "Track": 2, "CREDITED_ON": 2, "SAME": 1}
    tracks = sorted(_table(target, "Track"), key=lambda row: row["node_id:ID"])
    assert tracks[0] == {
        "node_id:ID": "track:1",
        ":LABEL": "Track",
        "name:string": ODD.replace("\r\n", " "),
        "bpm:double": "128.50",
        "date:date": "2009-09-22",
        "play_count:long": "3",
    }
    # unknown is empty, an empty text is a text
    assert '"track:2","Track","",,,0' in (target / "Track.csv").read_text().splitlines()
    assert _table(target, "Artist") == [{"node_id:ID": "artist:1", ":LABEL": "Artist"}]
    credited = {":START_ID": "artist:1", ":END_ID": "track:1", ":TYPE": "CREDITED_ON", "position:int": "1"}
    assert sorted(_table(target, "CREDITED_ON"), key=lambda row: row["role:string"]) == [
        {**credited, "role:string": "main"},
        {**credited, "role:string": "remixer"},
    ]
    command = (target / MARK).read_text()
    for option in ("--nodes=Track.header.csv,Track.csv", "--relationships=SAME.header.csv,SAME.csv"):
        assert option in command


def test_graphml_is_read_by_networkx_and_an_xml_parser(
    graph: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    told = _export(graph, Format.graphml, tmp_path / "out")
    assert told == {"Artist": 1, "Track": 2, "CREDITED_ON": 2, "SAME": 1}
    file = tmp_path / "out" / "graph.graphml"
    ET.parse(file)  # noqa: S314 - our own file
    read = nx.read_graphml(file)
    assert read.nodes["track:1"] == {
        "kind": "Track",
        "name": ODD.replace("\r\n", "\n").replace("\x07", ""),  # XML has no bell and one line end
        "bpm": 128.5,
        "date": "2009-09-22",
        "play_count": 3,
    }
    assert read.nodes["artist:1"] == {"kind": "Artist"}
    assert sorted(data["role"] for _, _, data in read.out_edges("artist:1", data=True)) == ["main", "remixer"]
    assert read.number_of_edges("track:1", "track:2") == 1


def test_an_export_replaces_an_earlier_one_and_nothing_else(
    graph: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    target = tmp_path / "graph"
    _export(graph, Format.neo4j, target)
    _export(graph, Format.graphml, target)
    assert sorted(file.name for file in target.iterdir()) == [MARK, "graph.graphml"]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(LakeError, match="no export of a graph"):
        _export(graph, Format.neo4j, mine)
    with pytest.raises(LakeError, match="a file, not a folder"):
        _export(graph, Format.neo4j, mine / "thesis.txt")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["graph", "mine"]


@pytest.mark.parametrize("format", list(Format))
def test_an_export_that_breaks_off_leaves_the_earlier_one(
    graph: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    format: Format,  # noqa: A002
) -> None:
    target = tmp_path / "graph"
    _export(graph, format, target)
    before = {file.name: file.read_bytes() for file in target.iterdir()}

    def stop(kind: str, rows: int) -> None:
        if kind == "SAME":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(graph, parts(graph, "nodes", "edges"), format, target, stop)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["graph"]
