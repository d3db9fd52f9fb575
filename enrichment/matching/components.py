"""Components: the part of the lake whose clusters a day can have changed, clustered anew.

Belongs here: what lies between the stored judgements and the pure `clustering`: how far a change reaches, and
small numbers for nodes on the way there. A change reaches every node that candidate pairs (those that join,
or come near enough to be runners-up) connect with a touched node, now or before the day. No other cluster can
come out differently.
"""

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa

from enrichment.matching import clustering, scoring
from enrichment.matching.clustering import Clustering, Link
from lake.parallel import collector_paused
from lake.tables import one

_CANDIDATE = (
    f"(m.accepted or m.match_confidence > {float(scoring.THRESHOLD) - clustering.GAP:.4f}) "
    "and (m.evidence ->> 'veto') is null"
)
_VETOED = "(m.evidence ->> 'veto') is not null"


def remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary ``reached`` (node_id): touched nodes and those the stored pairs tie to them.

    To be called before these pairs change; `recluster` goes on from there.
    """
    connection.execute(
        f"""
        create or replace temp table reached as
        select node_id from delta_nodes
        union
        select m.node_b from silver.track_matches m semi join delta_nodes d on m.node_a = d.node_id
        where {_CANDIDATE}
        union
        select m.node_a from silver.track_matches m semi join delta_nodes d on m.node_b = d.node_id
        where {_CANDIDATE}
        """
    )


def recluster(connection: duckdb.DuckDBPyConnection) -> Clustering:
    """Cluster what the day can have changed, once its judgements are stored.

    Leaves temporary tables ``affected`` (node_no, node_id and more of their rows) and ``clustered``
    (node_no, cluster_no: the smallest number in the cluster); numbers follow the order of the ids, from 0.
    """
    connection.execute(
        f"""
        create or replace temp table ties as
        with candidates as (select m.node_a, m.node_b from silver.track_matches m where {_CANDIDATE})
        select node_a as node_id, node_b as other from candidates
        union all
        select node_b, node_a from candidates
        """
    )
    connection.execute(
        """
        create or replace temp table affected as
        with recursive grown as (
            select node_id from reached
            union
            select other from grown join ties using (node_id)
        )
        select (row_number() over (order by node_id) - 1)::integer as node_no,
            node_id, first_record, ids, catalogues,
            case when version_stated or contains(version_key, 'extended')
                then regexp_replace(version_key, ':[^|]*', '', 'g') end as version
        from silver.track_nodes semi join grown using (node_id)
        """
    )
    judged = (
        "a.node_no, b.node_no, m.match_confidence::double, m.accepted, "
        "len(list_intersect(a.ids, b.ids)) > 0, m.match_method = 'manual'"
    )
    with collector_paused():
        found = clustering.cluster(
            range(one(connection, "select count(*) from affected")[0]),
            [Link(*row) for row in _between(connection, judged, _CANDIDATE)],
            versions=dict(
                _rows(connection, "select node_no, version from affected where version is not null")
            ),
            catalogues=dict(
                _rows(connection, "select node_no, catalogues from affected where len(catalogues) > 0")
            ),
            apart=_between(connection, "a.node_no, b.node_no", _VETOED),
        )
        keep(connection, "clustered", {"node_no": "integer", "cluster_no": "integer"}, found.home.items())
    return found


def keep(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Rows as a temporary table; `columns` gives its names and DuckDB types."""
    listed = list(zip(*rows, strict=True)) or [()] * len(columns)
    batch = pa.table({name: pa.array(values) for name, values in zip(columns, listed, strict=True)})
    connection.register("kept_batch", batch)
    casts = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
    connection.execute(f"create or replace temp table {table} as select {casts} from kept_batch")
    connection.unregister("kept_batch")


def _between(connection: duckdb.DuckDBPyConnection, columns: str, condition: str) -> list[Any]:
    """Of judged pairs ``m`` between two affected nodes ``a`` and ``b``."""
    return _rows(
        connection,
        f"select {columns} from silver.track_matches m "
        "join affected a on m.node_a = a.node_id join affected b on m.node_b = b.node_id "
        f"where {condition}",
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return connection.execute(query).fetchall()
