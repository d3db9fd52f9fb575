"""The matching state: which record belongs to which track, updated for the records one day touched.

A track's id is made from the earliest record of its cluster (first day seen, then record id). It therefore
survives re-runs and growth, comes out the same from a full rebuild and from increments, and needs no counter.
When clusters merge, the later id is left with a redirect.
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from enrichment.matching import blocking, clustering, decisions, nodes, scoring
from enrichment.matching.nodes import NODE_ID
from lake import tables
from lake.parallel import collector_paused

REVIEW_FROM = 0.6
"""Pairs from this confidence up to the threshold are worth a person's look."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What one day of matching did, in counts."""

    nodes_touched: int
    pairs_judged: int
    pairs_accepted: int
    blocks_cut: int
    records: int
    tracks: int
    members_changed: int
    redirects: int


def match_day(connection: duckdb.DuckDBPyConnection, day: Day, config: WaterfallConfig) -> Matched:
    """Match the records of one day against the whole lake and store matches, members and redirects.

    Leaves temporary table ``day_tracks`` (track_id): every track the day touched.
    """
    nodes.touch(connection, day, decisions.touched_nodes(day))
    connection.execute(
        f"create or replace temp table node_records as select {NODE_ID} as node_id, record_id "
        f"from silver.track_records where ({NODE_ID}) is not null"
    )
    blocks = blocking.candidates(connection)
    with collector_paused():
        judged = scoring.judge(connection)
    decisions.apply(connection)
    accepted = tables.transaction(
        connection, lambda: _store_matches(connection), message=f"matches of {day.date}"
    )
    with collector_paused():
        _cluster(connection)
    _name_tracks(connection, config, day)
    changes, redirects = tables.transaction(
        connection, lambda: _store_members(connection, day), message=f"track members of {day.date}"
    )
    tables.transaction(connection, lambda: _store_review(connection), message=f"match review of {day.date}")
    day_tracks(connection, day)
    counts = tables.one(
        connection,
        "select (select count(*) from delta_nodes), (select count(*) from fresh_members), "
        "(select count(distinct track_id) from fresh_members)",
    )
    return Matched(
        nodes_touched=counts[0],
        pairs_judged=judged,
        pairs_accepted=accepted,
        blocks_cut=blocks.cut_blocks,
        records=counts[1],
        tracks=counts[2],
        members_changed=changes.written + changes.deleted,
        redirects=redirects,
    )


