"""Quality score and completeness: exact decimals, the same figure from SQL and from Python.

``score = filled critical fields / critical fields x mean confidence of the filled ones`` which is the sum of
their confidences over the number of critical fields; ``completeness = filled / listed``. Stored as
DECIMAL(5,4), rounded half to even, shown with two decimals (the worked example of the source document stores
0.9250 and shows 0.92).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

STORED = Decimal("0.0001")
SHOWN = Decimal("0.01")


def quality_score(confidence: Mapping[str, Decimal], critical: Sequence[str]) -> Decimal:
    """Score of a track, 0..1.

    Args:
        confidence: confidence of each filled field.
        critical: fields that count; at least one.
    """
    total = sum((confidence[name] for name in critical if name in confidence), Decimal(0))
    return (total / len(critical)).quantize(STORED, ROUND_HALF_EVEN)


def completeness(filled: Sequence[str], listed: Sequence[str]) -> Decimal:
    """Share of the listed fields that are filled, 0..1."""
    return (Decimal(len(set(filled) & set(listed))) / len(listed)).quantize(STORED, ROUND_HALF_EVEN)


def shown(score: Decimal) -> str:
    """A stored score as people see it: 0.9250 -> "0.92", 0.8750 -> "0.88"."""
    return str(score.quantize(SHOWN, ROUND_HALF_EVEN))


def score_sql(critical: Sequence[str]) -> str:
    """SQL aggregate of `quality_score` over rows (field, confidence DECIMAL(5,4)) of one track."""
    names = ", ".join(f"'{name}'" for name in critical)
    total = f"coalesce(sum(ten_thousandths(confidence)) filter (field in ({names})), 0)::bigint"
    return f"(divide_half_even({total}, {len(critical)}) / 10000)::decimal(5,4)"


def completeness_sql(listed: Sequence[str]) -> str:
    """SQL aggregate of `completeness` over rows (field) of one track."""
    names = ", ".join(f"'{name}'" for name in listed)
    filled = f"count(*) filter (field in ({names}))"
    return f"(divide_half_even({filled} * 10000, {len(listed)}) / 10000)::decimal(5,4)"
