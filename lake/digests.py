"""Which content is known already: millions of 128-bit digests in 16 bytes each."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[np.bytes_]
_DIGEST = np.dtype("S16")  # compared as if filled up with NUL bytes, hence exactly


class Digests:
    """A growing set of digests, kept as sorted blocks, each more than twice the size of the next."""

    def __init__(self, packed: Iterable[bytes] = ()) -> None:
        """`packed`: digests of 16 bytes one behind the other, any number of them in each piece."""
        self._blocks: list[Block] = []
        for piece in packed:
            self._add(np.frombuffer(piece, dtype=_DIGEST))

    def add_missing(self, digests: Sequence[bytes]) -> list[int]:
        """Add `digests`; where those stand that were not there before, each once, in order."""
        offered = np.frombuffer(b"".join(digests), dtype=_DIGEST)
        distinct, first = np.unique(offered, return_index=True)
        missing = np.ones(len(distinct), dtype=bool)
        for block in self._blocks:
            place = np.minimum(np.searchsorted(block, distinct), len(block) - 1)
            missing &= block[place] != distinct
        self._add(distinct[missing])
        places: list[int] = np.sort(first[missing]).tolist()
        return places

    def _add(self, block: Block) -> None:
        if not len(block):
            return
        self._blocks.append(np.sort(block))
        while len(self._blocks) > 1 and len(self._blocks[-2]) <= 2 * len(self._blocks[-1]):
            last, before = self._blocks.pop(), self._blocks.pop()
            self._blocks.append(np.sort(np.concatenate([before, last])))
