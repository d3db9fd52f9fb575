"""Clustering: judged pairs -> groups of nodes that are one track, under constraints.

Edges are taken from the surest down (Kruskal), what people confirmed first; one that would bring two versions
together, or two nodes whose pair a person or the evidence refused, is left out. The result of a connected
component depends on its own edges alone, so recomputing only touched components equals a full rebuild.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

Edge = tuple[str, str, float]


@dataclass(slots=True)
class _Group:
    nodes: list[str]
    versions: set[str]
    forbidden: set[str] = field(default_factory=set)


def components(edges: Iterable[Edge], touched: set[str]) -> list[set[str]]:
    """Connected components that hold a touched node; touched nodes without an edge are components of one."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for a, b, _ in edges:
        neighbours[a].append(b)
        neighbours[b].append(a)
    seen: set[str] = set()
    found: list[set[str]] = []
    for start in sorted(touched):
        if start in seen:
            continue
        group, stack = {start}, [start]
        while stack:
            for other in neighbours.get(stack.pop(), ()):
                if other not in group:
                    group.add(other)
                    stack.append(other)
        seen |= group
        found.append(group)
    return found


def cluster(
    nodes: set[str],
    edges: list[Edge],
    version_of: Callable[[str], str | None],
    apart: set[tuple[str, str]],
    manual: Container[tuple[str, str]] = (),
) -> tuple[list[list[str]], list[Edge]]:
    """Split one component into clusters.

    Args:
        nodes: nodes of the component.
        edges: its accepted edges.
        version_of: version a node states, without names; None where it states none, which fits any.
        apart: pairs (smaller id first) that must not end together.
        manual: edges a person confirmed; they come first and may join versions.

    Returns:
        Clusters (sorted node lists), and the edges that hold them together (a maximum spanning forest).
    """
    group = {node: _Group([node], {v} if (v := version_of(node)) is not None else set()) for node in nodes}
    for a, b in apart:
        group[a].forbidden.add(b)
        group[b].forbidden.add(a)
    tree: list[Edge] = []
    ordered = sorted(edges, key=lambda edge: ((edge[0], edge[1]) not in manual, -edge[2], edge[0], edge[1]))
    for a, b, confidence in ordered:
        left, right = group[a], group[b]
        if left is right:
            continue
        other_version = left.versions and right.versions and left.versions.isdisjoint(right.versions)
        if other_version and (a, b) not in manual:
            continue
        if not left.forbidden.isdisjoint(right.nodes):
            continue
        if len(left.nodes) < len(right.nodes):
            left, right = right, left
        left.nodes.extend(right.nodes)
        left.versions |= right.versions
        left.forbidden |= right.forbidden
        for node in right.nodes:
            group[node] = left
        tree.append((a, b, confidence))
    distinct = {id(one): sorted(one.nodes) for one in group.values()}
    return sorted(distinct.values()), tree


def confidence_from(anchor: str, tree: Iterable[Edge]) -> dict[str, float]:
    """How sure each node belongs with the anchor: the weakest link on its path along the spanning tree."""
    neighbours: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for a, b, confidence in tree:
        neighbours[a].append((b, confidence))
        neighbours[b].append((a, confidence))
    reached = {anchor: 1.0}
    stack = [anchor]
    while stack:
        node = stack.pop()
        for other, confidence in neighbours.get(node, ()):
            if other not in reached:
                reached[other] = min(reached[node], confidence)
                stack.append(other)
    return reached
