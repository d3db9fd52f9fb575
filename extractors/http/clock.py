"""Time as the layers see it, so that tests need not wait.

Time is the wall clock: windows and pauses are shared between processes and outlive them, and `Retry-After`
and token lifetimes are wall time anyway. Who keeps a time copes with a clock that was set back.
"""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def time(self) -> float:
        """Seconds since 1970 (UTC)."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's clock."""

    def time(self) -> float:
        """Seconds since 1970 (UTC)."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait; not at all for a negative time."""
        time.sleep(max(seconds, 0.0))


class StoppableClock(SystemClock):
    """The machine's clock, until it is stopped: then nobody waits, whoever does is interrupted."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether it was stopped."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Interrupt all that wait, now and later."""
        self._stopped.set()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            KeyboardInterrupt: the clock was stopped; no error of the request, so nothing is noted of it.
        """
        if self._stopped.wait(max(seconds, 0.0)):
            raise KeyboardInterrupt
