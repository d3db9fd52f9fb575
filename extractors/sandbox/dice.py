"""Random numbers by counter: a number depends on the seed, the purpose and the thing it is drawn for.

What belongs here: the generator alone. Because no state is carried along, a track gets the same numbers
whether it is drawn alone, in a chunk or among a million, and a world can be told in pieces of any size.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[Any]
"""Integer keys of the things drawn for."""
Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Yes = NDArray[np.bool_]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S11, _S27, _S30, _S31 = (np.uint64(n) for n in (11, 27, 30, 31))


class Dice:
    """Counter-based generator (finaliser and increment of SplitMix64: Steele, Lea and Flood, OOPSLA 2014).

    Args:
        seed: seed of the world.
        scope: what the dice are for ("world", "beatport"); dice of two scopes are independent.
    """

    def __init__(self, seed: int, scope: str) -> None:
        self._seed = seed
        self._scope = scope

    def bits(self, purpose: str, ids: Ids) -> NDArray[np.uint64]:
        """64 random bits for each of `ids`."""
        name = f"{self._seed}/{self._scope}/{purpose}".encode()
        key = np.uint64(int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little"))
        x = ids.astype(np.uint64) * _STEP + key
        x = (x ^ (x >> _S30)) * _MIX_1
        x = (x ^ (x >> _S27)) * _MIX_2
        return x ^ (x >> _S31)

    def uniform(self, purpose: str, ids: Ids) -> Real:
        """Uniform numbers in [0, 1)."""
        return (self.bits(purpose, ids) >> _S11).astype(np.float64) * 2.0**-53

    def happens(self, purpose: str, ids: Ids, rate: float | Real) -> Yes:
        """True with probability `rate` (one for all, or one for each)."""
        return np.asarray(self.uniform(purpose, ids) < rate)

    def below(self, purpose: str, ids: Ids, limit: int | Whole) -> Whole:
        """Uniform whole numbers in [0, limit)."""
        return (self.uniform(purpose, ids) * limit).astype(np.int64)

    def between(self, purpose: str, ids: Ids, low: int, high: int) -> Whole:
        """Uniform whole numbers in [low, high]."""
        return low + self.below(purpose, ids, high - low + 1)

    def bell(self, purpose: str, ids: Ids) -> Real:
        """Numbers of mean 0 and variance 1, never beyond 3.5, bell-shaped: a sum of four uniform numbers."""
        total = np.sum([self.uniform(f"{purpose}.{part}", ids) for part in range(4)], axis=0)
        return np.asarray((total - 2.0) * np.sqrt(3.0), dtype=np.float64)

    def pick(self, purpose: str, ids: Ids, weights: list[float] | Real) -> Whole:
        """Indices into `weights`, each as likely as its weight."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(edges, self.uniform(purpose, ids) * edges[-1], side="right")
        return np.asarray(found, dtype=np.int64)

    def favourite(self, purpose: str, ids: Ids, limit: int) -> Whole:
        """Whole numbers in [0, limit) of which the low ones come up often: a few stars, many unknowns."""
        return np.asarray(self.uniform(purpose, ids) ** 2 * limit, dtype=np.int64)
