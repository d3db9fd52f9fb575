"""Comparing two records as the matcher does: each piece of evidence, what forbids them, the runners-up.

Belongs here: questions about one pair of a lake. The judgement is `scoring`'s own, on the same features.
"""

import json
from dataclasses import dataclass

import duckdb

from enrichment.matching import decisions, scoring
from enrichment.matching.blocking import ID_COLUMNS
from enrichment.matching.nodes import NODE_ID
from enrichment.schema import AS_WRITTEN
from lake.errors import LakeError
from lake.tables import one

HELD = {
    "runner_up": "another track comes nearly as near",
    "one_per_catalogue": "both tracks have an entry in a catalogue that lists a recording once",
    "no_centre": "they meet in a chain of weak links only",
}
"""Reasons of `clustering.Held`, in words."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: as written, as parsed, and the track it is in."""

    record_id: str
    provider: str
    written: str
    artists: str
    title: str
    version: str
    track_id: str | None


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """Another pair that one of the two was judged in."""

    name: str
    confidence: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the matcher holds of two records.

    Attributes:
        left: the one.
        right: the other.
        alike: both are written alike after normalising: one node, nothing to judge.
        confidence: 0..1; 1 for records written alike.
        threshold: from which on they are one track.
        evidence: piece of evidence -> value; factors below 1 speak against the pair.
        veto: what forbids the pair ("version", "title", "person"); None if nothing does.
        method: isrc, fuzzy, or manual where a person decided.
        one_track: whether they are one track in the lake now.
        runners_up: best other pairs of either, best first.
        held: why a pair alike enough was not joined, in words; None if nothing holds it.
    """

    left: Side
    right: Side
    alike: bool
    confidence: float
    threshold: float
    evidence: dict[str, object]
    veto: str | None
    method: str
    one_track: bool
    runners_up: list[RunnerUp]
    held: str | None = None


def compare(connection: duckdb.DuckDBPyConnection, record_a: str, record_b: str) -> Comparison:
    """Judge two records of the lake, whether or not blocking ever brought them together.

    Raises:
        LakeError: a record is not in the lake, or names no track.
    """
    node_a, left = _side(connection, record_a)
    node_b, right = _side(connection, record_b)
    one_track = left.track_id is not None and left.track_id == right.track_id
    threshold = float(scoring.THRESHOLD)
    if node_a == node_b:
        return Comparison(
            left, right, alike=True, confidence=1.0, threshold=threshold, evidence={}, veto=None,
            method="exact", one_track=one_track, runners_up=[],
        )  # fmt: skip
    nodes = tuple(sorted((node_a, node_b)))
    connection.execute(
        f"""
        create or replace temp table node_records as
        select {NODE_ID} as node_id, record_id from silver.track_records
        where ({NODE_ID}) in ('{nodes[0]}', '{nodes[1]}')
        """
    )
    connection.execute(
        f"create or replace temp table delta_nodes as select unnest({list(nodes)!r}) as node_id"
    )
    connection.execute(
        f"create or replace temp table text_pairs as select '{nodes[0]}' as node_a, '{nodes[1]}' as node_b"
    )
    ids = " union all ".join(
        f"select node_id, '{name}' as field, {name} as value "
        f"from silver.track_records join node_records using (record_id) where {name} is not null"
        for name in ID_COLUMNS
    )
    connection.execute(
        f"""
        create or replace temp table id_pairs as
        with ids as ({ids})
        select a.node_id as node_a, b.node_id as node_b, list_sort(list(distinct a.field)) as fields
        from ids a join ids b on a.field = b.field and a.value = b.value and a.node_id < b.node_id
        group by all
        """
    )
    scoring.judge(connection, keep=0.0)
    decisions.apply(connection)
    confidence, method, evidence = one(
        connection, "select match_confidence::double, match_method, evidence::varchar from judged"
    )
    terms = json.loads(evidence)
    veto = terms.pop("veto", None)
    return Comparison(
        left, right, alike=False, confidence=confidence, threshold=threshold, evidence=terms, veto=veto,
        method=method, one_track=one_track, runners_up=_runners_up(connection, nodes),
        held=None if one_track else _held(connection, nodes),
    )  # fmt: skip


def _side(connection: duckdb.DuckDBPyConnection, record_id: str) -> tuple[str, Side]:
    row = connection.execute(
        f"""
        select {NODE_ID}, r.record_id, r.provider,
            {AS_WRITTEN},
            coalesce(array_to_string(r.artist_names, ', '), ''), coalesce(r.title_key, ''),
            coalesce(nullif(r.version_key, ''), 'original'), m.track_id::varchar
        from silver.track_records r left join silver.track_members m using (record_id)
        where r.record_id = $id
        """,
        {"id": record_id},
    ).fetchone()
    if row is None or row[0] is None:
        raise LakeError(
            f"record {record_id} {'is not in the lake' if row is None else 'names no track'}",
            "`cratelake match records TRACK` lists the records of a track",
        )
    return str(row[0]), Side(*row[1:])


def _held(connection: duckdb.DuckDBPyConnection, nodes: tuple[str, ...]) -> str | None:
    row = connection.execute(
        "select evidence ->> 'held' from silver.match_review where node_a = $a and node_b = $b",
        {"a": nodes[0], "b": nodes[1]},
    ).fetchone()
    return HELD.get(str(row[0])) if row else None


def _runners_up(connection: duckdb.DuckDBPyConnection, nodes: tuple[str, ...]) -> list[RunnerUp]:
    rows = connection.execute(
        f"""
        select {AS_WRITTEN},
            m.match_confidence::double, m.accepted
        from silver.track_matches m
        join silver.track_records r
            on r.record_id = case when list_contains($nodes, m.node_a) then m.record_b else m.record_a end
        where list_contains($nodes, m.node_a) <> list_contains($nodes, m.node_b)
        order by 2 desc, 1 limit 3
        """,
        {"nodes": list(nodes)},
    ).fetchall()
    return [RunnerUp(*row) for row in rows]
