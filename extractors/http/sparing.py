"""Sparing a site that did not invite us: a cap for each day, and a full stop once it shows a barrier.

A stop is a dated state that outlives the process: nobody asks again until a person has looked and says so
(`Visits.resume`). There is no way around a barrier here, on purpose.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import BlockedError, QuotaError
from extractors.http.clock import Clock
from extractors.http.message import Request, Response, Sender
from extractors.http.state import SharedState

_TABLES = """
create table if not exists visits (
    service text, day text, requests integer not null, primary key (service, day)
) without rowid;
create table if not exists stops (service text primary key, since real not null, reason text not null,
    asked text not null) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A site is not asked any more.

    Attributes:
        service: provider and host (`Request.service`).
        since: when (seconds since 1970).
        reason: what it showed us.
        asked: what had been asked.
    """

    service: str
    since: float
    reason: str
    asked: str

    def __str__(self) -> str:
        day = dt.datetime.fromtimestamp(self.since, dt.UTC)
        return f"stopped at {day:%Y-%m-%d %H:%M} UTC: {self.reason} ({self.asked})"


class Visits:
    """Requests per day and stops, in a file that all processes share."""

    def __init__(self, path: Path) -> None:
        self._state = SharedState(path, _TABLES)

    def stop_of(self, service: str) -> Stop | None:
        """The stop that holds, if one does."""
        row = self._state.one("select service, since, reason, asked from stops where service = ?", (service,))
        return Stop(*row) if row else None

    def stopped(self) -> list[Stop]:
        """All stops that hold."""
        with self._state.turn() as turn:
            return [Stop(*row) for row in turn.execute("select service, since, reason, asked from stops")]

    def on(self, service: str, day: str) -> int:
        """Requests sent on a day (UTC, ISO)."""
        row = self._state.one("select requests from visits where service = ? and day = ?", (service, day))
        return int(row[0]) if row else 0

    def count(self, service: str, day: str, cap: int) -> bool:
        """Count one more request, unless the cap is reached: then False."""
        with self._state.turn() as turn:
            row = turn.execute(
                "select requests from visits where service = ? and day = ?", (service, day)
            ).fetchone()
            if (row[0] if row else 0) >= cap:
                return False
            turn.execute(
                "insert into visits values (?, ?, 1) "
                "on conflict (service, day) do update set requests = requests + 1",
                (service, day),
            )
            return True

    def stop(self, stop: Stop) -> None:
        """Ask this site no more; an earlier stop stays the one that counts."""
        with self._state.turn() as turn:
            turn.execute(
                "insert or ignore into stops values (?, ?, ?, ?)",
                (stop.service, stop.since, stop.reason, stop.asked),
            )

    def resume(self) -> list[Stop]:
        """Take all stops back; those that held."""
        held = self.stopped()
        with self._state.turn() as turn:
            turn.execute("delete from stops")
        return held

    def close(self) -> None:
        """Let go of the file."""
        self._state.close()


class Sparing:
    """Right above the network: every request that goes out is counted, none goes out after a stop."""

    def __init__(self, inner: Sender, visits: Visits, cap: int, clock: Clock) -> None:
        self._inner = inner
        self._visits = visits
        self._cap = cap
        self._clock = clock

    def send(self, request: Request) -> Response:
        """The inner layer's response.

        Raises:
            BlockedError: the site shows a barrier, or showed one before.
            QuotaError: the day's cap is reached.
            FetchError: of the inner layer.
        """
        stop = self._visits.stop_of(request.service)
        if stop is not None:
            raise BlockedError(request.asked, f"not asked, {stop}")
        now = self._clock.time()
        day = dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()
        if not self._visits.count(request.service, day, self._cap):
            raise QuotaError(
                request.asked, f"not asked: our own cap of {self._cap} requests a day is reached"
            )
        try:
            return self._inner.send(request)
        except BlockedError as error:
            self._visits.stop(Stop(request.service, now, error.came_back, request.asked))
            raise
