"""Single values as the sources write them: identifiers, tempi, dates, durations, exact decimals.

Belongs here: turning one text into one typed value, or saying that it is none (None: the text carries no
valid value; ValueError: the caller used the function wrongly). Keys are in `musical_key`.
"""

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Literal

Precision = Literal["day", "month", "year"]

BPM_RANGE = (Decimal(40), Decimal(260))
"""Tempi outside are noise of the sources (0, half-read digits), not music."""

_ISRC = re.compile(r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")
_ISRC_NOISE = re.compile(r"[\s\-–—.]+|^ISRC:?", re.IGNORECASE)
_DATE = re.compile(
    r"^(\d{4})(?:[-/.]?(\d{2}|\d[xX?]|[xX?]{2}|\d(?=[-/.]|$))(?:[-/.]?(\d{2}|\d[xX?]|[xX?]{2}|\d))?)?$"
)
_TIME_OF_DAY = re.compile(r"[T ]\d{2}:\d{2}.*$")
_CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,4}):(\d{2})(?:[.,](\d{1,3})\d*)?$")
_AMOUNT = re.compile(
    r"^(\d{1,9})(?:[.,](\d{1,6}))?\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?$",
    re.IGNORECASE,
)
_UNIT_MS = {"s": 1000, "m": 60_000, "h": 3_600_000}
_ISWC = re.compile(r"^T(\d{9})(\d)$")
_DURATION = re.compile(
    r"^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,3})\d*)?S)?)?$", re.IGNORECASE
)


def clean_isrc(text: str | None) -> str | None:
    """Twelve characters of an ISRC, upper-case; None if the text is none.

    Form: providers' note 13.4 (two letters, three letters or digits, seven digits; ``-`` and spaces removed).
    """
    if not text:
        return None
    code = _ISRC_NOISE.sub("", text.strip()).upper()
    return code if _ISRC.match(code) else None


def clean_iswc(text: str | None) -> str | None:
    """An ISWC as ``T-123456789-C``; None if the text is none or its check digit is wrong.

    ISO 15707: the check digit makes ``1 + sum(i x d_i) + C`` a multiple of ten.
    """
    plain = re.sub(r"[\s.\-–]|^ISWC:?", "", (text or "").strip(), flags=re.IGNORECASE)
    match = _ISWC.match(plain.upper())
    if not match:
        return None
    total = 1 + sum(place * int(digit) for place, digit in enumerate(match[1], start=1))
    return f"T-{match[1]}-{match[2]}" if (total + int(match[2])) % 10 == 0 else None


def clean_bpm(text: str | float | Decimal | None) -> Decimal | None:
    """Tempo with two decimals (half-even); None if it is no number or outside 40 to 260.

    A comma is a decimal point. Half and double time are left alone: see `is_half_or_double`.
    """
    if text is None or isinstance(text, bool):
        return None
    try:
        value = Decimal(str(text).strip().lower().removesuffix("bpm").strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not BPM_RANGE[0] <= value <= BPM_RANGE[1]:
        return None
    return half_even(value, 2)


def is_half_or_double(a: Decimal, b: Decimal, tolerance: Decimal = Decimal("0.02")) -> bool:
    """Whether one tempo is half the other, within a relative tolerance (87 and 174; not 120 and 128)."""
    low, high = sorted((a, b))
    return low > 0 and abs(high - 2 * low) <= tolerance * high


def partial_date(text: str | None) -> tuple[date, Precision] | None:
    """Date and its precision; unknown parts count as 1 ("1999-03-00" is March 1999).

    Understands ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` (``-``, ``/``, ``.`` or nothing between), a time of day
    behind it, and unknown digits ("2008-0X" is the year 2008). A decade ("199X") or an impossible date is
    None.
    """
    match = _DATE.match(_TIME_OF_DAY.sub("", text.strip())) if text else None
    if not match or not 1860 <= int(match[1]) <= 2100:
        return None
    year, month, day = int(match[1]), _part(match[2]), _part(match[3])
    precision: Precision = "year" if month is None else "month" if day is None else "day"
    try:
        return date(year, month or 1, (day or 1) if month else 1), precision
    except ValueError:
        return None


def _part(digits: str | None) -> int | None:
    """Month or day; None if missing, zero or with unknown digits."""
    return int(digits) or None if digits and digits.isdigit() else None


def clock_ms(text: str | None) -> int | None:
    """Milliseconds of ``m:ss`` or ``h:mm:ss`` (minutes alone may exceed 59; fractions allowed), or None."""
    match = _CLOCK.match(text.strip()) if text else None
    if not match:
        return None
    hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
    if seconds > 59 or (match[1] is not None and minutes > 59):
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + _milliseconds(match[4])


def iso8601_duration_ms(text: str | None) -> int | None:
    """Milliseconds of an ISO-8601 duration (``PT4M32S``, ``PT1H2M3.5S``, ``P1DT2H``), or None."""
    match = _DURATION.match(text.strip()) if text else None
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(g or 0) for g in match.groups()[:4])
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + _milliseconds(match[5])


def duration_ms(text: str | None) -> int | None:
    """Milliseconds of a duration in any unit a person or source writes, or None.

    ``6:33``, ``1:02:03``, ``PT6M33S``, ``393 s``, ``6.5 min``, ``393000 ms``. A bare number is milliseconds;
    below 10,000 it is as likely seconds, and none is guessed.
    """
    if not text:
        return None
    found = clock_ms(text)
    found = iso8601_duration_ms(text) if found is None else found
    match = _AMOUNT.match(text.strip())
    if found is not None or not match:
        return found
    unit = (match[3] or "").lower()
    per = 1 if unit.startswith(("ms", "milli")) else _UNIT_MS[unit[0]] if unit else 1
    amount = int(half_even(Decimal(f"{match[1]}.{match[2] or 0}") * per, 0))
    return amount if unit or amount >= 10_000 else None


def _milliseconds(fraction: str | None) -> int:
    return int(fraction.ljust(3, "0")) if fraction else 0


def half_even(value: Decimal | int | str, places: int) -> Decimal:
    """Exact value rounded half-to-even ("0.925" to two places is 0.92, "0.875" is 0.88).

    Args:
        value: an exact number; a float is refused because its sum may already be off by a hair.
        places: decimals to keep, 0 or more.

    Raises:
        TypeError: the value is a float.
        ValueError: the text is no finite number, or places is negative.
    """
    if isinstance(value, float):
        raise TypeError("half_even needs an exact value (Decimal, int or str), not a float")
    if places < 0:
        raise ValueError(f"places must be 0 or more, not {places}")
    try:
        exact = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
