"""Which tempi a genre has: whether a BPM is plausible, or rather half or double of what is meant.

The ranges are those DJs name, with a margin; a genre that spans all tempi has none. Nothing is corrected
here: a value is told to be plausible or not, and whoever reads it decides.
"""

from decimal import Decimal
from typing import Literal

Plausibility = Literal["plausible", "half", "double", "implausible"]

GENRE_BPM: dict[str, tuple[int, int]] = {
    "ambient": (50, 130),
    "breaks": (110, 150),
    "deep house": (105, 130),
    "disco": (95, 132),
    "drum & bass": (155, 185),
    "dub techno": (108, 132),
    "dubstep": (130, 150),
    "electro": (100, 145),
    "electro house": (120, 135),
    "electronica": (60, 150),
    "future house": (118, 132),
    "garage": (120, 142),
    "hard dance": (140, 190),
    "hard techno": (135, 175),
    "hardcore": (150, 220),
    "hip-hop": (60, 115),
    "house": (112, 134),
    "indie dance": (95, 132),
    "melodic house & techno": (115, 132),
    "minimal": (115, 135),
    "nu disco": (95, 130),
    "progressive house": (112, 134),
    "psy-trance": (132, 155),
    "reggae": (60, 110),
    "tech house": (116, 134),
    "techno": (115, 155),
    "trance": (122, 150),
    "trap": (60, 90),
}
"""Genre in lower case -> slowest and fastest usual BPM."""
_ALIASES = {
    "drum and bass": "drum & bass",
    "dnb": "drum & bass",
    "hip hop": "hip-hop",
    "psytrance": "psy-trance",
}
GENRE_BPM |= {alias: GENRE_BPM[name] for alias, name in _ALIASES.items()}


def bpm_plausibility(bpm: Decimal, genre: str) -> Plausibility | None:
    """Whether a tempo fits a genre as it stands, or when doubled (``half``) or halved (``double``).

    None where the genre says nothing about tempo.
    """
    usual = GENRE_BPM.get(genre.strip().lower())
    if usual is None:
        return None
    low, high = usual
    if low <= bpm <= high:
        return "plausible"
    if low <= 2 * bpm <= high:
        return "half"
    return "double" if 2 * low <= bpm <= 2 * high else "implausible"


def _macro() -> str:
    ranges = ", ".join(
        f"'{genre}': {{'low': {low}, 'high': {high}}}" for genre, (low, high) in GENRE_BPM.items()
    )
    usual = f"map {{{ranges}}}[lower(trim(genre))]"
    return f"""
    bpm_plausibility(bpm, genre) as case
        when {usual} is null or bpm is null then null
        when bpm between {usual}.low and {usual}.high then 'plausible'
        when 2 * bpm between {usual}.low and {usual}.high then 'half'
        when bpm between 2 * {usual}.low and 2 * {usual}.high then 'double'
        else 'implausible'
    end"""


MACRO = _macro()
"""SQL macro of `bpm_plausibility`."""
