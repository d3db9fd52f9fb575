"""The ``cratelake`` command: one module a command, errors without tracebacks."""

import sys

from orchestration.cli.app import app
from orchestration.cli.console import errors, warn_of_unknown_variables

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of the ``cratelake`` script."""
    with errors():
        warn_of_unknown_variables()
        app()
    sys.exit(0)
