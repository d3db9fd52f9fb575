"""Blocking: which pairs of nodes are worth judging.

Two nodes meet when they share a block: the same title with an artist that starts or ends alike; a rare title;
the same artist with a title that starts or ends alike, or a little of both; the same identifier. Versions of
another kind meet by identifier alone. A block above its cap is cut: it says too little, and other blocks
cover its true pairs. What was cut is kept in ``silver.cut_blocks``.

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
_NAMED = "(select *, unnest(artist_names) as name from {nodes})"
_BLOCKS: dict[str, tuple[str, str]] = {
    "title, artist starts": ("version_kind, title_text, left(name, 3)", _NAMED),
    "title, artist ends": ("version_kind, title_text, right(name, 3)", _NAMED),
    "artist, title starts": ("version_kind, name, left(title_text, 4)", _NAMED),
    "artist, title ends": ("version_kind, name, right(title_text, 4)", _NAMED),
    "artist, title around": ("version_kind, name, left(title_text, 2), right(title_text, 2)", _NAMED),
    "title": ("version_kind, title_text", "(from {nodes} where title_text is not null)"),
    "id": ("id", "(select *, unnest(ids) as id from {nodes})"),
}
"""Kind of block -> what nodes in one agree in, and the rows it is read from."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """What blocking did: pairs to judge, and how many blocks of the whole lake are cut."""

    pairs: int
    cut: int


def candidates(connection: duckdb.DuckDBPyConnection) -> Blocks:
    """Temporary tables ``text_pairs`` and ``id_pairs``: the pairs that involve a node of ``delta_nodes``.

    Adds to ``delta_nodes`` the nodes of blocks that came to be cut, or are no more, and brings
    ``silver.cut_blocks`` up to date.
    """
    connection.execute(f"create or replace temp table node_keys as {_keys('silver.track_nodes')}")
    connection.execute(
        f"""
        create or replace temp table blocks as
        select kind, block, count(*) as nodes, nodes > {_limit()} as cut
        from node_keys group by kind, block having nodes > 1
        """
    )
    _draw_in(connection)
    connection.execute(
        """
        create or replace temp table met as
        with live as (
            select node_id, kind, block, node_id in (select node_id from delta_nodes) as touched
            from node_keys
            semi join (from node_keys semi join delta_nodes using (node_id)) using (kind, block)
            semi join (from blocks where not cut) using (kind, block)
        )
        select distinct
            least(a.node_id, b.node_id) as node_a, greatest(a.node_id, b.node_id) as node_b,
            a.kind = 'id' as by_id
        from live a join live b using (kind, block)
        where a.touched and a.node_id <> b.node_id and (a.node_id < b.node_id or not b.touched)
        """
    )
    connection.execute(
        "create or replace temp table text_pairs as select node_a, node_b from met where not by_id"
    )
    connection.execute(
        """
        create or replace temp table id_pairs as
        select node_a, node_b, list_sort(list_distinct(list_transform(
            list_intersect(a.ids, b.ids), lambda id: split_part(id, ':', 1)))) as fields
        from met
        join silver.track_nodes a on met.node_a = a.node_id
        join silver.track_nodes b on met.node_b = b.node_id
        where by_id
        """
    )
    tables.transaction(connection, lambda: _store_cut(connection), message="cut blocks")
    pairs, cut = one(connection, "select (select count(*) from met), (select count(*) from blocks where cut)")
    return Blocks(int(pairs), int(cut))


def _keys(nodes: str, key: str = "hash({})") -> str:
    """SQL of the blocks that `nodes` are in: node_id, kind, block; a hash, or what else `key` makes of it."""
    return " union all ".join(
        f"select distinct node_id, '{kind}' as kind, {key.format(parts)} as block "
        f"from {rows.format(nodes=nodes)}"
        for kind, (parts, rows) in _BLOCKS.items()
    )


def _limit() -> str:
    return f"case when kind = 'title' then {RARE} else {CAP} end"


def _draw_in(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to ``delta_nodes`` the nodes of blocks that the touched nodes brought above or below the cap."""
    connection.execute(
        f"""
        insert into delta_nodes
        with changes as (
            select kind, block, sum(change) as change
            from (
                select kind, block, 1 as change from node_keys semi join delta_nodes using (node_id)
                union all
                select kind, block, -1 from ({_keys("former_nodes")})
            )
            group by all having sum(change) <> 0
        ),
        crossed as (
            select kind, block from changes left join blocks using (kind, block)
            where coalesce(cut, false) <> (coalesce(nodes, 1) - change > {_limit()})
        )
        select distinct node_id from node_keys semi join crossed using (kind, block)
        where node_id not in (select node_id from delta_nodes)
        """
    )


def _store_cut(connection: duckdb.DuckDBPyConnection) -> tables.Changes:
    """What was cut, in words: the parts the nodes of a block agree in."""
    connection.execute(
        """
        create or replace temp table cut_nodes as
        select n.* from silver.track_nodes n
        semi join (from node_keys semi join (from blocks where cut) using (kind, block)) using (node_id)
        """
    )
    connection.execute(
        f"""
        create or replace temp table fresh_cut as
        select kind, block, count(*) as nodes, nodes * (nodes - 1) // 2 as pairs
        from ({_keys("cut_nodes", "concat_ws(' · ', {})")})
        group by kind, block having nodes > {_limit()}
        """
    )
    return tables.merge_changed(
        connection, "silver.cut_blocks", "fresh_cut", key=("kind", "block"), scope="true"
    )


def cut_by_kind(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int, int]]:
    """Per kind of block: how many are cut, how many nodes are in them, and how many pairs could have met."""
    return connection.execute(
        "select kind, count(*), sum(nodes)::bigint, sum(pairs)::bigint from silver.cut_blocks "
        "group by kind order by kind"
    ).fetchall()


__all__ = ["CAP", "ID_COLUMNS", "RARE", "Blocks", "candidates", "cut_by_kind"]
