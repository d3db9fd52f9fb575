"""Genres of the world: what is typical of each, and how each provider spells it.

What belongs here: one table. Tempo, mood and length are typical values of the styles as DJs know them; the
ids are the sandbox's own.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Genre:
    """One genre.

    Attributes:
        name: as the store (and the truth) spells it.
        style: as Discogs spells it.
        tag: as people tag it in MusicBrainz.
        bpm: mean tempo, beats per minute.
        spread: standard deviation of the tempo.
        minor: share of tracks in a minor key.
        energy: mean energy, 0 to 1.
        dance: mean danceability, 0 to 1.
        minutes: mean length of an original mix.
        weight: share of all releases, relative.
        subgenres: finer names, empty where there are none.
    """

    name: str
    style: str
    tag: str
    bpm: float
    spread: float
    minor: float
    energy: float
    dance: float
    minutes: float
    weight: float
    subgenres: tuple[str, ...] = ()

    @property
    def octave_prone(self) -> bool:
        """Whether tempo detectors tend to answer half the tempo."""
        return self.bpm >= 138


_HYPNOTIC = "Techno (Raw / Deep / Hypnotic)"
_PEAK = "Techno (Peak Time / Driving)"
_MELODIC = "Melodic House & Techno"
_TRANCE = ("Progressive Trance", "Tech Trance", "Uplifting Trance", "Vocal Trance")
_JUNGLE = ("Jungle", "Liquid", "Jump Up")

GENRES: Final[tuple[Genre, ...]] = (
    Genre("House", "House", "house", 124, 2.5, 0.72, 0.74, 0.80, 5.8, 11, ("Acid", "Soulful", "Latin House")),
    Genre("Deep House", "Deep House", "deep house", 121, 2.5, 0.78, 0.60, 0.79, 6.2, 8),
    Genre("Tech House", "Tech House", "tech house", 127, 2, 0.74, 0.83, 0.82, 5.7, 11, ("Latin Tech",)),
    Genre("Bass House", "House", "bass house", 127, 2, 0.72, 0.90, 0.75, 4.2, 2),
    Genre(_MELODIC, "Tech House", "melodic techno", 123, 2, 0.86, 0.68, 0.72, 6.8, 8, ("Melodic Techno",)),
    Genre("Progressive House", "Progressive House", "progressive house", 123, 2.5, 0.82, 0.7, 0.7, 7.0, 6),
    Genre(
        "Afro House", "Afro House", "afro house", 121, 2, 0.80, 0.70, 0.79, 6.4, 4, ("Afro Latin", "3Step")
    ),
    Genre("Organic House", "Deep House", "organic house", 119, 3, 0.82, 0.55, 0.71, 7.0, 2.5),
    Genre(_PEAK, "Techno", "techno", 136, 4, 0.80, 0.88, 0.70, 6.4, 9, ("Driving", "Peak Time")),
    Genre(_HYPNOTIC, "Techno", "techno", 132, 4, 0.82, 0.78, 0.69, 6.6, 5, ("Broken", "Dub")),
    Genre("Hard Techno", "Hard Techno", "hard techno", 151, 5, 0.82, 0.95, 0.62, 5.2, 4),
    Genre("Minimal / Deep Tech", "Minimal", "minimal", 126, 2, 0.76, 0.72, 0.82, 6.8, 6, ("Deep Tech",)),
    Genre("Trance (Main Floor)", "Trance", "trance", 138, 2.5, 0.8, 0.9, 0.56, 6.6, 5, _TRANCE),
    Genre("Psy-Trance", "Psy-Trance", "psytrance", 142, 4, 0.84, 0.94, 0.60, 7.4, 3, ("Full-On",)),
    Genre("Drum & Bass", "Drum n Bass", "drum and bass", 174, 1.5, 0.78, 0.91, 0.54, 4.6, 6, _JUNGLE),
    Genre("Dubstep", "Dubstep", "dubstep", 140, 1.5, 0.78, 0.86, 0.58, 4.0, 3, ("Melodic Dubstep",)),
    Genre(
        "UK Garage / Bassline", "UK Garage", "uk garage", 132, 2.5, 0.72, 0.8, 0.76, 4.8, 2.5, ("Bassline",)
    ),
    Genre("Breaks / Breakbeat / UK Bass", "Breaks", "breakbeat", 131, 4, 0.74, 0.82, 0.68, 5.4, 2.5),
    Genre("Electro (Classic / Detroit / Modern)", "Electro", "electro", 130, 5, 0.76, 0.79, 0.73, 5.3, 2),
    Genre("Electronica", "Leftfield", "electronica", 118, 9, 0.72, 0.57, 0.62, 5.0, 3),
    Genre("Indie Dance", "Nu-Disco", "indie dance", 118, 5, 0.78, 0.70, 0.72, 6.0, 3, ("Dark Disco",)),
    Genre("Nu Disco / Disco", "Disco", "nu disco", 118, 3, 0.64, 0.72, 0.78, 5.6, 2.5, ("Funk / Soul",)),
    Genre("Mainstage", "Big Room", "big room", 128, 2, 0.74, 0.93, 0.60, 3.6, 3, ("Future House",)),
    Genre("Trap / Future Bass", "Trap", "future bass", 145, 6, 0.66, 0.80, 0.62, 3.4, 1.5),
    Genre("Downtempo", "Downtempo", "downtempo", 96, 7, 0.70, 0.45, 0.64, 5.2, 2),
    Genre("Ambient / Experimental", "Ambient", "ambient", 88, 12, 0.64, 0.22, 0.34, 5.8, 1.5),
)
