"""Musical keys: pitch class and mode to Camelot, and to the key objects of the store.

Camelot: docs on providers, section 13.1; the sandbox has its own table so that it can check the pipeline's.
"""

import numpy as np
import polars as pl

from extractors.sandbox.dice import Whole, Yes

_FLATS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_OTHERS = ("C", "C#", "D", "D#", "E", "F", "Gb", "G", "G#", "A", "A#", "B")
_SPELLINGS_FROM = 25
"""Ids of the store from here on are other spellings of the keys 1 to 24."""


def camelot(pitch: Whole, minor: Yes) -> pl.Series:
    """``8A`` for pitch class 9 (A) in minor, and so on."""
    number = (7 * (pitch + np.where(minor, 3, 0)) + 7) % 12 + 1
    letter = pl.Series(["B", "A"]).gather(minor.astype(np.int64))
    return pl.Series(number).cast(pl.String) + letter


def names(pitch: Whole, respelt: Yes) -> pl.Series:
    """Pitch classes by name; `respelt` ones with a sharp for a flat (or the reverse)."""
    return pl.Series(_FLATS + _OTHERS).gather(pitch + 12 * respelt.astype(np.int64))


def _store_key(pitch: int, *, minor: bool, respelt: bool) -> dict[str, object]:
    name = (_OTHERS if respelt else _FLATS)[pitch]
    number = (7 * (pitch + (3 if minor else 0)) + 7) % 12 + 1
    usual = number + (0 if minor else 12)
    return {
        "camelot_number": number,
        "camelot_letter": "A" if minor else "B",
        "chord_type": {"id": 1 if minor else 2, "name": "Minor" if minor else "Major"},
        "id": _SPELLINGS_FROM + 2 * pitch + int(minor) if name != _FLATS[pitch] else usual,
        "is_sharp": name.endswith("#"),
        "is_flat": name.endswith("b"),
        "letter": name[0],
        "name": f"{name} {'Minor' if minor else 'Major'}",
    }


_STORE_KEYS = pl.Series(
    [
        _store_key(pitch, minor=minor, respelt=respelt)
        for pitch in range(12)
        for minor in (False, True)
        for respelt in (False, True)
    ]
)


def store_keys(pitch: Whole, minor: Yes, respelt: Yes) -> pl.Series:
    """Key objects as the store gives them; `respelt` ones with a sharp for a flat (or the reverse)."""
    return _STORE_KEYS.gather(pitch * 4 + minor.astype(np.int64) * 2 + respelt.astype(np.int64))
