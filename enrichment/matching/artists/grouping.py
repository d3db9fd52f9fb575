"""Grouping: each name goes to at most one artist, or stays alone.

Names are taken from the most established down. A name joins an artist only through a judged pair with the
artist's own name (the first of the group), never through another alias: no chains. It must reach the
threshold and beat every other artist by the gap; a name that could be two artists about equally stays alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 0.05
"""By how much the best artist's confidence must exceed the runner-up's."""

Pair = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Where names went.

    Attributes:
        artist_of: name -> the name that leads its artist; names that lead themselves are not listed.
        accepted: pairs (alias, leading name) that joined.
        ambiguous: names that stay alone because two artists are about equally likely.
    """

    artist_of: dict[str, str]
    accepted: frozenset[tuple[str, str]]
    ambiguous: frozenset[str]


def group(
    order: Sequence[str], pairs: Iterable[Pair], vetoed: Iterable[tuple[str, str]], threshold: float
) -> Grouped:
    """Assign names to artists.

    Args:
        order: the names of all pairs, the most established first.
        pairs: judged pairs with their confidence.
        vetoed: pairs that must not end in one artist.
        threshold: least confidence of a pair that joins.
    """
    place = {name: i for i, name in enumerate(order)}
    above: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for a, b, confidence in pairs:
        lesser, greater = (a, b) if place[a] > place[b] else (b, a)
        above[lesser].append((confidence, greater))
    apart: dict[str, set[str]] = defaultdict(set)
    for a, b in vetoed:
        apart[a].add(b)
        apart[b].add(a)
    artist_of: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    accepted, ambiguous = set(), set()
    for name in order:
        best: dict[str, float] = {}
        direct: dict[str, float] = {}
        for confidence, other in above.get(name, ()):
            artist = artist_of.get(other, other)
            best[artist] = max(confidence, best.get(artist, 0.0))
            if artist == other:
                direct[artist] = confidence
        if not direct:
            continue
        artist, confidence = max(direct.items(), key=lambda item: (item[1], -place[item[0]]))
        if confidence < threshold:
            continue
        runner_up = max((c for other, c in best.items() if other != artist), default=0.0)
        if round(confidence - runner_up, 4) < GAP:  # confidences have four decimals
            ambiguous.add(name)
            continue
        together = members.setdefault(artist, {artist})
        if not apart[name].isdisjoint(together):
            continue
        together.add(name)
        artist_of[name] = artist
        accepted.add((name, artist))
    return Grouped(artist_of, frozenset(accepted), frozenset(ambiguous))
