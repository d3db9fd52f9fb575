"""Clustering by itself: which links join, which stay open, and that nothing depends on their order."""

import itertools
import random
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from enrichment.matching.clustering import GAP, Clustering, Link, cluster, confidence_from


def clusters(found: Clustering) -> set[frozenset[int]]:
    groups = defaultdict(set)
    for node, home in found.home.items():
        groups[home].add(node)
    return {frozenset(group) for group in groups.values()}


def split(*groups: str) -> set[frozenset[int]]:
    return {frozenset(map(int, group)) for group in groups}


def test_doubtful_links_join_what_has_a_centre_and_no_chain() -> None:
    star = [Link(0, 1, 0.9), Link(0, 2, 0.93), Link(0, 3, 0.96)]
    assert clusters(cluster(range(4), star)) == split("0123")
    chain = [Link(0, 1, 0.97), Link(1, 2, 0.9), Link(2, 3, 0.97)]
    found = cluster(range(4), chain)
    assert clusters(found) == split("01", "23")
    assert found.held[1, 2].reason == "no_centre"
    by_id = [Link(a, a + 1, 0.9, by_id=True) for a in range(3)]
    assert clusters(cluster(range(4), by_id)) == split("0123")


def test_two_candidates_of_other_versions_as_near_as_each_other_leave_it_open() -> None:
    links = [Link(0, 1, 0.95), Link(0, 2, 0.94)]
    versions = {1: "radio", 2: "extended"}
    found = cluster(range(3), links, versions=versions)
    assert clusters(found) == split("0", "1", "2")
    assert {pair: (why.reason, why.runner_up) for pair, why in found.held.items()} == {
        (0, 1): ("runner_up", 2),
        (0, 2): ("runner_up", 1),
    }
    clear = cluster(range(3), [Link(0, 1, 0.96), Link(0, 2, 0.94)], versions=versions)
    assert clusters(clear) == split("01", "2")
    decided = cluster(range(3), [Link(0, 1, 0.95, by_id=True), Link(0, 2, 0.94)], versions=versions)
    assert clusters(decided) == split("01", "2")
    assert not decided.held


def test_a_runner_up_below_the_threshold_counts_and_one_on_the_same_track_does_not() -> None:
    below = Link(0, 2, 0.845, accepted=False)
    assert clusters(cluster(range(3), [Link(0, 1, 0.86), below])) == split("0", "1", "2")
    same = [Link(0, 1, 0.86), below, Link(1, 2, 1.0)]
    assert clusters(cluster(range(3), same)) == split("012")


def test_a_catalogue_has_one_entry_for_a_track_unless_ids_or_the_same_words_say_otherwise() -> None:
    both = {0: ["musicbrainz"], 1: ["musicbrainz"]}
    found = cluster(range(2), [Link(0, 1, 0.95)], catalogues=both)
    assert clusters(found) == split("0", "1")
    assert found.held[0, 1].reason == "one_per_catalogue"
    assert clusters(cluster(range(2), [Link(0, 1, 0.95, by_id=True)], catalogues=both)) == split("01")
    assert clusters(cluster(range(2), [Link(0, 1, 1.0)], catalogues=both)) == split("01")


def test_people_join_versions_and_part_what_is_sure() -> None:
    versions = {0: "remix", 1: "radio"}
    assert clusters(cluster(range(2), [Link(0, 1, 1.0)], versions=versions)) == split("0", "1")
    assert clusters(cluster(range(2), [Link(0, 1, 1.0, manual=True)], versions=versions)) == split("01")
    assert clusters(cluster(range(2), [Link(0, 1, 1.0, by_id=True)], apart=[(0, 1)])) == split("0", "1")


def test_confidence_is_the_weakest_link_on_the_way_to_the_anchor() -> None:
    tree = [Link(0, 1, 0.9), Link(1, 2, 0.95), Link(3, 4, 1.0)]
    assert confidence_from(2, tree) == {2: 1.0, 1: 0.95, 0: 0.9}


