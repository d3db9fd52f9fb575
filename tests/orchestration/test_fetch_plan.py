"""What the plan of ``cratelake fetch`` says."""

import pytest

from orchestration.cli import fetch


@pytest.mark.parametrize(
    ("minutes", "said"), [(0.0, "0.0"), (0.001, "< 0.1"), (0.099, "< 0.1"), (0.1, "0.1"), (12.34, "12.3")]
)
def test_minutes_below_a_tenth_are_not_told_as_none(minutes: float, said: str) -> None:
    assert fetch._minutes(minutes) == said
