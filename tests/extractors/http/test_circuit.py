"""The circuit breaker: closed, open, half-open; remembered with date and reason."""

from pathlib import Path

import pytest

from extractors.errors import CircuitOpenError, FetchError, RefusedError, UnavailableError
from extractors.http.circuit import Circuits, Guarded, Rules, State
from extractors.http.message import Response, Sender
from tests.extractors.http.fakes import FakeClock, Script, answer, question

RULES = Rules(failures=3, rest=30.0, longest=100.0, trial=10.0)
DOWN = UnavailableError("GET x", "HTTP 503: maintenance")


def guarded(folder: Path, clock: FakeClock, inner: Sender) -> Guarded:
    return Guarded(inner, Circuits(folder / "state", RULES), clock)


def outcome(sender: Sender) -> type[FetchError] | Response:
    try:
        return sender.send(question())
    except FetchError as error:
        return type(error)


def test_it_opens_after_failures_in_a_row_and_says_since_when_and_why(tmp_path: Path) -> None:
    clock = FakeClock()
    inner = Script(DOWN)
    sender = guarded(tmp_path, clock, inner)
    assert [outcome(sender) for _ in range(5)] == [UnavailableError] * 3 + [CircuitOpenError] * 2
    assert len(inner.asked) == 3
    (state,) = Circuits(tmp_path / "state", RULES).states()
    assert (state.host, state.state, state.since) == ("spotify@api.example", State.OPEN, clock.now)
    assert state.reason == "UnavailableError: HTTP 503: maintenance"
    with pytest.raises(CircuitOpenError, match=r"left alone after 3 errors.*maintenance.*in 30 s"):
        sender.send(question())


def test_any_answer_and_any_permanent_error_between_failures_keeps_it_closed(tmp_path: Path) -> None:
    inner = Script(DOWN, DOWN, answer(), DOWN, DOWN, RefusedError("x", "y"), DOWN, DOWN, answer(status=404))
    sender = guarded(tmp_path, FakeClock(), inner)
    for _ in range(9):
        outcome(sender)
    assert len(inner.asked) == 9


def test_after_its_rest_one_request_tries_and_its_answer_closes_it(tmp_path: Path) -> None:
    clock = FakeClock()
    inner = Script(DOWN, DOWN, DOWN, answer())
    sender = guarded(tmp_path, clock, inner)
    for _ in range(3):
        outcome(sender)
    clock.now += 30
    other = guarded(tmp_path, clock, Script(answer()))
    circuits = Circuits(tmp_path / "state", RULES)
    assert circuits.enter("spotify@api.example", clock.now) is None  # the one that tries
    assert outcome(other) is CircuitOpenError  # meanwhile nobody else
    clock.now += 10  # it never came back: killed
    assert isinstance(outcome(sender), Response)
    assert isinstance(outcome(other), Response)
    (state,) = circuits.states()
    assert (state.state, state.since) == (State.CLOSED, clock.now)


def test_each_failed_return_doubles_the_rest_up_to_the_longest(tmp_path: Path) -> None:
    clock = FakeClock()
    sender = guarded(tmp_path, clock, Script(DOWN))
    circuits = Circuits(tmp_path / "state", RULES)
    for _ in range(3):
        outcome(sender)
    rests = []
    for _ in range(4):
        (state,) = circuits.states()
        rests.append(state.rest)
        clock.now = state.until
        assert outcome(sender) is UnavailableError
    assert rests == [30, 60, 100, 100]


def test_hosts_do_not_answer_for_each_other(tmp_path: Path) -> None:
    clock = FakeClock()
    sender = guarded(tmp_path, clock, Script(DOWN))
    for _ in range(3):
        outcome(sender)
    other = guarded(tmp_path, clock, Script(answer()))
    assert other.send(question(provider="deezer")).status == 200
