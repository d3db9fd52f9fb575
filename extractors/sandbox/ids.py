"""Identifiers in the providers' own forms (forms: docs on providers; numbers and letters: invented).

What belongs here: mapping our row numbers to ids, one to one, for whole columns. Two things of one sort never
share an id.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from extractors.sandbox.dice import Dice, Ids, Whole

_BASE_36 = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_BASE_62 = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_HEX = _BASE_36[:16]
_CODES = 36**8
_SCATTER = ((61_803_397, 1_234_567_890_123), (5_882_353, 987_654_321_987))
"""Multipliers (prime to 36: no two numbers become one) and summands that scatter 8-digit base-36 ids."""


def _strings(characters: NDArray[np.uint8]) -> pl.Series:
    """One string for each row of a matrix of ASCII codes."""
    texts = np.ascontiguousarray(characters).view(f"S{characters.shape[1]}").ravel()
    return pl.Series(texts).cast(pl.String)


def _digits(numbers: NDArray[np.uint64], base: int, length: int) -> NDArray[np.int64]:
    powers = np.array([base**place for place in reversed(range(length))], dtype=np.uint64)
    return np.asarray((numbers[:, None] // powers) % np.uint64(base), dtype=np.int64)


def spotify_ids(dice: Dice, sort: str, ids: Ids) -> pl.Series:
    """22 base-62 characters; `sort` keeps tracks, albums and artists apart."""
    # 64 bits fit into 11 base-62 digits, and `Dice.bits` gives no two ids the same 64 bits
    halves = [_digits(dice.bits(f"id.{sort}.{half}", ids), 62, 11) for half in ("a", "b")]
    return _strings(_BASE_62[np.hstack(halves)])


def mbids(dice: Dice, sort: str, ids: Ids) -> pl.Series:
    """Random UUIDs (RFC 9562, version 4) in lower case; `sort` keeps the entities apart."""
    halves = [_digits(dice.bits(f"mbid.{sort}.{half}", ids), 16, 16) for half in ("a", "b")]
    digits = np.hstack(halves)
    digits[:, 12] = 4
    digits[:, 16] = 8 + digits[:, 16] % 4
    dash = np.full((len(ids), 1), ord("-"), dtype=np.uint8)
    letters = _HEX[digits]
    cuts = (letters[:, :8], letters[:, 8:12], letters[:, 12:16], letters[:, 16:20], letters[:, 20:])
    pieces = [piece for cut in cuts for piece in (dash, cut)][1:]
    return _strings(np.hstack(pieces))


def tracklist_ids(sort: int, ids: Ids) -> pl.Series:
    """8 base-36 characters; `sort` (0 to 9) keeps sets, tracks and mashups apart (up to 10**10 of each)."""
    code = ids.astype(np.uint64) * np.uint64(10) + np.uint64(sort)
    for factor, summand in _SCATTER:
        code = (code * np.uint64(factor) + np.uint64(summand)) % np.uint64(_CODES)
    return _strings(_BASE_36[_digits(code, 36, 8)])


def numbers(offset: int, step: int, ids: Ids) -> Whole:
    """Whole-number ids, as stores and Discogs use them."""
    return offset + step * ids.astype(np.int64)


def iswcs(works: Ids) -> pl.Series:
    """``T-900.000.001-1``: nine digits and a check digit.

    ISO 15707: it makes ``1 + sum(i x d_i)`` and itself a multiple of ten.
    """
    digits = _digits(works.astype(np.uint64) + np.uint64(900_000_000), 10, 9)
    check = -(1 + digits @ np.arange(1, 10)) % 10
    texts = _strings(_BASE_36[np.hstack([digits, check[:, None]])])
    return texts.str.replace(r"^(\d{3})(\d{3})(\d{3})(\d)$", "T-$1.$2.$3-$4")


def isrc_registrants(ids: Ids) -> pl.Series:
    """Three letters or digits; ids 46,656 apart share them."""
    code = (ids.astype(np.uint64) * np.uint64(7) + np.uint64(11_111)) % np.uint64(36**3)
    return _strings(_BASE_36[_digits(code, 36, 3)]).str.to_uppercase()
