"""Lengths and years in whatever notation a list has: seconds and years.

Belongs here: reading one value, and finding out a source's unit from its values.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_CLOCK = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d+)?)$")
_WORDS = re.compile(
    r"^(?:(\d{1,2})\s*h(?:ours?|rs?)?\.?\s*)?(?:(\d{1,4})\s*m(?:in(?:utes?|s)?)?\.?\s*)?"
    r"(?:(\d{1,5}(?:\.\d+)?)\s*s(?:ec(?:onds?|s)?)?\.?)?$",
    re.IGNORECASE,
)
_MILLI = re.compile(r"^(\d+)\s*ms$", re.IGNORECASE)
_ISO = re.compile(r"^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")
_NUMBER = re.compile(r"^\d+(?:[.,]\d+)?$")
_YEAR4 = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_YEAR2 = re.compile(r"^['’‘`]?(\d\d)$|[-/.](\d\d)$")
_PIVOT = 40
"""Two-digit years below this are of this century."""
_LONGEST = 86_400.0
"""Lengths of a day and more are no track lengths."""
FACTORS = {"milliseconds": 0.001, "seconds": 1.0, "minutes": 60.0}
_SHORTEST, _LONG = 1.0, 21_600.0
"""Seconds outside of which a plain number is not in its source's unit, if another makes it a usual length."""
_USUAL = (30.0, 7_200.0)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a source's lengths are: `notation`, how many values were read, how many were not."""

    source: str
    notation: str
    read: int
    unread: int


def spelt_length(text: str) -> float | None:
    """Seconds of a length that says its unit ("3:36", "3m 36sec", "PT3M36S"); None if it is none."""
    text = text.strip()
    if found := _CLOCK.match(text):
        hours, minutes, seconds = found.groups()
    elif found := _MILLI.match(text):
        return int(found[1]) / 1000
    elif text and ((found := _ISO.match(text)) or (found := _WORDS.match(text))):
        hours, minutes, seconds = found.groups()
        if hours is minutes is seconds is None:
            return None
    else:
        return None
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0)


def plain_unit(values: Floats) -> str:
    """Unit of a source's plain numbers, by their median.

    A typical track has 1 to 60 minutes, so the three units leave wide gaps between them: 60,000 and more in
    milliseconds, 60 to 3,600 in seconds, below that in minutes. The cuts lie inside the gaps.
    """
    positive = values[values > 0]
    if not positive.size:
        return "seconds"
    middle = float(np.median(positive))
    if middle >= 12_000:
        return "milliseconds"
    return "seconds" if middle >= 40 else "minutes"


def plain_units(values: Floats) -> npt.NDArray[np.str_]:
    """Unit of each of a source's plain numbers: the source's, or the one that makes a usual length of it.

    Lists put together from several places hold 318 beside 318000, and 4.97 beside 298.
    """
    own = plain_unit(values)
    units = np.full(len(values), own, dtype="<U12")
    seconds = values * FACTORS[own]
    broken = (values != np.floor(values)) & (seconds < _USUAL[0]) & (own == "seconds")
    strange = (values > 0) & ((seconds < _SHORTEST) | (seconds >= _LONG) | broken)
    for unit in ("minutes", "milliseconds", "seconds"):  # the last that fits counts
        meant = values * FACTORS[unit]
        units[strange & (meant >= _USUAL[0]) & (meant <= _USUAL[1])] = unit
    return units


def lengths(values: list[str | None], sources: list[str]) -> tuple[Floats, list[Unit]]:
    """Seconds of each value (NaN where missing, zero or unreadable), and what each source's values are."""
    seconds = np.full(len(values), np.nan)
    plain = np.full(len(values), np.nan)
    seen: dict[str, Counter[str]] = {}
    of = np.array(sources, dtype=object)
    for i, value in enumerate(values):
        if value is None:
            continue
        count = seen.setdefault(sources[i], Counter())
        if _NUMBER.match(value.strip()):
            plain[i] = float(value.replace(",", "."))
            count["plain"] += 1
        elif (spelt := spelt_length(value)) is not None:
            seconds[i] = spelt
            count["h:mm:ss" if ":" in value else "with units"] += 1
        else:
            count["unread"] += 1
    units = []
    for source in sorted(seen):
        count = seen[source]
        unread = count.pop("unread", 0)
        mine = (of == source) & ~np.isnan(plain)
        if mine.any():
            unit_of = plain_units(plain[mine])
            seconds[mine] = plain[mine] * np.array([FACTORS[unit] for unit in unit_of])
            del count["plain"]
            count.update(unit_of.tolist())
        notation = ", ".join(name for name, _ in count.most_common()) or "unreadable"
        units.append(Unit(source, notation, sum(count.values()), unread))
    seconds[(seconds <= 0) | (seconds >= _LONGEST)] = np.nan
    return seconds, units


def year(text: str | None) -> float:
    """Year of a date or a year ("1995", "'95", "95", "24-Nov-10", "2010-11-24"); NaN if there is none."""
    if not text:
        return np.nan
    if found := _YEAR4.search(text):
        return float(found[1])
    if found := _YEAR2.search(text.strip()):
        short = int(found[1] or found[2])
        return float(short + (2000 if short < _PIVOT else 1900))
    return np.nan
