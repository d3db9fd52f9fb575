"""The rate limit holds in every window, for threads, processes and whatever the network delays."""

import itertools
import multiprocessing
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from extractors.errors import BudgetSpentError, RateLimitedError
from extractors.http.clock import SystemClock
from extractors.http.limit import Limited, Places, RateLimit
from extractors.http.message import Request, Response
from tests.extractors.http.fakes import FakeClock, Script, answer, question

LIMITS = st.builds(
    RateLimit,
    requests=st.integers(1, 5),
    seconds=st.integers(1, 20).map(float),
    interval=st.integers(0, 4).map(float),
    concurrent=st.integers(1, 4),
)


def most_in_a_window(times: list[float], seconds: float) -> int:
    """Most events in any half-open window of this length."""
    times = sorted(times)
    return max((sum(start <= at < start + seconds for at in times) for start in times), default=0)


@pytest.mark.slow
@hypothesis_settings(max_examples=60)
@given(
    LIMITS,
    # per request: when somebody wants to ask, how long it takes, when within that it reaches the host, and
    # whether its process is killed before it ends
    st.lists(
        st.tuples(
            st.integers(0, 20), st.integers(0, 4), st.floats(0, 1), st.integers(0, 9).map(lambda n: n == 0)
        ),
        min_size=1,
        max_size=20,
    ),
)
def test_no_window_ever_sees_more_than_the_limit_however_requests_overlap_and_are_delayed(
    limit: RateLimit, wishes: list[tuple[int, int, float, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # two as of two processes: they share nothing but the file
        askers = [Places(Path(folder) / "state"), Places(Path(folder) / "state")]
        queue = sorted((float(at), number) for number, (at, _, _, _) in enumerate(wishes))
        under_way: list[tuple[float, str]] = []
        starts: list[float] = []
        arrivals: list[float] = []
        while queue:
            now, number = queue.pop(0)
            for end, place in [one for one in under_way if one[0] <= now]:
                askers[number % 2].leave(place, end)
                under_way.remove((end, place))
            taken, wait = askers[number % 2].take("host", limit, now)
            if taken is None:
                assert wait > 0
                queue.append((now + wait, number))
                queue.sort()
                continue
            _, lasts, share, killed = wishes[number]
            if not killed:  # else its place is never left, and free only when its lease is over
                under_way.append((now + lasts, taken))
            assert len(under_way) <= limit.concurrent
            starts.append(now)
            arrivals.append(now + lasts * share)
        for asker in askers:
            asker.close()
    assert len(arrivals) == len(wishes)
    assert most_in_a_window(arrivals, limit.seconds) <= limit.requests
    assert all(after - before >= limit.interval for before, after in itertools.pairwise(starts))


def test_it_waits_for_its_turn_and_gives_up_when_that_comes_too_late(tmp_path: Path) -> None:
    clock = FakeClock()
    limited = Limited(Script(answer()), Places(tmp_path / "state"), RateLimit(2, 10.0), clock)
    for _ in range(2):
        limited.send(question(deadline=clock.now + 5))
    with pytest.raises(BudgetSpentError) as caught:
        limited.send(question(deadline=clock.now + 5))
    assert caught.value.retry_after == 10
    limited.send(question(deadline=clock.now + 30))
    assert clock.slept == [10]


def test_too_fast_makes_every_process_leave_the_host_alone_and_no_other(tmp_path: Path) -> None:
    clock = FakeClock()
    limit = RateLimit(100, 1.0, pause=60.0)
    scolded = Script(RateLimitedError("x", "y", retry_after=20.0), RateLimitedError("x", "y"), answer())
    one = Limited(scolded, Places(tmp_path / "state"), limit, clock)
    other = Limited(Script(answer()), Places(tmp_path / "state"), limit, clock)
    with pytest.raises(RateLimitedError):
        one.send(question())
    other.send(question(provider="deezer"))
    assert clock.slept == []
    other.send(question())
    assert sum(clock.slept) == pytest.approx(20)
    with pytest.raises(RateLimitedError) as caught:
        one.send(question())
    assert caught.value.retry_after == 60  # nothing was announced: the limit's own pause
    one.send(question())
    assert sum(clock.slept) == pytest.approx(80)


def test_a_killed_request_frees_its_place_and_a_clock_set_back_blocks_nobody(tmp_path: Path) -> None:
    places = Places(tmp_path / "state")
    limit = RateLimit(1, 1.0)
    assert places.take("host", limit, 1000.0)[0] is not None  # never left
    assert places.take("host", limit, 1030.0)[0] is None
    assert places.take("host", limit, 1062.0)[0] is not None
    assert places.take("host", limit, 10.0)[0] is not None


def _ask_often(folder: str, seconds: float, results: "multiprocessing.Queue[list[float]]") -> None:
    arrived: list[float] = []

    class Host:
        def send(self, _request: Request) -> Response:
            arrived.append(time.time())
            return answer()

    limited = Limited(Host(), Places(Path(folder) / "state"), RateLimit(5, 0.4, concurrent=3), SystemClock())
    end = time.time() + seconds
    while time.time() < end:
        limited.send(question())
    results.put(arrived)


@pytest.mark.slow
def test_two_processes_together_keep_the_limit_in_every_window(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[list[float]] = context.Queue()
    askers = [context.Process(target=_ask_often, args=(str(tmp_path), 2.5, results)) for _ in range(2)]
    for asker in askers:
        asker.start()
    arrived = [results.get(timeout=60) for _ in askers]
    for asker in askers:
        asker.join()
    assert all(arrived)  # both got their turns
    together = sorted(itertools.chain(*arrived))
    assert len(together) > 15
    assert most_in_a_window(together, 0.4) <= 5
