"""The circuit breaker: a host that keeps failing is left alone, and tried again with one request at a time.

::

    closed --(`failures` transient errors in a row)--> open --(rest over)--> half-open
    half-open --(its one request is answered)--> closed;  --(it fails)--> open, for twice as long

The state is shared by all processes and survives them: a dead provider is known from one run to the next,
with the time since when and the reason (`states`).
"""

import logging
import sqlite3
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from extractors.errors import BudgetSpentError, CircuitOpenError, PermanentError, TransientError
from extractors.http.clock import Clock
from extractors.http.message import Request, Response, Sender
from extractors.http.state import SharedState

_log = logging.getLogger(__name__)
_TABLES = """
create table if not exists circuits (
    host text primary key, state text not null, since real not null, reason text not null,
    failures integer not null, rest real not null, until real not null
) without rowid
"""


class State(StrEnum):
    """Whether a host is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Rules:
    """When to leave a host alone.

    Attributes:
        failures: transient errors in a row that open the circuit.
        rest: seconds to leave the host alone the first time; doubled with each failed attempt to return.
        longest: seconds; no rest is longer.
        trial: seconds after which a half-open request that never came back no longer keeps others out.
    """

    failures: int = 10
    rest: float = 30.0
    longest: float = 900.0
    trial: float = 60.0

    def faster(self, speed: float) -> "Rules":
        """The same where time runs `speed` times as fast (the sandbox)."""
        return replace(self, rest=self.rest / speed, longest=self.longest / speed)


@dataclass(frozen=True, slots=True)
class HostState:
    """What is known of a host.

    Attributes:
        host: provider and host (`Request.service`).
        state: whether it is asked.
        since: when it came into this state (seconds since 1970).
        reason: the last error, if it is not closed.
        failures: errors in a row.
        rest: seconds of the current rest.
        until: when an open circuit lets somebody through again.
    """

    host: str
    state: State
    since: float
    reason: str = ""
    failures: int = 0
    rest: float = 0.0
    until: float = 0.0


class Circuits:
    """States of hosts, in a file that all processes share."""

    def __init__(self, path: Path, rules: Rules | None = None) -> None:
        self._state = SharedState(path, _TABLES)
        self._rules = rules or Rules()

    def states(self) -> list[HostState]:
        """All hosts ever in trouble, by name."""
        with self._state.turn() as state:
            rows = state.execute(
                "select host, state, since, reason, failures, rest, until from circuits order by host"
            )
            return [HostState(row[0], State(row[1]), *row[2:]) for row in rows]

    def enter(self, host: str, now: float) -> HostState | None:
        """Ask to be let through to the host: None if so, else the state that forbids it."""
        if not self._troubled(host):
            return None
        with self._state.turn() as state:
            known = _read(state, host)
            if known is None or known.state is State.CLOSED:
                return None
            # a time further away than any rest means that the clock was set back
            if now < known.until <= now + self._rules.longest:
                return known
            until = now + self._rules.trial
            _write(
                state, HostState(host, State.HALF_OPEN, now, known.reason, known.failures, known.rest, until)
            )
            return None

    def succeeded(self, host: str, now: float) -> None:
        """The host answered."""
        if not self._troubled(host):
            return
        with self._state.turn() as state:
            known = _read(state, host)
            if known is None or (known.state is State.CLOSED and known.failures == 0):
                return
            since = known.since if known.state is State.CLOSED else now
            _write(state, HostState(host, State.CLOSED, since))
        if known.state is not State.CLOSED:
            _log.warning("%s answers again", host)

    def failed(self, host: str, now: float, reason: str) -> None:
        """The host failed in a way that can pass."""
        with self._state.turn() as state:
            known = _read(state, host) or HostState(host, State.CLOSED, now)
            failures = known.failures + 1
            if known.state is State.HALF_OPEN:
                rest = min(2 * known.rest, self._rules.longest)
            elif known.state is State.CLOSED and failures >= self._rules.failures:
                rest = self._rules.rest
            else:  # not often enough yet, or a request that was under way when the circuit opened
                _write(
                    state,
                    HostState(host, known.state, known.since, reason, failures, known.rest, known.until),
                )
                return
            _write(state, HostState(host, State.OPEN, now, reason, failures, rest, now + rest))
        _log.warning("%s is left alone for %.0f s after %d errors in a row: %s", host, rest, failures, reason)

    def _troubled(self, host: str) -> bool:
        """Whether the host is anything but well; spares those that are the wait for a turn."""
        query = "select 1 from circuits where host = ? and (state <> ? or failures > 0)"
        return self._state.one(query, (host, State.CLOSED)) is not None

    def close(self) -> None:
        """Let go of the file."""
        self._state.close()


def _read(state: sqlite3.Connection, host: str) -> HostState | None:
    row = state.execute(
        "select state, since, reason, failures, rest, until from circuits where host = ?", (host,)
    ).fetchone()
    return HostState(host, State(row[0]), *row[1:]) if row else None


def _write(state: sqlite3.Connection, known: HostState) -> None:
    state.execute(
        "insert or replace into circuits values (?, ?, ?, ?, ?, ?, ?)",
        (known.host, known.state, known.since, known.reason, known.failures, known.rest, known.until),
    )


class Guarded:
    """Sends unless the host's circuit is open, and tells the circuit how it went.

    An answer counts, whatever it says, and so does a permanent error: somebody is there and speaks sense.
    """

    def __init__(self, inner: Sender, circuits: Circuits, clock: Clock) -> None:
        self._inner = inner
        self._circuits = circuits
        self._clock = clock

    def send(self, request: Request) -> Response:
        """The inner layer's response.

        Raises:
            CircuitOpenError: the host is being left alone.
            FetchError: of the inner layer.
        """
        now = self._clock.time()
        closed_by = self._circuits.enter(request.service, now)
        if closed_by is not None:
            reason = f"not asked, {request.service} is left alone after {closed_by.failures} errors in a row"
            raise CircuitOpenError(
                request.asked, f"{reason}, the last: {closed_by.reason}", retry_after=closed_by.until - now
            )
        try:
            response = self._inner.send(request)
        except BudgetSpentError:  # says nothing about the host
            raise
        except TransientError as error:
            self._circuits.failed(
                request.service, self._clock.time(), f"{type(error).__name__}: {error.came_back}"
            )
            raise
        except PermanentError:
            self._circuits.succeeded(request.service, self._clock.time())
            raise
        self._circuits.succeeded(request.service, self._clock.time())
        return response
