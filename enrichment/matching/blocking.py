"""Blocking: which pairs of nodes are worth judging.

Two nodes meet when they share a block: the same title with an artist that starts or ends alike; a rare title;
the same artist with a title that starts or ends alike; the same identifier. Versions of another kind meet by
identifier alone. A block above its cap is cut: it says too little, and other blocks cover its true pairs. What
was cut is kept in ``silver.cut_blocks``.

Which pairs meet depends on the nodes there are, never on the order they came in. So a block that grows past
its cap, or shrinks below it, touches all nodes in it: their pairs are judged anew, which takes back the pairs
that only this block brought together, or brings those it kept apart. A cap bounds how many nodes that can be.
"""

from dataclasses import dataclass

import duckdb

from enrichment.matching.nodes import ID_COLUMNS
from lake import tables
from lake.tables import one

CAP = 80
"""Nodes in a block up to which they all meet. An identifier in more nodes than that is a placeholder."""
RARE = 12
"""Nodes with the same title up to which they all meet, whoever the artists are."""
_LIMIT = f"case when kind = 'title' then {RARE} else {CAP} end"


@dataclass(frozen=True, slots=True)
class Blocks:
    """What blocking did: pairs to judge, and of the blocks looked at those that are cut, with their nodes."""

    pairs: int
    cut_blocks: int
    cut_nodes: int


_PARTS = "version_kind, title_text"
_KEYS = """
    select node_id, unnest(list_concat(
        list_transform(list_distinct(list_transform(artist_names, lambda name: left(name, 3))), lambda part:
            {'kind': 'title, artist starts', 'block': concat_ws(chr(31), version_kind, title_text, part)}),
        list_transform(list_distinct(list_transform(artist_names, lambda name: right(name, 3))), lambda part:
            {'kind': 'title, artist ends', 'block': concat_ws(chr(31), version_kind, title_text, part)}),
        list_transform(artist_names, lambda name:
            {'kind': 'artist, title starts',
             'block': concat_ws(chr(31), version_kind, name, left(title_text, 4))}),
        list_transform(artist_names, lambda name:
            {'kind': 'artist, title ends',
             'block': concat_ws(chr(31), version_kind, name, right(title_text, 4))}),
        case when title_text is not null
            then [{'kind': 'title', 'block': concat_ws(chr(31), version_kind, title_text)}] end,
        list_transform(ids, lambda id: {'kind': split_part(id, chr(31), 1), 'block': id})
    ), recursive := true)
    from """
"""SQL of the blocks of nodes: one row per node, kind and block."""


def candidates(connection: duckdb.DuckDBPyConnection) -> Blocks:
    """Temporary tables ``text_pairs`` and ``id_pairs``: the pairs that involve a node of ``delta_nodes``.

    Adds to ``delta_nodes`` the nodes of blocks that came to be cut, or are no more, and brings
    ``silver.cut_blocks`` up to date.
    """
    _gather(connection)
    connection.execute(
        """
        create or replace temp table drawn_in as
        select distinct node_id from block_keys
        semi join (from blocks where crossed) using (kind, block)
        anti join delta_nodes using (node_id)
        """
    )
    if _count(connection, "drawn_in"):  # these nodes, unchanged, have other blocks, too
        connection.execute("insert into delta_nodes from drawn_in")
        connection.execute(
            "insert into former_nodes select * from silver.track_nodes semi join drawn_in using (node_id)"
        )
        _gather(connection)
    connection.execute(
        f"""
        create or replace temp table met as
        with live as (
            select k.node_id, kind, block, d.node_id is not null as touched
            from block_keys k
            semi join (from blocks where nodes > 1 and not cut) using (kind, block)
            left join delta_nodes d on k.node_id = d.node_id
        )
        select distinct
            least(a.node_id, b.node_id) as node_a, greatest(a.node_id, b.node_id) as node_b,
            case when kind in {ID_COLUMNS} then kind end as field
        from live a join live b using (kind, block)
        where a.touched and a.node_id <> b.node_id and (a.node_id < b.node_id or not b.touched)
        """
    )
    connection.execute(
        "create or replace temp table text_pairs as select node_a, node_b from met where field is null"
    )
    connection.execute(
        "create or replace temp table id_pairs as "
        "select node_a, node_b, list_sort(list(field)) as fields from met where field is not null group by all"
    )
    tables.transaction(connection, lambda: _store_cut(connection), message="cut blocks")
    cut_blocks, cut_nodes = one(connection, "select count(*), coalesce(sum(nodes), 0) from blocks where cut")
    return Blocks(_count(connection, "met"), int(cut_blocks), int(cut_nodes))


def _gather(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary ``blocks`` that touched nodes are or were in, and ``block_keys``: all nodes in these."""
    connection.execute(
        f"""
        create or replace temp table touched_blocks as
        select kind, block, sum(change) as change
        from (
            select kind, block, 1 as change
            from ({_KEYS} (from silver.track_nodes semi join delta_nodes using (node_id)))
            union all
            select kind, block, -1 from ({_KEYS} former_nodes)
        )
        group by all
        """
    )
    connection.execute(
        f"""
        create or replace temp table block_keys as
        select node_id, kind, block from ({_KEYS} silver.track_nodes)
        semi join touched_blocks using (kind, block)
        """
    )
    connection.execute(
        f"""
        create or replace temp table blocks as
        with sizes as (select kind, block, count(*) as nodes from block_keys group by all)
        select kind, block, coalesce(s.nodes, 0) as nodes, coalesce(s.nodes, 0) > {_LIMIT} as cut,
            coalesce(s.nodes, 0) - change > {_LIMIT} as was_cut, cut <> was_cut as crossed
        from touched_blocks left join sizes s using (kind, block)
        """
    )


def _store_cut(connection: duckdb.DuckDBPyConnection) -> tables.Changes:
    connection.execute(
        "create or replace temp table fresh_cut as "
        "select kind, block, nodes, nodes * (nodes - 1) // 2 as pairs from blocks where cut"
    )
    return tables.merge_changed(
        connection, "silver.cut_blocks", "fresh_cut", key=("kind", "block"),
        scope="exists (select 1 from blocks b where b.kind = t.kind and b.block = t.block)",
    )  # fmt: skip


def cut_by_kind(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int, int]]:
    """Per kind of block: how many are cut, how many nodes are in them, and how many pairs could have met."""
    return connection.execute(
        "select kind, count(*), sum(nodes)::bigint, sum(pairs)::bigint from silver.cut_blocks "
        "group by kind order by kind"
    ).fetchall()


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(one(connection, f"select count(*) from {relation}")[0])


__all__ = ["CAP", "ID_COLUMNS", "RARE", "Blocks", "candidates", "cut_by_kind"]
