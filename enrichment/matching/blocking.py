"""Blocking: which pairs of nodes are worth judging.

Two nodes meet when they share a key: the same title with an artist that starts or ends alike; a rare title;
the same artist with a title that starts or ends alike; the same identifier. Blocks above the cap are skipped
and counted, so that what was cut is known. Versions of another kind never meet.
"""

from dataclasses import dataclass

import duckdb

from enrichment.matching.nodes import NODE_ID
from lake.tables import one

CAP = 80
"""Nodes in a block above which it is skipped: it says too little, and other keys cover its true pairs."""
RARE = 12
"""Nodes with the same title up to which they all meet, whoever the artists are."""
ID_COLUMNS = ("isrc", "spotify_id", "beatport_id", "musicbrainz_id", "track_1001_id", "deezer_id", "apple_id")
"""Identifiers of a recording. YouTube ids are search results and Discogs ids name releases: neither links."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """What blocking did: pairs to judge, blocks and nodes cut by the cap."""

    pairs: int
    cut_blocks: int
    cut_nodes: int


_KEYS = """
    with named as (
        select node_id, title_text, version_kind, unnest(artist_names) as name from silver.track_nodes
        where title_text is not null
    )
    select node_id,
        'tp' || chr(31) || version_kind || chr(31) || title_text || chr(31) || left(name, 3) as block
    from named
    union
    select node_id, 'ts' || chr(31) || version_kind || chr(31) || title_text || chr(31) || right(name, 3)
    from named
    union
    select node_id, 'ap' || chr(31) || version_kind || chr(31) || name || chr(31) || left(title_text, 4)
    from named
    union
    select node_id, 'as' || chr(31) || version_kind || chr(31) || name || chr(31) || right(title_text, 4)
    from named
"""
_TITLES = """
    select node_id, version_kind || chr(31) || title_text as block
    from silver.track_nodes
    where title_text is not null
"""


def candidates(connection: duckdb.DuckDBPyConnection) -> Blocks:
    """Temporary tables ``text_pairs`` and ``id_pairs``: the pairs that involve a node of ``delta_nodes``."""
    for name, query, cap in (("keys", _KEYS, CAP), ("titles", _TITLES, RARE)):
        connection.execute(f"create or replace temp table block_{name} as {query}")
        connection.execute(
            f"""
            create or replace temp table live_{name} as
            with touched as (select distinct block from block_{name} semi join delta_nodes using (node_id))
            select block, count(*) as nodes, count(*) > {cap} as cut
            from block_{name} semi join touched using (block)
            group by block having count(*) > 1
            """
        )
    connection.execute(
        f"""
        create or replace temp table text_pairs as
        {" union ".join(_pairs_within(name) for name in ("keys", "titles"))}
        """
    )
    _id_pairs(connection)
    pairs, cut_blocks, cut_nodes = one(
        connection,
        """
        select (select count(*) from text_pairs) + (select count(*) from id_pairs),
               count(*) filter (cut), coalesce(sum(nodes) filter (cut), 0)
        from live_keys
        """,
    )
    return Blocks(int(pairs), int(cut_blocks), int(cut_nodes))


def _pairs_within(name: str) -> str:
    return f"""
        select distinct least(a.node_id, b.node_id) as node_a, greatest(a.node_id, b.node_id) as node_b
        from live_{name} l
        join block_{name} a using (block)
        join block_{name} b using (block)
        where not l.cut and a.node_id <> b.node_id and a.node_id in (select node_id from delta_nodes)
    """


def _id_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Nodes that share an identifier: within a version each is tied to the smallest, and these to each other.

    A star instead of all pairs; per version, so that a wrong link to a remix cannot hide the right one.
    """
    union = " union ".join(
        f"select {NODE_ID} as node_id, '{column}' as field, {column} as value from silver.track_records "
        f"where {column} is not null"
        for column in ID_COLUMNS
    )
    connection.execute(
        f"""
        create or replace temp table id_pairs as
        with ids as (select * from ({union}) where node_id is not null),
        touched as (select distinct field, value from ids semi join delta_nodes using (node_id)),
        shared as (
            select i.*, min(i.node_id) over (partition by i.field, i.value, n.version_kind) as centre
            from ids i
            semi join touched t on i.field = t.field and i.value = t.value
            join silver.track_nodes n using (node_id)
        ),
        centres as (select distinct field, value, centre from shared),
        pairs as (
            select field, centre as node_a, node_id as node_b from shared where node_id <> centre
            union all
            select a.field, a.centre, b.centre
            from centres a join centres b on a.field = b.field and a.value = b.value and a.centre < b.centre
        )
        select node_a, node_b, list_sort(list(distinct field)) as fields from pairs group by all
        """
    )
