"""Centrality and communities, against graphs whose answer is known."""

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import network


def _graph(*edges: tuple[int, int, float], nodes: int) -> network.Graph:
    one, other, weight = (np.array(column) for column in zip(*edges, strict=True))
    return network.undirected(nodes, one, other, weight.astype(float))


def test_pagerank_of_a_star() -> None:
    # hub h, three leaves l: h = .15/4 + .85 * 3l, l = .15/4 + .85 h/3, hence h = .0375 * 3.55 / (1 - .7225)
    rank = network.pagerank(_graph((0, 1, 2), (0, 2, 2), (0, 3, 2), nodes=4))
    hub = 0.0375 * 3.55 / (1 - 0.85**2)
    assert rank == pytest.approx([hub, *[(1 - hub) / 3] * 3])


def test_modularity_by_hand() -> None:
    # two triangles and one edge between them: 6 of 7 edges inside, half of the ends in each
    graph = _graph((0, 1, 1), (1, 2, 1), (0, 2, 1), (3, 4, 1), (4, 5, 1), (3, 5, 1), (2, 3, 1), nodes=6)
    assert network.modularity(graph, np.array([0, 0, 0, 1, 1, 1])) == pytest.approx(6 / 7 - 0.5)
    assert network.communities(graph).tolist() == [0, 0, 0, 1, 1, 1]


def test_a_weight_can_outvote_the_number_of_edges() -> None:
    graph = _graph((0, 1, 1), (1, 2, 1), (0, 2, 1), (2, 3, 9), nodes=4)
    label = network.communities(graph)
    assert label[2] == label[3]
    assert label[0] == label[1] != label[2]


def test_planted_communities_are_found() -> None:
    chance = np.random.default_rng(7)
    groups, size = 20, 30
    nodes = groups * size
    one, other = np.triu_indices(nodes, 1)
    together = one // size == other // size
    kept = chance.random(len(one)) < np.where(together, 0.4, 0.004)
    graph = network.undirected(nodes, one[kept], other[kept], np.ones(kept.sum()))
    label = network.communities(graph)
    planted = np.arange(nodes) // size
    assert len(np.unique(label)) == groups
    assert network.modularity(graph, label) == pytest.approx(network.modularity(graph, planted))


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
        st.integers(1, 100),
        min_size=1,
        max_size=40,
    )
)
def test_laws(edges: dict[tuple[int, int], int]) -> None:
    names, numbered = np.unique(np.array(list(edges)).ravel(), return_inverse=True)
    ends = numbered.reshape(-1, 2)
    weight = np.array(list(edges.values()), dtype=float)
    graph = network.undirected(len(names), ends[:, 0], ends[:, 1], weight)
    assert network.pagerank(graph).sum() == pytest.approx(1)
    label = network.communities(graph)
    assert sorted(set(label)) == list(range(label.max() + 1))
    alone = network.modularity(graph, np.arange(graph.nodes))
    assert network.modularity(graph, label) >= alone
    # the order of the edges is no information (up to the last bit of a sum)
    turned = network.undirected(len(names), ends[::-1, 1], ends[::-1, 0], weight[::-1])
    assert network.pagerank(turned) == pytest.approx(network.pagerank(graph))


def _edges(lake: duckdb.DuckDBPyConnection) -> None:
    lake.execute(
        """
        create or replace table gold.artist_collaboration_network as
        select md5('a' || a)::uuid as artist_a_id, md5('a' || b)::uuid as artist_b_id, 'A' || a as artist_a,
            'A' || b as artist_b, kind, weight::decimal(12,2) as weight
        from (
            values (1, 2, 'co_credit', 3), (1, 2, 'same_set', 0.2), (1, 3, 'remix', 1), (2, 3, 'remix', 1),
            (4, 5, 'co_credit', 1)
        ) as edges (a, b, kind, weight)
        """
    )


def test_the_table_of_a_lake(lake: duckdb.DuckDBPyConnection) -> None:
    _edges(lake)
    assert network.build(lake).written == 5
    columns = "artist_name, collaborators, strength::varchar, degree_centrality::varchar, community_name"
    rows = lake.execute(f"select {columns}, community_size from gold.artist_network order by 1").fetchall()
    assert [row[:4] for row in rows] == [
        ("A1", 2, "4.20", "0.50000000"),
        ("A2", 2, "4.20", "0.50000000"),
        ("A3", 2, "2.00", "0.50000000"),
        ("A4", 1, "1.00", "0.25000000"),
        ("A5", 1, "1.00", "0.25000000"),
    ]
    heads = [row[4:] for row in rows]
    assert heads[0] == heads[1] == heads[2]  # called after A1 or A2, whose strength is the same: the lower id
    assert heads[0][0] in {"A1", "A2"}
    assert heads[0][1] == 3
    assert heads[3] == heads[4]
    assert heads[3][1] == 2
    again = network.build(lake)
    assert (again.written, again.deleted, again.unchanged) == (0, 0, 5)


def test_a_lake_without_edges_has_an_empty_network(lake: duckdb.DuckDBPyConnection) -> None:
    _edges(lake)
    network.build(lake)
    lake.execute("delete from gold.artist_collaboration_network")
    assert network.build(lake).deleted == 5
