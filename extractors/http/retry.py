"""Asking again after trouble that may pass: exponential backoff with full jitter, bounded tries and time.

What belongs here: when to ask again. Which trouble may pass is said by the errors.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from extractors.errors import FetchError, TransientError
from extractors.http.clock import Clock
from extractors.http.message import Request, Response, Sender


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before asking again.

    Attributes:
        tries: how often to ask in all.
        base: seconds; the first wait is below twice this.
        longest: seconds; no wait of our own choosing is longer.
    """

    tries: int = 4
    base: float = 0.5
    longest: float = 20.0

    def faster(self, speed: float) -> "Backoff":
        """The same where time runs `speed` times as fast (the sandbox)."""
        return replace(self, base=self.base / speed, longest=self.longest / speed)

    def bound(self, attempt: int) -> float:
        """Longest wait after try number `attempt` (from 1)."""
        # 2 ** 64 is beyond any bound; more would overflow
        return float(min(self.longest, self.base * 2 ** min(attempt, 64)))

    def wait(self, attempt: int, announced: float | None, chance: float) -> float:
        """Seconds to wait after try number `attempt`.

        "Full jitter": anything between nothing and the bound, so that those who failed together do not come
        back together. Never less than the provider asked for.

        Args:
            attempt: number of tries made, from 1.
            announced: `Retry-After` in seconds, if any.
            chance: a number in [0, 1).
        """
        return max(announced or 0.0, chance * self.bound(attempt))


class Retry:
    """Sends again while errors are transient, tries are left and the wait ends before the deadline."""

    def __init__(
        self,
        inner: Sender,
        clock: Clock,
        backoff: Backoff | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._chance = chance

    def send(self, request: Request) -> Response:
        """The first answer.

        Raises:
            FetchError: the last error, which knows how often it was tried.
        """
        attempt = 1
        while True:
            try:
                return replace(self._inner.send(request), tries=attempt)
            except FetchError as error:
                error.tries = attempt
                if not isinstance(error, TransientError) or not error.here or attempt >= self._backoff.tries:
                    raise
                wait = self._backoff.wait(attempt, error.retry_after, self._chance())
                if wait >= request.seconds_left(self._clock.time()):
                    raise
            self._clock.sleep(wait)
            attempt += 1
