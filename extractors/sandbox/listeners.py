"""Listeners of the world: who heard which track when, as ListenBrainz and Last.fm both are told.

What belongs here: the true listens. How each of the two words them is the business of its `tell_*` module.
"""

import numpy as np
import polars as pl

from extractors.sandbox.catalogue import LAST_DAY
from extractors.sandbox.world import World

LISTENERS = tuple(f"listener-{number}" for number in range(1, 6))
"""Names of those who listen."""
_SECONDS = 180 * 86_400
"""How far back the listens reach."""


def listen_count(world: World) -> int:
    """How many listens there are: a fifth of the tracks for each listener, at least 20, at most 2,000."""
    return len(LISTENERS) * min(max(world.spec.tracks // 5, 20), 2_000)


def listens(world: World, low: int, high: int) -> pl.DataFrame:
    """Listens in [low, high): each listener's together, newest first.

    Returns:
        Columns ``listen`` (number), ``user``, ``track``, ``listened_at`` (seconds since 1970).
    """
    number = np.arange(low, high)
    dice, each = world.dice("listeners"), listen_count(world) // len(LISTENERS)
    step = _SECONDS // each
    newest = int(np.datetime64(LAST_DAY, "s").astype(np.int64))
    back = (number % each) * step + dice.below("listen.when", number, step)
    return pl.DataFrame(
        {
            "listen": number,
            "user": pl.Series(LISTENERS).gather(number // each),
            "track": dice.favourite("listen.track", number, world.spec.tracks),
            "listened_at": newest - back,
        }
    )
