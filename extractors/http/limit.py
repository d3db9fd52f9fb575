"""The rate limit: per host, and true for all processes of the machine together.

A request has a *place* from its start until `seconds` after its end, and there are as many places as the
limit allows requests. Whatever the network delays, no more than that many can therefore reach the host in any
window of that length: the one after them starts only when one of them has been over for a whole window.
"""

import sqlite3
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.errors import BudgetSpentError, RateLimitedError
from extractors.http.clock import Clock
from extractors.http.judge import LONGEST_PAUSE
from extractors.http.message import Request, Response, Sender
from extractors.http.state import SharedState

_TABLES = """
create table if not exists places (
    id text primary key, host text not null, began real not null, ended real, lease real not null
) without rowid;
create index if not exists places_by_host on places (host);
create table if not exists pauses (host text primary key, until real not null) without rowid;
"""
_LOOK_AGAIN = 0.05
"""Seconds until looking again when only somebody else's end can free a place."""
_LEASE = 60.0
"""Seconds after which a request counts as over: its process was killed. Longer than any request may take."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How fast a host may be asked.

    Attributes:
        requests: at most so many
        seconds: in any window of this length.
        interval: seconds between the starts of two requests, at least.
        concurrent: requests under way at once, at most.
        pause: seconds to leave the host alone after "too fast", where it does not say how long.
    """

    requests: int
    seconds: float
    interval: float = 0.0
    concurrent: int = 5
    pause: float = 30.0

    def faster(self, speed: float) -> "RateLimit":
        """The same limit where time runs `speed` times as fast (the sandbox)."""
        return replace(
            self, seconds=self.seconds / speed, interval=self.interval / speed, pause=self.pause / speed
        )


class Places:
    """Who may ask now, kept in a file that all processes share."""

    def __init__(self, path: Path) -> None:
        self._state = SharedState(path, _TABLES)

    def take(self, host: str, limit: RateLimit, now: float) -> tuple[str | None, float]:
        """Take a place if there is one.

        Args:
            host: whom to ask (`Request.service`).
            limit: its limit.
            now: the time.

        Returns:
            The place and 0, or None and the seconds after which to look again.
        """
        with self._state.turn() as state:
            places = _standing(state, host, limit, now)
            wait = _wait(places, _paused_until(state, host, now), limit, now)
            if wait > 0:
                return None, wait
            place = uuid.uuid4().hex
            state.execute("insert into places values (?, ?, ?, null, ?)", (place, host, now, now + _LEASE))
            return place, 0.0

    def leave(self, place: str, now: float) -> None:
        """The request is over; its place is free after a window."""
        self._state.one("update places set ended = ? where id = ? and ended is null", (now, place))

    def pause(self, host: str, until: float) -> None:
        """Nobody asks the host before `until`."""
        self._state.one(
            "insert into pauses values (?, ?) "
            "on conflict (host) do update set until = max(until, excluded.until)",
            (host, until),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._state.close()


def _standing(
    state: sqlite3.Connection, host: str, limit: RateLimit, now: float
) -> list[tuple[float, float | None]]:
    """Begin and end of the requests that still count; the others are forgotten.

    A killed request ends with its lease. A clock that was set back makes old places worthless.
    """
    rows = state.execute("select id, began, ended, lease from places where host = ?", (host,)).fetchall()
    standing, gone = [], []
    for place, began, ended, lease in rows:
        end = lease if ended is None and lease <= now else ended
        over = end is not None and end <= now - limit.seconds and began <= now - limit.interval
        if over or began > now + _LEASE:
            gone.append((place,))
        else:
            standing.append((began, end))
    if gone:
        state.executemany("delete from places where id = ?", gone)
    return standing


def _paused_until(state: sqlite3.Connection, host: str, now: float) -> float:
    row = state.execute("select until from pauses where host = ?", (host,)).fetchone()
    # a pause longer than any means that the clock was set back
    return float(row[0]) if row and row[0] <= now + 2 * LONGEST_PAUSE else now


def _wait(
    places: list[tuple[float, float | None]], paused_until: float, limit: RateLimit, now: float
) -> float:
    """Seconds until a place can be free; not above 0 if one is."""
    free_at = [paused_until, *(began + limit.interval for began, _ in places)]
    under_way = sum(ended is None for _, ended in places)
    over = sorted(ended + limit.seconds for _, ended in places if ended is not None)
    over = [free for free in over if free > now]
    too_many = under_way + len(over) - limit.requests + 1
    if too_many > 0:
        free_at.append(over[too_many - 1] if too_many <= len(over) else now + _LOOK_AGAIN)
    if under_way >= limit.concurrent:
        free_at.append(now + _LOOK_AGAIN)
    return max(free_at) - now


class Limited:
    """Sends when the host's limit allows; waits for that as long as the deadline allows."""

    def __init__(self, inner: Sender, places: Places, limit: RateLimit, clock: Clock) -> None:
        self._inner = inner
        self._places = places
        self._limit = limit
        self._clock = clock

    def send(self, request: Request) -> Response:
        """The inner layer's response. "Too fast" makes every process leave the host alone for a while.

        Raises:
            BudgetSpentError: the request's time ends before its turn comes.
            FetchError: of the inner layer.
        """
        place = self._turn(request)
        try:
            return self._inner.send(request)
        except RateLimitedError as error:
            wait = self._limit.pause if error.retry_after is None else error.retry_after
            error.retry_after = wait
            self._places.pause(request.service, self._clock.time() + wait)
            raise
        finally:
            self._places.leave(place, self._clock.time())

    def _turn(self, request: Request) -> str:
        while True:
            now = self._clock.time()
            place, wait = self._places.take(request.service, self._limit, now)
            if place is not None:
                return place
            if wait >= request.seconds_left(now):
                raise BudgetSpentError(
                    request.asked,
                    f"not asked, our turn at {request.service} comes after the time for it is used up",
                    retry_after=wait,
                )
            self._clock.sleep(wait)
