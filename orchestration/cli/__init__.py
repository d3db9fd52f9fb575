"""The ``cratelake`` command: one module a command, errors without tracebacks."""

import os
import signal
import sys
from types import FrameType

_STOPPED = 130


def main() -> None:
    """Entry point of the ``cratelake`` script."""
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell's background ignores it
    if heeded:  # importing takes a second, in which nothing is begun that would need an end
        signal.signal(signal.SIGINT, _leave)
    from orchestration.cli.app import app
    from orchestration.cli.console import errors, warn_of_unknown_variables

    try:
        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        with errors():
            warn_of_unknown_variables()
            app()
    except KeyboardInterrupt:  # outside of any command
        sys.exit(_STOPPED)
    sys.exit(0)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End at once: an exception in the middle of an import would be printed, or taken for a broken module."""
    os.write(2, b"stopped before anything was begun\n")
    os._exit(_STOPPED)