NODES = range(9)
CONFIDENCES = st.sampled_from([0.835, 0.85, 0.87, 0.88, 0.9, 0.94, 0.95, 0.96, 0.99, 1.0])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    """Links, versions, catalogues and vetoes over nine nodes."""
    pairs = draw(st.lists(st.sampled_from(list(itertools.combinations(NODES, 2))), unique=True, max_size=20))
    links = []
    for a, b in pairs:
        confidence = draw(CONFIDENCES)
        kind = draw(st.sampled_from(["words"] * 6 + ["id", "manual"])) if confidence >= 0.85 else "words"
        links.append(
            Link(a, b, confidence, accepted=confidence >= 0.85, by_id=kind == "id", manual=kind == "manual")
        )
    open_pairs = [pair for pair in itertools.combinations(NODES, 2) if pair not in pairs]
    return {
        "links": links,
        "versions": draw(st.dictionaries(st.sampled_from(NODES), st.sampled_from("xy"), max_size=3)),
        "catalogues": draw(
            st.dictionaries(st.sampled_from(NODES), st.sampled_from([["b"], ["s"]]), max_size=4)
        ),
        "apart": draw(st.lists(st.sampled_from(open_pairs), max_size=3)),
    }


@given(world=worlds(), seed=st.integers(0, 1000))
def test_the_order_of_links_does_not_matter(world: dict[str, list[Link]], seed: int) -> None:
    found = cluster(NODES, **world)
    shuffled = list(world["links"])
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    assert cluster(reversed(NODES), **(world | {"links": shuffled})) == found


@given(world=worlds())
def test_what_is_forbidden_never_comes_together_and_links_hold_the_rest(world: dict[str, list[Link]]) -> None:
    found = cluster(NODES, **world)
    for a, b in world["apart"]:
        assert found.home[a] != found.home[b]
    for group in clusters(found):
        held_by = [link for link in found.tree if link.a in group]
        assert len(held_by) == len(group) - 1
        assert set(confidence_from(min(group), held_by)) == group
        if not any(link.manual for link in held_by):
            assert len({world["versions"][node] for node in group if node in world["versions"]}) <= 1


@given(world=worlds())
def test_no_doubtful_link_that_joins_has_a_runner_up_within_the_gap(world: dict[str, list[Link]]) -> None:
    found = cluster(NODES, **world)
    without = {pair for pair, why in found.held.items() if why.reason == "runner_up"}
    for link in found.tree:
        if link.sure:
            continue
        for other in world["links"]:
            for end in {link.a, link.b} & {other.a, other.b}:
                rival = other.a + other.b - end
                if found.home[rival] == found.home[end] or other.sure or (other.a, other.b) in without:
                    continue
                forbidden = (
                    {end, rival} <= world["versions"].keys()
                    and world["versions"][end] != world["versions"][rival]
                ) or set(world["catalogues"].get(end, ())) & set(world["catalogues"].get(rival, ()))
                if not forbidden and not _core_forbids(world, found, end, rival):
                    assert link.confidence >= other.confidence + GAP - 1e-9


def _core_forbids(world: dict[str, list[Link]], found: Clustering, end: int, rival: int) -> bool:
    """Whether what is surely one with `end` and what is with `rival` may not be one."""
    cores = {node: {node} for node in NODES}
    for link in found.tree:
        if link.sure:
            whole = cores[link.a] | cores[link.b]
            for node in whole:
                cores[node] = whole
    left, right = cores[end], cores[rival]
    stated = [{world["versions"][n] for n in side if n in world["versions"]} for side in (left, right)]
    listed = [{c for n in side for c in world["catalogues"].get(n, ())} for side in (left, right)]
    vetoed = any((a in left and b in right) or (a in right and b in left) for a, b in world["apart"])
    return (
        vetoed or bool(listed[0] & listed[1]) or bool(stated[0] and stated[1] and not stated[0] & stated[1])
    )


@given(world=worlds())
def test_a_component_comes_out_the_same_alone(world: dict[str, list[Link]]) -> None:
    found = cluster(NODES, **world)
    reached = {0}
    while (
        grown := {n for link in world["links"] if {link.a, link.b} & reached for n in (link.a, link.b)}
        - reached
    ):
        reached |= grown
    alone = cluster(
        sorted(reached),
        [link for link in world["links"] if link.a in reached],
        versions=world["versions"],
        catalogues=world["catalogues"],
        apart=[pair for pair in world["apart"] if set(pair) <= reached],
    )
    assert alone.home == {node: found.home[node] for node in reached}
    assert alone.held == {pair: why for pair, why in found.held.items() if pair[0] in reached}
