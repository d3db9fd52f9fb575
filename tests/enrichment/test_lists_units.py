"""Lengths and years in any notation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.lists.units import lengths, plain_unit, spelt_length, year

SECONDS = st.integers(min_value=60, max_value=1_200)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3:36", 216), ("03:36", 216), ("1:02:03", 3723), ("3m 36sec", 216), ("3 min 36 s", 216),
     ("216000 ms", 216),
     ("PT3M36S", 216), ("216 sec", 216), ("", None), ("long", None), ("3:99:1", None), ("PT", None)],
)  # fmt: skip
def test_lengths_that_say_their_unit(text: str, seconds: float | None) -> None:
    assert spelt_length(text) == seconds


@given(st.lists(SECONDS, min_size=3, max_size=40))
def test_the_unit_of_plain_numbers_is_found_by_source(values: list[int]) -> None:
    cells: list[str | None] = [str(v * 1000) for v in values]
    cells += [str(v) for v in values]
    cells += [f"{v / 60:.4f}" for v in values]
    sources = ["ms"] * len(values) + ["s"] * len(values) + ["min"] * len(values)
    seconds, units = lengths(cells, sources)
    assert np.allclose(seconds, values * 3, atol=0.01)
    found = {unit.source: unit.notation for unit in units}
    assert found == {"ms": "milliseconds", "s": "seconds", "min": "minutes"}


def test_a_number_in_another_unit_than_its_source_is_read_by_what_makes_a_usual_length() -> None:
    cells: list[str | None] = ["412000", "318", "238213", "4.967", "7:20", "0.4", "187000"]
    seconds, (unit,) = lengths(cells, ["shop"] * len(cells))
    assert np.allclose(seconds, [412, 318, 238.213, 298.02, 440, 0.0004, 187], atol=0.001)
    assert unit.notation.startswith("milliseconds")
    assert {"seconds", "minutes", "h:mm:ss"} <= set(unit.notation.split(", "))


@given(st.lists(SECONDS, min_size=5, max_size=40), st.integers(60_000, 1_200_000))
def test_milliseconds_among_seconds_are_not_lost(values: list[int], odd: int) -> None:
    cells: list[str | None] = [*map(str, values), str(odd)]
    seconds, _ = lengths(cells, [""] * len(cells))
    assert seconds[-1] == pytest.approx(odd / 1000)


@given(SECONDS)
def test_clock_and_words_mean_the_same(value: int) -> None:
    minutes, seconds = divmod(value, 60)
    assert spelt_length(f"{minutes}:{seconds:02}") == spelt_length(f"{minutes}m {seconds}sec") == value


def test_missing_zero_and_unreadable_lengths_are_not_known_and_counted() -> None:
    seconds, units = lengths([None, "00:00", "soon", "3:00"], ["a"] * 4)
    assert np.isnan(seconds[:3]).all()
    assert seconds[3] == 180
    assert (units[0].read, units[0].unread) == (2, 1)


def test_no_numbers_are_seconds() -> None:
    assert plain_unit(np.array([])) == "seconds"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1995", 1995), ("'95", 1995), ("95", 1995), ("04", 2004), ("24-Nov-10", 2010),
     ("November 24 , 2014", 2014),
     ("2010-11-24", 2010)],
)  # fmt: skip
def test_years(text: str, expected: int) -> None:
    assert year(text) == expected


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(text: str) -> None:
    spelt_length(text)
    assert math.isnan(year(text)) or 1800 <= year(text) <= 2099
