"""Asking what the plan says, one provider at a time in a process, job by job.

A killed process loses nothing and repeats nothing: each answer is kept the moment it arrives, and the next
plan knows of it.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
from pydantic import ValidationError

from extractors.errors import CircuitOpenError, FetchError
from extractors.frontier import outcomes, plan
from extractors.frontier.desks import Desk
from extractors.frontier.requests import Question, finding, looking_up, rows_of
from extractors.http.message import Request, Response
from extractors.http.stack import Ground
from extractors.sources.source import Client
from lake.errors import LakeError

Progress = Callable[[str, int, int], None]
"""Called with the provider, the requests done and those known so far."""
_RESTS = 5
"""Rests of a host in trouble that are waited for; then the night is over for it."""


@dataclass
class Tally:
    """What asking one provider came to.

    Attributes:
        provider: who was asked.
        answered: answers about something that there is.
        not_found: answers that there is no such thing.
        known: answers that bronze had already: nobody was asked.
        failed: requests without an answer.
        calls: requests sent, retries included.
        done: questions dealt with.
        stopped: why the rest was left for another night; None if nothing was.
    """

    provider: str
    answered: int = 0
    not_found: int = 0
    known: int = 0
    failed: int = 0
    calls: int = 0
    done: int = 0
    stopped: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def took(self, response: Response) -> None:
        """Count an answer."""
        with self.lock:
            if response.from_bronze:
                self.known += 1
                return
            self.calls += response.tries
            if response.found:
                self.answered += 1
            else:
                self.not_found += 1


def work(
    connection: duckdb.DuckDBPyConnection, desk: Desk, ground: Ground, progress: Progress | None = None
) -> Tally:
    """Ask one provider what its run's plan says; the outcomes are in the lake at the end.

    Args:
        connection: lake connection.
        desk: the provider.
        ground: where bronze and shared state are; with the run that planned.
        progress: told of each request.

    Raises:
        LakeError: another process asks this provider.
        KeyboardInterrupt: the ground's clock was stopped; what arrived is in bronze.
    """
    run_id = ground.run_id or ""
    tally, known = Tally(desk.provider), 0
    with alone(ground.state, desk.provider):
        plan.begin(connection, desk.provider)
        for look_up in (None, *desk.asks.look_ups):  # what is found first can be looked up then
            if tally.stopped is None:
                with desk.source.open(ground, desk.settings) as client:
                    if look_up is None:
                        jobs = finding(desk.asks, client, rows_of(connection, desk.provider, run_id))
                    else:
                        jobs = looking_up(connection, ground, desk, look_up, client)
                    known += sum(map(len, jobs.values()))
                    _ask_jobs(client, jobs, desk, tally, partial(_tell, progress, desk.provider, known))
            outcomes.take_in(connection, ground.bronze, [desk.provider])
        plan.end(connection, desk.provider, tally.stopped)
    return tally


def _tell(progress: Progress | None, provider: str, known: int, done: int) -> None:
    if progress is not None:
        progress(provider, done, known)


@contextmanager
def alone(state: Path, provider: str) -> Iterator[None]:
    """Hold the provider's lock: two processes would ask the same questions. It goes with the process.

    Raises:
        LakeError: another process holds it.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / f"{provider}.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeError(f"another process asks {provider} already", "wait for it to end") from None
        yield


def _ask_jobs(
    client: Client,
    jobs: Mapping[str, Sequence[Question]],
    desk: Desk,
    tally: Tally,
    told: Callable[[int], object],
) -> None:
    with ThreadPoolExecutor(desk.limit.concurrent, thread_name_prefix=desk.provider) as threads:
        for questions in jobs.values():
            for _ in threads.map(lambda question: _ask(client, question, desk, tally), questions):
                told(tally.done)
            if tally.stopped is not None:
                return


def _ask(client: Client, question: Question, desk: Desk, tally: Tally) -> None:
    """Ask one thing, in other words where the first found nothing."""
    for request in question:
        response = _answer(client, request, desk, tally)
        if response is None or (response.found and _rows(client, request, response)):
            break
    with tally.lock:
        tally.done += 1


def _rows(client: Client, request: Request, response: Response) -> bool:
    """Whether an answer lists anything; one that cannot be read is not said to be empty."""
    try:
        return bool(client.streams[request.stream].shape.model_validate(response.data).rows())
    except ValidationError:
        return True


def _answer(client: Client, request: Request, desk: Desk, tally: Tally) -> Response | None:
    """The answer; None if there is none. Waits while the host rests, and ends the work if that is no help."""
    for rest in range(_RESTS + 1):
        if tally.stopped is not None:
            return None
        if desk.budget is not None and tally.calls >= desk.budget:
            _stop(tally, f"the nightly budget of {desk.budget:,} requests is spent")
            return None
        client.clock.sleep(0.0)  # a clock that a person stopped interrupts here
        try:
            response = client.ask(request)
        except CircuitOpenError as error:
            if rest == _RESTS:
                _stop(tally, error.came_back)
                return None
            client.clock.sleep(error.retry_after or 0.0)
        except FetchError as error:
            with tally.lock:
                tally.failed += 1
                tally.calls += error.tries
            if error.whole_provider:
                _stop(tally, error.came_back)
            return None
        else:
            tally.took(response)
            return response
    return None


def _stop(tally: Tally, why: str) -> None:
    with tally.lock:
        tally.stopped = tally.stopped or why
