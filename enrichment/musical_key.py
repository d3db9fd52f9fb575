"""Musical keys in every notation of the sources, and which keys mix well (the Camelot wheel).

Formulas: providers' note 13.1 (pitch class to Camelot and Open Key). Belongs here: notation only; nothing
here hears.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

PITCH_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""The one spelling of each pitch class used in standard keys."""

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "H": 11}
_NONE = frozenset({"", "none", "null", "off", "n/a", "na", "unknown", "-", "?", "o", "all", "nan"})
_MAJOR = frozenset({"maj", "major", "dur", "ma", "j"})
_MINOR = frozenset({"m", "min", "minor", "moll", "mi"})
_CAMELOT = re.compile(r"^(0?[1-9]|1[0-2])\s*([ABab])$")
_OPEN_KEY = re.compile(r"^(0?[1-9]|1[0-2])\s*([dm])$")
_STRUCTURED = re.compile(r"^pc:(-?\d{1,2}):(-?\d)$")
_TRAKTOR = re.compile(r"^traktor:(\d{1,2})$")
_NAMED = re.compile(r"^([A-Ha-h])\s*[-_]?\s*(#|b|s(?:harp)?(?![a-z])|is|flat|sharp)?\s*[-_]?\s*([A-Za-z]*)$")
_SIGNS = str.maketrans({"♯": "#", "♭": "b", "＃": "#", "𝄪": "x", "Δ": "M"})


@dataclass(frozen=True, slots=True)
class Key:
    """A key: pitch class (0 = C … 11 = B) and whether it is major."""

    pitch_class: int
    major: bool

    @property
    def camelot_number(self) -> int:
        """Hour on the Camelot wheel, 1 to 12."""
        return (7 * (self.pitch_class + (0 if self.major else 3)) + 7) % 12 + 1

    @property
    def camelot(self) -> str:
        """Camelot: ``8B`` is C major, ``8A`` is A minor."""
        return f"{self.camelot_number}{'B' if self.major else 'A'}"

    @property
    def open_key(self) -> str:
        """Open Key: ``1d`` is C major, ``1m`` is A minor."""
        number = self.camelot_number
        return f"{number - 7 if number > 7 else number + 5}{'d' if self.major else 'm'}"

    @property
    def standard(self) -> str:
        """Name with one spelling per key, ``F# minor``, ``Ab major``."""
        return f"{PITCH_NAMES[self.pitch_class]} {'major' if self.major else 'minor'}"


@lru_cache(maxsize=4096)
def parse_key(text: str | None) -> Key | None:
    """Key of any known notation; None for an empty or "no key" value and for what is no key.

    Understands Camelot (``8A``, ``08a``), Open Key (``1m``, ``12d``), names with either accidental sign and
    any length of mode (``Am``, ``F♯ min``, ``Ab Major``, ``Ebmaj``, ``e♭``: a lower-case letter alone is
    minor), a list around one value (``['9A']``), ``pc:<0-11>:<1|0>`` (Spotify's pitch class and mode) and
    ``traktor:<0-23>`` (Traktor's MUSICAL_KEY: 0-11 major, 12-23 minor, from C). A bare upper-case letter is
    major.
    """
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).strip(" \t\r\n[]'\"()")
    if plain.lower() in _NONE or len(plain) > 24:
        return None
    if plain[0].isdigit():
        return _from_wheel(plain)
    match = _STRUCTURED.match(plain)
    if match:
        pitch_class, mode = int(match[1]), int(match[2])
        return Key(pitch_class, mode == 1) if 0 <= pitch_class <= 11 and mode in (0, 1) else None
    match = _TRAKTOR.match(plain)
    if match:
        value = int(match[1])
        return Key(value % 12, value < 12) if value < 24 else None
    return _from_name(plain)


def _from_wheel(text: str) -> Key | None:
    match = _CAMELOT.match(text)
    if match:
        return from_camelot(int(match[1]), "B" if match[2] in "Bb" else "A")
    match = _OPEN_KEY.match(text)
    if match:
        number = (int(match[1]) + 6) % 12 + 1
        return from_camelot(number, "B" if match[2] == "d" else "A")
    return None


def from_camelot(number: int, letter: Literal["A", "B"]) -> Key:
    """Key at an hour of the Camelot wheel.

    Raises:
        ValueError: the number is not within 1 to 12.
    """
    if not 1 <= number <= 12:
        raise ValueError(f"a Camelot number is 1 to 12, not {number}")
    pitch_class = (7 * (number - 8)) % 12  # 7 is its own inverse modulo 12
    return Key(pitch_class, major=True) if letter == "B" else Key((pitch_class - 3) % 12, major=False)


def _from_name(text: str) -> Key | None:
    match = _NAMED.match(text.lower() if text.isupper() and len(text) > 4 else text)  # "DB MAJOR"
    if not match:
        return None
    letter, sign, mode = match[1], (match[2] or "").lower(), match[3]
    shift = {"": 0, "#": 1, "s": 1, "sharp": 1, "is": 1, "b": -1, "flat": -1}.get(sign)
    if shift is None:
        return None
    pitch_class = (_LETTERS[letter.upper()] + shift) % 12
    if mode == "":
        return Key(pitch_class, letter.isupper())
    if mode == "M" or mode.lower() in _MAJOR:
        return Key(pitch_class, major=True)
    return Key(pitch_class, major=False) if mode.lower() in _MINOR else None


def compatible_keys(camelot: str) -> list[str]:
    """Keys that mix with a Camelot key: itself, its relative, one hour down, one hour up (12 meets 1).

    Raises:
        ValueError: the text is not a Camelot key.
    """
    match = _CAMELOT.match(camelot.strip())
    if not match:
        raise ValueError(f"not a Camelot key: {camelot!r} (1A to 12B)")
    number, letter = int(match[1]), match[2].upper()
    other = "B" if letter == "A" else "A"
    return [
        f"{number}{letter}",
        f"{number}{other}",
        f"{(number - 2) % 12 + 1}{letter}",
        f"{number % 12 + 1}{letter}",
    ]
