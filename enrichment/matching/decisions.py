"""People's decisions about matches: append-only events in bronze, folded here, obeyed by every later run.

An event says that records are the same track, or that they are not, or takes an earlier event back. It names
records, not tracks: tracks come and go with the clustering, records stay. What it decides is about names: two
records written alike are one node and cannot be told apart by a decision.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import duckdb
import pyarrow as pa

from enrichment import events
from enrichment.engine import Day
from enrichment.events import PersonEvent
from enrichment.matching.nodes import NODE_ID
from lake import tables

PROVIDER, STREAM = events.PROVIDER, "match_decisions"
VERSION = "match_decisions 1"
"""What wrote the events: ``extractor_version`` in bronze."""


class Event(PersonEvent):
    """One decision, as bronze keeps it.

    Attributes:
        kind: ``same``: the records of each pair are one track; ``apart``: they are not; ``undo``.
        pairs: pairs of record ids; empty for ``undo``.
    """

    stream: ClassVar[str] = STREAM
    version: ClassVar[str] = VERSION

    kind: Literal["same", "apart", "undo"]
    pairs: tuple[tuple[str, str], ...] = ()


def fold(connection: duckdb.DuckDBPyConnection, bronze: str) -> tables.Changes:
    """Bring ``silver.match_decisions`` to what all events say; their order of arrival does not matter.

    Args:
        connection: connection with the lake attached.
        bronze: table expression of the stream.
    """
    folded = [
        {
            "event_id": event.event_id,
            "kind": event.kind,
            "record_a": min(pair),
            "record_b": max(pair),
            "actor": event.actor,
            "reason": event.reason,
            "occurred_at": event.occurred_at,
            "active": recorded.active,
            "changed_on": recorded.changed_on,
            "bronze_id": recorded.bronze_id,
        }
        for recorded in events.read(connection, bronze, Event)
        for event in (recorded.event,)
        for pair in event.pairs
    ]
    connection.register("decisions_batch", pa.Table.from_pylist(folded, _FOLDED))
    connection.execute("create or replace temp table fresh_decisions as select * from decisions_batch")
    connection.unregister("decisions_batch")
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection,
            "silver.match_decisions",
            "fresh_decisions",
            key=("event_id", "record_a", "record_b"),
            scope="true",
        ),
        message="people's decisions about matches",
    )


_FOLDED = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("event_id", "kind", "record_a", "record_b")),
        *(pa.field(name, pa.string()) for name in ("actor", "reason")),
        pa.field("occurred_at", pa.timestamp("us", tz="UTC")),
        pa.field("active", pa.bool_()),
        pa.field("changed_on", pa.date32()),
        pa.field("bronze_id", pa.string()),
    ]
)


def touched_nodes(day: Day) -> str:
    """SQL of the nodes that decisions made or taken back on `day` are about (column ``node_id``)."""
    return f"""
        select {NODE_ID} as node_id from silver.track_records
        where record_id in (
            select unnest([record_a, record_b]) from silver.match_decisions where changed_on = {day.sql}
        )
    """


def apply(connection: duckdb.DuckDBPyConnection) -> None:
    """Put what people decided in place of what scoring said, in temporary table ``judged``.

    Of several decisions about a pair the latest counts. A confirmed pair is sure, whatever the versions say;
    a rejected one is vetoed.
    """
    connection.execute(
        f"""
        create or replace temp table decided as
        with nodes as (
            select record_id, {NODE_ID} as node_id from silver.track_records
            where record_id in (select unnest([record_a, record_b]) from silver.match_decisions where active)
        )
        select
            least(a.node_id, b.node_id) as node_a, greatest(a.node_id, b.node_id) as node_b,
            max({{
                'occurred_at': d.occurred_at, 'event_id': d.event_id, 'kind': d.kind, 'actor': d.actor,
                'reason': d.reason
            }}) as last
        from silver.match_decisions d
        join nodes a on d.record_a = a.record_id
        join nodes b on d.record_b = b.record_id
        where d.active and a.node_id <> b.node_id
        group by all
        """
    )
    connection.execute("delete from judged using decided d where judged.node_a = d.node_a "
                       "and judged.node_b = d.node_b")  # fmt: skip
    connection.execute(
        """
        insert into judged
        select d.node_a, d.node_b, a.first_record, b.first_record,
            case when d.last.kind = 'same' then 1 else 0 end, 'manual', []::varchar[],
            case when d.last.kind = 'same'
                then json_object('event_id', d.last.event_id, 'actor', d.last.actor, 'reason', d.last.reason)
                else json_object('event_id', d.last.event_id, 'actor', d.last.actor, 'reason', d.last.reason,
                    'veto', 'person')
            end,
            d.last.kind = 'same', true
        from decided d
        join silver.track_nodes a on d.node_a = a.node_id
        join silver.track_nodes b on d.node_b = b.node_id
        where d.node_a in (select node_id from delta_nodes) or d.node_b in (select node_id from delta_nodes)
        """
    )


def contradicted(standing: Sequence[Event], fresh: Event, node_of: Mapping[str, str]) -> tuple[Event, ...]:
    """Decisions that `fresh` cannot stand beside: one by one they make two names one track, and two.

    "A is B" and "B is C" make A and C one, so "A is not C" contradicts them. Of decisions about the same pair
    the latest counts, which is no contradiction.

    Args:
        standing: decisions that stand, in order of time.
        fresh: the new one.
        node_of: the node (what is written alike) of each record.

    Returns:
        The earlier decisions of one contradiction; nothing if there is none.
    """
    latest: dict[frozenset[str], Event] = {}
    for event in (*standing, fresh):
        for pair in event.pairs:
            nodes = frozenset(node_of.get(record, record) for record in pair)
            if len(nodes) == 2:
                latest[nodes] = event
    joined: dict[str, list[tuple[str, Event]]] = {}
    for (a, b), event in ((sorted(pair), event) for pair, event in latest.items() if event.kind == "same"):
        joined.setdefault(a, []).append((b, event))
        joined.setdefault(b, []).append((a, event))
    for (a, b), event in ((sorted(pair), event) for pair, event in latest.items() if event.kind == "apart"):
        chain = _chain(joined, a, b)
        if chain and fresh in (event, *chain):
            return tuple(dict.fromkeys(one for one in (event, *chain) if one is not fresh))
    return ()


def _chain(joined: Mapping[str, list[tuple[str, Event]]], start: str, end: str) -> tuple[Event, ...]:
    """The events by which one node is another; nothing if it is not."""
    reached: dict[str, tuple[Event, ...]] = {start: ()}
    waiting = [start]
    for node in waiting:
        for other, event in joined.get(node, ()):
            if other not in reached:
                reached[other] = (*reached[node], event)
                waiting.append(other)
    return reached.get(end, ())


def same(records: Sequence[str], actor: str, reason: str) -> Event:
    """The event that all `records` (two or more) are one track."""
    first, *rest = records
    return Event(kind="same", pairs=tuple((first, other) for other in rest), actor=actor, reason=reason)


def apart(pairs: Sequence[tuple[str, str]], actor: str, reason: str) -> Event:
    """The event that the records of each pair are not the same track."""
    return Event(kind="apart", pairs=tuple(pairs), actor=actor, reason=reason)
