"""Functions over tables in processes of their own."""

import gc

import pyarrow as pa
import pytest

from lake.parallel import Workers, collector_paused


def doubled(table: pa.Table) -> pa.Table:
    """Every number twice as large."""
    return pa.table({"n": [2 * n for n in table["n"].to_pylist()]})


def refusing(table: pa.Table) -> pa.Table:
    """Fails on the number 7."""
    if 7 in table["n"].to_pylist():
        raise ValueError("seven is not liked")
    return table


NUMBERS = pa.table({"n": list(range(100))})


@pytest.mark.parametrize("worth", [1, 30, 1000])
def test_the_answer_is_in_order_however_it_is_cut(worth: int) -> None:
    with Workers(doubled, processes=3) as workers:
        assert workers.map(NUMBERS, worth=worth)["n"].to_pylist() == [2 * n for n in range(100)]
        assert workers.map(NUMBERS.slice(0, 0), worth=worth).num_rows == 0


def test_an_error_in_a_worker_is_raised_here_with_its_text() -> None:
    with Workers(refusing, processes=2) as workers:
        with pytest.raises(RuntimeError, match="ValueError: seven is not liked"):
            workers.map(NUMBERS, worth=1)
        # the others answered, and all go on working
        assert workers.map(NUMBERS.slice(50), worth=1).num_rows == 50


def test_the_collector_runs_again_after_a_pause_even_if_pauses_are_nested() -> None:
    with collector_paused(), collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
