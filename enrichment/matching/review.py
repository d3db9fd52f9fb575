"""The review queue: pairs that a person should look at, and why.

Two kinds wait there: pairs below the threshold, yet too alike to dismiss; and pairs alike enough to join that
clustering did not follow. The reason of these stands in the evidence as ``held``: ``runner_up`` (another
track comes nearly as near; ``runner_up`` names its record, ``runner_up_confidence`` how near),
``one_per_catalogue`` (both tracks have an entry in a catalogue that has one for a recording), ``no_centre``
(they meet in a chain of weak links only).
"""

import duckdb

from enrichment.matching.clustering import Held, Pair
from enrichment.matching.components import keep
from enrichment.matching.scoring import KEEP
from lake import tables

REVIEW_FROM = KEEP
"""Pairs from this confidence up to the threshold are worth a person's look: two in three are the same."""


def store(connection: duckdb.DuckDBPyConnection, held: dict[Pair, Held]) -> tables.Changes:
    """Bring the queue up to date for the ``affected`` nodes."""
    keep(
        connection,
        "held_links",
        {
            "a": "integer", "b": "integer", "reason": "varchar", "runner_up": "integer",
            "runner_up_confidence": "decimal(5,4)",
        },
        ((a, b, why.reason, why.runner_up, why.runner_up_confidence) for (a, b), why in held.items()),
    )  # fmt: skip
    connection.execute(
        f"""
        create or replace temp table fresh_review as
        with held as (
            select a.node_id as node_a, b.node_id as node_b,
                json_object('held', reason, 'runner_up', r.first_record,
                    'runner_up_confidence', h.runner_up_confidence) as why
            from held_links h
            join affected a on h.a = a.node_no
            join affected b on h.b = b.node_no
            left join affected r on h.runner_up = r.node_no
        ),
        waiting as (
            select m.*, h.why
            from silver.track_matches m
            left join held h on m.node_a = h.node_a and m.node_b = h.node_b
            where (h.why is not null or not m.accepted and m.match_confidence >= {REVIEW_FROM}
                    and (m.evidence ->> 'veto') is null)
                and (m.node_a in (select node_id from affected) or m.node_b in (select node_id from affected))
        ),
        plays as (
            select node_id, count(*) as plays
            from node_records
            join silver.record_answers using (record_id)
            where node_id in (select unnest([node_a, node_b]) from waiting)
            group by node_id
        )
        select w.node_a, w.node_b, w.record_a, w.record_b, w.match_confidence,
            case when w.why is null then w.evidence else json_merge_patch(w.evidence, w.why) end as evidence,
            coalesce(a.plays, 0) + coalesce(b.plays, 0) as plays
        from waiting w
        left join plays a on w.node_a = a.node_id
        left join plays b on w.node_b = b.node_id
        """
    )
    return tables.merge_changed(
        connection,
        "silver.match_review",
        "fresh_review",
        key=("node_a", "node_b"),
        scope="t.node_a in (select node_id from affected) or t.node_b in (select node_id from affected) "
        "or t.node_a in (select node_id from delta_nodes) or t.node_b in (select node_id from delta_nodes)",
    )