def day_tracks(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Temporary table ``day_tracks``: tracks whose records the day answered, or whose members it changed.

    Ids that were merged away that day are among them, so that what hangs on them is removed.
    """
    connection.execute(
        f"""
        create or replace temp table day_tracks as
        select track_id from silver.track_members
        where changed_on = {day.sql}
           or record_id in (select record_id from silver.record_answers where ingest_date = {day.sql})
        union
        select from_track_id from silver.track_redirects where changed_on = {day.sql}
        """
    )


def _store_matches(connection: duckdb.DuckDBPyConnection) -> int:
    """Replace the judged pairs of the touched nodes; returns how many of them are accepted."""
    tables.merge_changed(
        connection,
        "silver.track_matches",
        "judged",
        key=("node_a", "node_b"),
        scope="t.node_a in (select node_id from delta_nodes) "
        "or t.node_b in (select node_id from delta_nodes)",
    )
    return int(tables.one(connection, "select count(*) from judged where accepted")[0])


def _store_review(connection: duckdb.DuckDBPyConnection) -> tables.Changes:
    """Rebuild the review queue: undecided pairs below the threshold, and how often their names were met."""
    connection.execute(
        f"""
        create or replace temp table fresh_review as
        with plays as (
            select node_id, count(*) as plays from silver.track_members
            join silver.record_answers using (record_id) group by node_id
        )
        select m.node_a, m.node_b, m.record_a, m.record_b, m.match_confidence, m.evidence,
            coalesce(a.plays, 0) + coalesce(b.plays, 0) as plays
        from silver.track_matches m
        left join plays a on m.node_a = a.node_id
        left join plays b on m.node_b = b.node_id
        where not m.accepted and m.match_confidence >= {REVIEW_FROM} and (m.evidence ->> 'veto') is null
        """
    )
    return tables.merge_changed(
        connection, "silver.match_review", "fresh_review", key=("node_a", "node_b"), scope="true"
    )


def _cluster(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary ``clustered`` (node_id, cluster_id) and ``cluster_edges`` of the touched components."""
    touched = {row[0] for row in connection.execute("select node_id from delta_nodes").fetchall()}
    edges = [
        (a, b, float(confidence))
        for a, b, confidence in connection.execute(
            "select node_a, node_b, match_confidence from silver.track_matches where accepted"
        ).fetchall()
    ]
    manual = set(
        connection.execute(
            "select node_a, node_b from silver.track_matches where accepted and match_method = 'manual'"
        ).fetchall()
    )
    refused = set(
        connection.execute(
            "select node_a, node_b from silver.track_matches where evidence ->> 'veto' is not null"
        ).fetchall()
    )
    linked = {node for a, b, _ in edges for node in (a, b)}
    versions: dict[str, str | None] = dict(
        connection.execute(
            "select node_id, regexp_replace(version_key, ':[^|]*', '', 'g') from silver.track_nodes "
            "where version_stated or contains(version_key, 'extended')"
        ).fetchall()
        if linked
        else []
    )
    by_node: dict[str, list[clustering.Edge]] = {}
    for edge in edges:
        by_node.setdefault(edge[0], []).append(edge)
    apart_of: dict[str, list[tuple[str, str]]] = {}
    for pair in refused:
        apart_of.setdefault(pair[0], []).append(pair)
    node_ids: list[str] = []
    cluster_ids: list[str] = []
    tree_edges: list[tuple[str, str, str, float]] = []
    for component in clustering.components(edges, touched):
        clusters, tree = [sorted(component)], list[clustering.Edge]()
        if len(component) > 1:
            inner = [edge for node in component for edge in by_node.get(node, ())]
            apart = {pair for node in component for pair in apart_of.get(node, ()) if pair[1] in component}
            clusters, tree = clustering.cluster(component, inner, versions.get, apart, manual)
        home = {node: members[0] for members in clusters for node in members}
        node_ids.extend(home)
        cluster_ids.extend(home.values())
        tree_edges.extend((home[a], a, b, confidence) for a, b, confidence in tree)
    _temp_table(connection, "clustered", {"node_id": node_ids, "cluster_id": cluster_ids})
    columns = list(zip(*tree_edges, strict=True)) if tree_edges else [(), (), (), ()]
    _temp_table(
        connection,
        "cluster_edges",
        {
            name: list(values)
            for name, values in zip(("cluster_id", "node_a", "node_b"), columns, strict=False)
        },
        confidence=list(columns[3]),
    )


def _name_tracks(connection: duckdb.DuckDBPyConnection, config: WaterfallConfig, day: Day) -> None:
    """Temporary table ``fresh_members``: every record of the touched components with track and confidence.

    The anchor of a cluster is the node whose provider comes first in the waterfall of the first field; the
    others' confidence is how surely they belong with it.
    """
    first = config.fields[0]  # by convention the title: who names a track best identifies it best
    ranks = ", ".join(f"('{one.provider}', {one.priority})" for one in config.sources if one.field == first)
    connection.execute(
        f"""
        create or replace temp table cluster_nodes as
        with rank(provider, place) as (values {ranks}),
        records as (
            select c.cluster_id, n.node_id, n.record_id, r.first_seen, coalesce(k.place, 99) as place,
                r.title_raw is null as wordless
            from clustered c
            join node_records n using (node_id)
            join silver.track_records r using (record_id)
            left join rank k using (provider)
        )
        select
            cluster_id, node_id, count(*) as records, min(place) + 100 * min(wordless::int) as place,
            first_value(node_id) over (
                partition by cluster_id order by min(place) + 100 * min(wordless::int), count(*) desc, node_id
            ) as anchor
        from records
        group by cluster_id, node_id
        """
    )
    _confidences(connection)
    connection.execute(
        f"""
        create or replace temp table fresh_members as
        with ids as (
            select cluster_id,
                stable_uuid('track:' || arg_min(record_id, (first_seen, record_id))) as track_id
            from clustered join node_records using (node_id) join silver.track_records using (record_id)
            group by cluster_id
        )
        select
            n.record_id, c.node_id, i.track_id, coalesce(f.confidence, 1)::decimal(5,4) as match_confidence,
            case when c.node_id = c.anchor then 'exact' else coalesce(f.method, 'fuzzy') end as match_method,
            c.node_id = c.anchor as is_anchor,
            {day.sql} as changed_on
        from cluster_nodes c
        join ids i using (cluster_id)
        join node_records n using (node_id)
        left join node_confidence f using (node_id)
        """
    )


def _confidences(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary ``node_confidence`` (node_id, confidence, method) of nodes that are not their anchor's."""
    anchors = dict(
        connection.execute(
            "select distinct cluster_id, anchor from cluster_nodes where node_id <> anchor"
        ).fetchall()
    )
    trees: dict[str, list[clustering.Edge]] = {}
    for cluster_id, a, b, confidence in connection.execute("from cluster_edges").fetchall():
        trees.setdefault(cluster_id, []).append((a, b, confidence))
    found = [
        (node, confidence)
        for cluster_id, anchor in anchors.items()
        for node, confidence in clustering.confidence_from(anchor, trees.get(cluster_id, ())).items()
        if node != anchor
    ]
    _temp_table(
        connection,
        "reached",
        {"node_id": [node for node, _ in found]},
        confidence=[value for _, value in found],
    )
    connection.execute(
        """
        create or replace temp table node_confidence as
        with ends as (
            select node_a as node_id, match_method from silver.track_matches where accepted
            union all
            select node_b, match_method from silver.track_matches where accepted
        )
        select r.node_id, r.confidence::decimal(5,4) as confidence,
            coalesce(
                max(e.match_method) filter (e.match_method = 'manual'),
                max(e.match_method) filter (e.match_method = 'isrc'), 'fuzzy'
            ) as method
        from reached r
        left join ends e using (node_id)
        group by all
        """
    )


def _store_members(connection: duckdb.DuckDBPyConnection, day: Day) -> tuple[tables.Changes, int]:
    connection.execute(
        """
        create or replace temp table moved as
        select m.track_id as from_track_id, f.track_id as to_track_id
        from silver.track_members m
        left join fresh_members f using (record_id)
        where (f.record_id is not null and f.track_id <> m.track_id)
        group by all
        """
    )
    changes = tables.merge_changed(
        connection,
        "silver.track_members",
        "fresh_members",
        key=("record_id",),
        scope="t.node_id in (select node_id from delta_nodes) "
        "and t.record_id not in (select record_id from fresh_members)",
        volatile=("changed_on",),
    )
    connection.execute(
        f"""
        create or replace temp table fresh_redirects as
        select m.from_track_id, m.to_track_id,
            case
                when m.from_track_id in (select track_id from silver.track_members) then 'split' else 'merged'
            end as reason,
            {day.sql} as changed_on
        from moved m
        """
    )
    added = tables.insert_missing(
        connection, "silver.track_redirects", "fresh_redirects", key=("from_track_id", "to_track_id")
    )
    return changes, added


def _temp_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    texts: dict[str, list[str]],
    confidence: list[float] | None = None,
) -> None:
    table = pa.table({column: pa.array(values, pa.string()) for column, values in texts.items()})
    if confidence is not None:
        table = table.append_column("confidence", pa.array(confidence, pa.float64()))
    connection.register("temp_batch", table)
    connection.execute(f"create or replace temp table {name} as select * from temp_batch")
    connection.unregister("temp_batch")
