"""Asking again: never beyond the bounds of tries, waits and time."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import (
    BudgetSpentError,
    CircuitOpenError,
    FetchError,
    MalformedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)
from extractors.http.judge import LONGEST_PAUSE, retry_after
from extractors.http.retry import Backoff, Retry
from tests.extractors.http.fakes import FakeClock, Script, answer, question

SECONDS = st.floats(0, 1e4)


@given(
    st.builds(Backoff, tries=st.integers(1, 20), base=st.floats(0, 100), longest=st.floats(0, 1000)),
    st.integers(1, 10_000),
    st.one_of(st.none(), SECONDS),
    st.floats(0, 1, exclude_max=True),
)
def test_a_wait_never_exceeds_its_bound_nor_falls_below_what_was_announced(
    backoff: Backoff, attempt: int, announced: float | None, chance: float
) -> None:
    wait = backoff.wait(attempt, announced, chance)
    assert 0 <= wait <= max(backoff.longest, announced or 0)
    assert wait <= max(backoff.base * 2.0 ** min(attempt, 64), announced or 0)
    assert wait >= (announced or 0)


@given(
    st.integers(1, 8),
    st.lists(st.one_of(st.none(), SECONDS), min_size=10, max_size=10),
    st.floats(0, 100),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=10, max_size=10),
)
def test_tries_and_time_are_bounded_whatever_comes_back(
    tries: int, announced: list[float | None], budget: float, chances: list[float]
) -> None:
    clock = FakeClock()
    inner = Script(*(UnavailableError("GET x", "HTTP 503", retry_after=wait) for wait in announced))
    draw = iter(chances)
    retry = Retry(inner, clock, Backoff(tries=tries), chance=lambda: next(draw))
    with pytest.raises(UnavailableError) as caught:
        retry.send(question(deadline=clock.now + budget))
    assert len(inner.asked) == caught.value.tries <= tries
    assert sum(clock.slept) <= budget


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("x", "y"),
        RateLimitedError("x", "y"),
        MalformedError("x", "y"),
        UnreachableError("x", "y"),
    ],
)
def test_trouble_that_passes_is_asked_again(error: FetchError) -> None:
    retry = Retry(Script(error, error, answer()), FakeClock())
    assert retry.send(question()).tries == 3


@pytest.mark.parametrize(
    "error", [RefusedError("x", "y"), CircuitOpenError("x", "y"), BudgetSpentError("x", "y")]
)
def test_what_waiting_here_cannot_help_is_not_asked_again(error: FetchError) -> None:
    inner = Script(error, answer())
    with pytest.raises(type(error)):
        Retry(inner, FakeClock()).send(question())
    assert len(inner.asked) == 1


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    clock = FakeClock()
    inner = Script(RateLimitedError("x", "y", retry_after=31.0), answer())
    with pytest.raises(RateLimitedError):
        Retry(inner, clock).send(question(deadline=clock.now + 30))
    assert clock.slept == []


@given(st.text(max_size=40))
def test_retry_after_is_within_bounds_whatever_it_says(text: str) -> None:
    wait = retry_after(text, 0.0)
    assert wait is None or 0 <= wait <= LONGEST_PAUSE


@given(st.integers(-10_000, 10_000))
def test_retry_after_is_read_as_seconds_and_as_a_date(seconds: int) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
    date = format_datetime(datetime.fromtimestamp(now + seconds, UTC), usegmt=True)
    clamped = min(max(seconds, 0), LONGEST_PAUSE)
    assert retry_after(str(seconds), now) == clamped
    assert retry_after(date, now) == clamped


@pytest.mark.parametrize("text", [None, "", "soon", "nan", "12 o'clock", "Thu, 99 Foo 2026"])
def test_retry_after_that_says_nothing_is_nothing(text: str | None) -> None:
    assert retry_after(text, 0.0) is None
