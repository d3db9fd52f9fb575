"""Time as the layers see it, so that tests need not wait.

Time is the wall clock: windows and pauses are shared between processes and outlive them, and `Retry-After`
and token lifetimes are wall time anyway. Who keeps a time copes with a clock that was set back.
"""

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
