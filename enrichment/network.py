"""``gold.artist_network``: how central each artist is, and with whom they form a community.

Over the edges of ``gold.artist_collaboration_network``, all kinds together. Everything is whole-array work
on edge lists, so that time and memory grow with the edges, and nothing depends on chance or on the order of
rows: artists are numbered by id, weights are whole hundredths.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lake import tables

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DAMPING, TOLERANCE, ROUNDS = 0.85, 1e-10, 200
"""PageRank: chance to follow an edge, sum of changes to stop at, rounds at most."""
CLASSES, SWEEPS = 4, 20
"""Communities: a fourth of the nodes move at a time, in at most so many sweeps a level."""


@dataclass(frozen=True, slots=True)
class Graph:
    """An undirected weighted graph, each edge in both directions; a loop once, with twice its weight.

    Attributes:
        nodes: how many there are.
        source: number of the one end of each directed edge.
        target: number of the other.
        weight: positive weights.
    """

    nodes: int
    source: Ints
    target: Ints
    weight: Floats

    @property
    def strength(self) -> Floats:
        """Sum of the weights at each node."""
        return _sums(self.source, self.weight, self.nodes)


def undirected(nodes: int, one: Ints, other: Ints, weight: Floats) -> Graph:
    """The graph of edges that are given once each; `one` and `other` are their ends, no loops."""
    return Graph(
        nodes, np.concatenate([one, other]), np.concatenate([other, one]), np.concatenate([weight, weight])
    )


def pagerank(graph: Graph) -> Floats:
    """Share of the time a walk along the edges, by weight, spends at each node; they add up to 1.

    L. Page, S. Brin et al., "The PageRank Citation Ranking", 1999; each node has an edge.
    """
    chance = graph.weight / graph.strength[graph.source]
    rank = np.full(graph.nodes, 1 / graph.nodes)
    for _ in range(ROUNDS):
        arriving = _sums(graph.target, rank[graph.source] * chance, graph.nodes)
        after = DAMPING * arriving + (1 - DAMPING) / graph.nodes
        change = np.abs(after - rank).sum()
        rank = after
        if change < TOLERANCE:
            break
    return rank


def communities(graph: Graph) -> Ints:
    """Number of each node's community: nodes with more weight among themselves than chance would give.

    The method of Blondel et al. ("Fast unfolding of communities in large networks", 2008): nodes move to the
    neighbouring community that raises modularity most, communities become nodes, and so on. A quarter of the
    nodes moves at a time (all at once would swap places for ever); a sweep that does not raise it is undone.
    """
    member = np.arange(graph.nodes)
    while True:
        label = _moved(graph)
        kept, label = np.unique(label, return_inverse=True)
        member = label[member]
        if len(kept) == graph.nodes:
            return member
        graph = _contracted(graph, label, len(kept))


def modularity(graph: Graph, label: Ints) -> float:
    """Share of the weight inside communities, less what chance would put there (-0.5 to 1)."""
    total = graph.weight.sum()
    inside = graph.weight[label[graph.source] == label[graph.target]].sum()
    parts = _sums(label, graph.strength, graph.nodes)
    return float(inside / total - np.square(parts / total).sum())


def _moved(graph: Graph) -> Ints:
    """Communities of the nodes, by labels below the number of nodes, after moving until nothing gains."""
    strength, total = graph.strength, graph.weight.sum()
    loops = graph.source == graph.target
    source, target, weight = graph.source[~loops], graph.target[~loops], graph.weight[~loops]
    label = np.arange(graph.nodes)
    best = modularity(graph, label)
    for sweep in range(SWEEPS):
        moving = label.copy()
        for turn in _classes(graph.nodes, sweep):
            chosen = turn[source]
            node, into, gained = _ties(source[chosen], moving[target[chosen]], weight[chosen], graph.nodes)
            parts = _sums(moving, strength, graph.nodes)
            stays = into == moving[node]
            # the node itself is no part of the community it would stay in
            others = parts[into] - np.where(stays, strength[node], 0)
            gain = gained - strength[node] * others / total
            # of a node without a tie into its own community, staying gains that of being alone in it
            staying = -strength * (parts[moving] - strength) / total
            staying[node[stays]] = gain[stays]
            order = np.lexsort((into, -gain, node))
            first = order[np.unique(node[order], return_index=True)[1]]
            better = first[gain[first] > staying[node[first]] + 1e-9]
            moving[node[better]] = into[better]
        reached = modularity(graph, moving)
        if reached <= best + 1e-12:
            break
        label, best = moving, reached
    return label


def _classes(nodes: int, sweep: int) -> Iterator[npt.NDArray[np.bool_]]:
    """The nodes in disjoint parts that follow no order of theirs, other parts in each sweep."""
    mixed = (np.arange(nodes, dtype=np.uint64) + np.uint64(sweep + 1)) * np.uint64(0x9E3779B97F4A7C15)
    part = (mixed >> np.uint64(40)) % np.uint64(CLASSES)
    for number in range(CLASSES):
        yield part == number


def _ties(source: Ints, community: Ints, weight: Floats, nodes: int) -> tuple[Ints, Ints, Floats]:
    """Each pair of a node and a community it has edges into, with the sum of their weights."""
    pair, place = np.unique(source * nodes + community, return_inverse=True)
    return pair // nodes, pair % nodes, _sums(place, weight, len(pair))


def _sums(group: Ints, value: Floats, groups: int) -> Floats:
    """Sum of the values in each group, numbered from 0."""
    return np.bincount(group, weights=value, minlength=groups).astype(np.float64, copy=False)


def _contracted(graph: Graph, label: Ints, nodes: int) -> Graph:
    """The graph whose nodes are the communities."""
    source, target, weight = _ties(label[graph.source], label[graph.target], graph.weight, nodes)
    return Graph(nodes, source, target, weight)


def build(connection: duckdb.DuckDBPyConnection) -> tables.Changes:
    """Bring ``gold.artist_network`` to what the edges say now."""
    connection.execute(_PAIRS)
    columns = connection.execute("select a, b, weight from network_pairs order by a, b").fetchnumpy()
    (nodes,) = tables.one(connection, "select count(*) from network_nodes")
    one, other = (np.asarray(columns[name], dtype=np.int64) for name in "ab")
    graph = undirected(nodes, one, other, np.asarray(columns["weight"], dtype=np.float64))
    if nodes:
        measured = {"number": np.arange(nodes), "pagerank": pagerank(graph), "community": communities(graph)}
    else:
        measured = {"number": one, "pagerank": graph.weight, "community": one}
    connection.register("measured_arrow", pa.table(measured))
    connection.execute(_FRESH)
    connection.unregister("measured_arrow")
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection, "gold.artist_network", "fresh_network", key=("artist_id",), scope="true"
        ),
        message="artist network",
    )


_PAIRS = """
    create or replace temp table network_edges as
    select artist_a_id, artist_b_id, artist_a, artist_b, sum(weight * 100)::bigint as weight
    from gold.artist_collaboration_network
    group by all;
    create or replace temp table network_nodes as
    select artist_id, any_value(name) as name, count(*) as collaborators, sum(weight)::bigint as weight,
        row_number() over (order by artist_id) - 1 as number
    from (
        select artist_a_id as artist_id, artist_a as name, weight from network_edges
        union all
        select artist_b_id, artist_b, weight from network_edges
    )
    group by artist_id;
    create or replace temp table network_pairs as
    select a.number as a, b.number as b, e.weight
    from network_edges e
    join network_nodes a on e.artist_a_id = a.artist_id
    join network_nodes b on e.artist_b_id = b.artist_id
"""

# a community is called after the artist with most weight in it, which changes less than any number would
_FRESH = """
    create or replace temp table fresh_network as
    with measured as (
        select n.*, m.pagerank, m.community from network_nodes n join measured_arrow m on n.number = m.number
    ),
    heads as (
        select community, count(*) as size,
            min_by({'artist_id': artist_id, 'name': name}, (-weight, artist_id)) as head
        from measured group by community
    )
    select m.artist_id, m.name as artist_name, m.collaborators,
        (m.weight / 100)::decimal(12,2) as strength,
        round_even(m.collaborators / nullif(count(*) over () - 1, 0), 8)::decimal(9,8) as degree_centrality,
        round_even(m.pagerank, 12)::decimal(13,12) as pagerank,
        row_number() over (order by round_even(m.pagerank, 12) desc, m.artist_id) as pagerank_rank,
        h.head.artist_id as community_id, h.head.name as community_name, h.size as community_size
    from measured m join heads h on m.community = h.community
"""
