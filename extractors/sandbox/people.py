"""Artists and labels of the world.

What belongs here: who there is, before anything is released.
"""

import numpy as np
import polars as pl

from extractors.sandbox import ids, names
from extractors.sandbox.dice import Dice
from extractors.sandbox.genres import GENRES
from extractors.sandbox.vocabulary import ISRC_COUNTRIES

ARTISTS_PER_TRACK = 0.15
LABELS_PER_TRACK = 1 / 55
NAMESAKES = 0.004
"""Share of artists who bear the name of another artist."""


def make_artists(dice: Dice, tracks: int) -> pl.DataFrame:
    """One row per artist: ``name``, ``namesake`` (0; 1 for the second of that name, and so on)."""
    rows = np.arange(max(40, round(tracks * ARTISTS_PER_TRACK)))
    frame = pl.DataFrame({"name": names.artists(dice, rows, NAMESAKES)})
    rank = pl.int_range(pl.len()).over(pl.col("name").str.to_lowercase())
    return frame.with_columns(rank.cast(pl.Int64).alias("namesake"))


def make_labels(dice: Dice, tracks: int) -> pl.DataFrame:
    """One row per label: ``name``, ``letters`` (of catalogue numbers), ``genre``, ``isrc_prefix``."""
    rows = np.arange(max(12, round(tracks * LABELS_PER_TRACK)))
    name, letters = names.labels(dice, rows)
    country = pl.Series(ISRC_COUNTRIES).gather(rows % len(ISRC_COUNTRIES))
    return pl.DataFrame(
        {
            "name": name,
            "letters": letters,
            "genre": dice.pick("label.genre", rows, [genre.weight for genre in GENRES]),
            "isrc_prefix": country + ids.isrc_registrants(rows // len(ISRC_COUNTRIES)),
        }
    )
