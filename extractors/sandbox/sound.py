"""How tracks sound: genre, tempo, key, length, audio features, and how popular they are.

What belongs here: true values only, plausible for the genre. Keys are pitch class (0 = C) and mode.
"""

import numpy as np
import polars as pl

from extractors.sandbox.dice import Dice, Ids, Real, Whole
from extractors.sandbox.genres import GENRES

_LENGTH = {"extended": 95.0, "radio_edit": -140.0, "live": 50.0, "edit": -25.0}
"""Seconds by which a kind of version is longer or shorter than the original."""
_PLAYED = {"radio_edit": 0.25, "live": 0.1, "remix": 0.6, "instrumental": 0.3, "remaster": 0.3}
"""How often a kind of version is played compared to an original."""
_SUBGENRES = [name for genre in GENRES for name in genre.subgenres]
FEATURES = (
    "energy",
    "danceability",
    "valence",
    "acousticness",
    "instrumentalness",
    "liveness",
    "speechiness",
)


def _typical(attribute: str, genre: Whole) -> Real:
    return np.array([getattr(one, attribute) for one in GENRES], dtype=np.float64)[genre]


def _share(values: Real) -> Real:
    """Values as shares of 1 with three digits, never 0 or 1."""
    return np.asarray(values.clip(0.001, 0.999).round(3), dtype=np.float64)


def _tempo(dice: Dice, ids: Ids, genre: Whole) -> Real:
    """Beats per minute: whole numbers, now and then a half."""
    whole = (_typical("bpm", genre) + dice.bell("sound.bpm", ids) * _typical("spread", genre)).round()
    return np.asarray(whole + np.where(dice.happens("sound.half_bpm", ids, 0.02), 0.5, 0.0), dtype=np.float64)


def _subgenres(dice: Dice, rows: Ids, genre: Whole) -> pl.Series:
    counts = np.array([len(one.subgenres) for one in GENRES])
    starts = np.cumsum(counts) - counts
    chosen = starts[genre] + dice.below("track.subgenre", rows, counts[genre])
    has = (counts[genre] > 0) & dice.happens("track.has_subgenre", rows, 0.45)
    frame = pl.DataFrame({"chosen": np.where(has, chosen, 0), "has": has})
    name = pl.Series(_SUBGENRES).gather(frame["chosen"])
    return frame.select(pl.when("has").then(name).alias("subgenre"))["subgenre"]


def _by_kind(kinds: pl.Series, values: dict[str, float], default: float) -> Real:
    return np.asarray(kinds.replace_strict(values, default=default, return_dtype=pl.Float64).to_numpy())


def _durations(dice: Dice, rows: Ids, source: Ids, kinds: pl.Series, genre: Whole) -> Whole:
    """Milliseconds. Versions of one source are about as long as each other, but for what their kind means."""
    base = _typical("minutes", genre) * 60 + dice.bell("sound.length", source) * 42
    seconds = base + _by_kind(kinds, _LENGTH, 0.0) + dice.bell("track.length", rows) * 4
    return np.asarray((seconds.clip(95, 900) * 1000).round(), dtype=np.int64)


def add_sound(dice: Dice, tracks: pl.DataFrame, home_genre: pl.Series, vocal: pl.Series) -> pl.DataFrame:
    """`tracks` with the columns that describe their sound.

    Versions by the same hands share tempo and key; remixes have their own, and a quarter of them their own
    genre.

    Args:
        dice: the world's dice.
        tracks: has ``work``, ``version_kind``, ``remixer``.
        home_genre: genre of the release each track is on (a row number of `GENRES`).
        vocal: whether each track has a featured voice.

    Returns:
        Added: ``genre``, ``subgenre``, ``bpm``, ``pitch_class``, ``minor``, ``duration_ms``, `FEATURES`,
        ``loudness`` (dB), ``weight`` (how often it is played, relative), ``popularity`` (0 to 100).
    """
    rows = np.arange(tracks.height)
    work = tracks["work"].to_numpy()
    kinds = tracks["version_kind"]
    remixed = tracks["remixer"].is_not_null().to_numpy()
    # what sounds alike draws by the same number: a work's own versions together, each remix for itself
    source = np.where(remixed, rows + (1 << 40), work)
    keeps_key = remixed & dice.happens("sound.keeps_key", rows, 0.55)
    key_source = np.where(keeps_key, work, source)
    moves = remixed & dice.happens("sound.moves", rows, 0.25)
    weights = [one.weight for one in GENRES]
    genre = np.where(moves, dice.pick("sound.genre", rows, weights), home_genre.to_numpy()).astype(np.int64)
    energy = _typical("energy", genre) + dice.bell("sound.energy", source) * 0.09
    dance = _typical("dance", genre) + dice.bell("sound.dance", source) * 0.08
    quiet = np.where(vocal.to_numpy(), 0.25, 1.0)
    luck = dice.uniform("sound.luck", source) * 0.7 + dice.uniform("track.luck", rows) * 0.3
    return tracks.with_columns(
        genre=pl.Series(genre),
        subgenre=_subgenres(dice, rows, genre),
        bpm=pl.Series(_tempo(dice, source, genre)),
        pitch_class=pl.Series(dice.below("sound.pitch", key_source, 12)),
        minor=pl.Series(dice.happens("sound.minor", key_source, _typical("minor", genre))),
        duration_ms=pl.Series(_durations(dice, rows, source, kinds, genre)),
        energy=pl.Series(_share(energy + dice.bell("track.energy", rows) * 0.02)),
        danceability=pl.Series(_share(dance + dice.bell("track.dance", rows) * 0.02)),
        valence=pl.Series(_share(0.42 + dice.bell("sound.valence", source) * 0.2)),
        acousticness=pl.Series(_share(dice.uniform("sound.acoustic", source) ** 4 * (1.1 - energy))),
        instrumentalness=pl.Series(_share((0.86 - dice.uniform("sound.voice", source) ** 3 * 0.8) * quiet)),
        liveness=pl.Series(_share(0.08 + dice.uniform("track.live", rows) ** 3 * 0.6)),
        speechiness=pl.Series(_share(0.035 + dice.uniform("sound.speech", source) ** 3 * 0.25)),
        loudness=pl.Series((-15 + 9 * energy + dice.bell("track.loud", rows)).clip(-40, -1).round(3)),
        weight=pl.Series((luck + 1e-4) ** -2.2 * _by_kind(kinds, _PLAYED, 1.0)),
        popularity=pl.Series(((1 - luck) ** 3 * 100).astype(np.int64)),
    )
