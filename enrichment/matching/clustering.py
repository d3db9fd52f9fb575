"""Clustering: judged pairs -> groups of nodes that are one track, under constraints.

Links are taken in three steps, in each from the surest down (Kruskal), what people confirmed first of all:

1. *Sure* links (a person's word, a shared identifier, or words alike to the letter) make *cores*.
2. *Doubtful* links, alike in words only, join cores, if no catalogue lists both, each under its own id, and
   if what comes out has a centre: a core to which every other one has a link of its own. So nobody gets
   into a track through a chain of weak links.
3. A core whose best doubtful link is hardly surer than its link to another core, one that ended elsewhere, is
   *ambiguous*: these links fall, and step 2 is done again, until none is left that another comes so near to.

No link joins two versions, except by a person's word, nor what a person or the evidence refused. The outcome
depends on the links alone, whatever order they come in, and within a connected component on its own links.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

SURE = 0.99
"""Confidence from which words alone make a link sure."""
GAP = 0.02
"""How much surer than the runner-up a doubtful link must be."""

Pair = tuple[int, int]
Reason = Literal["runner_up", "one_per_catalogue", "no_centre"]


@dataclass(frozen=True, slots=True)
class Link:
    """A judged pair; the nodes are numbers, ``a < b``.

    Attributes:
        a: one node.
        b: the other.
        confidence: 0..1.
        accepted: whether it may join; others only count as runners-up.
        by_id: whether the nodes share an identifier.
        manual: whether a person confirmed it: it may join versions.
    """

    a: int
    b: int
    confidence: float
    accepted: bool = True
    by_id: bool = False
    manual: bool = False

    @property
    def sure(self) -> bool:
        """Whether no runner-up and no catalogue can speak against it."""
        return self.accepted and (self.manual or self.by_id or self.confidence >= SURE)


@dataclass(frozen=True, slots=True)
class Held:
    """Why an accepted link was not followed; with the runner-up (node and confidence) where that is why."""

    reason: Reason
    runner_up: int | None = None
    runner_up_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Clustering:
    """What came out.

    Attributes:
        home: node -> smallest node of its cluster.
        tree: links that hold the clusters together (a spanning forest).
        held: accepted links between clusters that are for a person to look at, with the reason.
    """

    home: dict[int, int]
    tree: list[Link]
    held: dict[Pair, Held]


@dataclass(slots=True)
class _Group:
    nodes: list[int]
    versions: frozenset[str]
    catalogues: frozenset[str]
    forbidden: frozenset[int]
    cores: list[int] = field(default_factory=list)
    centres: list[int] = field(default_factory=list)

    def compatible(self, other: "_Group") -> bool:
        """Whether neither versions nor vetoes forbid the two to be one."""
        if self.versions and other.versions and self.versions.isdisjoint(other.versions):
            return False
        return self.allows(other)

    def allows(self, other: "_Group") -> bool:
        return self.forbidden.isdisjoint(other.nodes)

    def joined(self, other: "_Group") -> "_Group":
        return _Group(
            self.nodes + other.nodes,
            self.versions | other.versions,
            self.catalogues | other.catalogues,
            self.forbidden | other.forbidden,
            self.cores + other.cores,
        )


def cluster(
    nodes: Iterable[int],
    links: Iterable[Link],
    *,
    versions: Mapping[int, str] | None = None,
    catalogues: Mapping[int, Iterable[str]] | None = None,
    apart: Iterable[Pair] = (),
) -> Clustering:
    """Cluster nodes by their links.

    Args:
        nodes: all nodes, those without a link among them.
        links: judged pairs between them: the accepted ones, and those less than `GAP` below the threshold.
        versions: version a node states, without names; absent where it states none, which fits any.
        catalogues: catalogues that list a node, each of which has one entry for a recording.
        apart: pairs that must not end together.
    """
    versions, catalogues = versions or {}, catalogues or {}
    forbidden: dict[int, set[int]] = defaultdict(set)
    for a, b in apart:
        forbidden[a].add(b)
        forbidden[b].add(a)
    groups = {
        node: _Group(
            [node],
            frozenset((versions[node],)) if node in versions else frozenset(),
            frozenset(catalogues.get(node, ())),
            frozenset(forbidden.get(node, ())),
        )
        for node in nodes
    }
    ordered = sorted(links, key=lambda link: (not link.manual, -link.confidence, link.a, link.b))
    tree = []
    for link in ordered:
        left, right = groups[link.a], groups[link.b]
        if not link.sure or left is right:
            continue
        if left.compatible(right) or (link.manual and left.allows(right)):
            _move(groups, left.joined(right))
            tree.append(link)
    doubtful = [link for link in ordered if not link.sure and groups[link.a] is not groups[link.b]]
    return _join_cores(groups, doubtful, tree)


def _move(groups: dict[int, _Group], whole: _Group) -> None:
    for node in whole.nodes:
        groups[node] = whole


def _join_cores(groups: dict[int, _Group], doubtful: list[Link], tree: list[Link]) -> Clustering:
    """Steps 2 and 3; `groups` are the cores by node, `doubtful` the links between them, surest first."""
    core_of: dict[int, int] = {}
    cores: dict[int, _Group] = {}
    for link in doubtful:
        for node in (link.a, link.b):
            if node not in core_of:
                core = groups[node]
                number = core_of[node] = min(core.nodes)
                cores.setdefault(number, core)
    held: dict[Pair, Held] = {}
    while True:
        following = [link for link in doubtful if link.accepted and (link.a, link.b) not in held]
        whole, more = _grow(cores, core_of, following)
        fallen = _contested(cores, core_of, whole, [one for one in doubtful if (one.a, one.b) not in held])
        if not fallen:
            break
        held |= fallen
    home: dict[int, int] = {}
    for group in (*_distinct(groups), *_distinct(whole)):  # clusters after the cores they are made of
        home |= dict.fromkeys(group.nodes, min(group.nodes))
    for link in following:
        left, right = whole[core_of[link.a]], whole[core_of[link.b]]
        if left is not right and left.compatible(right):
            rivals = not left.catalogues.isdisjoint(right.catalogues)
            held[link.a, link.b] = Held("one_per_catalogue" if rivals else "no_centre")
    accepted = {(link.a, link.b) for link in doubtful if link.accepted}
    held = {pair: why for pair, why in held.items() if pair in accepted and home[pair[0]] != home[pair[1]]}
    return Clustering(home, tree + more, held)


def _distinct(groups: dict[int, _Group]) -> list[_Group]:
    return list({id(group): group for group in groups.values()}.values())


def _grow(
    cores: dict[int, _Group], core_of: dict[int, int], following: list[Link]
) -> tuple[dict[int, _Group], list[Link]]:
    """Core -> cluster it ends in, and the links taken."""
    beside: dict[int, set[int]] = defaultdict(set)
    for link in following:
        a, b = core_of[link.a], core_of[link.b]
        beside[a].add(b)
        beside[b].add(a)
    whole = {
        number: _Group(core.nodes, core.versions, core.catalogues, core.forbidden, [number], [number])
        for number, core in cores.items()
    }
    taken = []
    for link in following:
        left, right = whole[core_of[link.a]], whole[core_of[link.b]]
        if left is right or not left.compatible(right) or not left.catalogues.isdisjoint(right.catalogues):
            continue
        centres = [one for one in left.centres if beside[one].issuperset(right.cores)]
        centres += [one for one in right.centres if beside[one].issuperset(left.cores)]
        if not centres:
            continue
        group = left.joined(right)
        group.centres = centres
        for number in group.cores:
            whole[number] = group
        taken.append(link)
    return whole, taken


def _contested(
    cores: dict[int, _Group], core_of: dict[int, int], whole: dict[int, _Group], links: list[Link]
) -> dict[Pair, Held]:
    """Links of ambiguous cores that fall, with the runner-up of each."""
    inside: dict[int, list[Link]] = defaultdict(list)
    outside: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        a, b = core_of[link.a], core_of[link.b]
        if whole[a] is whole[b]:
            side = inside
        elif cores[a].compatible(cores[b]) and cores[a].catalogues.isdisjoint(cores[b].catalogues):
            side = outside
        else:
            continue  # not a candidate: the two forbid each other, whoever else there is
        side[a].append(link)
        side[b].append(link)
    fallen: dict[Pair, Held] = {}
    for core, chosen in inside.items():
        if core not in outside:
            continue
        best = outside[core][0]  # the surest: links come surest first
        contested = [link for link in chosen if link.accepted and _near(best, link)]
        if not contested:
            continue
        for link in contested:
            fallen.setdefault((link.a, link.b), _runner_up(best, core, core_of))
        for link in outside[core]:
            if link.accepted and _near(link, contested[-1]):
                fallen.setdefault((link.a, link.b), _runner_up(contested[0], core, core_of))
    return fallen


def _near(link: Link, best: Link) -> bool:
    """Whether `link` is less than `GAP` behind `best`; confidences have four digits."""
    return round(best.confidence - link.confidence, 4) < GAP


def _runner_up(link: Link, core: int, core_of: dict[int, int]) -> Held:
    other = link.b if core_of[link.a] == core else link.a
    return Held("runner_up", other, link.confidence)


def confidence_from(anchor: int, tree: Iterable[Link]) -> dict[int, float]:
    """How sure each node belongs with the anchor: the weakest link on its path along the spanning tree."""
    neighbours: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for link in tree:
        neighbours[link.a].append((link.b, link.confidence))
        neighbours[link.b].append((link.a, link.confidence))
    reached = {anchor: 1.0}
    stack = [anchor]
    while stack:
        node = stack.pop()
        for other, confidence in neighbours.get(node, ()):
            if other not in reached:
                reached[other] = min(reached[node], confidence)
                stack.append(other)
    return reached
