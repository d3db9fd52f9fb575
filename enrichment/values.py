"""Single values as the sources write them that SQL reads badly: ISWC, durations, exact decimals.

Belongs here: turning one text into one typed value, or saying that it is none (None: the text carries no
valid value; ValueError: the caller used the function wrongly). Keys are in `musical_key`; ISRC, tempi
and dates are SQL macros (`sql_macros`).
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

_CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,4}):(\d{2})(?:[.,](\d{1,3})\d*)?$", re.ASCII)
_AMOUNT = re.compile(
    r"^(\d{1,9})(?:[.,](\d{1,6}))?\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?$",
    re.IGNORECASE,
)
_UNIT_MS = {"s": 1000, "m": 60_000, "h": 3_600_000}
_ISWC = re.compile(r"^T(\d{9})(\d)$")
_DURATION = re.compile(
    r"^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,3})\d*)?S)?)?$", re.IGNORECASE
)


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


def clock_ms(text: str | None) -> int | None:
    """Milliseconds of ``m:ss`` or ``h:mm:ss`` (minutes alone may exceed 59; fractions allowed), or None."""
    match = _CLOCK.match(text.strip()) if text else None
    if not match:
        return None
    hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
    if seconds > 59 or (match[1] is not None and (minutes > 59 or len(match[2]) > 2)):
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
