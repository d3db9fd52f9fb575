"""Members: clusters become tracks with stable ids; records get their track and how sure that is.

A track's id is made from the earliest record of its cluster (first day seen, then record id). It therefore
survives re-runs and growth, comes out the same from a full rebuild and from increments, and needs no counter.
The first day a record was seen is kept with it, so the same records given out over other days can name the
same cluster by another of its records; the clusters themselves do not depend on days.

When clusters merge or part, the ids that records leave stay in ``silver.track_redirects``, one row per day
and move: the history of an id. An id can come to life again; who looks one up looks among the living first.
"""

from collections import defaultdict

import duckdb

from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from enrichment.matching.clustering import Clustering, Link, confidence_from
from enrichment.matching.components import keep
from lake import tables
from lake.parallel import collector_paused


def name_tracks(
    connection: duckdb.DuckDBPyConnection, found: Clustering, config: WaterfallConfig, day: Day
) -> None:
    """Temporary ``fresh_members``: every record of the ``clustered`` nodes with track and confidence.

    The anchor of a cluster is the node whose provider comes first in the waterfall of the first field; the
    others' confidence is how surely they belong with it.
    """
    first = config.fields[0]  # by convention the title: who names a track best identifies it best
    ranks = ", ".join(f"('{one.provider}', {one.priority})" for one in config.sources if one.field == first)
    connection.execute(
        f"""
        create or replace temp table cluster_records as
        with rank(provider, place) as (values {ranks})
        select c.cluster_no, c.node_no, a.node_id, n.record_id, r.first_seen,
            coalesce(k.place, 99) + 100 * (r.title_raw is null)::int as place
        from clustered c
        join affected a using (node_no)
        join node_records n using (node_id)
        join silver.track_records r using (record_id)
        left join rank k using (provider)
        """
    )
    connection.execute(
        """
        create or replace temp table cluster_nodes as
        with nodes as (
            select cluster_no, node_no, min(place) as place, count(*) as records,
                min((first_seen, record_id)) as earliest
            from cluster_records group by all
        )
        select cluster_no, node_no,
            arg_min(node_no, (place, -records, node_no)) over cluster as anchor,
            stable_uuid('track:' || struct_extract(min(earliest) over cluster, 2)) as track_id
        from nodes
        window cluster as (partition by cluster_no)
        """
    )
    _confidences(connection, found.tree)
    connection.execute(
        f"""
        create or replace temp table fresh_members as
        select
            r.record_id, r.node_id, c.track_id, coalesce(f.confidence, 1)::decimal(5,4) as match_confidence,
            case when c.node_no = c.anchor then 'exact' else coalesce(f.method, 'fuzzy') end as match_method,
            c.node_no = c.anchor as is_anchor,
            {day.sql} as changed_on
        from cluster_records r
        join cluster_nodes c using (node_no)
        left join node_confidence f using (node_no)
        """
    )


def _confidences(connection: duckdb.DuckDBPyConnection, tree: list[Link]) -> None:
    """Temporary ``node_confidence`` (node_no, confidence, method) of nodes that are not their anchor's."""
    home = dict(
        connection.execute(
            "select node_no, anchor from cluster_nodes "
            "where cluster_no in (select cluster_no from cluster_nodes where node_no <> cluster_no)"
        ).fetchall()
    )
    trees: dict[int, list[Link]] = defaultdict(list)
    for link in tree:
        trees[home[link.a]].append(link)
    with collector_paused():
        keep(
            connection,
            "node_certainty",
            {"node_no": "integer", "confidence": "decimal(5,4)"},
            (
                (node, confidence)
                for anchor, links in trees.items()
                for node, confidence in confidence_from(anchor, links).items()
                if node != anchor
            ),
        )
    connection.execute(
        """
        create or replace temp table node_confidence as
        with ends as (
            select unnest([node_a, node_b]) as node_id, match_method from silver.track_matches
            where accepted and match_method <> 'fuzzy'
        )
        select node_no, confidence, max(match_method) as method -- a person's word goes before an ISRC
        from node_certainty
        join affected using (node_no)
        left join ends using (node_id)
        group by all
        """
    )


def store(connection: duckdb.DuckDBPyConnection, day: Day) -> tuple[tables.Changes, int]:
    """Bring ``silver.track_members`` up to ``fresh_members``; ids that records left get redirects."""
    connection.execute(
        """
        create or replace temp table moved as
        select distinct m.track_id as from_track_id, f.track_id as to_track_id
        from silver.track_members m join fresh_members f using (record_id)
        where f.track_id <> m.track_id
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
            case when t.track_id is null then 'merged' else 'split' end as reason, {day.sql} as changed_on
        from moved m
        left join (
            select distinct track_id from silver.track_members
            where track_id in (select from_track_id from moved)
        ) t on m.from_track_id = t.track_id
        """
    )
    added = tables.insert_missing(
        connection,
        "silver.track_redirects",
        "fresh_redirects",
        key=("from_track_id", "to_track_id", "changed_on"),
    )
    return changes, added
